// SPDX-License-Identifier: Apache-2.0
//
// A file that may have a hole: zeros that nobody holds in memory, as many as one likes. So sizes
// and offsets near 4 GiB are tried with the bytes around the hole.
#ifndef STREAM_SPARSE_H
#define STREAM_SPARSE_H

#include <otapack/base.h>

#include <stdlib.h>

enum { ZEROS = 16 * 1024 * 1024 }; // of a hole in one piece; never written, so never there

struct sparse {
    const uint8_t *bytes; // without those of the hole
    size_t n;
    uint64_t hole_at, hole; // in the file; how many; 0: there is none
};

static inline struct sparse sparse_plain(const uint8_t *bytes, size_t n)
{
    return (struct sparse){bytes, n, n, 0};
}

static inline uint64_t sparse_size(const struct sparse *f)
{
    return f->n + f->hole;
}

static inline uint8_t sparse_at(const struct sparse *f, uint64_t at)
{
    return at < f->hole_at ? f->bytes[at] : at < f->hole_at + f->hole ? 0 : f->bytes[at - f->hole];
}

// How many bytes from `at` on are on the same side of the hole's borders.
static inline uint64_t sparse_run(const struct sparse *f, uint64_t at)
{
    uint64_t behind = f->hole_at + f->hole;
    return (at < f->hole_at ? f->hole_at : at < behind ? behind : sparse_size(f)) - at;
}

static inline bool sparse_in_hole(const struct sparse *f, uint64_t at)
{
    return at >= f->hole_at && at - f->hole_at < f->hole;
}

// For a struct otapack_source.
static inline bool sparse_read(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    const struct sparse *f = (const struct sparse *)ctx;
    for (size_t i = 0; i < n; i++) {
        to[i] = sparse_at(f, at + i);
    }
    return true;
}

static inline struct otapack_source sparse_source(struct sparse *f)
{
    return (struct otapack_source){f->hole == 0 ? f->bytes : NULL, sparse_read, f, 0,
                                   sparse_size(f)};
}

// Bytes of a hole: `ZEROS` of them.
static inline const uint8_t *sparse_zeros(void)
{
    static uint8_t *zeros;
    if (zeros == NULL) {
        zeros = (uint8_t *)calloc(1, ZEROS);
    }
    if (zeros == NULL) {
        abort();
    }
    return zeros;
}

#endif
