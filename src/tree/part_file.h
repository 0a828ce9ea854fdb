// SPDX-License-Identifier: Apache-2.0
//
// The names that parts have as files. No two parts of one node have the same, whatever their labels
// are, also where a file system takes capital and small letters for the same.
#ifndef PART_FILE_H
#define PART_FILE_H

#include "arena.h"
#include "node.h"

#define PART_FILE_REBUILT "rebuilt.bin" // what a recipe makes of the parts, beside them

// "firmware.bin", "segments-0.bin", "version.txt"; where that is another's name, "unused-1-2.bin".
// A root that is one piece is "image.bin".
const char *part_file(struct arena *a, const struct node *n);

// Those of all parts of a node, in their order.
const char **part_files(struct arena *a, const struct node *parent);

#endif
