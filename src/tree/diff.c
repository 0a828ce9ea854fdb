// SPDX-License-Identifier: Apache-2.0
#include "diff.h"

#include <string.h>

#include "diff_inside.h"
#include "diff_layers.h"
#include "diff_pair.h"
#include "format.h"
#include "source.h"

struct change *diff_add(struct diff *d, struct change c)
{
    struct change *copy = ARENA_NEW(d->arena, struct change);
    *copy = c;
    *d->end = copy;
    d->end = &copy->next;
    d->counts[c.class]++;
    return copy;
}

bool diff_is_noise(const struct diff *d)
{
    return d->counts[CLASS_MEANING] + d->counts[CLASS_CHECK] + d->counts[CLASS_BYTES] +
               d->counts[CLASS_DERIVED] ==
           0;
}

const char *change_path(struct arena *a, const struct change *c, bool old)
{
    const struct node *n = (old && c->old != NULL) || c->new == NULL ? c->old : c->new;
    const char *path = node_path(a, n);
    return c->name == NULL ? path
           : *path == '\0' ? c->name
                           : arena_printf(a, "%s.%s", path, c->name);
}

// ---- Parts --------------------------------------------------------------------------------------

static void compare_sizes(struct diff *d, struct change c)
{
    bool other = c.old->src.size != c.new->src.size;
    bool second = c.new->overlay && !c.new->unpacked; // whose bytes are another's
    if (other && !second && !c.new->record) {
        c.kind = c.old->src.size < c.new->src.size ? CHANGE_GROWN : CHANGE_SHRUNK;
        c.old_number = c.old->src.size;
        c.new_number = c.new->src.size;
        diff_add_own(d, c);
    }
}

static void compare_errors(struct diff *d, struct change c)
{
    const char *good = "can be read";
    c.old_text = c.old->error == NULL ? good : c.old->error;
    c.new_text = c.new->error == NULL ? good : c.new->error;
    if (strcmp(c.old_text, c.new_text) != 0) {
        c.kind = CHANGE_CHANGED;
        diff_add(d, c);
    }
}

static uint64_t place_of(const struct node *n, const struct places_row *row)
{
    return n->src.base - n->parent->src.base + node_number(n->parent, row->origin);
}

static void compare_places(struct diff *d, struct change c)
{
    const struct places_row *row = change_places(c.new->parent->format);
    if (row != NULL && c.old->opened != NULL && node_is_known(c.new) &&
        place_of(c.old, row) != place_of(c.new, row)) {
        c.kind = CHANGE_MOVED;
        c.old_number = place_of(c.old, row);
        c.new_number = place_of(c.new, row);
        c.follows = node_is_elsewhere(c.new) ? NULL : row->follows;
        diff_add(d, c);
    }
}

// A part `n` that only one side has.
static void one_side(struct diff *d, const struct part_pair *p, const struct node *n)
{
    const char *text = n->summary == NULL ? n->format : n->summary;
    struct change c = {.kind = CHANGE_ADDED, .new = p->new, .of = p->of, .new_text = text};
    if (p->new == NULL) {
        c = (struct change){.kind = CHANGE_DROPPED, .old = n, .of = p->of, .old_text = text};
    }
    diff_add_own(d, c);
    diff_checks_below(d, c);
}

static void compare_nodes(struct diff *d, struct change c);

static void compare_parts(struct diff *d, const struct node *old, const struct node *new)
{
    const struct diff_level *around = d->around;
    struct diff_level level = {diff_pairs(d->arena, old, new), new->unpacked ? NULL : around};
    bool reordered = false;
    // cppcheck-suppress autoVariables // put back below
    d->around = &level;
    for (const struct part_pair *p = level.list; p != NULL; p = p->next) {
        if (p->new == NULL || p->old == NULL) {
            one_side(d, p, p->new == NULL ? p->old : p->new);
            continue;
        }
        struct change c = {.old = p->old, .new = p->new, .of = p->of};
        if (p->before && !reordered) {
            reordered = true;
            c.kind = CHANGE_REORDERED;
            diff_add_own(d, c);
        }
        compare_places(d, c);
        compare_nodes(d, c);
    }
    d->around = around;
}

