// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of signatures, behind images and behind data.
#include "run.h"

#include <zlib.h>

#include "esp8266.h"
#include "smallest.h"

#define SIGNED "fixtures/secure_boot/"
#define RSA SIGNED "good-rsa3072.bin" // an ESP32-H2's
#define RSA_X3 SIGNED "good-rsa3072-x3.bin"
#define P192 SIGNED "good-ecdsa-p192.bin"
#define P256_X2 SIGNED "good-ecdsa-p256-x2.bin"
#define ESP32 SIGNED "good-esp32-rsa3072.bin"
#define DATA "fixtures/signed_data/"
#define KEY "fixtures/keys/rsa3072-a.pem"

enum {
    SECTOR = 4096,
    BLOCK = 1216,
    AT_OLD_LOWEST = 14,
    AT_LOWEST = 15,
    AT_TIME = AT_DESC + 80,
    // In a block:
    AT_VERSION_OF_BLOCK = 1,
    AT_RESERVED = 2,
    AT_DIGEST = 4,
    AT_P192_REST = 36 + 1 + 48,
    AT_P192_SIGNATURE_REST = 36 + 65 + 48,
    AT_M = 808,
    AT_SIGNATURE = 812,
    AT_CRC = 1196,
    AT_END = 1200,
};

// ---- What belongs to a block --------------------------------------------------------------------

static void redo_crc(struct image *im, size_t block)
{
    poke32(im, block + AT_CRC, (uint32_t)crc32(0, im->p + block, AT_CRC));
}

// Digest, signature and CRC of a block of RSA, made with the key that is in it.
static void sign_again(struct image *im, size_t block, size_t signed_size)
{
    struct image part = {im->p, signed_size};
    struct image signature = rsa_signature(KEY, RSA_PSS, &part);
    sha256_of(im->p, signed_size, im->p + block + AT_DIGEST);
    for (size_t i = 0; i < signature.n; i++) {
        im->p[block + AT_SIGNATURE + i] = signature.p[signature.n - 1 - i];
    }
    image_free(&signature);
    redo_crc(im, block);
}

// ---- A byte of a block --------------------------------------------------------------------------

static struct image in_block(const struct border *b, uint32_t value)
{
    struct image im = image_load(b->file);
    poke8(&im, SECTOR + b->at, u8_at(&im, SECTOR + b->at) ^ value);
    redo_crc(&im, SECTOR + b->at / BLOCK * BLOCK);
    return im;
}

static struct image behind_the_crc(const struct border *b, uint32_t value)
{
    struct image im = image_load(b->file);
    poke8(&im, SECTOR + b->at, u8_at(&im, SECTOR + b->at) ^ value);
    return im;
}

// ---- What is signed -----------------------------------------------------------------------------

// Another image, whose sums are right, before the same block.
static struct image another_image(const struct border *b, uint32_t value)
{
    struct image im = image_load(b->file);
    poke8(&im, b->at, u8_at(&im, b->at) ^ value);
    esp_resum(&im);
    return im;
}

// It is signed as it is then.
static struct image signed_image(const struct border *b, uint32_t value)
{
    struct image im = border_poked(b, value);
    if (b->at < esp_walk(&im).end) {
        esp_resum(&im);
    }
    sign_again(&im, SECTOR, SECTOR);
    return im;
}

// Also by what ESP-IDF before 5.0 wrote of the lowest revision, in a byte of its own.
static struct image signed_from(const struct border *b, uint32_t lowest)
{
    struct image im = border_poked(b, lowest);
    poke8(&im, AT_OLD_LOWEST, lowest / 100);
    esp_resum(&im);
    sign_again(&im, SECTOR, SECTOR);
    return im;
}

// For the ESP32-C6 as well as for the C61, whose memories are alike.
static struct image signed_for(const struct border *b, uint32_t chip)
{
    struct image im = border_poked(b, chip);
    esp_resum(&im);
    sign_again(&im, SECTOR, SECTOR);
    return im;
}

// ---- Where the blocks are, and which ------------------------------------------------------------

static struct image sectors_further(const struct border *b, uint32_t sectors)
{
    struct image im = image_load(b->file), fill = image_fill(0xFF, (size_t)sectors * SECTOR);
    image_splice(&im, SECTOR, 0, fill.p, fill.n);
    sign_again(&im, SECTOR + fill.n, SECTOR + fill.n);
    image_free(&fill);
    return im;
}

// Two of P-256, or the second of RSA, made over the same image.
static struct image two_blocks(const struct border *b, uint32_t other)
{
    struct image im = image_load(b->file), from = image_load(RSA);
    if (other) {
        image_put(&im, SECTOR + BLOCK, from.p + SECTOR, BLOCK);
        sign_again(&im, SECTOR + BLOCK, SECTOR);
    }
    image_free(&from);
    return im;
}

// Signed in the same way, for another chip.
static struct image ecdsa_on(const struct border *b, uint32_t chip)
{
    struct image im =
        image_load(chip == 13 ? SIGNED "good-ecdsa-p256.bin" : SIGNED "bad-sig-insecure.bin");
    (void)b;
    assert_int_equal(u16_at(&im, AT_CHIP_ID), chip);
    return im;
}

