// SPDX-License-Identifier: Apache-2.0
#include "picture.h"

#include <stdlib.h>
#include <string.h>

#include "format.h"

enum { FIELDS_NAMED = 3 };

static void add(struct arena *a, struct picture *p, struct stretch stretch)
{
    struct stretch *s = ARENA_NEW(a, struct stretch);
    *s = stretch;
    *p->end = s;
    p->end = &s->next;
}

static bool has_record(const struct node *n, uint64_t at, uint64_t end)
{
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (part->record && part->src.base < end && at < part->src.base + part->src.size) {
            return true;
        }
    }
    return false;
}

// "checksum, hash": the fields in these bytes, or those of them that a person cares for. NULL:
// there are none.
static const char *fields_between(struct arena *a, const struct node *n, uint64_t at, uint64_t end,
                                  bool shown)
{
    const char *names = NULL;
    int count = 0;
    for (const struct field *f = n->fields; f != NULL && count <= FIELDS_NAMED; f = f->next) {
        if ((f->shown || !shown) && f->has_span && f->size > 0 && f->at < end &&
            at < f->at + f->size) {
            count++;
            names = names == NULL          ? f->name
                    : count > FIELDS_NAMED ? arena_printf(a, "%s, ...", names)
                                           : arena_printf(a, "%s, %s", names, f->name);
        }
    }
    return names;
}

static const char *name_between(struct arena *a, const struct node *n, uint64_t at, uint64_t end)
{
    const char *names = fields_between(a, n, at, end, true);
    names = names == NULL ? fields_between(a, n, at, end, false) : names;
    return names == NULL && has_record(n, at, end) ? "records" : names;
}

// What lies between the parts of a node is its own.
static void add_own(struct arena *a, struct picture *p, const struct node *n, uint64_t at,
                    uint64_t end)
{
    if (at >= end) {
        return;
    }
    const char *fields = name_between(a, n, at, end);
    const char *path = node_path(a, n);
    add(a, p,
        (struct stretch){.kind = fields == NULL ? STRETCH_UNUSED : STRETCH_FIELDS,
                         .node = n,
                         .name = fields == NULL     ? "unused"
                                 : at > n->src.base ? fields
                                 : *path == '\0'    ? "header"
                                                    : arena_printf(a, "%s header", path),
                         .at = at,
                         .size = end - at});
}

static int by_offset(const void *x, const void *y)
{
    const struct node *a = *(const struct node *const *)x;
    const struct node *b = *(const struct node *const *)y;
    return (a->src.base > b->src.base) - (a->src.base < b->src.base);
}

// Bytes of the node's own space, and no record of where others are, which is as good as a field.
static bool is_stretch(const struct node *part)
{
    return !part->overlay && !part->record && part->src.size > 0;
}

// Such parts, in their order there.
static size_t own_parts(struct arena *a, const struct node *n, const struct node ***parts)
{
    size_t count = 0;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count += is_stretch(part);
    }
    *parts = (const struct node **)arena_alloc(a, (count + 1) * sizeof(const struct node *));
    count = 0;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (is_stretch(part)) {
            (*parts)[count++] = part;
        }
    }
    qsort(*parts, count, sizeof(const struct node *), by_offset);
    return count;
}

static bool is_container(const struct node *n)
{
    return n->opened != NULL && n->opened->container > 0 && n->parts != NULL;
}

// In a few words, for the tree has it all.
static const char *what_it_is(struct arena *a, const struct node *n)
{
    const char *kind = n->opened == NULL || n->opened->kind == NULL ? NULL : n->opened->kind(a, n);
    return n->error != NULL ? n->error : kind != NULL ? kind : n->summary;
}

static void add_inside(struct arena *a, struct picture *p, const struct node *n)
{
    const struct node **parts;
    size_t count = own_parts(a, n, &parts);
    uint64_t at = n->src.base;
    for (size_t i = 0; i < count; i++) {
        const struct node *part = parts[i];
        if (part->src.base < at) {
            continue; // a broken file may say that parts overlap: who comes first, is drawn
        }
        add_own(a, p, n, at, part->src.base);
        at = part->src.base + part->src.size;
        if (is_container(part)) {
            add_inside(a, p, part);
        } else {
            add(a, p,
                (struct stretch){.node = part,
                                 .name = node_path(a, part),
                                 .what = what_it_is(a, part),
                                 .at = part->src.base,
                                 .size = part->src.size});
        }
    }
    add_own(a, p, n, at, n->src.base + n->src.size);
}

// ---- What a table describes
// ----------------------------------------------------------------------

static int by_place(const void *x, const void *y)
{
    const struct stretch *a = x, *b = y;
    return (a->at > b->at) - (a->at < b->at);
}

static struct stretch listed(struct arena *a, const struct layout *l, const struct node *part)
{
    const char *label = node_text(part, l->label);
    return (struct stretch){
        .kind = STRETCH_LISTED,
        .node = part,
        .name = *label == '\0' ? node_path(a, part) : label,
        .what = arena_printf(a, "%s %s", node_text(part, l->type), node_text(part, l->subtype)),
        .at = node_number(part, l->at),
        .size = node_number(part, l->size)};
}

// By their places; how many there are.
static size_t all_listed(struct arena *a, const struct node *n, struct stretch **list)
{
    const struct layout *l = n->opened->layout;
    size_t count = 0;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count++;
    }
    *list = arena_alloc(a, (count + 1) * sizeof(struct stretch));
    count = 0;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (strcmp(part->name, l->part) == 0 && node_number(part, l->size) > 0) {
            (*list)[count++] = listed(a, l, part);
        }
    }
    qsort(*list, count, sizeof(struct stretch), by_place);
    return count;
}

// From 0 on, for that is where the memory begins. A table does not list the bootloader, nor itself.
static void add_listed(struct arena *a, struct picture *p, const struct stretch *list, size_t count)
{
    uint64_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (list[i].at > at) {
            add(a, p,
                (struct stretch){.kind = STRETCH_UNUSED,
                                 .node = p->space,
                                 .name = "not listed",
                                 .at = at,
                                 .size = list[i].at - at});
        }
        add(a, p, list[i]);
        at = list[i].at + list[i].size > at ? list[i].at + list[i].size : at;
    }
    p->size = at;
}

struct picture *picture_of(struct arena *a, const struct node *n)
{
    const struct layout *layout = n->opened == NULL ? NULL : n->opened->layout;
    struct picture *p = ARENA_NEW(a, struct picture);
    struct stretch *list = NULL;
    size_t count = layout == NULL ? 0 : all_listed(a, n, &list);
    *p = (struct picture){.space = n, .at = n->src.base, .size = n->src.size};
    p->end = &p->stretches;
    if (count > 0) {
        p->at = 0;
        p->memory = layout->memory;
        add_listed(a, p, list, count);
    } else {
        add_inside(a, p, n);
    }
    return p;
}

static struct picture **add_unpacked(struct arena *a, const struct node *n, struct picture **end)
{
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (part->unpacked) {
            *end = picture_of(a, part);
            end = &(*end)->next;
        }
        end = add_unpacked(a, part, end);
    }
    return end;
}

struct picture *pictures_of(struct arena *a, const struct node *root)
{
    struct picture *first = picture_of(a, root);
    (void)add_unpacked(a, root, &first->next);
    return first;
}
