// SPDX-License-Identifier: Apache-2.0
//
// An Intel HEX file with flash addresses, as esptool writes and flashes it.
#include <inttypes.h>
#include <otapack/intel_hex.h>
#include <string.h>

#include "flash_file.h"
#include "format_list.h"
#include "source.h"

struct kept {
    bool wrong_sum, ended, more, overlaps;
    uint64_t wrong_line, end_at, overlap_at;
};

struct hex {
    struct reader *r;
    struct node *n;
    struct otapack_source text; // the file, in memory where it is not too large
    uint8_t *data;              // of all records, one behind the other
    size_t used, room;
    struct flash_file file;
    struct kept kept;
    struct otapack_intel_hex_place place;
    uint64_t next; // the address behind the data before
    uint64_t records;
};

// The first record, and a second one or nothing: text may begin with a colon. Of two, one has the
// right checksum.
static bool hex_probe(const struct otapack_source *src)
{
    struct otapack_intel_hex_record first, second;
    if (otapack_intel_hex_read(src, 0, &first).code != OTAPACK_OK) {
        return false;
    }
    enum otapack_code code = otapack_intel_hex_read(src, first.end, &second).code;
    if (first.sum != 0) {
        return code == OTAPACK_OK && second.sum == 0;
    }
    return first.end == src->size || code != OTAPACK_NOT_THIS;
}

// ---- Records ------------------------------------------------------------------------------------

// Which line that is, as an editor counts them.
static uint64_t line_of(const struct otapack_source *text, uint64_t at)
{
    uint64_t line = 1;
    uint8_t c, before = 0;
    for (uint64_t i = 0; i < at && otapack_read(text, i, &c, 1, "").code == OTAPACK_OK; i++) {
        line += c == '\r' || (c == '\n' && before != '\r');
        before = c;
    }
    return line;
}

static void keep_data(struct hex *h, const struct otapack_intel_hex_record *record)
{
    if (h->room - h->used < record->size) {
        h->room = 2 * h->room + sizeof(record->data);
        h->data = arena_resize(h->r->arena, h->data, h->room);
    }
    memcpy(h->data + h->used, record->data, record->size);
    h->used += record->size;
}

// False: there are more runs than are read. What stands between two is the later one's.
static bool add_data(struct hex *h, const struct otapack_intel_hex_record *record)
{
    struct flash_file *f = &h->file;
    uint64_t address = otapack_intel_hex_address(&h->place, record);
    if (f->run_count == 0 || address != h->next) {
        uint64_t from =
            f->run_count == 0 ? 0 : f->runs[f->run_count - 1].at + f->runs[f->run_count - 1].size;
        if (!flash_file_begin(h->r, f, (struct flash_run){from, 0, address, 0})) {
            return false;
        }
    }
    struct flash_run *run = &f->runs[f->run_count - 1];
    run->length += record->size;
    run->size = record->end - run->at;
    h->next = address + record->size;
    flash_file_add(h->r, f, (struct flash_piece){address, h->used, record->size});
    keep_data(h, record);
    return true;
}

static bool add_record(struct hex *h, const struct otapack_intel_hex_record *record, uint64_t at)
{
    h->records++;
    if (record->sum != 0 && !h->kept.wrong_sum) {
        h->kept.wrong_sum = true;
        h->kept.wrong_line = line_of(&h->text, at);
    }
    if (record->type != OTAPACK_INTEL_HEX_DATA) {
        otapack_intel_hex_follow(&h->place, record);
        return true;
    }
    return record->size == 0 || add_data(h, record);
}

// NULL, or why no flash has the data of this record.
static const char *outside_of(struct hex *h, const struct otapack_intel_hex_record *record)
{
    bool data = record->type == OTAPACK_INTEL_HEX_DATA && record->size > 0;
    uint32_t address = otapack_intel_hex_address(&h->place, record);
    return data ? flash_file_outside(h->r->arena, address, record->size) : NULL;
}

