// SPDX-License-Identifier: Apache-2.0
//
// What gzip and zlib have in common: deflated data as a part, and what they unpack to beside it.
#ifndef DEFLATED_H
#define DEFLATED_H

#include "read.h"
#include "zip.h"

// Adds "compressed": the `size` bytes at `at` of the node.
void deflated_add(struct arena *a, struct node *n, uint64_t at, uint64_t size);

// Adds "content": what the data at `at`, which zip_unpack has tried, unpack to, in memory.
struct node *deflated_content(struct reader *r, struct node *n, uint64_t at,
                              const struct zip_unpacked *u);

#endif
