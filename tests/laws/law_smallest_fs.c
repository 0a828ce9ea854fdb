// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of file system images, by themselves and on an ESP8266.
#include "run.h"

#include "smallest.h"

#include <zlib.h>

#define LITTLEFS "fixtures/littlefs/"
#define V2_0 LITTLEFS "good-v2.0.bin"
#define FILES LITTLEFS "good-files.bin"
#define PLAIN "fixtures/spiffs/good-plain.bin"

enum {
    AT_NAME_MAX = 32,
    AT_CRC = 48,
    FS_OF_THREE = 1015808, // of 1 MB of flash: three blocks of 4096 bytes, and five sectors
    FS_OF_TWO = 1019904,
    LAST_BLOCK = 47,       // of 48
    AT_POINTER = 37 * 256, // in a file's block 10
};

static struct image with_bits(const struct border *b, uint32_t bits)
{
    struct image im = image_load(b->file);
    poke8(&im, b->at, u8_at(&im, b->at) ^ bits);
    return im;
}

// With the CRC of the commit made right again: as zlib counts, not inverted in the end.
static struct image summed(const struct border *b, uint32_t value)
{
    struct image im = border_poked(b, value);
    poke32(&im, AT_CRC, ~(uint32_t)crc32(0, im.p, AT_CRC));
    return im;
}

static struct image cut_by(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file);
    im.n -= bytes;
    return im;
}

static struct image followed(const struct border *b, uint32_t bytes, uint8_t value)
{
    struct image im = image_load(b->file), more = image_fill(value, bytes);
    image_append(&im, more.p, more.n);
    image_free(&more);
    return im;
}

static struct image followed_by(const struct border *b, uint32_t bytes)
{
    return followed(b, bytes, 0);
}

static struct image filled_by(const struct border *b, uint32_t bytes)
{
    return followed(b, bytes, 0xFF);
}

// As it is: the value is one of the device.
static struct image as_it_is(const struct border *b, uint32_t value)
{
    (void)value;
    return image_load(b->file);
}

static const struct border rows[] = {
    {"littlefs-superblock", BORDER_FAIL, 0, 1, .make = with_bits, .file = V2_0, .at = AT_CRC},
    {"littlefs-superblock", BORDER_FAIL, 1022, 1023, .make = summed, .file = V2_0,
     .at = AT_NAME_MAX, .width = 4},
    {"littlefs-files", BORDER_FAIL, LAST_BLOCK, LAST_BLOCK + 1, .make = border_poked, .file = FILES,
     .at = AT_POINTER, .width = 4},
    {"fs-size", BORDER_FAIL, 0, 1, .make = cut_by, .file = V2_0},
    {"fs-trailing", BORDER_WARN, 0, 1, .make = followed_by, .file = V2_0},
    {"fs-trailing", BORDER_WARN, 0, 1, .make = followed_by, .file = PLAIN},
    {"esp8266-fs-space", BORDER_FAIL, 0, 1, .make = filled_by, .file = V2_0,
     .words = "--layout 1MB:0xF9000"},
    {"esp8266-fs-space", BORDER_FAIL, 0, 1, .make = filled_by, .file = PLAIN,
     .words = "--layout 1MB:0xF8000"},
    {"esp8266-fs-format", BORDER_FAIL, 32, 33, .make = summed, .file = V2_0, .at = AT_NAME_MAX,
     .width = 4, .words = "--layout 1MB:0xF9000"},
    {"esp8266-fs-count", BORDER_WARN, FS_OF_TWO, FS_OF_THREE, .make = as_it_is, .file = V2_0,
     .words = "--layout 1MB:#"},
};
const struct border_table borders_of_fs = {rows, COUNT(rows)};

TEST(fs_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_fs)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fs_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
