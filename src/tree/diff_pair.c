// SPDX-License-Identifier: Apache-2.0
#include "diff_pair.h"

#include <stdlib.h>
#include <string.h>

#include "change.h"

enum { PASSES = 3 }; // rows of a format, at most, and a last one

// A part that is looked for on the other side.
struct item {
    const struct node *node;
    const char *key; // in this pass; NULL: it takes no part in it
    size_t place;    // among its siblings
    struct item *other;
    const char *of;
};

struct side {
    struct item *items;
    struct item **open; // those without a counterpart, by name and key
    size_t count, open_count;
};

static struct side side_of(struct arena *a, const struct node *n)
{
    struct side s = {.count = 0};
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        s.count++;
    }
    s.items = arena_alloc(a, (s.count + 1) * sizeof(*s.items));
    s.open = arena_alloc(a, (s.count + 1) * sizeof(struct item *));
    size_t i = 0;
    for (const struct node *p = n->parts; p != NULL; p = p->next, i++) {
        s.items[i] = (struct item){.node = p, .place = i};
    }
    return s;
}

// What an element is known by in this pass; "" is its order.
static const char *key_of(struct arena *a, const struct node *n, unsigned pass)
{
    const struct pair_row *row = change_pair(n->format, pass);
    if (n->index < 0) {
        return pass == 0 ? "" : NULL;
    }
    if (row == NULL) {
        bool none = change_pair(n->format, 0) == NULL;
        return pass == 0 && none ? arena_printf(a, "%d", n->index) : NULL;
    }
    return *row->field == '\0' ? "" : node_text(n, row->field);
}

static int compare(const struct item *x, const struct item *y)
{
    int by_name = strcmp(x->node->name, y->node->name);
    return by_name != 0 ? by_name : strcmp(x->key, y->key);
}

static int in_order(const void *x, const void *y)
{
    const struct item *one = *(struct item *const *)x, *two = *(struct item *const *)y;
    int order = compare(one, two);
    return order != 0 ? order : one->place < two->place ? -1 : one->place > two->place;
}

static void open_side(struct arena *a, struct side *s, unsigned pass)
{
    s->open_count = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct item *item = &s->items[i];
        item->key = item->other == NULL ? key_of(a, item->node, pass) : NULL;
        if (item->key != NULL) {
            s->open[s->open_count++] = item;
        }
    }
    if (s->open_count > 0) {
        qsort(s->open, s->open_count, sizeof(struct item *), in_order);
    }
}

// Of those with the same name and key, the first with the first, and so on.
static void pass(struct arena *a, struct side *old, struct side *new, unsigned number)
{
    size_t i = 0, k = 0;
    open_side(a, old, number);
    open_side(a, new, number);
    while (i < old->open_count && k < new->open_count) {
        struct item *x = old->open[i], *y = new->open[k];
        int order = compare(x, y);
        if (order == 0) {
            x->other = y;
            y->other = x;
            y->of = y->node->index >= 0 && change_pair(y->node->format, number) != NULL &&
                            *y->key != '\0'
                        ? y->key
                        : NULL;
        }
        i += order <= 0;
        k += order >= 0;
    }
}

// What an element without a counterpart would have been known by.
static const char *own_key(const struct node *n)
{
    const struct pair_row *row = n->index < 0 ? NULL : change_pair(n->format, 0);
    const char *key = row == NULL ? "" : node_text(n, row->field);
    return *key == '\0' ? NULL : key;
}

static struct part_pair **add(struct arena *a, struct part_pair **end, struct part_pair pair)
{
    *end = ARENA_NEW(a, struct part_pair);
    **end = pair;
    return &(*end)->next;
}

struct part_pair *diff_pairs(struct arena *a, const struct node *old, const struct node *new)
{
    struct side from = side_of(a, old), to = side_of(a, new);
    struct part_pair *list = NULL, **end = &list;
    size_t last = 0;
    for (unsigned i = 0; i < PASSES; i++) {
        pass(a, &from, &to, i);
    }
    for (size_t i = 0; i < to.count; i++) {
        const struct item *item = &to.items[i], *other = item->other;
        bool before = other != NULL && item->node->index >= 0 && other->place < last;
        last = other != NULL && item->node->index >= 0 && !before ? other->place : last;
        end = add(a, end,
                  (struct part_pair){.old = other == NULL ? NULL : other->node,
                                     .new = item->node,
                                     .of = other == NULL ? own_key(item->node) : item->of,
                                     .before = before});
    }
    for (size_t i = 0; i < from.count; i++) {
        const struct node *gone = from.items[i].node;
        if (from.items[i].other == NULL) {
            end = add(a, end, (struct part_pair){.old = gone, .of = own_key(gone)});
        }
    }
    return list;
}
