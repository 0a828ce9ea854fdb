// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "diff_inside.h"
#include "diff_pair.h"
#include "source.h"
#include "text.h"

enum { NUMBER_MOST = 16 }; // bytes that a number takes, at most; a larger field stands for data

// ---- What a change is worth ---------------------------------------------------------------------

// What follows is about the device that takes the file; a co-processor is flashed anew, as a whole.
static bool put_row(struct change *c, const struct change_row *row, const struct node *about)
{
    if (row != NULL) {
        c->class = row->class;
        c->follows = *row->follows == '\0' || node_is_elsewhere(about) ? NULL : row->follows;
    }
    return row != NULL;
}

// Of a field, or of the part itself, the whole around it has a row by its name there, or else its
// own format. False: there is none.
static bool put_own_row(struct arena *a, struct change *c)
{
    const struct node *n = c->new == NULL ? c->old : c->new, *whole = n->parent;
    const char *name = c->name == NULL ? "" : c->name;
    const char *there = c->name == NULL ? n->name : arena_printf(a, "%s.%s", n->name, name);
    return (whole != NULL && put_row(c, change_row(whole->format, there, c->kind), whole)) ||
           put_row(c, change_row(n->format, name, c->kind), n);
}

void diff_add_own(struct diff *d, struct change c)
{
    (void)put_own_row(d->arena, &c);
    diff_add(d, c);
}

// ---- Bytes --------------------------------------------------------------------------------------

static struct otapack_source span_of(const struct node *n, const struct field *f)
{
    return otapack_part(&n->src, f->at - n->src.base, f->size);
}

static uint64_t differing(const struct otapack_source *old, const struct otapack_source *new,
                          uint64_t from, uint64_t to)
{
    struct otapack_source x = otapack_part(old, from, to - from);
    struct otapack_source y = otapack_part(new, from, to - from);
    return to > from ? source_differing(&x, &y) : 0;
}

// Where an overlay lies over these bytes, in both at the same place, it says itself what differs.
static bool overlaps(const struct part_pair *p, const struct otapack_source *old,
                     const struct otapack_source *new, uint64_t *from, uint64_t *to)
{
    if (p->old == NULL || p->new == NULL || !p->old->overlay || p->old->unpacked ||
        !p->new->overlay || p->new->unpacked || p->old->src.base < old->base ||
        p->new->src.base < new->base || p->old->src.size != p->new->src.size) {
        return false;
    }
    uint64_t at = p->old->src.base - old->base, end = at + p->old->src.size;
    bool inside = end <= old->size && end <= new->size;
    *from = at;
    *to = end;
    return inside && at == p->new->src.base - new->base;
}

static uint64_t differing_beside(const struct diff *d, const struct otapack_source *old,
                                 const struct otapack_source *new)
{
    uint64_t end = old->size < new->size ? old->size : new->size, from, to;
    uint64_t count = differing(old, new, 0, end);
    for (const struct diff_level *level = d->around; level != NULL; level = level->outer) {
        for (const struct part_pair *p = level->list; p != NULL; p = p->next) {
            count -= overlaps(p, old, new, &from, &to) ? differing(old, new, from, to) : 0;
        }
    }
    return count;
}

// ---- Fields -------------------------------------------------------------------------------------

static bool is_number(const struct field *f)
{
    return f->kind == FIELD_UINT || f->kind == FIELD_HEX || f->kind == FIELD_REVISION;
}

// It says how many bytes there are, or where, or what they look like: what is in them is not its
// value.
static bool is_data(const struct node *n, const struct field *f)
{
    bool text = f->kind == FIELD_BYTES || f->kind == FIELD_STRING;
    const struct change_row *row = change_row(n->format, f->name, CHANGE_BYTES);
    return f->has_span &&
           ((!text && f->size > NUMBER_MOST) || (row != NULL && row->kind == CHANGE_BYTES));
}

static enum change_kind direction(int order)
{
    return order < 0 ? CHANGE_RAISED : CHANGE_LOWERED;
}

static enum change_kind kind_of(const struct field *old, const struct field *new)
{
    if (is_number(old) && is_number(new)) {
        return direction(old->number < new->number ? -1 : 1);
    }
    bool versions = old->kind == FIELD_STRING &&
                    new->kind == FIELD_STRING &&text_is_version(old->text) &&
                    text_is_version(new->text);
    int order = versions ? text_compare_versions(old->text, new->text) : 0;
    return order == 0 ? CHANGE_CHANGED : direction(order);
}

// The part as a whole is all that it stands for.
static bool is_whole(const struct node *n, const struct field *f)
{
    return f->at == n->src.base && f->size == n->src.size;
}

// Where the field stands for the part as a whole, that is named; either may have the row.
static void add_bytes(struct diff *d, struct change c, bool whole)
{
    const char *field = c.name;
    c.name = whole ? NULL : field;
    if (!put_own_row(d->arena, &c) && whole) {
        c.name = field;
        (void)put_own_row(d->arena, &c);
        c.name = NULL;
    }
    diff_add(d, c);
}

static void compare_bytes(struct diff *d, struct change c, const struct field *old,
                          const struct field *new, bool data)
{
    struct otapack_source x = span_of(c.old, old), y = span_of(c.new, new);
    uint64_t count = differing_beside(d, &x, &y);
    if (count == 0 && !data) { // the same value in more bytes
        count = x.size < y.size ? y.size - x.size : x.size - y.size;
    }
    if (count > 0) {
        c.kind = CHANGE_BYTES;
        c.class = CLASS_BYTES;
        c.bytes = count;
        add_bytes(d, c, data || (is_whole(c.old, old) && is_whole(c.new, new)));
    }
}

static void compare_field(struct diff *d, struct change c, const struct field *old,
                          const struct field *new)
{
    bool data = is_data(c.old, old) || is_data(c.new, new);
    bool spans = old->has_span && new->has_span;
    bool more = old->size > sizeof(uint64_t) || new->size > sizeof(uint64_t);
    bool value = !data || new->kind == FIELD_STRING; // it says something by itself
    bool other = value && strcmp(old->text, new->text) != 0;
    c.name = new->name;
    if (other) {
        c.kind = kind_of(old, new);
        c.old_text = old->text;
        c.new_text = new->text;
        diff_add_own(d, c);
        c.old_text = c.new_text = c.follows = NULL;
    }
    if (spans && (data || (!other && (more || new->kind == FIELD_STRING)))) {
        compare_bytes(d, c, old, new, data);
    }
}

void diff_fields(struct diff *d, struct change c)
{
    for (const struct field *f = c.new->fields; f != NULL; f = f->next) {
        const struct field *old = node_field(c.old, f->name);
        if (old != NULL) {
            compare_field(d, c, old, f);
        } else {
            struct change added = c;
            added.kind = CHANGE_ADDED;
            added.name = f->name;
            added.new_text = f->text;
            diff_add_own(d, added);
        }
    }
    for (const struct field *f = c.old->fields; f != NULL; f = f->next) {
        if (node_field(c.new, f->name) == NULL) {
            struct change dropped = c;
            dropped.kind = CHANGE_DROPPED;
            dropped.name = f->name;
            dropped.old_text = f->text;
            diff_add_own(d, dropped);
        }
    }
}
