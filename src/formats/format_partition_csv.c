// SPDX-License-Identifier: Apache-2.0
//
// The text of a partition table, as people write it and gen_esp32part.py reads it. `table` is what
// the tool makes of it, and is judged as every table is.
#include <string.h>

#include "format_list.h"
#include "partition_file.h"
#include "partition_name.h"
#include "source.h"

// No more than the beginning is looked at, where the file is larger than any such file is.
static bool partition_csv_is(const struct otapack_source *src)
{
    struct arena a = ARENA_EMPTY;
    bool is = src->size > 0 && src->size <= PARTITION_CSV_MOST &&
              partition_csv_probe(source_bytes(&a, src, 0, (size_t)src->size), (size_t)src->size);
    arena_free(&a);
    return is;
}

static void add_line(struct reader *r, struct node *n, int i, const struct partition_csv_entry *e,
                     bool placed)
{
    struct arena *a = r->arena;
    const struct otapack_partition *p = &e->partition;
    struct node *part = node_part(a, n, "partitions", i, e->at, e->size);
    part->format = "partition_csv_line";
    part->record = true; // the table below shows them
    node_uint(a, part, "line", e->line, QUIET(0, e->size));
    if (!placed) {
        part->summary = arena_printf(a, "line %u", e->line);
        return;
    }
    node_enum(a, part, "type", p->type, partition_type_name(p->type), DERIVED_QUIET);
    node_enum(a, part, "subtype", p->subtype, partition_subtype_name(p->type, p->subtype, a),
              DERIVED_QUIET);
    node_hex(a, part, "offset", p->offset, DERIVED_QUIET);
    node_uint(a, part, "size", p->size, DERIVED_QUIET);
    node_string(a, part, "label", p->label, sizeof(p->label), DERIVED_QUIET);
    node_hex(a, part, "flags", p->flags, DERIVED_QUIET);
    part->summary = arena_printf(a, "line %u: %s", e->line, node_text(part, "label"));
}

// The lines with a partition on them, and what is between: comments, or what could not be read.
static void add_lines(struct reader *r, struct node *n, const struct partition_csv *csv)
{
    uint64_t at = 0;
    int others = 0;
    for (size_t i = 0; i <= csv->count; i++) {
        bool last = i == csv->count;
        uint64_t next = last ? n->src.size : csv->entries[i].at;
        if (next > at) {
            struct node *text = node_part(r->arena, n, "other_lines", others++, at, next - at);
            text->format = "partition_csv_text";
            text->record = true;
            text->summary = "other lines";
            node_uint(r->arena, text, "data_offset", text->src.base, QUIET(0, text->src.size));
        }
        if (!last) {
            add_line(r, n, (int)i, &csv->entries[i], csv->wrong == NULL);
            at = csv->entries[i].at + csv->entries[i].size;
        }
    }
}

static void partition_csv_open(struct reader *r, struct node *n)
{
    struct partition_csv_options options = partition_file_options();
    struct partition_csv csv;
    size_t size = (size_t)n->src.size;
    if (r->options->table_csv != NULL) {
        options = *r->options->table_csv;
        (void)target_use(&r->options->target, TARGET_CSV);
    }
    (void)partition_csv_read(source_bytes(r->arena, &n->src, 0, size), size, &options, r->arena,
                             &csv);
    add_lines(r, n, &csv);
    node_uint(r->arena, n, "entry_count", csv.count, DERIVED_QUIET);
    n->summary = arena_printf(r->arena, "text of a partition table, %zu partition%s", csv.count,
                              csv.count == 1 ? "" : "s");
    if (csv.wrong != NULL) {
        n->error =
            csv.line == 0 ? csv.wrong : arena_printf(r->arena, "line %u: %s", csv.line, csv.wrong);
        return;
    }
    uint8_t *bytes = arena_alloc(r->arena, sizeof(csv.bytes));
    memcpy(bytes, csv.bytes, sizeof(csv.bytes));
    (void)read_unpacked(r, n, "table", otapack_memory(bytes, sizeof(csv.bytes)), NULL);
}

static void partition_csv_judge(struct judge *j, struct node *n)
{
    found(j, n, CHECK_PT_CSV, n->error == NULL, "%s", n->error);
}

static const struct rule rules[] = {{.run = partition_csv_judge, .unread = true}, {.run = NULL}};

const struct format format_partition_csv = {.name = "partition_csv",
                                            .title = "text of a partition table",
                                            .probe = partition_csv_is,
                                            .open = partition_csv_open,
                                            .rules = {rules}};
