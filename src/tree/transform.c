// SPDX-License-Identifier: Apache-2.0
#include "transform.h"

#include "format.h"
#include "need.h"

// One that was unpacked.
struct unpacked_kept {
    struct unpacked_kept *next;
    const struct transform *transform;
    struct otapack_source src; // from where it begins to where it must end
    struct unpacked unpacked;
};

// Would unpacking say the same of `src`? Whole data are the same wherever what follows them ends.
static bool is_same(const struct unpacked_kept *kept, const struct transform *t,
                    const struct otapack_source *src)
{
    const struct otapack_source *s = &kept->src;
    const struct unpacked *u = &kept->unpacked;
    bool same_end =
        u->fault == NULL && u->needs == 0 ? u->packed <= src->size : s->size == src->size;
    return kept->transform == t && s->bytes == src->bytes && s->read == src->read &&
           s->ctx == src->ctx && s->base == src->base && same_end;
}

static const char *too_large(struct arena *a, const struct transform *t, bool first)
{
    return first ? arena_printf(a, "the %s data unpack to more than 16 MiB, the most for one file",
                                t->part)
                 : arena_printf(a,
                                "the %s data, and all else that is unpacked of this file, are more "
                                "than 16 MiB, the most for one file",
                                t->part);
}

static struct unpacked unpack(struct reader *r, const struct transform *t,
                              const struct otapack_source *src, uint64_t at)
{
    uint64_t left = r->left->unpacked, packed = otapack_part(src, at, src->size).size;
    struct unpacked u = {.needs = t->needs & ~need_of_reading(r->options)};
    if (u.needs != 0) {
        u.packed = packed;
        return u;
    }
    t->open(r, src, at, t->expands ? left : packed, &u);
    if (t->expands) {
        r->left->unpacked -= u.cost;
        u.fault = u.too_large ? too_large(r->arena, t, left == UNPACKED_MOST) : u.fault;
    }
    return u;
}

const struct unpacked *transform_unpack(struct reader *r, const struct transform *t,
                                        const struct otapack_source *src, uint64_t at)
{
    struct otapack_source packed = otapack_part(src, at, src->size);
    struct unpacked_kept *kept = r->left->kept;
    while (kept != NULL && !is_same(kept, t, &packed)) {
        kept = kept->next;
    }
    if (kept == NULL) {
        kept = ARENA_NEW(r->arena, struct unpacked_kept);
        *kept = (struct unpacked_kept){r->left->kept, t, packed, unpack(r, t, src, at)};
        r->left->kept = kept;
    }
    return &kept->unpacked;
}

// ---- In the tree --------------------------------------------------------------------------------

void read_failed(struct reader *r, struct node *n, uint64_t at, const char *error)
{
    n->error = error;
    n->summary = arena_printf(r->arena, "%s that cannot be unpacked", n->opened->title);
    read_rest(r, n, "unread", -1, at, n->src.size - at);
}

static void add_packed(struct arena *a, struct node *n, uint64_t at, uint64_t size)
{
    const struct transform *t = n->opened->content;
    struct node *part = node_part(a, n, t->part, -1, at, size);
    part->format = t->name;
    part->summary = t->title;
    node_uint(a, part, "data_offset", part->src.base, QUIET(0, size));
}

static struct node *add_content(struct reader *r, struct node *n, const struct unpacked *u)
{
    if (u->needs == 0) {
        struct node *content = read_unpacked(r, n, "content", u->content, NULL);
        content->has_more = r->left->parts <= 0;
        return content;
    }
    struct node *closed = node_unpacked(r->arena, n, "content", u->content);
    closed->format = format_last()->name;
    closed->needs = u->needs;
    node_string(r->arena, closed, "kind", n->opened->content->part, SIZE_MAX, QUIET(0, 0));
    closed->summary = arena_printf(r->arena, "not read: needs %s", need_text(r->arena, u->needs));
    return closed;
}

const struct node *read_content(struct reader *r, struct node *n, uint64_t at,
                                const struct packed_end *end, uint64_t *end_at)
{
    const struct transform *t = n->opened->content;
    const struct unpacked *u = transform_unpack(r, t, &n->src, at);
    const char *fault = u->cannot != NULL ? u->cannot : u->fault;
    *end_at = at + u->packed;
    n->cannot = u->cannot;
    if (fault == NULL && !otapack_has(&n->src, *end_at, end->size)) {
        fault = arena_printf(r->arena, "the %s data end, and %s", t->part, end->missing);
    }
    if (fault != NULL) {
        read_failed(r, n, at, fault);
        return NULL;
    }
    add_packed(r->arena, n, at, u->packed);
    const struct node *content = add_content(r, n, u);
    uint64_t behind = *end_at + end->size;
    read_rest(r, n, "trailing", -1, behind, n->src.size - behind);
    return content;
}
