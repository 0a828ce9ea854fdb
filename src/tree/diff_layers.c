// SPDX-License-Identifier: Apache-2.0
#include "diff_layers.h"

#include <string.h>

#include "format.h"
#include "need.h"

enum { INSIDE_MOST = 64 }; // how many parts of each are looked at

struct inside {
    const struct node *nodes[INSIDE_MOST];
    const char *kinds[INSIDE_MOST];
    size_t count;
};

// What is known to be something, from the outside in.
static void collect(struct arena *a, struct inside *in, const struct node *n)
{
    if (n->opened != NULL && node_is_known(n) && in->count < INSIDE_MOST) {
        in->nodes[in->count] = n;
        in->kinds[in->count++] = format_kind(a, n);
    }
    for (const struct node *p = n->parts; p != NULL && in->count < INSIDE_MOST; p = p->next) {
        collect(a, in, p);
    }
}

// How much two nodes look like the same thing; 0: not at all, such as the firmware of a
// co-processor and an app for another chip. Of those that do so equally, the outermost are meant,
// and of these the larger ones: whichever file is the old one.
struct likeness {
    int kind;
    size_t depth;
    uint64_t size;
};

static struct likeness likeness(const struct inside *old, size_t i, const struct inside *new,
                                size_t k)
{
    const struct node *x = old->nodes[i], *y = new->nodes[k];
    bool same_place = node_is_elsewhere(x) == node_is_elsewhere(y);
    bool same_kind = strcmp(old->kinds[i], new->kinds[k]) == 0;
    bool both_named = (format_fact(x, 0) == NULL) == (format_fact(y, 0) == NULL); // apps are
    bool alike = strcmp(x->format, y->format) == 0 && (same_place || same_kind);
    int kind = alike ? 1 + same_place + 2 * both_named + 2 * same_kind : 0;
    return (struct likeness){kind, i + k, x->src.size + y->src.size};
}

static bool is_more(struct likeness x, struct likeness than)
{
    return x.kind != than.kind     ? x.kind > than.kind
           : x.depth != than.depth ? x.depth < than.depth
                                   : x.size > than.size;
}

static bool find_common(struct arena *a, const struct node **old, const struct node **new)
{
    struct inside from = {.count = 0}, to = {.count = 0};
    struct likeness best = {.kind = 0};
    collect(a, &from, *old);
    collect(a, &to, *new);
    for (size_t i = 0; i < from.count; i++) {
        for (size_t k = 0; k < to.count; k++) {
            struct likeness alike = likeness(&from, i, &to, k);
            if (alike.kind > 0 && is_more(alike, best)) {
                best = alike;
                *old = from.nodes[i];
                *new = to.nodes[k];
            }
        }
    }
    return best.kind > 0;
}

static const char *place_of(struct arena *a, const struct node *n)
{
    const char *path = node_path(a, n);
    return *path == '\0' ? "all" : path;
}

bool diff_layers(struct diff *d, struct change c, const struct node **old, const struct node **new)
{
    *old = c.old;
    *new = c.new;
    bool common = find_common(d->arena, old, new);
    c.kind = CHANGE_CHANGED;
    c.old_text = format_kind(d->arena, c.old);
    c.new_text = format_kind(d->arena, c.new);
    unsigned needs = node_needs(c.old) | node_needs(c.new);
    c.follows = common       ? arena_printf(d->arena,
                                            "compared: %s of the old one, %s "
                                                  "of the new one",
                                            place_of(d->arena, *old), place_of(d->arena, *new))
                : needs == 0 ? NULL
                             : arena_printf(d->arena, "what they hold is not compared: needs %s",
                                            need_text(d->arena, needs));
    diff_add(d, c);
    return common;
}
