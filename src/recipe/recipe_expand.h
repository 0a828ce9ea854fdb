// SPDX-License-Identifier: Apache-2.0
//
// ${NAME} in a recipe: from -D, from the environment, or, with a dot in it, from the tree of an
// input: ${app.desc.version}, ${rcp.firmware.chip}.
#ifndef RECIPE_EXPAND_H
#define RECIPE_EXPAND_H

#include "recipe_take.h"

// What the text is used for: what an input's tree says must not lead a path into another folder.
enum expand_for { EXPAND_TEXT, EXPAND_PATH };

// NULL with s->e set. `$${` stands for a plain `${`.
const char *recipe_expand(struct schema *s, const char *where, const char *text,
                          enum expand_for use);

// The tree of an input, which is read once; NULL with s->e set.
struct node *recipe_look_into(struct schema *s, const char *file);

#endif
