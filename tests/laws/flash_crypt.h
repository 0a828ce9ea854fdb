// SPDX-License-Identifier: Apache-2.0
//
// Encrypted flash said once more, without otapack's code: in whole units, as the hardware works,
// and with mbedTLS's own AES-XTS.
#ifndef FLASH_CRYPT_OF_LAWS_H
#define FLASH_CRYPT_OF_LAWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A case: the key as its file has it, and where in flash.
struct flash_crypt {
    bool xts;
    const uint8_t *key;
    size_t key_size; // 16, 24, 32 or 64
    uint64_t address;
    unsigned config;
};

// Encrypts `n` bytes, a multiple of 16, in their place.
void flash_crypt(const struct flash_crypt *c, uint8_t *bytes, size_t n);

// ---- Files for the laws -------------------------------------------------------------------------

enum { FLASH_KEYS = 4, FLASH_DATA = 140000 };
extern const size_t flash_key_sizes[FLASH_KEYS];
extern uint8_t flash_keys[FLASH_KEYS][64], flash_data[FLASH_DATA];

void flash_file(const char *name, const uint8_t *bytes, size_t n);

// Set-up: run_begin(), and key16.bin and so on; zeros.bin, twice.bin, keys whose halves are the
// same; plain37.bin, plain48.bin and plain.bin of 5008 bytes, empty.bin, large.bin, and a folder.
int flash_files_begin(void **group);

#endif
