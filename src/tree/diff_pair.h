// SPDX-License-Identifier: Apache-2.0
//
// Which parts of two nodes are the same ones: by their names; elements of arrays by what their
// format says (PAIR of change.h), otherwise by their index.
#ifndef DIFF_PAIR_H
#define DIFF_PAIR_H

#include "node.h"

struct part_pair {
    struct part_pair *next;
    const struct node *old, *new; // one of them may be NULL
    const char *of;               // what they have in common beside their name, or NULL
    bool before;                  // it stands before one that it stood behind
};

// In the order of the new ones; what is gone comes last.
struct part_pair *diff_pairs(struct arena *a, const struct node *old, const struct node *new);

#endif
