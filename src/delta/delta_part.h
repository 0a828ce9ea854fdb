// SPDX-License-Identifier: Apache-2.0
//
// The parts that ways through a new image are made of (delta_way.h). A way is a list from its last
// part to the first. Several have their beginnings in common; a part goes when the last of these
// does.
#ifndef DELTA_PART_H
#define DELTA_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct delta_part {
    uint32_t from;  // in the new image
    uint32_t users; // ways and parts behind it; of one that went, none
    size_t before;  // the part before it; of one that went, the next such
    int64_t shift;  // of base against new image
    bool extra;     // bytes of their own; `shift` is that of the part before it
};

enum { NO_PART = 0 }; // the first is none

struct delta_parts {
    struct delta_part *list;
    size_t room, used, free; // `free`: the first of those that went
    bool failed;             // out of memory
};

bool delta_parts_begin(struct delta_parts *p); // false: out of memory
void delta_parts_end(struct delta_parts *p);

// A new part, which holds the one before it, and which its caller holds. NO_PART: out of memory.
size_t delta_part_add(struct delta_parts *p, struct delta_part part);
size_t delta_part_hold(struct delta_parts *p, size_t part); // the part
void delta_part_drop(struct delta_parts *p, size_t part);

#endif
