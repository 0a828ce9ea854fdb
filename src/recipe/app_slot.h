// SPDX-License-Identifier: Apache-2.0
//
// Where a recipe names an app: is it one? Whatever is around it later, a header, a signature or a
// cipher, would hide what it is.
#ifndef APP_SLOT_H
#define APP_SLOT_H

#include "layer.h"

// Of what a part is, by the parser's word. An app that is damaged is one: its own checks say more.
// False with `e` set (status 1), unless the recipe or the command line allow slot-content.
bool app_slot_takes(const struct recipe *recipe, const struct recipe_part *part,
                    const struct node *root, struct arena *a, struct err *e);

// The same of what was laid out of the part from `from` on.
bool app_slot_holds(const struct recipe *recipe, const struct recipe_part *part, struct pieces *l,
                    uint64_t from, struct err *e);

// The same of an app's file while the recipe is read, for the values in it. NULL with s->e set.
const struct node *app_slot_look(struct schema *s, const struct recipe_part *part);

#endif
