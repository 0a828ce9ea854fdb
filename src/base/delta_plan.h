// SPDX-License-Identifier: Apache-2.0
//
// Which bytes of a new image are made of which of an old one. It is the cheapest way through the
// new image by a model of what the device's codec makes of each byte: one that is as in the base
// costs next to nothing, one that differs breaks a run of zeros, one of its own is a literal, and
// each jump in the base costs its numbers.
#ifndef DELTA_PLAN_H
#define DELTA_PLAN_H

#include "suffix.h"

// Bytes that are added to the base's, then bytes of their own.
struct delta_step {
    uint32_t base; // where in the base
    uint32_t diff, extra;
};

// What the model takes things to cost, in eighths of a bit.
struct delta_model {
    unsigned differs; // a byte that differs from the base's
    unsigned repeats; // one that differs as another one shortly before it
    unsigned again;   // to go back to bytes that do not
    unsigned jump;    // a step, without the number of its jump
};

struct delta_plan {
    struct delta_step *steps; // freed with free()
    size_t count;
};

struct delta_pair {
    const struct suffix *base;
    const uint8_t *bytes; // the new image
    uint32_t size;
    const uint8_t *costs; // of its bytes where they stand for themselves (heatshrink_costs)
    void (*told)(void *ctx, uint64_t done); // how many bytes are done, now and then; NULL: nobody
    void *ctx;
};

// False: out of memory.
bool delta_plan(const struct delta_pair *pair, const struct delta_model *model,
                struct delta_plan *plan);

#endif
