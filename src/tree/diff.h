// SPDX-License-Identifier: Apache-2.0
//
// What differs between two trees, by meaning: which parts are the same ones (diff_pair.h), and for
// each what changed in its fields, sizes, bytes and checks. What a change means, its format says in
// rows (change.h).
#ifndef DIFF_H
#define DIFF_H

#include "change.h"

struct diff_level;

struct diff {
    struct arena *arena;
    struct change *first, **end;
    size_t counts[CLASS_COUNT];
    bool identical; // byte for byte
    const struct node *old, *new;
    const struct diff_level *around; // the parts among which the one is that is looked at
    const struct diff_look *look;    // NULL: none
};

// Somebody who says more of two parts that are the same one, such as whose their signatures are.
struct diff_look {
    void (*look)(struct diff *d, const struct node *old, const struct node *new);
};

struct diff *diff_trees(struct arena *a, const struct node *old, const struct node *new,
                        const struct diff_look *look);

// One more change, which is copied.
struct change *diff_add(struct diff *d, struct change c);

// Does nothing differ but noise?
bool diff_is_noise(const struct diff *d);

// "host.desc.version": in the new tree, or in the old one of what is gone. `old`: in the old one.
const char *change_path(struct arena *a, const struct change *c, bool old);

#endif
