// SPDX-License-Identifier: Apache-2.0
//
// Compression, and the only file that knows a library of it. (CRC-32, which the library has as
// well, is in crc.h.)
#ifndef DEFLATE_H
#define DEFLATE_H

#include <otapack/base.h>

#include "arena.h"

enum deflate_answer {
    DEFLATE_GOOD,
    DEFLATE_DAMAGED,   // no deflated data
    DEFLATE_TRUNCATED, // they do not end
    DEFLATE_TOO_LARGE, // they unpack to more than is taken
    DEFLATE_READ_FAILED,
};

struct deflate_unpacked {
    enum deflate_answer answer;
    uint64_t packed; // bytes of the deflated data
    uint64_t size;   // of what they unpack to
    uint8_t *bytes;  // that, where they are good and it is wanted; else NULL
};

// Told each time that `step` more bytes are unpacked, and at the end: how many bytes of the
// deflated data that took, and not one more.
struct deflate_watch {
    void (*told)(void *ctx, uint64_t size, uint64_t packed);
    void *ctx;
    uint64_t step;
};

// Unpacks the deflated data at the start of `src`, at most `most` bytes, to memory in `a`; NULL:
// only to learn what they are. `watch` may be NULL.
struct deflate_unpacked deflate_unpack(const struct otapack_source *src, struct arena *a,
                                       uint64_t most, const struct deflate_watch *watch);

// What zlib puts behind what it packed.
uint32_t deflate_adler(const uint8_t *bytes, size_t n);

// A gzip file of n bytes, the same from the same bytes each time, in memory that is freed with
// free(). With `align`, its size is a multiple of 4: the file name in its header, which nobody
// looks at, is as long as that takes. NULL: out of memory.
uint8_t *deflate_pack(const uint8_t *bytes, size_t n, bool align, size_t *size);

// The same as zlib writes it: two bytes in front, an Adler-32 behind the data.
uint8_t *deflate_pack_zlib(const uint8_t *bytes, size_t n, size_t *size);

#endif
