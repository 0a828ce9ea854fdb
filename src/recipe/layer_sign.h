// SPDX-License-Identifier: Apache-2.0
//
// A signature behind what is inside.
#ifndef LAYER_SIGN_H
#define LAYER_SIGN_H

#include "layer.h"
#include "sign.h"

void recipe_add_sign(struct recipe *recipe, struct arena *a, const struct signing *signing);

// For who changes what is inside such a layer before it is signed: its last step, once that is laid
// out from `from` on; how large that will be then; and do signatures stay that are there? (`any`:
// of those that are only removed, is one left?)
bool layer_sign_end(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                    uint64_t from, struct err *e);
bool layer_sign_size(const struct layer *layer, struct pieces *l, uint64_t from, uint64_t *size,
                     struct err *e);
bool layer_sign_keeps(const struct layer *layer, bool any);

#endif
