// SPDX-License-Identifier: Apache-2.0
//
// How encrypted flash has its bytes: the ESP32's own scheme, and the AES-XTS of every later chip.
// Each block of 16 bytes depends on the key and on its own address only, so that any piece of flash
// that begins and ends between blocks can be worked on alone. AES itself is mbedTLS's.
#ifndef FLASH_CIPHER_H
#define FLASH_CIPHER_H

#include <stdint.h>

#include "err.h"
#include "secret.h"

enum flash_scheme { FLASH_ESP32, FLASH_XTS };
enum { FLASH_BLOCK = 16, FLASH_KEY_MOST = 64, FLASH_CRYPT_CONFIG_MOST = 0xF };

// What the hardware makes of a key in eFuses: 32 bytes, or 64 for AES-XTS with 256 bits.
struct flash_key {
    uint8_t bytes[FLASH_KEY_MOST];
    size_t size;
};

// A key file has 16, 24, 32 or 64 bytes; half of an eFuse block is extended to 32 by its SHA-256, a
// block with 3/4 coding by a part of itself. False with `e` set where the library fails.
bool flash_key_extend(const struct secret *file, struct flash_key *out, struct err *e);

// Would AES-XTS encrypt the data and its tweaks with one key?
bool flash_key_is_doubled(const struct flash_key *key);

struct flash_cipher;

// `config` is FLASH_CRYPT_CONFIG, which only the ESP32 has: on which quarters of the key the
// address has a say. NULL with `e` set where the library fails.
struct flash_cipher *flash_cipher_new(enum flash_scheme scheme, const struct flash_key *key,
                                      unsigned config, bool decrypt, struct err *e);
void flash_cipher_free(struct flash_cipher *c); // and wipes the key; NULL is allowed

// Encrypts or decrypts what is at an address, in its place. Both numbers are multiples of 16. False
// with `e` set where the library fails.
bool flash_cipher_run(struct flash_cipher *c, uint32_t address, uint8_t *bytes, size_t n,
                      struct err *e);

// Random bytes for a key. False with `e` set.
bool flash_random(uint8_t *bytes, size_t n, struct err *e);

#endif
