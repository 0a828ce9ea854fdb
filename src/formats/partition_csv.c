// SPDX-License-Identifier: Apache-2.0
#include "partition_csv.h"

#include <inttypes.h>
#include <string.h>

#include "digest_span.h"
#include "partition_csv_row.h"
#include "partition_judge.h"

#define CORRECT "correct this line"

// ---- All lines ----------------------------------------------------------------------------------

static bool names_unknown_variable(struct csv_span s)
{
    bool letter = s.n > 1 && ((s.p[1] | 0x20) >= 'a' && (s.p[1] | 0x20) <= 'z');
    return s.n > 1 && s.p[0] == '$' && (letter || s.p[1] == '_');
}

static bool take_line(struct csv_reading *r, const struct csv_line *line)
{
    struct partition_csv *out = r->out;
    size_t most = r->options->no_md5 ? CSV_ROWS_MOST - 1 : CSV_ROWS_MOST - 2;
    r->line = line->number;
    if (line->bad) {
        return csv_refuse(r, "save the file as UTF-8", "there are bytes that are no text");
    }
    struct csv_span text = csv_expand(line->text, r->options->variable, r->arena);
    r->expanded += text.n;
    if (r->expanded > CSV_EXPANDED_MOST) {
        return csv_refuse(r, "use shorter ones, or fewer",
                          "with its variables, the file is larger than 256 KiB");
    }
    if (names_unknown_variable(text)) {
        return csv_refuse(r, "set it in the environment", "'%s' names a variable that is not set",
                          csv_shown(r, text));
    }
    text = csv_trim(text);
    if (text.n == 0 || text.p[0] == '#') {
        return true;
    }
    if (out->count == most) {
        return csv_refuse(r, "leave some out", "this is partition %zu, and a table holds %zu",
                          most + 1, most);
    }
    out->entries[out->count] =
        (struct partition_csv_entry){.line = line->number, .at = line->at, .size = line->size};
    r->rows[out->count] = (struct csv_row){.has_offset = false};
    return csv_take_fields(r, text, &r->rows[out->count++]);
}

// Blank offsets follow the partition before; a negative size says where it ends.
static bool place(struct csv_reading *r)
{
    int64_t end = (int64_t)r->options->table_at + PARTITION_TABLE_SECTOR;
    for (size_t i = 0; i < r->out->count; i++) {
        struct csv_row *row = &r->rows[i];
        int64_t align = partition_alignment(row->type == 0 ? OTAPACK_PARTITION_TYPE_APP
                                                           : OTAPACK_PARTITION_TYPE_DATA);
        r->line = r->out->entries[i].line;
        if (partition_is_primary(row->type, row->subtype)) {
            continue;
        }
        if (row->has_offset && row->offset < end && i == 0) {
            return csv_refuse(r,
                              "begin behind it, or say where the table lies with offset=ADDRESS "
                              "(--csv; in a recipe partition_csv)",
                              "the partition begins at 0x%" PRIx64
                              ", and the partition table takes 0x%" PRIx32 " to 0x%" PRIx64,
                              (uint64_t)row->offset, r->options->table_at, (uint64_t)end - 1);
        }
        if (row->has_offset && row->offset < end) {
            return csv_refuse(r, "correct the offsets or sizes, or leave the offset blank",
                              "the partition begins at 0x%" PRIx64
                              ", before the one above it ends (0x%" PRIx64 ")",
                              (uint64_t)row->offset, (uint64_t)end);
        }
        row->offset = row->has_offset ? row->offset : (end + align - 1) / align * align;
        row->size = row->size < 0 ? -row->size - row->offset : row->size;
        end = row->offset + row->size;
    }
    return true;
}

static bool in_range(struct csv_reading *r, const char *what, int64_t value, int64_t most)
{
    return (value >= 0 && value <= most) ||
           csv_refuse(r, CORRECT, "the %s is not from 0 to 0x%" PRIx64, what, (uint64_t)most);
}

