// SPDX-License-Identifier: Apache-2.0
//
// A delta patch: what it says of itself, what it is made of, and the app that comes of it where its
// base is known.
#include <inttypes.h>
#include <string.h>

#include "delta_base.h"
#include "delta_tree.h"
#include "format_list.h"
#include "text.h"
#include "transform.h"

// ---- What is inside -----------------------------------------------------------------------------

// Heatshrink gives at most 128 bytes for 16 bits.
enum { MOST_FOR_A_BYTE = 64 };
enum { NEW_LEAST = 32 }; // header, a segment without data, padding and checksum

static void set_fault(struct unpacked *u, unsigned check, const char *fault)
{
    u->check = check;
    u->fault = fault;
}

// What a device says of a base with another digest; and one with the right digest that ends too
// early is damaged behind what that covers, or the patch is.
static void why_not(const struct reader *r, struct otapack_status s, const struct delta_base *base,
                    struct unpacked *u)
{
    if (s.code == OTAPACK_MISMATCH) {
        set_fault(u, CHECK_DELTA_BASE,
                  arena_printf(r->arena, "it is for another base: that of --base has SHA-256 %s",
                               text_hex(r->arena, base->sha256, sizeof(base->sha256))));
    } else {
        set_fault(u, CHECK_DELTA_REACH,
                  arena_printf(r->arena,
                               "it reads its base up to 0x%" PRIx64 ", and that of --base has %s",
                               s.value, text_size(r->arena, base->src.size)));
    }
}

static void apply(const struct reader *r, const struct otapack_source *src, uint64_t at,
                  uint64_t most, struct unpacked *u)
{
    const struct delta_base *base = r->options->base;
    uint64_t could = (src->size - at) * MOST_FOR_A_BYTE;
    struct otapack_delta delta;
    struct delta_run run;
    (void)otapack_delta_open(src, &delta); // which was good before
    u->packed = src->size - at;
    if (delta.size > most) {
        u->too_large = true;
        set_fault(u, CHECK_DELTA_LARGE, "");
        return;
    }
    size_t room = (size_t)(delta.size < could ? delta.size : could);
    uint8_t *to = arena_alloc(r->arena, room + 1);
    delta_run_on(src, &base->src, base->sha256, to, room, &run);
    u->cost = run.written;
    if (run.status.code == OTAPACK_OK) {
        u->content = otapack_memory(to, room);
    } else {
        why_not(r, run.status, base, u);
    }
}

static const struct transform transform = {.name = "delta_stream",
                                           .title = "patch data",
                                           .part = "patch",
                                           .needs = NEED_BASE,
                                           .expands = true,
                                           .open = apply};

// ---- What it says -------------------------------------------------------------------------------

static bool probe(const struct otapack_source *src)
{
    uint8_t magic[4];
    return otapack_read(src, 0, magic, sizeof(magic), "").code == OTAPACK_OK &&
           otapack_le32(magic) == OTAPACK_DELTA_MAGIC;
}

// Of detools, in the order of their numbers.
static const char *compression_name(unsigned compression)
{
    static const char *const names[] = {"none", "lzma", "crle", "bz2", "heatshrink", "zstd", "lz4"};
    return compression < sizeof(names) / sizeof(names[0]) ? names[compression] : NULL;
}

static const char *kind_name(unsigned kind)
{
    static const char *const names[] = {"sequential", "in-place", "hdiffpatch"};
    return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}

static void add_header(struct arena *a, struct node *n, const struct otapack_delta *d)
{
    uint8_t compression = otapack_delta_compression(d->type), kind = otapack_delta_kind(d->type);
    int64_t end = (int64_t)d->stream_at - (d->size == 0 ? 0 : 1); // of the size
    node_hex(a, n, "magic", OTAPACK_DELTA_MAGIC, QUIET(0, 4));
    node_bytes(a, n, "base_sha256", d->base_sha256, sizeof(d->base_sha256),
               SHOWN(OTAPACK_DELTA_DIGEST_AT, sizeof(d->base_sha256)));
    node_bytes(a, n, "reserved", d->reserved, sizeof(d->reserved),
               QUIET(OTAPACK_DELTA_RESERVED_AT, sizeof(d->reserved)));
    node_enum(a, n, "compression", compression, compression_name(compression),
              SHOWN(OTAPACK_DELTA_TYPE_AT, 1));
    node_enum(a, n, "kind", kind, kind_name(kind), QUIET(OTAPACK_DELTA_TYPE_AT, 1));
    node_uint(a, n, "new_size", d->size,
              SHOWN(OTAPACK_DELTA_SIZE_AT, (uint64_t)end - OTAPACK_DELTA_SIZE_AT));
    if (d->size != 0) {
        node_uint(a, n, "window", otapack_delta_window(d->heatshrink), QUIET(end, 1));
        node_uint(a, n, "lookahead", otapack_delta_lookahead(d->heatshrink), QUIET(end, 1));
    }
}

// "12.3 %"
static const char *share(struct arena *a, uint64_t part, uint64_t whole)
{
    uint64_t tenths = whole == 0 ? 0 : (part * 1000 + whole / 2) / whole;
    return arena_printf(a, "%" PRIu64 ".%" PRIu64 " %%", tenths / 10, tenths % 10);
}

