// SPDX-License-Identifier: Apache-2.0
//
// An image beside what its recipe makes.
#ifndef RECIPE_DIFFERS_H
#define RECIPE_DIFFERS_H

#include "arena.h"
#include "node.h"

// What of an image is other than in the one that was made again, the innermost part or its field:
// "image_digest is what no recipe makes", "host lies where no recipe puts it". The two differ.
const char *recipe_differs(struct arena *a, const struct node *root, const struct node *again);

#endif
