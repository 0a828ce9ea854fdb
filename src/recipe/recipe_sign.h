// SPDX-License-Identifier: Apache-2.0
//
// The key `sign` of a recipe.
#ifndef RECIPE_SIGN_H
#define RECIPE_SIGN_H

#include "recipe_take.h"

extern const char *const sign_keys[]; // of its map, NULL-ended

// False with s->e set (status 2, FILE:LINE:COLUMN).
bool recipe_take_sign(struct schema *s, struct value *top);

#endif
