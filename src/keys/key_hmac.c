// SPDX-License-Identifier: Apache-2.0
//
// With a salt of its own, esp_encrypted_img makes a key of P-256 out of the HMAC key in a device's
// eFuses.
#include "key.h"

enum { TURNS = 2048, P256_NUMBER = 32 };

static const uint8_t salt[] = {
    0x0E, 0x21, 0x60, 0x64, 0x2D, 0xAE, 0x76, 0xD3, 0x34, 0x48, 0xE4, 0x3D, 0x77, 0x20, 0x12, 0x3D,
    0x9F, 0x3B, 0x1E, 0xCE, 0xB8, 0x8E, 0x57, 0x3A, 0x4E, 0x8F, 0x7F, 0xB9, 0x4F, 0xF0, 0xC8, 0x69,
};

struct pk_private *key_of_hmac_key(const void *hmac_key)
{
    uint8_t number[P256_NUMBER];
    bool good = pk_pbkdf2_sha256(hmac_key, KEY_HMAC_SIZE, salt, sizeof(salt), TURNS, number,
                                 sizeof(number));
    struct pk_private *key = good ? pk_private_of_number(PK_P256, number) : NULL;
    wipe(number, sizeof(number));
    return key;
}
