// SPDX-License-Identifier: Apache-2.0
#include "ota_image.h"

#include "../unit/unit.h"

#include <mbedtls/sha512.h>
#include <mbedtls/version.h>

#include "sha3.h"

enum { UNSIGNED = 0x24, TEXT = 0x2C, BYTES = 0x30, STRUCTURE = 0x15, END = 0x18, FIXED = 16 };

// mbedTLS 3 dropped the _ret from this name.
#if MBEDTLS_VERSION_MAJOR >= 3
#define mbedtls_sha512_ret mbedtls_sha512
#endif

size_t ota_digest(unsigned type, const void *bytes, size_t n, uint8_t out[OTA_DIGEST_MOST])
{
    static const uint8_t sizes[OTA_TYPES + 1] = {0, 32, 16, 15, 12, 8, 4, 48, 64, 28, 32, 48, 64};
    assert_true(type >= 1 && type < COUNT(sizes));
    size_t size = sizes[type];
    if (type >= 9) {
        sha3_of(bytes, n, out, size);
    } else if (type >= 7) {
        assert_int_equal(mbedtls_sha512_ret(bytes, n, out, type == 7), 0);
    } else {
        sha256_of(bytes, n, out);
    }
    return size;
}

struct ota ota_usual(void)
{
    return (struct ota){.vendor = 0xFFF1,
                        .product = 0x8000,
                        .version = 2,
                        .min = -1,
                        .max = -1,
                        .type = 1,
                        .text = "2.0",
                        .digest = 1};
}

static void put8(struct image *im, unsigned value)
{
    uint8_t byte = (uint8_t)value;
    image_append(im, &byte, 1);
}

// An element's head: a number, or the length of a text.
static void put_head(struct image *im, unsigned kind, unsigned tag, uint64_t number)
{
    unsigned width = 0;
    while (width < 3 && number >> (8U << width) != 0) {
        width++;
    }
    put8(im, kind | width);
    put8(im, tag);
    for (unsigned i = 0; i < 1U << width; i++) {
        put8(im, (unsigned)(number >> 8 * i & 0xFF));
    }
}

static void put_number(struct image *im, unsigned tag, int64_t number)
{
    if (number >= 0) {
        put_head(im, UNSIGNED, tag, (uint64_t)number);
    }
}

static void put_text(struct image *im, unsigned tag, const char *text)
{
    if (text != NULL) {
        put_head(im, TEXT, tag, strlen(text));
        image_append(im, text, strlen(text));
    }
}

struct image ota_around(const struct image *payload, const struct ota *m)
{
    uint8_t digest[OTA_DIGEST_MOST];
    size_t digest_size = ota_digest(m->digest, payload->p, payload->n, digest);
    struct image im = image_fill(0, FIXED);
    put8(&im, STRUCTURE);
    put_number(&im, 0, m->vendor);
    put_number(&im, 1, m->product);
    put_number(&im, 2, m->version);
    put_text(&im, 3, m->text);
    put_number(&im, 4, (int64_t)payload->n);
    put_number(&im, 5, m->min);
    put_number(&im, 6, m->max);
    put_text(&im, 7, m->url);
    put_number(&im, 8, m->type);
    put_head(&im, BYTES, 9, digest_size);
    image_append(&im, digest, digest_size);
    put8(&im, END);
    poke32(&im, 0, UINT32_C(0x1BEEF11E));
    poke32(&im, 4, (uint32_t)(im.n + payload->n));
    poke32(&im, 12, (uint32_t)im.n - FIXED);
    image_append(&im, payload->p, payload->n);
    return im;
}

struct image ota_app(const char *version)
{
    struct image app = image_load("fixtures/br/demo_br.bin");
    esp_text(&app, AT_VERSION, version, 32);
    return app;
}

void ota_save(const char *name, const struct ota *m)
{
    struct image app = ota_app("2.0"), im = ota_around(&app, m);
    image_save(&im, name);
    image_free(&im);
    image_free(&app);
}
