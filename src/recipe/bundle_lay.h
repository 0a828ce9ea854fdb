// SPDX-License-Identifier: Apache-2.0
//
// A Matter bundle while it is laid out: its table, which is whole once all images are there, and
// the images behind it, one behind the other.
#ifndef BUNDLE_LAY_H
#define BUNDLE_LAY_H

#include <otapack/matter_bundle.h>

#include "layer.h"
#include "seal.h"

struct bundle_laying;

// At the end of the pieces, whose arena it is in: a table for so many images.
struct bundle_laying *bundle_begin(struct pieces *l, uint32_t count);

// The next image, with ID and version of this entry; with a seal of the images before it, where
// `seal` says so and it is the last one. False with `e` set.
bool bundle_add(struct bundle_laying *x, const struct layer *image,
                struct otapack_bundle_entry entry, enum seal_how seal, const struct recipe *recipe,
                struct err *e);

// The next image as it was, with the length and the digest that this entry has of it.
bool bundle_keep(struct bundle_laying *x, const struct layer *image,
                 struct otapack_bundle_entry entry, const struct recipe *recipe, struct err *e);

void bundle_end(struct bundle_laying *x);

#endif