// The rows become partitions, whose names end after 16 bytes, as the tool cuts them off.
static bool make_partitions(struct csv_reading *r)
{
    for (size_t i = 0; i < r->out->count; i++) {
        const struct csv_row *row = &r->rows[i];
        struct otapack_partition *p = &r->out->entries[i].partition;
        r->line = r->out->entries[i].line;
        if (!in_range(r, "type", row->type, UINT8_MAX) ||
            !in_range(r, "subtype", row->subtype, UINT8_MAX) ||
            !in_range(r, "offset", row->offset, UINT32_MAX) ||
            !in_range(r, "size", row->size, UINT32_MAX)) {
            return false;
        }
        *p = (struct otapack_partition){.type = (uint8_t)row->type,
                                        .subtype = (uint8_t)row->subtype,
                                        .offset = (uint32_t)row->offset,
                                        .size = (uint32_t)row->size,
                                        .flags = row->flags};
        size_t length = row->name.n < sizeof(p->label) ? row->name.n : sizeof(p->label);
        if (length > 0) {
            memcpy(p->label, row->name.p, length);
        }
    }
    return true;
}

// ---- What the tool verifies ---------------------------------------------------------------------

static bool verify_alone(struct csv_reading *r, size_t i)
{
    const struct otapack_partition *p = &r->out->entries[i].partition;
    for (size_t k = 0; k < partition_rule_count; k++) {
        const struct partition_rule *rule = &partition_rules[k];
        if (!rule->holds(p)) {
            return csv_refuse(r, checks[rule->check].remedy, "partition %s %s",
                              csv_shown(r, r->rows[i].name), rule->wrong(r->arena, p));
        }
    }
    if (r->options->secure_v1 && p->type == OTAPACK_PARTITION_TYPE_APP &&
        p->size % PARTITION_APP_ALIGN != 0) {
        return csv_refuse(r, CORRECT,
                          "partition %s has 0x%" PRIx32
                          " bytes, no multiple of 0x10000, which Secure Boot v1 needs",
                          csv_shown(r, r->rows[i].name), p->size);
    }
    return true;
}

