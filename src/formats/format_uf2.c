// SPDX-License-Identifier: Apache-2.0
//
// A UF2 file for a chip of Espressif: is it sound, and what is in it?
#include <inttypes.h>
#include <otapack/uf2.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "flash_file.h"
#include "format_list.h"
#include "rule.h"
#include "uf2_family.h"

enum { BLOCK = OTAPACK_UF2_BLOCK_SIZE };

// What is said of a file: a number is that of the block in the file, from 0.
struct fault {
    bool is;
    uint64_t block;
};

struct kept {
    uint32_t family;
    uint32_t payload; // of the largest block
    uint32_t flags;   // of the first block
    struct fault family_changes, order, stride, md5;
    const char *total; // what is wrong with how many there are; NULL: nothing
    bool overlaps;
    uint64_t overlap_at;
};

// What a block says of itself.
struct counted {
    uint32_t total, number;
};

// While it is read.
struct uf2 {
    struct reader *r;
    struct node *n;
    struct flash_file file;
    struct kept kept;
    struct counted *counted; // all blocks
    size_t count, room;
    uint64_t seen;                 // blocks of the run
    uint32_t total;                // how many it should have
    bool zero;                     // among them is number 0
    bool cut;                      // a run ended before it had as many
    struct otapack_uf2_block last; // the one before
};

// A file for another maker's chip is named, but nothing here takes it.
static bool uf2_probe(const struct otapack_source *src)
{
    struct otapack_uf2_block block;
    enum otapack_code code = otapack_uf2_read(src, 0, &block).code;
    return (code == OTAPACK_OK || code == OTAPACK_FORBIDDEN) &&
           (block.flags & OTAPACK_UF2_HAS_FAMILY) != 0 && uf2_family_name(block.family) != NULL;
}

static void note(struct fault *fault, bool is, uint64_t at)
{
    if (is && !fault->is) {
        *fault = (struct fault){true, at / BLOCK};
    }
}

// ---- Blocks -------------------------------------------------------------------------------------

// False: there are more runs than are read.
static bool begin_run(struct uf2 *u, const struct otapack_uf2_block *b, uint64_t at)
{
    u->cut = u->cut || u->seen < u->total;
    u->total = b->total;
    u->seen = 0;
    u->zero = false;
    return flash_file_begin(u->r, &u->file, (struct flash_run){at, 0, b->address, 0});
}

static void count(struct uf2 *u, const struct otapack_uf2_block *b)
{
    if (u->count == u->room) {
        u->room = u->room == 0 ? 64 : 2 * u->room;
        u->counted = arena_resize(u->r->arena, u->counted, u->room * sizeof(*u->counted));
    }
    u->counted[u->count++] = (struct counted){b->total, b->number};
}

// How it follows the one before it in the file. The ESP USB Bridge goes by the address where the
// numbers do not go up by one.
static void follow(struct uf2 *u, const struct otapack_uf2_block *b, uint64_t at)
{
    uint64_t next = (uint64_t)u->last.address + otapack_uf2_room(u->last.flags);
    bool behind = at > 0 && b->number == (uint64_t)u->last.number + 1;
    note(&u->kept.order, b->number != u->seen, at);
    note(&u->kept.stride, behind && b->address != next, at);
    note(&u->kept.family_changes,
         (b->flags & OTAPACK_UF2_HAS_FAMILY) == 0 || b->family != u->kept.family, at);
    u->kept.payload = b->size > u->kept.payload ? b->size : u->kept.payload;
}

// Behind a run that has as many blocks as it says, in whatever order, and before a second number 0
// of one that has not.
static bool begins_run(const struct uf2 *u, const struct otapack_uf2_block *b)
{
    return u->file.run_count == 0 || (u->total > 0 && u->seen >= u->total) ||
           (b->number == 0 && u->zero);
}

static bool add_block(struct uf2 *u, const struct otapack_uf2_block *b, uint64_t at)
{
    struct flash_file *f = &u->file;
    if (begins_run(u, b) && !begin_run(u, b, at)) {
        return false;
    }
    struct flash_run *run = &f->runs[f->run_count - 1];
    uint64_t end = run->address + run->length, own = (uint64_t)b->address + b->size;
    follow(u, b, at);
    end = own > end ? own : end;
    run->address = b->address < run->address ? b->address : run->address;
    run->length = end - run->address;
    run->size += BLOCK;
    flash_file_add(u->r, f, (struct flash_piece){b->address, at, b->size});
    count(u, b);
    u->last = *b;
    u->seen++;
    u->zero = u->zero || b->number == 0;
    return true;
}

