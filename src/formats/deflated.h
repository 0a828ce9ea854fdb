// SPDX-License-Identifier: Apache-2.0
//
// What gzip and zlib have in common: deflated data, and what they unpack to.
#ifndef DEFLATED_H
#define DEFLATED_H

#include "transform.h"

extern const struct transform transform_deflate;

// The parts of read_content(), and what the node is. False: it is none that can be unpacked.
bool deflated_read(struct reader *r, struct node *n, uint64_t at, const struct packed_end *end,
                   uint64_t *end_at);

#endif
