// SPDX-License-Identifier: Apache-2.0
//
// Pre-encrypted images that grow, whose key is given: opened, and with a tag that does not fit,
// which shows when all of it is decrypted; and in each other, of which the outermost alone is
// opened.
#include "grow.h"

#include <stdlib.h>
#include <string.h>

#include "esp_encrypted.h"

enum { KIB = 1024, TAG_AT = 408 };

// Encrypts what there is, for the key of the verbs.
static void encrypt(struct bytes *b)
{
    static const struct key_options options = {.quiet = true};
    struct otapack_source plain = otapack_memory(b->p, b->n);
    struct bytes image = {NULL, 0, 0};
    struct pk_public key;
    struct err e = ERR_NONE;
    put_fill(&image, 0, OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE + b->n);
    if (!key_public(FIXTURES "/keys/ecdsa-p256-a.pub.pem", &options, &key, &e) ||
        !esp_encrypted_make(&plain, &key, image.p, &e)) {
        abort();
    }
    bytes_free(b);
    *b = image;
}

// Bytes of no format.
static void put_noise(struct bytes *b, size_t n)
{
    uint32_t x = 1;
    for (size_t i = 0; i < n; i += 4) {
        x = x * 1664525 + 1013904223;
        put_le32(b, x ^ x >> 15);
    }
}

static size_t encrypted(struct bytes *b, unsigned n)
{
    put_noise(b, (size_t)n * KIB);
    encrypt(b);
    return b->n;
}

static size_t encrypted_damaged(struct bytes *b, unsigned n)
{
    (void)encrypted(b, n);
    b->p[TAG_AT] ^= 1;
    return b->n;
}

// Each for the same key, and whole.
static size_t encrypted_nested(struct bytes *b, unsigned n)
{
    put_noise(b, KIB);
    for (unsigned i = 0; i < n; i++) {
        encrypt(b);
    }
    return b->n;
}

const struct direction encrypted_directions[] = {
    {"encrypted", encrypted, 64, NULL},
    {"encrypted-damaged", encrypted_damaged, 64, NULL},
    {"encrypted-nested", encrypted_nested, 2, NULL},
    {NULL, NULL, 0, NULL},
};
