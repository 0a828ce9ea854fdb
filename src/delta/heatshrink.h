// SPDX-License-Identifier: Apache-2.0
//
// Packs bytes as the devices' heatshrink unpacks them, with a window of 8 bits and a lookahead of
// 7, into as few bits as that takes. (The libraries that there are take the first reference that
// fits; this one weighs all.)
#ifndef HEATSHRINK_H
#define HEATSHRINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HEATSHRINK_WINDOW = 256,       // bytes that a reference can go back
    HEATSHRINK_MOST = 128,         // bytes that it can stand for
    HEATSHRINK_LITERAL_BITS = 9,   // of a byte that stands for itself
    HEATSHRINK_REFERENCE_BITS = 16 // of a reference, however long
};

// The packed bytes, in memory that is freed with free(); NULL: out of memory. Takes 6 bytes of
// memory for each of the bytes, and as long for any of them.
uint8_t *heatshrink_pack(const uint8_t *bytes, size_t n, size_t *size);

// How much each of the bytes costs where all are packed together, in eighths of a bit, to n bytes
// at `cost`. False: out of memory.
bool heatshrink_costs(const uint8_t *bytes, size_t n, uint8_t *cost);

#endif
