// SPDX-License-Identifier: Apache-2.0
//
// What xz packs, and the only file that knows a library of it. Built without one, every answer is
// XZ_NO_LIBRARY.
#ifndef XZ_H
#define XZ_H

#include <otapack/base.h>

#include "arena.h"

// The dictionary that is unpacked with, at most: as much as all the memory of chips that unpack xz.
enum { XZ_DICTIONARY_MOST = 512 * 1024 };

enum xz_answer {
    XZ_GOOD,
    XZ_NOT_XZ,      // other bytes, or a damaged header
    XZ_CHECKSUM,    // its checksums are neither CRC-32 nor none
    XZ_FILTERED,    // it has filters before LZMA2, which devices do not undo
    XZ_DICTIONARY,  // its dictionary has more than XZ_DICTIONARY_MOST
    XZ_DAMAGED,     // what is packed is none, or its CRC-32 does not fit
    XZ_TRUNCATED,   // it does not end
    XZ_TOO_LARGE,   // it unpacks to more than is taken
    XZ_READ_FAILED, //
    XZ_NO_LIBRARY,  // this build unpacks no xz
};

struct xz_unpacked {
    enum xz_answer answer;
    uint64_t packed; // bytes of the stream
    uint64_t size;   // of what it unpacks to
    uint8_t *bytes;  // that, where it is good
};

// Bytes of the largest dictionary that a block of the stream at the start of `src` wants; 0: that
// is not known.
uint64_t xz_dictionary(const struct otapack_source *src);

// Unpacks the one stream at the start of `src`, at most `most` bytes, to memory in `a`.
struct xz_unpacked xz_unpack(const struct otapack_source *src, struct arena *a, uint64_t most);

// One stream of n bytes, with a dictionary of 64 KiB and a CRC-32, as Espressif's gen_custom_ota.py
// has it made; the same version of the library makes the same bytes. In memory that is freed with
// free(). NULL: out of memory, or this build packs no xz, of which xz_is_there() tells.
uint8_t *xz_pack(const uint8_t *bytes, size_t n, size_t *size);
bool xz_is_there(void);

#endif
