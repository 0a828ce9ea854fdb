// SPDX-License-Identifier: Apache-2.0
//
// What gzip and zlib have in common: deflated data as a part, and what they unpack to beside it.
#ifndef DEFLATED_H
#define DEFLATED_H

#include "deflate.h"
#include "read.h"

// Adds "compressed": the `size` bytes at `at` of the node.
void deflated_add(struct arena *a, struct node *n, uint64_t at, uint64_t size);

// Tries to unpack the data at `at` of the node, as far as what is left for the whole file goes, and
// takes that off. NULL where they unpack and end; else what is wrong with them.
const char *deflated_try(struct reader *r, const struct node *n, uint64_t at,
                         struct deflate_unpacked *u);

// Adds "content": what the data at `at`, which deflated_try has tried, unpack to, in memory.
struct node *deflated_content(struct reader *r, struct node *n, uint64_t at,
                              const struct deflate_unpacked *u);

#endif