static int by_total(const void *one, const void *other)
{
    const struct counted *a = one, *b = other;
    return a->total != b->total     ? (a->total < b->total ? -1 : 1)
           : a->number != b->number ? (a->number < b->number ? -1 : 1)
                                    : 0;
}

// Of `n` blocks with one total, in the order of their numbers: TinyUF2 waits for as many different
// numbers. In files of several runs two may have the same total, and each number stands twice.
static const char *count_total(struct arena *a, const struct counted *c, size_t n)
{
    size_t often = 0;
    uint64_t different = 0, missing = UINT64_MAX;
    for (size_t i = 0, times; i < n; i += times, different++) {
        for (times = 1; i + times < n && c[i + times].number == c[i].number; times++) {
        }
        often = i == 0 ? times : often;
        missing = c[i].number != different && missing == UINT64_MAX ? different : missing;
        if (times != often) {
            return arena_printf(
                a, "number %" PRIu32 " of %" PRIu32 " stands %zu times, but number %" PRIu32 " %zu",
                c[i].number, c->total, times, c->number, often);
        }
    }
    if (different > c->total) {
        return arena_printf(a, "%" PRIu64 " have different numbers and say that they are %" PRIu32,
                            different, c->total);
    }
    return different == c->total
               ? NULL
               : arena_printf(a, "number %" PRIu64 " of %" PRIu32 " is missing",
                              missing == UINT64_MAX ? different : missing, c->total);
}

static const char *count_all(struct uf2 *u)
{
    const char *wrong = NULL;
    if (u->count > 0) {
        qsort(u->counted, u->count, sizeof(*u->counted), by_total);
    }
    for (size_t i = 0, n; i < u->count && wrong == NULL; i += n) {
        for (n = 1; i + n < u->count && u->counted[i + n].total == u->counted[i].total; n++) {
        }
        wrong = count_total(u->r->arena, &u->counted[i], n);
    }
    return wrong;
}

// NULL, or why the file cannot be read.
static const char *read_blocks(struct uf2 *u)
{
    uint64_t at = 0;
    for (; at < u->n->src.size; at += BLOCK) {
        struct otapack_uf2_block b;
        struct otapack_status s = otapack_uf2_read(&u->n->src, at, &b);
        if (s.code != OTAPACK_OK) {
            return status_text(u->r->arena, u->n, s);
        }
        if ((b.flags & OTAPACK_UF2_NOT_FLASH) != 0) {
            return arena_printf(u->r->arena, "the block at 0x%" PRIx64 " is a comment", at);
        }
        const char *outside = flash_file_outside(u->r->arena, b.address, b.size);
        if (outside != NULL) {
            return arena_printf(u->r->arena, "block %" PRIu64 " of the file: %s", at / BLOCK,
                                outside);
        }
        u->kept.family = at == 0 ? b.family : u->kept.family;
        u->kept.flags = at == 0 ? b.flags : u->kept.flags;
        if (!add_block(u, &b, at)) {
            return flash_file_many(u->r, u->n, "blocks");
        }
    }
    u->kept.total = count_all(u);
    return flash_file_finish(u->r, u->n, &u->file);
}

// ---- What is in them ----------------------------------------------------------------------------

static bool md5_fits(struct digest *d, const struct otapack_uf2_block *b, const uint8_t *payload)
{
    struct otapack_hash hash = digest_hash(d);
    uint8_t md5[sizeof(b->md5)];
    hash.start(hash.ctx);
    hash.update(hash.ctx, payload, b->size);
    hash.finish(hash.ctx, md5);
    return memcmp(md5, b->md5, sizeof(md5)) == 0;
}

// Each block's own MD5 is looked at: one that is of several is nothing that esptool writes.
static void fill_image(struct uf2 *u)
{
    struct digest *md5 = digest_new(DIGEST_MD5, DIGEST_BEST);
    for (size_t i = 0; i < u->file.count; i++) {
        const struct flash_piece *p = &u->file.pieces[i];
        uint8_t payload[OTAPACK_UF2_MAX_PAYLOAD];
        struct otapack_uf2_block b;
        (void)otapack_uf2_read(&u->n->src, p->from, &b); // which was good before
        (void)otapack_read(&u->n->src, p->from + OTAPACK_UF2_PAYLOAD_AT, payload, p->size, "");
        bool own = otapack_uf2_md5_is_own(&b);
        bool said = (b.flags & OTAPACK_UF2_HAS_MD5) != 0;
        note(&u->kept.md5, said && (!own || !md5_fits(md5, &b, payload)), p->from);
        flash_file_put(&u->file, p, payload);
    }
    digest_free(md5);
}

