// SPDX-License-Identifier: Apache-2.0
//
// The tiling law: in every node, fields and parts together cover its span exactly, parts do not
// overlap, and nothing sticks out. (Raw bytes have no fields that would.) What is unpacked has a
// space of its own, from 0.
#ifndef TILING_H
#define TILING_H

#include <jansson.h>

// Complains of what does not hold in the tree of this file.
void tiles_hold(const char *name, const json_t *root);

#endif
