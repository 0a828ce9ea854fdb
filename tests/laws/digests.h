// SPDX-License-Identifier: Apache-2.0
//
// Digests without otapack's own code: of mbedTLS, and SHA-3 as the fixtures have it.
#ifndef DIGESTS_OF_LAWS
#define DIGESTS_OF_LAWS

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_TYPES = 12, DIGEST_MOST = 64 };

void md5_of(const void *bytes, size_t n, uint8_t out[16]);
void sha256_of(const void *bytes, size_t n, uint8_t out[32]);
void sha384_of(const void *bytes, size_t n, uint8_t out[DIGEST_MOST]); // uses all of the room
void sha512_of(const void *bytes, size_t n, uint8_t out[64]);

// The digests that a Matter header can have, by their number there, from 1: sha256 ... sha3_512.
// The size.
extern const char *const digest_types[DIGEST_TYPES];
size_t digest_by_type(unsigned type, const void *bytes, size_t n, uint8_t out[DIGEST_MOST]);

const char *hex_of(const uint8_t *bytes, size_t n);    // at most DIGEST_MOST; until the next call
const char *base64_of(const uint8_t *bytes, size_t n); // likewise

#endif
