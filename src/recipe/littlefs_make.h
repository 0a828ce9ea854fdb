// SPDX-License-Identifier: Apache-2.0
//
// A LittleFS file system with one file, as whoever makes a partition's image writes it.
#ifndef LITTLEFS_MAKE_H
#define LITTLEFS_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

// Blocks are sectors of flash. A name is one byte shorter than esp_littlefs allows names by
// default, for its NUL.
enum { LITTLEFS_BLOCK = 4096, LITTLEFS_NAME_MOST = 63 };

// Can a file have this name: is it no path, and short enough?
bool littlefs_name_is_good(const char *name);

// How many blocks a file system with a file of this size has at the least.
uint64_t littlefs_blocks_needed(uint64_t size);

// The image of a file system of `blocks` blocks, as many as are needed or more: those that are
// needed, behind which all is erased. The file is not empty.
uint8_t *littlefs_make(struct arena *a, uint32_t blocks, const char *name, const uint8_t *bytes,
                       size_t size);

#endif
