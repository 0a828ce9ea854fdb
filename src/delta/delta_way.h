// SPDX-License-Identifier: Apache-2.0
//
// The cheapest way through a new image by a model of what the device's codec makes of each byte:
// one that is as in the base costs next to nothing, one that differs breaks a run of zeros, one of
// its own is a literal, and each jump in the base costs its numbers.
#ifndef DELTA_WAY_H
#define DELTA_WAY_H

#include "delta_part.h"
#include "suffix.h"

// What the model takes things to cost, in eighths of a bit.
struct delta_model {
    unsigned differs; // a byte that differs from the base's
    unsigned repeats; // one that differs as another one shortly before it
    unsigned again;   // to go back to bytes that do not
    unsigned jump;    // a step, without the number of its jump
};

struct delta_pair {
    const struct suffix *base;
    const uint8_t *bytes; // the new image
    uint32_t size;
    const uint8_t *costs; // of its bytes where they stand for themselves (heatshrink_costs)
    void (*told)(void *ctx, uint64_t done); // how many bytes are done, now and then; NULL: nobody
    void *ctx;
};

// `last`: its last part. False: out of memory.
bool delta_way(const struct delta_pair *pair, const struct delta_model *model,
               struct delta_parts *parts, size_t *last);

#endif
