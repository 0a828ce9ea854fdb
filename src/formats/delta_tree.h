// SPDX-License-Identifier: Apache-2.0
//
// What the node of a delta patch keeps for those who judge it.
#ifndef DELTA_TREE_H
#define DELTA_TREE_H

#include <otapack/delta.h>

#include "delta_run.h"
#include "judge.h"

struct delta_tree {
    struct otapack_delta delta;
    struct otapack_status kind; // is it a patch as devices apply it?
    struct delta_run run;       // where it is
    unsigned failed;            // by which check, where it was applied; CHECK_COUNT: none
};

// Of a node of this format that can be read.
const struct delta_tree *delta_tree(const struct node *n);

// Is it whole and sound by itself?
bool delta_is_sound(const struct node *n);

extern const struct rule rules_delta[];

#endif
