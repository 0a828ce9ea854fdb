// SPDX-License-Identifier: Apache-2.0
//
// Digests that were computed of a file, each as the state that one comes to after so many bytes
// from somewhere on: it gives the digest of these, and what has the same beginning goes on from it.
#ifndef DIGEST_CACHE_H
#define DIGEST_CACHE_H

#include "digest.h"

// How many a file has at once; the oldest makes room. A hostile one may have any number of parts.
enum { DIGEST_CACHE_MOST = 64 };

struct kept_digest {
    struct kept_digest *next; // an older one
    enum digest_algorithm algorithm;
    uint64_t base, size;
    struct digest *state;
};

struct digest_cache {
    struct kept_digest *newest; // NULL: none
};

// Keeps the state that a digest of the `size` bytes at `base` has come to.
void digest_cache_keep(struct digest_cache *c, enum digest_algorithm algorithm, uint64_t base,
                       uint64_t size, const struct digest *state);

// The one of most bytes at `base`, which are no more than `size`. NULL: none.
const struct kept_digest *digest_cache_find(const struct digest_cache *c,
                                            enum digest_algorithm algorithm, uint64_t base,
                                            uint64_t size);

// Forgets what ends behind this offset.
void digest_cache_cut(struct digest_cache *c, uint64_t end);

// The bytes from `at` on have moved by so many; what lies across that is forgotten.
void digest_cache_insert(struct digest_cache *c, uint64_t at, uint64_t by);

void digest_cache_clear(struct digest_cache *c);

#endif