static void add_made_of(struct arena *a, struct node *n, const struct delta_run *run)
{
    const char *text = arena_printf(
        a, "%s of the base, %s of it changed; %s new", share(a, run->from_base, run->size),
        share(a, run->changed, run->from_base), share(a, run->literals, run->size));
    node_string(a, n, "made_of", text, SIZE_MAX, DERIVED);
    node_uint(a, n, "from_base", run->from_base, DERIVED_QUIET);
    node_uint(a, n, "changed", run->changed, DERIVED_QUIET);
    node_uint(a, n, "literals", run->literals, DERIVED_QUIET);
    node_uint(a, n, "seeks", run->seeks, DERIVED_QUIET);
    node_uint(a, n, "base_size_least", run->reach, DERIVED_QUIET);
}

// What a field of the header is, and what it is on all devices.
static const char *why_foreign(struct arena *a, const struct node *n, struct otapack_status s)
{
    static const struct {
        const char *field, *wanted;
    } rows[] = {
        {"kind", "sequential"}, {"compression", "heatshrink"}, {"new_size", "room for 16 MiB"}};
    const char *is = node_field(n, s.field)->text;
    if (strcmp(s.field, "new_size") == 0 && s.value < NEW_LEAST) {
        return arena_printf(a, "new_size is %s, and no app is that small", is);
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].field, s.field) == 0) {
            return arena_printf(a, "%s is %s, and devices have %s only", s.field, is,
                                rows[i].wanted);
        }
    }
    return arena_printf(a, "%s is %s, and devices have %" PRIu64, s.field, is, s.limit);
}

// Why it makes no app, of whatever base; NULL: it does.
static const char *why_unsound(struct reader *r, const struct node *n, const struct delta_tree *t)
{
    struct otapack_status s = t->run.status;
    const char *written = text_count(r->arena, t->run.written);
    return t->kind.code != OTAPACK_OK ? why_foreign(r->arena, n, t->kind)
           : s.code == OTAPACK_TRUNCATED
               ? arena_printf(r->arena,
                              "it ends before its last seek, with %s of %s of the new app written",
                              written, text_size(r->arena, t->run.size))
           : s.code == OTAPACK_OK ? NULL
                                  : status_text(r->arena, n, s);
}

// ---- Its tree -----------------------------------------------------------------------------------

// NULL: no app came of it. What follows the patch is no part of it.
static const struct node *open_content(struct reader *r, struct node *n, struct delta_tree *t)
{
    static const struct packed_end nothing = {0, ""};
    struct otapack_source whole = n->src;
    uint64_t at = t->delta.stream_at, end_at, end = t->run.end;
    const char *why = why_unsound(r, n, t);
    if (why != NULL) {
        read_failed(r, n, at, why);
        return NULL;
    }
    n->src.size = end;
    const struct node *content = read_content(r, n, at, &nothing, &end_at);
    if (content == NULL) {
        t->failed = transform_unpack(r, n->opened->content, &n->src, at)->check;
    }
    n->src = whole;
    read_rest(r, n, "trailing", -1, end, whole.size - end);
    return content;
}

static const char *summary(struct arena *a, const struct delta_tree *t, const struct node *content)
{
    bool is_open = content != NULL && content->needs == 0;
    return arena_printf(a, "delta patch, makes %s of its base, %s of them new%s%s",
                        text_size(a, t->run.size), share(a, t->run.literals, t->run.size),
                        is_open ? ": " : "", is_open ? content->summary : "");
}

// As a device judges it; and what no app can be is not gone through.
static struct otapack_status judge_header(const struct otapack_delta *d)
{
    struct otapack_status s = otapack_delta_check(d);
    return s.code == OTAPACK_OK && (d->size > UNPACKED_MOST || d->size < NEW_LEAST)
               ? otapack_status_make(OTAPACK_FORBIDDEN, "new_size", OTAPACK_DELTA_SIZE_AT, d->size,
                                     UNPACKED_MOST)
               : s;
}

static void open_delta(struct reader *r, struct node *n)
{
    struct delta_tree t = {.failed = CHECK_COUNT};
    struct otapack_status s = otapack_delta_open(&n->src, &t.delta);
    if (s.code != OTAPACK_OK) {
        n->error = status_text(r->arena, n, s);
        n->summary = "delta patch whose header cannot be read";
        read_rest(r, n, "unread", -1, 0, n->src.size);
        return;
    }
    add_header(r->arena, n, &t.delta);
    t.kind = judge_header(&t.delta);
    if (t.kind.code == OTAPACK_OK) {
        delta_run_dry(&n->src, &t.run);
    }
    bool sound = t.kind.code == OTAPACK_OK && t.run.status.code == OTAPACK_OK;
    if (sound) {
        add_made_of(r->arena, n, &t.run);
    }
    const struct node *content = open_content(r, n, &t); // which gives it a summary, too
    n->summary = sound ? summary(r->arena, &t, content) : "delta patch that no device applies";
    NODE_KEEP(r->arena, n, t);
}

const struct delta_tree *delta_tree(const struct node *n)
{
    return n->parsed;
}

bool delta_is_sound(const struct node *n)
{
    const struct delta_tree *t = delta_tree(n);
    return t->kind.code == OTAPACK_OK && t->run.status.code == OTAPACK_OK;
}

const struct format format_delta = {.name = "delta",
                                    .title = "delta patch",
                                    .probe = probe,
                                    .first = true,
                                    .open = open_delta,
                                    .content = &transform,
                                    .application = "content",
                                    .container = CONTAINER_DELTA,
                                    .rules = {rules_delta}};
