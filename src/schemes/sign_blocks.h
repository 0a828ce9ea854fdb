// SPDX-License-Identifier: Apache-2.0
//
// The signature blocks that an image is to have: named by index or by the digest of their key, left
// out, put in another order.
#ifndef SIGN_BLOCKS_H
#define SIGN_BLOCKS_H

#include "arena.h"
#include "err.h"
#include "secure_boot.h"

struct sign_blocks {
    uint8_t raw[OTAPACK_SB_MAX_BLOCKS][OTAPACK_SB_BLOCK_SIZE];
    unsigned count;
    struct arena *arena;
};

// The index of the block that is meant, or -1 with `e` set.
int sign_blocks_find(const struct sign_blocks *b, const char *which, struct err *e);

// Leaves out those of the list, which NULL ends; they are named as they are before any is gone.
bool sign_blocks_remove(struct sign_blocks *b, const char **list, struct err *e);

// "1,0,2": every block once. NULL: as they are.
bool sign_blocks_order(struct sign_blocks *b, const char *order, struct err *e);

// Is one of the blocks by this key, but for the one at `but`?
bool sign_blocks_are_by(const struct sign_blocks *b, const struct pk_public *key, unsigned but);

#endif
