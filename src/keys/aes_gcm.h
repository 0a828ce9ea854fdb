// SPDX-License-Identifier: Apache-2.0
//
// AES-256-GCM with a nonce of 16 bytes and nothing authenticated beside the ciphertext, and HKDF,
// which makes its key of a shared secret. Both are mbedTLS's.
#ifndef AES_GCM_H
#define AES_GCM_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

enum { AES_GCM_KEY = 32, AES_GCM_NONCE = 16, AES_GCM_TAG = 16 };

// HKDF with SHA-256 (RFC 5869). False with `e` set where the library fails.
struct hkdf_input {
    const uint8_t *bytes;
    size_t size;
};
bool hkdf_sha256(struct hkdf_input secret, struct hkdf_input salt, struct hkdf_input info,
                 uint8_t *out, size_t n, struct err *e);

// `out` gets n bytes, and the tag behind them. False with `e` set where the library fails.
bool aes_gcm_encrypt(const uint8_t key[AES_GCM_KEY], const uint8_t nonce[AES_GCM_NONCE],
                     const uint8_t *in, size_t n, uint8_t *out, struct err *e);

// `in` has n bytes, and the tag behind them; `out` is for n, of which nothing is left unless
// *fits is set: that the tag is theirs. False with `e` set where the library fails.
bool aes_gcm_decrypt(const uint8_t key[AES_GCM_KEY], const uint8_t nonce[AES_GCM_NONCE],
                     const uint8_t *in, size_t n, uint8_t *out, bool *fits, struct err *e);

#endif