static struct image ecdsa_of(const struct border *b, uint32_t bits)
{
    (void)b;
    return image_load(bits == 256 ? SIGNED "good-ecdsa-p256.bin" : P192);
}

static struct image so_many_blocks(const struct border *b, uint32_t count)
{
    struct image im = image_load(b->file);
    for (uint32_t i = 1; i < count; i++) {
        memcpy(im.p + SECTOR + (size_t)i * BLOCK, im.p + SECTOR, BLOCK);
    }
    return im;
}

// ---- Data ---------------------------------------------------------------------------------------

static struct image data_signed_with(const struct border *b, uint32_t other)
{
    (void)b;
    return image_load(other ? DATA "bad-data-scheme.bin" : DATA "good-ecdsa-p256-x2.bin");
}

static struct image data_followed_by(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file), more = image_fill(0, bytes);
    image_append(&im, more.p, more.n);
    image_free(&more);
    return im;
}

static const struct border rows[] = {
    {"sig-place", BORDER_FAIL, 0, 1, .make = sectors_further, .file = RSA},
    {"sig-fill", BORDER_WARN, 0xFF, 0xFE, .make = signed_image, .file = RSA, .at = SECTOR - 1,
     .width = 1},
    {"sig-fill", BORDER_WARN, 0xFF, 0xFE, .make = border_poked, .file = RSA_X3,
     .at = SECTOR + 3 * BLOCK, .width = 1},
    {"sig-fill", BORDER_WARN, 0xFF, 0xFE, .make = border_poked, .file = RSA, .at = 2 * SECTOR - 1,
     .width = 1},
    {"sig-block", BORDER_FAIL, 0, 3 ^ 4, .make = in_block, .file = P256_X2,
     .at = BLOCK + AT_VERSION_OF_BLOCK, .width = 1},
    {"sig-block", BORDER_FAIL, 0, 1, .make = in_block, .file = P256_X2, .width = 1},
    {"sig-crc", BORDER_FAIL, 0, 1, .make = behind_the_crc, .file = RSA, .at = AT_CRC, .width = 1},
    {"sig-crc", BORDER_FAIL, 0, 0x80, .make = behind_the_crc, .file = P192, .at = AT_CRC + 3,
     .width = 1, .also = "sig-dropped"},
    {"sig-digest", BORDER_FAIL, 0, 1, .make = another_image, .file = RSA, .at = AT_TIME,
     .width = 1},
    {"sig-digest", BORDER_FAIL, 0, 1, .make = another_image, .file = P192, .at = AT_TIME,
     .width = 1, .also = "sig-dropped"},
    {"sig-key", BORDER_FAIL, 0, 1, .make = in_block, .file = RSA, .at = AT_M, .width = 1},
    {"sig-key", BORDER_FAIL, 0, 0x80, .make = in_block, .file = RSA, .at = AT_M - 1,
     .width = 1}, // the end of R
    {"sig-signature", BORDER_FAIL, 0, 1, .make = in_block, .file = RSA, .at = AT_SIGNATURE,
     .width = 1},
    {"sig-signature", BORDER_FAIL, 0, 1, .make = in_block, .file = P192,
     .at = AT_P192_SIGNATURE_REST - 1, .width = 1, .also = "sig-dropped"},
    {"sig-zeros", BORDER_WARN, 0, 1, .make = in_block, .file = RSA, .at = AT_RESERVED, .width = 1},
    {"sig-zeros", BORDER_WARN, 0, 1, .make = behind_the_crc, .file = RSA, .at = AT_END, .width = 1},
    {"sig-zeros", BORDER_WARN, 0, 0x80, .make = behind_the_crc, .file = RSA, .at = BLOCK - 1,
     .width = 1},
    {"sig-p192", BORDER_FAIL, 0, 1, .make = in_block, .file = P192, .at = AT_P192_REST, .width = 1,
     .also = "sig-dropped"},
    {"sig-p192", BORDER_FAIL, 0, 1, .make = in_block, .file = P192, .at = AT_P192_SIGNATURE_REST,
     .width = 1, .also = "sig-dropped"},
    {"sig-mixed", BORDER_FAIL, 0, 1, .make = two_blocks, .file = P256_X2},
    {"sig-insecure", BORDER_WARN, 13, 16, .make = ecdsa_on},
    {"sig-dropped", BORDER_FAIL, 256, 192, .make = ecdsa_of, .words = "--idf 6.0 --allow idf-order",
     .also = "idf-order"},
    {"sig-chip", BORDER_WARN, 300, 299, .make = signed_from, .file = ESP32, .at = AT_LOWEST,
     .width = 2},
    {"sig-chip", BORDER_WARN, 1, 2, .make = so_many_blocks, .file = ESP32},
    {"sig-chip", BORDER_WARN, 13, 20, .make = signed_for, .file = RSA, .at = AT_CHIP_ID,
     .width = 2},
    {"data-scheme", BORDER_FAIL, 0, 1, .make = data_signed_with},
    {"data-trailing", BORDER_WARN, 0, 1, .make = data_followed_by, .file = DATA "good-rsa3072.bin"},
};

const struct border_table borders_of_signature = {rows, COUNT(rows)};

TEST(signature_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_signature)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signature_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