// ---- What did not change ------------------------------------------------------------------------

static bool is_below(const struct node *n, const struct node *whole, const char *part)
{
    while (n != NULL && n->parent != whole) {
        n = n->parent;
    }
    return n != NULL && strcmp(n->name, part) == 0;
}

// Did something that counts change in this part of two nodes, or, where none is named, anywhere?
static bool has_changed(const struct change *since, const struct node *new, const char *part)
{
    for (; since != NULL; since = since->next) {
        bool counts = since->class == CLASS_MEANING || since->class == CLASS_BYTES;
        if (counts && (*part == '\0' || is_below(since->new, new, part))) {
            return true;
        }
    }
    return false;
}

static const struct node *part_of(const struct node *n, const struct same_row *row)
{
    const struct node *part = *row->part == '\0' ? n : node_find(n, row->part, -1);
    return part != NULL && strcmp(part->format, row->part_format) == 0 ? part : NULL;
}

// `since`: the first change in these two nodes.
static void look_for_same(struct diff *d, struct change c, const struct change *since)
{
    const struct same_row *row;
    bool about = since != NULL && !node_is_elsewhere(c.old) && !node_is_elsewhere(c.new);
    for (size_t i = 0; about && (row = change_same(i)) != NULL; i++) {
        const struct node *old = part_of(c.old, row), *new = part_of(c.new, row);
        if (strcmp(row->format, c.new->format) != 0 || old == NULL || new == NULL) {
            continue;
        }
        const char *text = node_text(new, row->field);
        if (*text != '\0' && strcmp(text, node_text(old, row->field)) == 0 &&
            has_changed(since, c.new, row->beside)) {
            diff_add(d, (struct change){.kind = CHANGE_SAME,
                                        .old = old,
                                        .new = new,
                                        .name = row->field,
                                        .old_text = text,
                                        .new_text = text,
                                        .follows = row->follows});
        }
    }
}

// ---- Both ---------------------------------------------------------------------------------------

// What stayed closed cannot be compared, unless it is the same as it stands.
static void compare_closed(struct diff *d, struct change c)
{
    if (c.new->parent == NULL ||
        source_difference(&c.old->parent->src, &c.new->parent->src) != UINT64_MAX) {
        c.kind = CHANGE_BYTES;
        c.class = CLASS_BYTES;
        c.follows = c.new->needs != 0 ? c.new->summary : c.old->summary;
        diff_add(d, c);
    }
}

// `c` says which two, and what they are called.
static void compare_nodes(struct diff *d, struct change c)
{
    struct change **end = d->end;
    if (c.old->needs != 0 || c.new->needs != 0) {
        compare_closed(d, c);
        return;
    }
    if (strcmp(c.old->format, c.new->format) != 0) {
        struct change inner = {.kind = CHANGE_CHANGED};
        if (diff_layers(d, c, &inner.old, &inner.new)) {
            compare_nodes(d, inner);
        }
        return;
    }
    compare_sizes(d, c);
    compare_errors(d, c);
    diff_fields(d, c);
    if (d->look != NULL) {
        d->look->look(d, c.old, c.new);
    }
    compare_parts(d, c.old, c.new);
    diff_checks(d, c);
    look_for_same(d, c, *end);
}

struct diff *diff_trees(struct arena *a, const struct node *old, const struct node *new,
                        const struct diff_look *look)
{
    struct diff *d = ARENA_NEW(a, struct diff);
    *d = (struct diff){.arena = a, .old = old, .new = new, .look = look};
    d->end = &d->first;
    d->identical = source_difference(&old->src, &new->src) == UINT64_MAX;
    if (d->identical) {
        return d;
    }
    compare_nodes(d, (struct change){.old = old, .new = new});
    if (d->first == NULL) { // bytes that no field shows
        diff_add(d, (struct change){.kind = CHANGE_BYTES,
                                    .class = CLASS_BYTES,
                                    .old = old,
                                    .new = new,
                                    .bytes = source_differing(&old->src, &new->src)});
    }
    return d;
}
