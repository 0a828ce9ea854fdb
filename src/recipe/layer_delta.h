// SPDX-License-Identifier: Apache-2.0
//
// What is inside, as a patch for the devices that run the base.
#ifndef LAYER_DELTA_H
#define LAYER_DELTA_H

#include "delta_base.h"
#include "layer.h"

struct recipe_delta {
    const char *base;    // the file of the app that runs
    struct arena *arena; // of what is kept; NULL: it goes with the layout
    void (*told)(void *ctx, uint64_t done, uint64_t total); // how far it is; NULL: nobody
    void *ctx;

    // Of the layer once it is composed:
    struct delta_base of;
    struct otapack_source made; // what is inside, in memory
    size_t size;                // of the patch
};

// Opens the base, once. False with `e` set.
bool recipe_delta_open(struct recipe_delta *delta, struct arena *a, struct err *e);

// The layer's own struct, for who asks it afterwards.
struct recipe_delta *recipe_add_delta(struct recipe *recipe, struct arena *a, const char *base);

#endif
