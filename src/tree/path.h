// SPDX-License-Identifier: Apache-2.0
//
// The one language that names things in a tree: `host.segments[0].load_addr`. A path leads to a
// node (a part) or to a field of one.
#ifndef PATH_H
#define PATH_H

#include "err.h"
#include "node.h"

struct place_in_tree {
    struct node *node;   // where the path led
    struct field *field; // the field of that node, or NULL: the path names the node
};

// Is it a path at all? False with `e` set (status 2).
bool path_parse(const char *path, struct err *e);

// Follows a path from `root`; "" is the root itself. With an arena, it may also lead to what can be
// said of every node (node_fact.h), where the node has no field of that name. False with `e` set
// (status 2), naming what was probably meant, when the path is no path or leads nowhere; out->node
// is then the last one that was there.
bool path_find(struct arena *a, struct node *root, const char *path, struct place_in_tree *out,
               struct err *e);

#endif
