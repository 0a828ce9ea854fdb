// SPDX-License-Identifier: Apache-2.0
//
// What diff.c is made of. `c` says which two parts are compared, and what they are called.
#ifndef DIFF_INSIDE_H
#define DIFF_INSIDE_H

#include "diff.h"

// The parts at one depth, of which one is open, and those around them in the same space.
struct diff_level {
    const struct part_pair *list;
    const struct diff_level *outer;
};

// Adds a change with what its format's rows say of it.
void diff_add_own(struct diff *d, struct change c);

// Fields, and the bytes that they stand for.
void diff_fields(struct diff *d, struct change c);

// What each check says, of the two; and of parts that only one side has, of all that is in them.
void diff_checks(struct diff *d, struct change c);
void diff_checks_below(struct diff *d, struct change c);

#endif
