// SPDX-License-Identifier: Apache-2.0
//
// Digests of what a source has. Of a file, a pipe and what is made of them (input.h, pieces.h) they
// are kept with the file: nothing is hashed twice, whoever asks, and of two spans with the same
// beginning the longer one goes on where the shorter one ended.
#ifndef DIGEST_SPAN_H
#define DIGEST_SPAN_H

#include "digest.h"

// The digest of all bytes of a source. False where they cannot be read, or where this build does
// not have the algorithm.
bool digest_of(enum digest_algorithm algorithm, const struct otapack_source *src, uint8_t *out);

// The same for a parser that reads the bytes itself, for something else besides. False where this
// build does not have the algorithm, and then there is nothing to end.
struct digest_span {
    struct digest *digest;
    enum digest_algorithm algorithm;
    struct otapack_source src;
    uint64_t at;    // how many bytes were given
    uint64_t known; // how many the digest had of them before
};
bool digest_span_begin(struct digest_span *s, enum digest_algorithm algorithm,
                       const struct otapack_source *src);
void digest_span_end(struct digest_span *s);

// The parser's hook: takes the bytes of the source from the first to the last.
struct otapack_hash digest_span_hash(struct digest_span *s);

#endif