static bool same_name(struct csv_span a, struct csv_span b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

// In the order of the file: of two at one place, the first may be empty.
static bool is_over(const struct otapack_partition *a, const struct otapack_partition *b)
{
    const struct otapack_partition *first = a->offset <= b->offset ? a : b;
    const struct otapack_partition *second = first == a ? b : a;
    return second->offset - first->offset < first->size;
}

static bool verify_pair(struct csv_reading *r, size_t i, size_t k)
{
    const struct otapack_partition *p = &r->out->entries[i].partition;
    const struct otapack_partition *q = &r->out->entries[k].partition;
    if (same_name(r->rows[i].name, r->rows[k].name)) {
        return csv_refuse(r, checks[CHECK_PT_LABELS].remedy, "the label %s stands twice",
                          csv_shown(r, r->rows[i].name));
    }
    if (is_over(q, p)) {
        return csv_refuse(r, checks[CHECK_PT_OVERLAP].remedy,
                          "partitions %s (0x%" PRIx32 ") and %s (0x%" PRIx32 ") overlap",
                          csv_shown(r, r->rows[k].name), q->offset, csv_shown(r, r->rows[i].name),
                          p->offset);
    }
    bool twice = (partition_is_ota_data(p) && partition_is_ota_data(q)) ||
                 (partition_is_tee_ota_data(p) && partition_is_tee_ota_data(q));
    return !twice ||
           csv_refuse(r, checks[CHECK_PT_OTADATA_TWICE].remedy, "%s and %s are both OTA data",
                      csv_shown(r, r->rows[k].name), csv_shown(r, r->rows[i].name));
}

static bool verify(struct csv_reading *r)
{
    uint64_t end = (uint64_t)r->options->table_at + PARTITION_TABLE_SECTOR;
    for (size_t i = 0; i < r->out->count; i++) {
        const struct otapack_partition *p = &r->out->entries[i].partition;
        r->line = r->out->entries[i].line;
        if (!verify_alone(r, i)) {
            return false;
        }
        if (p->offset < end && !partition_is_primary(p->type, p->subtype)) {
            return csv_refuse(r, CORRECT, "partition %s begins at 0x%" PRIx32 ", below 0x%" PRIx64,
                              csv_shown(r, r->rows[i].name), p->offset, end);
        }
        for (size_t k = 0; k < i; k++) {
            if (!verify_pair(r, i, k)) {
                return false;
            }
        }
    }
    return true;
}

// ---- The bytes ----------------------------------------------------------------------------------

static void write_partition(const struct otapack_partition *p, uint8_t *to)
{
    otapack_put_le32(to, OTAPACK_PARTITION_MAGIC | (uint32_t)p->type << 16 |
                             (uint32_t)p->subtype << 24);
    otapack_put_le32(to + 4, p->offset);
    otapack_put_le32(to + 8, p->size);
    memcpy(to + 12, p->label, sizeof(p->label));
    otapack_put_le32(to + 28, p->flags);
}

static void write_bytes(struct partition_csv *out, bool no_md5)
{
    uint8_t *to = out->bytes;
    memset(to, 0xFF, sizeof(out->bytes));
    for (size_t i = 0; i < out->count; i++, to += OTAPACK_PARTITION_ENTRY_SIZE) {
        write_partition(&out->entries[i].partition, to);
    }
    if (!no_md5) {
        struct otapack_source entries = otapack_memory(out->bytes, (size_t)(to - out->bytes));
        to[0] = to[1] = (uint8_t)OTAPACK_PARTITION_MD5_MAGIC;
        (void)digest_of(DIGEST_MD5, &entries, to + 16);
    }
}

bool partition_csv_read(const uint8_t *text, size_t n, const struct partition_csv_options *options,
                        struct arena *a, struct partition_csv *out)
{
    struct csv_reading *r = ARENA_NEW(a, struct csv_reading);
    struct csv_text t;
    struct csv_line line;
    *out = (struct partition_csv){.entries = arena_alloc(a, CSV_ROWS_MOST * sizeof(*out->entries))};
    *r = (struct csv_reading){.options = options, .arena = a, .out = out};
    csv_text_open(&t, text, n);
    if (n > PARTITION_CSV_MOST) {
        return csv_refuse(r, "name another file",
                          "it is larger than 64 KiB, which no such file is");
    }
    if (options->bootloader_at >= (int64_t)options->table_at) {
        return csv_refuse(r, "correct primary-bootloader-offset or offset",
                          "the bootloader does not lie before the partition table");
    }
    while (csv_text_line(&t, a, &line)) {
        if (!take_line(r, &line)) {
            return false;
        }
    }
    if (!place(r) || !make_partitions(r) || (!options->no_verify && !verify(r))) {
        return false;
    }
    write_bytes(out, options->no_md5);
    return true;
}

// NAME,app,... with a word for the type, or a number where the name is none, and more follows than
// in other tables of numbers.
static bool looks_like_partition(struct csv_reading *r, struct csv_span rest)
{
    struct csv_row row;
    int64_t number;
    bool numbered = csv_number(csv_field(&rest), &number);
    struct csv_span type = csv_trim(csv_field(&rest));
    size_t more = 0;
    for (size_t i = 0; i < rest.n; i++) {
        more += rest.p[i] == ',';
    }
    bool is_type = csv_take_type(r, type, &row) && row.type >= 0 && row.type <= UINT8_MAX;
    bool word = !csv_number(type, &number);
    return is_type && rest.n > 0 && (word || (!numbered && more > 0));
}

bool partition_csv_probe(const uint8_t *text, size_t n)
{
    struct arena a = ARENA_EMPTY;
    struct partition_csv_options options = PARTITION_CSV_OPTIONS;
    struct partition_csv none = {.entries = NULL};
    struct csv_reading r = {.options = &options, .arena = &a, .out = &none};
    struct csv_text t;
    struct csv_line line;
    bool is = false, looking = n <= PARTITION_CSV_MOST;
    csv_text_open(&t, text, n);
    while (looking && csv_text_line(&t, &a, &line) && !line.bad) {
        struct csv_span rest = csv_trim(line.text);
        looking = rest.n == 0 || rest.p[0] == '#';
        is = !looking && looks_like_partition(&r, rest);
    }
    arena_free(&a);
    return is;
}
