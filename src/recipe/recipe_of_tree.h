// SPDX-License-Identifier: Apache-2.0
//
// From a tree back to a recipe: which parts become files, and the recipe that builds the same image
// of them.
#ifndef RECIPE_OF_TREE_H
#define RECIPE_OF_TREE_H

#include "arena.h"
#include "err.h"
#include "node.h"
#include "read.h"

// Is this part a file of its own? Not an overlay, and not a record of the table that lists parts.
bool part_is_file(const struct node *n);

// What lies inside all other layers, or the root itself: the node whose parts a recipe may name.
const struct node *recipe_content(const struct node *root);

// Does a recipe build an image of this format from its parts? If not, from the whole.
bool recipe_takes_parts(const struct node *content);
bool recipe_takes(const struct node *part); // false: the recipe makes these bytes itself

// The recipe's text, for an image that was read with these options. NULL with `e` set (status 1)
// when it has what no recipe can say.
const char *recipe_of_tree(struct arena *a, const struct node *root,
                           const struct read_options *options, struct err *e);

#endif
