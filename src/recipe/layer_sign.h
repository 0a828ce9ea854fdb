// SPDX-License-Identifier: Apache-2.0
//
// A signature behind what is inside.
#ifndef LAYER_SIGN_H
#define LAYER_SIGN_H

#include "layer.h"
#include "sign.h"

void recipe_add_sign(struct recipe *recipe, struct arena *a, const struct signing *signing);

#endif
