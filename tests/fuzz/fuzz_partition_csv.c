// SPDX-License-Identifier: Apache-2.0
//
// The text of a partitions.csv: what is taken is a table that the parser of tables reads the same
// way; what is refused has a line, and something to do.
#include "fuzz.h"

#include "partition_csv.h"

static void law_taken(const struct partition_csv *csv)
{
    struct otapack_source src = otapack_memory(csv->bytes, sizeof(csv->bytes));
    struct otapack_partition_table t;
    LAW(csv->wrong == NULL);
    LAW((otapack_partition_table_open(&src, &t).code == OTAPACK_OK) == (csv->count > 0));
    LAW(t.count == csv->count && (csv->count == 0 || t.has_md5));
    for (uint32_t i = 0; i < t.count; i++) {
        struct otapack_partition p;
        const struct otapack_partition *q = &csv->entries[i].partition;
        LAW(otapack_partition_read(&src, i, &p).code == OTAPACK_OK);
        LAW(p.type == q->type && p.subtype == q->subtype && p.offset == q->offset);
        LAW(p.size == q->size && p.flags == q->flags);
        LAW(memcmp(p.label, q->label, sizeof(p.label)) == 0);
    }
}

// One behind the other, inside of the file.
static void law_lines(const struct partition_csv *csv, size_t size)
{
    uint64_t at = 0;
    unsigned line = 0;
    for (size_t i = 0; i < csv->count; i++) {
        LAW(csv->entries[i].at >= at && csv->entries[i].line > line);
        at = csv->entries[i].at + csv->entries[i].size;
        line = csv->entries[i].line;
    }
    LAW(at <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_EMPTY;
    struct partition_csv_options options = PARTITION_CSV_OPTIONS;
    struct partition_csv csv;
    options.bootloader_at = 0;
    options.no_verify = size % 2 == 1;
    if (partition_csv_read(data, size, &options, &a, &csv)) {
        law_taken(&csv);
    } else {
        LAW(csv.wrong != NULL && *csv.wrong != '\0' && *csv.remedy != '\0');
        LAW(csv.line > 0 || size > PARTITION_CSV_MOST);
    }
    law_lines(&csv, size);
    LAW(!partition_csv_probe(data, size) || (size > 3 && size <= PARTITION_CSV_MOST));
    arena_free(&a);
    return 0;
}
