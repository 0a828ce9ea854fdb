// SPDX-License-Identifier: Apache-2.0
//
// A file opened and read into its tree: how every verb begins.
#ifndef OPEN_TREE_H
#define OPEN_TREE_H

#include "beside.h"
#include "input.h"
#include "judge.h"

struct opened {
    struct input *input;
    struct beside *beside; // what the file names in its folder; NULL: it is in none
    struct node *root;
};

// False with `e` set when the file cannot be read (status 2). What is wrong *in* it is in the tree:
// as findings, where it is judged.
bool open_tree(struct opened *image, const char *name, const struct read_options *options,
               struct arena *a, struct err *e);
bool open_tree_judged(struct opened *image, const char *name, const struct read_options *options,
                      struct arena *a, struct err *e);

// Somebody who says more of a tree before it is judged, such as whose its signatures are.
struct tree_look {
    void (*look)(void *context, struct arena *a, struct node *root);
    void *context;
};
bool open_tree_looked_at(struct opened *image, const char *name, const struct read_options *options,
                         const struct tree_look *by, struct arena *a, struct err *e);
void open_tree_close(struct opened *image);

#endif
