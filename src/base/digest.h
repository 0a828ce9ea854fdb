// SPDX-License-Identifier: Apache-2.0
//
// Digests behind one interface, which is the parsers' own (struct otapack_hash). nettle, where the
// build found it, computes them with hardware code; mbedTLS's PSA API does otherwise, and knows
// SHA-3 from 3.5 on.
#ifndef DIGEST_H
#define DIGEST_H

#include <otapack/base.h>

enum digest_algorithm {
    DIGEST_SHA256,
    DIGEST_SHA384,
    DIGEST_SHA512,
    DIGEST_SHA3_224,
    DIGEST_SHA3_256,
    DIGEST_SHA3_384,
    DIGEST_SHA3_512,
    DIGEST_MD5,
    DIGEST_COUNT,
};
enum { DIGEST_MAX_SIZE = 64 };

// Which library answers. DIGEST_BEST is for the program, the others for tests that compare.
enum digest_library { DIGEST_BEST, DIGEST_MBEDTLS, DIGEST_NETTLE };

struct digest; // the state of one computation

// NULL when this build does not have that library, or the library not that algorithm; SHA-256 and
// MD5 there are always. Freed with digest_free.
struct digest *digest_new(enum digest_algorithm algorithm, enum digest_library library);
struct digest *digest_clone(const struct digest *d); // as far as that one has come
void digest_free(struct digest *d);

// Has this build any library for it? Where not, the message is of %s, the algorithm's name.
bool digest_can(enum digest_algorithm algorithm);
#define DIGEST_LACKING                                                                             \
    "this otapack was built without %s; build it with nettle, or with mbedTLS 3.5 or newer"

// What the libraries do once, done before there are threads. Digests that are not shared can then
// be computed on any of them.
void digest_prepare(void);

// The parsers' hook. May be started again after it finished. A library that fails in the middle
// ends the program with status 2.
struct otapack_hash digest_hash(struct digest *d);

#endif