static void add_fields(struct arena *a, struct node *n, const struct uf2 *u)
{
    const char *name = uf2_family_name(u->kept.family);
    node_hex(a, n, "flags", u->kept.flags, QUIET(8, 4));
    node_enum(a, n, "family", u->kept.family, name, SHOWN(28, 4));
    node_uint(a, n, "blocks", u->file.count, DERIVED_QUIET);
    node_uint(a, n, "payload", u->kept.payload, DERIVED_QUIET);
}

static void uf2_open(struct reader *r, struct node *n)
{
    struct uf2 *u = ARENA_NEW(r->arena, struct uf2);
    u->r = r;
    u->n = n;
    const char *error = read_blocks(u);
    if (error != NULL) {
        flash_file_failed(r, n, error);
        return;
    }
    flash_file_unmix(r, &u->file, u->cut && u->kept.total == NULL);
    fill_image(u);
    u->kept.overlaps = u->file.overlaps;
    u->kept.overlap_at = u->file.overlap_at;
    add_fields(r->arena, n, u);
    flash_file_show(r, n, &u->file, "uf2_run");
    NODE_KEEP(r->arena, n, u->kept);
}

// ---- What can be wrong --------------------------------------------------------------------------

static void check_blocks(struct judge *j, struct node *n)
{
    if (n->cannot == NULL) {
        found(j, n, CHECK_UF2_BLOCK, n->parsed != NULL, "%s", n->error);
    }
}

static void check_faults(struct judge *j, struct node *n)
{
    const struct kept *k = n->parsed;
    const struct {
        enum check_id check;
        const struct fault *fault;
        const char *text;
    } rows[] = {
        {CHECK_UF2_ORDER, &k->order,
         "does not have the number that follows in its run: they are not in order"},
        {CHECK_UF2_STRIDE, &k->stride, "does not begin where the data field before it ends"},
        {CHECK_UF2_MD5, &k->md5, "has an MD5 that is not its payload's"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        found(j, n, rows[i].check, !rows[i].fault->is, "block %" PRIu64 " of the file %s",
              rows[i].fault->block, rows[i].text);
    }
    found(j, n, CHECK_UF2_TOTAL, k->total == NULL, "of the blocks, %s", k->total);
    found(j, n, CHECK_UF2_OVERLAP, !k->overlaps, "two blocks go to 0x%" PRIx64, k->overlap_at);
}

static const struct chip *chip_among(const struct node *parts)
{
    const struct chip *chip = NULL;
    for (const struct node *p = parts; p != NULL && chip == NULL; p = p->next) {
        chip = is_image(p, NULL) ? image_chip(p) : NULL;
    }
    return chip;
}

// The chip of the first image in what it holds; NULL: there is none that says it.
static const struct chip *chip_of(const struct node *n)
{
    const struct chip *chip = chip_among(n->parts);
    for (const struct node *p = n->parts; p != NULL && chip == NULL; p = p->next) {
        chip = chip_among(p->parts);
    }
    return chip;
}

static void check_family(struct judge *j, struct node *n)
{
    const struct kept *k = n->parsed;
    const struct chip *chip = chip_of(n);
    const char *family = uf2_family_name(k->family);
    bool fits = chip == NULL || strcmp(chip->name, family) == 0;
    found(j, n, CHECK_UF2_FAMILY, fits && !k->family_changes.is, "%s",
          !fits
              ? arena_printf(j->arena, "the family is that of the %s, what is in it is for the %s",
                             family, chip->name)
              : arena_printf(j->arena, "block %" PRIu64 " of the file is of another family",
                             k->family_changes.block));
}

static void check_content(struct judge *j, struct node *n)
{
    const char *unknown = flash_file_unknown(n);
    found(j, n, CHECK_UF2_CONTENT, unknown == NULL, "%s", unknown);
}

static const struct rule rules[] = {{.run = check_blocks, .unread = true},
                                    {.run = check_faults},
                                    {.run = check_family},
                                    {.run = check_content},
                                    {.run = NULL}};

const struct format format_uf2 = {.name = "uf2",
                                  .title = "UF2 file",
                                  .probe = uf2_probe,
                                  .open = uf2_open,
                                  .container = CONTAINER_FLASH_FILE,
                                  .rules = {rules},
                                  .ending = "uf2"};
