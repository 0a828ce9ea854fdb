// SPDX-License-Identifier: Apache-2.0
//
// What can be said of every node, as if it were a field: its size, offset, format, summary and
// verdict, and digests of its bytes.
#ifndef NODE_FACT_H
#define NODE_FACT_H

#include "node.h"

const char *node_fact_name(size_t i); // their names one by one, up to NULL

// The fact of this name. NULL: there is none, or its bytes cannot be read. The verdict is that of
// the node with all that is in it, if the tree was judged.
struct field *node_fact(struct arena *a, const struct node *n, const char *name);

#endif
