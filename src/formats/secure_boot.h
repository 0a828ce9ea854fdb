// SPDX-License-Identifier: Apache-2.0
//
// Between the bytes of a signature block (otapack/secure_boot.h) and public-key cryptography
// (pk.h).
#ifndef SECURE_BOOT_H
#define SECURE_BOOT_H

#include "arena.h"
#include "pk.h"

enum { KEY_DIGEST_SIZE = 32 };

// The key and the signature that a block holds.
struct pk_public secure_boot_key(const struct otapack_sb_block *b);
void secure_boot_signature(const struct otapack_sb_block *b, uint8_t signature[PK_MAX_NUMBERS]);

// Do R and M' of an RSA block belong to its modulus? True for ECDSA, which has none.
bool secure_boot_constants_fit(const struct otapack_sb_block *b);

// A block of v2, of one of Secure Boot's keys, as pk_is_secure_boot says. `signature` NULL: left
// zero.
void secure_boot_block(const struct pk_public *key, const uint8_t *digest, const uint8_t *signature,
                       uint8_t raw[OTAPACK_SB_BLOCK_SIZE]);

// What a device has in its eFuses of such a key: SHA-256 of the key as it stands in a block.
void secure_boot_key_digest(const struct pk_public *key, uint8_t out[KEY_DIGEST_SIZE]);
void secure_boot_block_key_digest(const struct otapack_sb_block *b, uint8_t out[KEY_DIGEST_SIZE]);

// The same in hexadecimal digits; "": it is no key of Secure Boot.
const char *secure_boot_key_digits(const struct pk_public *key, struct arena *a);

// Are these the digits of such a digest, or of the half of it that an ESP32-C2 keeps?
enum { KEY_DIGEST_DIGITS = 2 * KEY_DIGEST_SIZE, KEY_DIGEST_SHORT = KEY_DIGEST_SIZE };
bool secure_boot_is_key_digest(const char *digits);

// Is there a block of v2 that is whole, its CRC included?
bool secure_boot_is_block(const struct otapack_source *src, uint64_t at);

// May these bytes be a signature of v1? It has neither a magic nor a key, so that only a key tells;
// what fills a file, text and code are told from it.
bool secure_boot_v1_is_likely(const struct otapack_sb_v1 *v1);

// The digest of all that a source has, by the algorithm of a type of key. False where it cannot be
// read.
bool secure_boot_digest(enum pk_type type, const struct otapack_source *src,
                        uint8_t out[OTAPACK_SB_MAX_DIGEST]);

#endif
