// SPDX-License-Identifier: Apache-2.0
//
// A flash image as a file that says where each of its bytes goes: UF2, Intel HEX.
#ifndef FLASH_FILES_H
#define FLASH_FILES_H

#include "pieces.h"

// What goes to one address, of what was laid out.
struct flash_part {
    uint32_t address;
    uint64_t at, size; // in the source
};

struct flash_parts {
    struct otapack_source src;
    const struct flash_part *list; // by their addresses
    size_t count;
};

struct uf2_options {
    uint32_t family;
    uint32_t chunk; // bytes of payload; 0: as many as there is room for
    bool no_md5;
};

uint32_t uf2_chunk_most(bool no_md5);

// A file in memory.
struct flash_text {
    uint8_t *bytes;
    size_t n;
};

// Makes the file, one run of blocks for each part. False with `e` set.
bool flash_files_uf2(const struct flash_parts *parts, const struct uf2_options *options,
                     struct arena *a, struct flash_text *out, struct err *e);

// The same as Intel HEX, as esptool's library writes it.
bool flash_files_hex(const struct flash_parts *parts, struct arena *a, struct flash_text *out,
                     struct err *e);

#endif
