// SPDX-License-Identifier: Apache-2.0
//
// Where the segments of a program go in its chip's memory: the regions that get some, each with
// what it gets.
#ifndef MEMORY_MAP_H
#define MEMORY_MAP_H

#include "node.h"

struct loaded {
    struct loaded *next;
    const struct node *segment;
    uint64_t from, size; // address; bytes, which can be 0
};

struct memory_region {
    struct memory_region *next;
    const char *names;     // "DRAM, IRAM": the chip has one memory by several names
    uint64_t from, to;     // addresses, `to` not included
    bool mapped;           // what is here stays in flash, and is read from there
    struct loaded *loaded; // by address
    uint64_t bytes;        // of these
};

struct memory_map {
    const char *chip;              // "ESP32-C6"
    struct memory_region *regions; // by address
    struct loaded *nowhere;        // segments that no region of the chip takes, such as padding
};

// NULL: the node is no program that can be read, or its chip is not known.
struct memory_map *memory_map_of(struct arena *a, const struct node *n);

#endif