// NULL, or why the file cannot be read.
static const char *read_records(struct hex *h)
{
    const struct otapack_source *src = &h->text;
    struct otapack_intel_hex_record record;
    for (uint64_t at = 0; at < src->size && !h->kept.ended; at = record.end) {
        struct otapack_status s = otapack_intel_hex_read(src, at, &record);
        if (s.code == OTAPACK_FORBIDDEN || s.code == OTAPACK_NOT_THIS) {
            return arena_printf(h->r->arena,
                                "line %" PRIu64 ": that is no record: 0x%" PRIx64
                                " stands at 0x%" PRIx64 " of the file",
                                line_of(src, at), s.value, s.at);
        }
        if (s.code != OTAPACK_OK) {
            return status_text(h->r->arena, h->n, s);
        }
        const char *outside = outside_of(h, &record);
        if (outside != NULL) {
            return arena_printf(h->r->arena, "line %" PRIu64 ": %s", line_of(src, at), outside);
        }
        if (!add_record(h, &record, at)) {
            return flash_file_many(h->r, h->n, "data");
        }
        h->kept.ended = record.type == OTAPACK_INTEL_HEX_END;
        h->kept.end_at = record.end;
    }
    h->kept.more = h->kept.end_at < src->size;
    return flash_file_finish(h->r, h->n, &h->file);
}

static void fill_image(struct hex *h)
{
    for (size_t i = 0; i < h->file.count; i++) {
        const struct flash_piece *p = &h->file.pieces[i];
        flash_file_put(&h->file, p, h->data + p->from);
    }
}

// Records are read two characters at a time, which a file is slow at.
static struct otapack_source text_of(struct reader *r, const struct otapack_source *src)
{
    bool small = src->bytes == NULL && src->size <= 4 * UNPACKED_MOST;
    return small ? otapack_memory(source_bytes(r->arena, src, 0, (size_t)src->size),
                                  (size_t)src->size)
                 : *src;
}

static void hex_open(struct reader *r, struct node *n)
{
    struct hex *h = ARENA_NEW(r->arena, struct hex);
    h->r = r;
    h->n = n;
    h->text = text_of(r, &n->src);
    const char *error = read_records(h);
    if (error != NULL) {
        flash_file_failed(r, n, error);
        return;
    }
    struct flash_run *last = &h->file.runs[h->file.run_count - 1];
    last->size = h->kept.end_at - last->at;
    fill_image(h);
    h->kept.overlaps = h->file.overlaps;
    h->kept.overlap_at = h->file.overlap_at;
    node_uint(r->arena, n, "records", h->records, DERIVED_QUIET);
    flash_file_show(r, n, &h->file, "intel_hex_run");
    read_rest(r, n, "trailing", -1, h->kept.end_at, n->src.size - h->kept.end_at);
    NODE_KEEP(r->arena, n, h->kept);
}

// ---- What can be wrong --------------------------------------------------------------------------

static void check_records(struct judge *j, struct node *n)
{
    if (n->cannot == NULL) {
        found(j, n, CHECK_HEX_RECORD, n->parsed != NULL, "%s", n->error);
    }
}

static void check_file(struct judge *j, struct node *n)
{
    const struct kept *k = n->parsed;
    const char *unknown = flash_file_unknown(n);
    found(j, n, CHECK_HEX_CHECKSUM, !k->wrong_sum,
          "line %" PRIu64 ": the record has a wrong checksum", k->wrong_line);
    found(j, n, CHECK_HEX_END, k->ended && !k->more, "%s",
          k->ended ? "more follows behind the record that ends the file"
                   : "no record ends the file, which may be cut off");
    found(j, n, CHECK_HEX_OVERLAP, !k->overlaps, "two records go to 0x%" PRIx64, k->overlap_at);
    found(j, n, CHECK_HEX_CONTENT, unknown == NULL, "%s", unknown);
}

static const struct rule rules[] = {
    {.run = check_records, .unread = true}, {.run = check_file}, {.run = NULL}};

const struct format format_intel_hex = {.name = "intel_hex",
                                        .title = "Intel HEX file",
                                        .probe = hex_probe,
                                        .open = hex_open,
                                        .container = CONTAINER_FLASH_FILE,
                                        .rules = {rules},
                                        .ending = "hex"};
