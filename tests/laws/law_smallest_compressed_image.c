// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of compressed images, each region of one changed, and one cut anywhere.
#include "run.h"

#include "smallest.h"

#include <zlib.h>

#define APP "fixtures/compressed_image/good-app.bin"
#define BEHIND "fixtures/compressed_image/good-with-app-header.bin"
#define NO_APP "fixtures/compressed_image/bad-compressed-content.bin"

enum {
    HEADER = 40,
    APP_HEADER = 288,
    AT_VERSION_BYTE = 4,
    AT_TYPE = 5,
    AT_LENGTH = 16,
    AT_MD5 = 20,
    AT_CRC = 36,
    AT_XZ_CHECK = HEADER + 7,
    AT_XZ_BLOCK = HEADER + 12,
    AT_XZ_DICTIONARY = AT_XZ_BLOCK + 4,
    CRC_32 = 1, // of xz
    KIB_64 = 8,
    KIB_96 = 9,
    KIB_512 = 14,
    KIB_768 = 15,
};

static void put_crc(struct image *im, size_t from, size_t to)
{
    poke32(im, to, (uint32_t)crc32(0, im->p + from, (uInt)(to - from)));
}

// All sums but those of what is packed.
static void close_sums(struct image *im)
{
    uint8_t md5[16];
    put_crc(im, HEADER + 6, HEADER + 8);
    put_crc(im, AT_XZ_BLOCK, AT_XZ_BLOCK + 8);
    md5_of(im->p + HEADER, u32_at(im, AT_LENGTH), md5);
    image_put(im, AT_MD5, md5, sizeof(md5));
    put_crc(im, 0, AT_CRC);
}

static struct image with_byte(const struct border *b, uint32_t value)
{
    struct image im = image_load(b->file);
    poke8(&im, b->at, value);
    close_sums(&im);
    return im;
}

static struct image with_md5_flipped(const struct border *b, uint32_t bits)
{
    struct image im = border_flipped(b, bits);
    put_crc(&im, 0, AT_CRC);
    return im;
}

static struct image longer_by(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file), more = image_fill(0xFF, bytes);
    image_append(&im, more.p, more.n);
    image_free(&more);
    return im;
}

static struct image app_or_not(const struct border *b, uint32_t not_one)
{
    return image_load(not_one != 0 ? NO_APP : b->file);
}

static const struct border rows[] = {
    {"compressed-header", BORDER_FAIL, 3, 4, with_byte, .file = APP, .at = AT_VERSION_BYTE},
    {"compressed-crc", BORDER_FAIL, 0, 1, border_flipped, .file = APP, .at = AT_CRC},
    {"compressed-type", BORDER_FAIL, 1, 2, with_byte, .file = APP, .at = AT_TYPE},
    {"compressed-length", BORDER_FAIL, 0, 1, border_cut, .file = APP},
    {"compressed-md5", BORDER_FAIL, 0, 1, with_md5_flipped, .file = APP, .at = AT_MD5 + 15},
    {"compressed-xz", BORDER_FAIL, CRC_32, CRC_32 + 1, with_byte, .file = APP, .at = AT_XZ_CHECK},
    {"compressed-dictionary", BORDER_FAIL, KIB_512, KIB_768, with_byte, .file = APP,
     .at = AT_XZ_DICTIONARY, .also = "compressed-memory"},
    {"compressed-memory", BORDER_WARN, KIB_64, KIB_96, with_byte, .file = APP,
     .at = AT_XZ_DICTIONARY},
    {"compressed-content", BORDER_FAIL, 0, 1, app_or_not, .file = APP},
    {"compressed-app-header", BORDER_WARN, 0, 1, border_flipped, .file = BEHIND,
     .at = APP_HEADER - 1},
    {"compressed-trailing", BORDER_WARN, 0, 1, longer_by, .file = APP},
};

const struct border_table borders_of_compressed_image = {rows, COUNT(rows)};

TEST(compressed_image_borders)
{
    run_needs(APP);
    borders_hold(rows, COUNT(rows));
}

// Each byte of the header, some of the data: no bit of them changes unseen.
TEST(every_region_is_looked_at)
{
    run_needs(APP);
    struct image im = image_load(APP);
    for (size_t at = 4; at < im.n; at += at < HEADER + 32 || at + 40 > im.n ? 1 : 37) {
        im.p[at] ^= 1;
        image_save(&im, "changed.bin");
        im.p[at] ^= 1;
        want(run("verify changed.bin")->status == 1, "byte %zu", at);
    }
    image_free(&im);
}

TEST(cut_anywhere)
{
    run_needs(APP);
    struct image im = image_load(APP);
    size_t n = im.n;
    for (im.n = 4; im.n < n; im.n += im.n < HEADER + 60 ? 1 : 41) {
        image_save(&im, "cut.bin");
        const char *id = im.n < HEADER ? "compressed-header" : "compressed-length";
        want(strcmp(failing(tree("cut.bin")), id) == 0, "cut to %zu bytes", im.n);
    }
    im.n = n;
    image_free(&im);
}

UNIT(smallest_compressed_image)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compressed_image_borders),
        cmocka_unit_test(every_region_is_looked_at),
        cmocka_unit_test(cut_anywhere),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
