// SPDX-License-Identifier: Apache-2.0
//
// From a recipe to a layout: what each format puts around its parts.
#ifndef EMIT_H
#define EMIT_H

#include "layout.h"
#include "recipe.h"

// Fills an empty layout. False with `e` set: status 1 when flash_args cannot be held, 2 when
// a file cannot be read.
bool emit(const struct recipe *recipe, struct layout *l, struct err *e);

bool emit_rcp_image(const struct recipe *recipe, struct layout *l, struct err *e);
bool emit_matter(const struct recipe *recipe, struct layout *l, struct err *e); // around the rest
bool emit_flash(const struct recipe *recipe, struct layout *l, struct err *e);

#endif
