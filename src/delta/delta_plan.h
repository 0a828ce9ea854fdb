// SPDX-License-Identifier: Apache-2.0
//
// Which bytes of a new image are made of which of an old one: a way through it (delta_way.h), as
// the steps that a patch is written of.
#ifndef DELTA_PLAN_H
#define DELTA_PLAN_H

#include "delta_way.h"

// Bytes that are added to the base's, then bytes of their own.
struct delta_step {
    uint32_t base; // where in the base
    uint32_t diff, extra;
};

struct delta_plan {
    struct delta_step *steps; // freed with free()
    size_t count;
};

// False: out of memory.
bool delta_plan(const struct delta_pair *pair, const struct delta_model *model,
                struct delta_plan *plan);

#endif
