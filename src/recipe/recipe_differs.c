// SPDX-License-Identifier: Apache-2.0
#include "recipe_differs.h"

#include <string.h>

#include "source.h"

// What else says where or of which bytes a part is follows from the part.
static bool is_blamed(const struct node *part)
{
    return !part->overlay && !part->record;
}

static const struct node *next_blamed(const struct node *part)
{
    while (part != NULL && !is_blamed(part)) {
        part = part->next;
    }
    return part;
}

static bool same_place(const struct node *p, const struct node *q)
{
    return q != NULL && p->index == q->index && strcmp(p->name, q->name) == 0;
}

// The innermost node that is not again as it is; *again becomes the one in its place, or NULL, and
// *around the one that this is a part of.
static const struct node *differing(const struct node *n, const struct node **again,
                                    const struct node **around)
{
    const struct node *q = next_blamed((*again)->parts);
    for (const struct node *p = next_blamed(n->parts); p != NULL; p = next_blamed(p->next)) {
        const struct node *twin = same_place(p, q) ? q : NULL;
        if (twin == NULL || source_difference(&p->src, &twin->src) != UINT64_MAX) {
            *around = *again;
            *again = twin;
            return twin == NULL ? p : differing(p, again, around);
        }
        q = next_blamed(q->next);
    }
    return n;
}

// The first field that is not there again, or has another size: what makes others differ.
static const struct field *changed_field(const struct node *n, const struct node *again)
{
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        const struct field *other = node_field(again, f->name);
        if (other == NULL || other->size != f->size) {
            return f;
        }
    }
    return NULL;
}

// Which record of a node whose parts are again as they are is other at this offset; else the node.
static const struct node *record_at(const struct node *n, uint64_t at)
{
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        if (p->record && at >= p->src.base && at - p->src.base < p->src.size) {
            return p;
        }
    }
    return n;
}

// A field that is said of the whole node is no place in it.
static const struct field *field_at(const struct node *n, uint64_t at)
{
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        if (f->has_span && f->size < n->src.size && at >= f->at && at - f->at < f->size) {
            return f;
        }
    }
    return NULL;
}

// Is a part that is not again in its place elsewhere in what was made?
static bool is_moved(const struct node *n, const struct node *again)
{
    const struct node *other = n->parent == NULL ? NULL : node_find(again, n->name, n->index);
    return other != NULL && source_difference(&n->src, &other->src) == UINT64_MAX;
}

const char *recipe_differs(struct arena *a, const struct node *root, const struct node *again)
{
    const struct node *twin = again, *around = again;
    const struct node *n = differing(root, &twin, &around);
    const struct field *field = twin == NULL ? NULL : changed_field(n, twin);
    uint64_t at = twin == NULL ? 0 : source_difference(&n->src, &twin->src);
    if (field == NULL && twin != NULL && at < n->src.size) {
        at += n->src.base;
        n = record_at(n, at);
        field = field_at(n, at);
    }
    const char *path = node_path(a, n), *dot = *path == '\0' ? "" : ".";
    if (field != NULL) {
        return arena_printf(a, "%s%s%s is what no recipe makes", path, dot, field->name);
    }
    return twin == NULL && is_moved(n, around)
               ? arena_printf(a, "%s lies where no recipe puts it", path)
               : arena_printf(a, "%s is what no recipe makes", *path == '\0' ? "its end" : path);
}
