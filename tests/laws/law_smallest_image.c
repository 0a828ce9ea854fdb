// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of one app or bootloader: header, segments, sums, revisions.
#include "run.h"

#include "smallest.h"

#define FOLDER "fixtures/esp_image/"
#define S3 FOLDER "good-app-esp32s3.bin"
#define C6 FOLDER "good-app-esp32c6.bin"
#define H2 FOLDER "good-app-esp32h2.bin"
#define ESP32 FOLDER "good-app-esp32.bin"
#define BOOT FOLDER "good-bootloader-esp32s3.bin"

enum {
    AT_MAGIC = 0,
    AT_ENTRY = 4,
    AT_LOWEST = 15,
    AT_HIGHEST = 17,
    AT_LOWEST_EFUSE = AT_DESC + 176,
    AT_HIGHEST_EFUSE = AT_DESC + 178,
    // Segments of the ESP32-S3's and C6's apps: RAM for data, and what is mapped.
    AT_DATA = 0x130,
    DATA_SIZE = 32,
    AT_CODE = 0x158,
    LARGE = 0x1000000,
};

// ---- What is there ------------------------------------------------------------------------------

// So many segments: the last ones have no bytes, and no place in memory.
static struct image with_segments(const struct border *b, uint32_t count)
{
    static const uint8_t none[8];
    struct image im = image_load(b->file);
    unsigned had = u8_at(&im, AT_SEGMENT_COUNT);
    size_t end = esp_walk(&im).data_end;
    for (unsigned i = had; i < count; i++) {
        image_splice(&im, end, 0, none, sizeof(none));
    }
    poke8(&im, AT_SEGMENT_COUNT, count);
    border_close(&im);
    return im;
}

// The last segment so much longer.
static struct image with_length(const struct border *b, uint32_t more)
{
    struct image im = image_load(b->file);
    size_t last = esp_walk(&im).last + 4;
    image_append(&im, "\0\0\0", 4);
    poke32(&im, last, u32_at(&im, last) + more);
    border_close(&im);
    return im;
}

static struct image followed_by(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file), more = image_fill(b->width == 1 ? 0xFF : 0, bytes);
    image_append(&im, more.p, more.n);
    image_free(&more);
    return im;
}

// ---- Sums ---------------------------------------------------------------------------------------

static struct image with_checksum(const struct border *b, uint32_t other_bits)
{
    struct image im = image_load(b->file);
    size_t at = esp_walk(&im).checksum;
    poke8(&im, at, u8_at(&im, at) ^ other_bits);
    esp_rehash(&im);
    return im;
}

static struct image with_hash(const struct border *b, uint32_t other_bits)
{
    struct image im = image_load(b->file);
    size_t at = esp_walk(&im).end - 1;
    poke8(&im, at, u8_at(&im, at) ^ other_bits);
    return im;
}

static struct image with_hash_or_none(const struct border *b, uint32_t hash)
{
    struct image im = image_load(b->file);
    poke8(&im, AT_HASH_APPENDED, hash);
    im.n = esp_walk(&im).end;
    esp_rehash(&im);
    return im;
}

// ---- Segments -----------------------------------------------------------------------------------

// The segment that is mapped, of so many bytes.
static struct image with_mapped_size(const struct border *b, uint32_t size)
{
    struct image im = image_load(b->file);
    struct image zeros = image_fill(0, size - u32_at(&im, AT_CODE + 4));
    image_splice(&im, AT_CODE + 8, 0, zeros.p, zeros.n);
    poke32(&im, AT_CODE + 4, size);
    image_free(&zeros);
    border_close(&im);
    return im;
}

// As large as it may not be everywhere: the value is the ESP-IDF that its device has.
static struct image with_large_segment(const struct border *b, uint32_t value)
{
    (void)value;
    return with_mapped_size(b, LARGE);
}

static const struct border rows[] = {
    {"known-format", BORDER_FAIL, 0xE9, 0xE8, .make = border_poked, .file = S3, .at = AT_MAGIC,
     .width = 1},

    {"esp-header", BORDER_FAIL, 16, 17, .make = with_segments, .file = C6},
    {"esp-header", BORDER_FAIL, 4, 3, .make = with_length, .file = C6},
    {"esp-header", BORDER_FAIL, 0, 1, .make = border_cut, .file = S3},
    {"esp-checksum", BORDER_FAIL, 0, 1, .make = with_checksum, .file = S3},
    {"esp-checksum", BORDER_FAIL, 0, 0x80, .make = with_checksum, .file = BOOT},
    {"esp-hash", BORDER_FAIL, 0, 1, .make = with_hash, .file = S3},
    {"esp-hash", BORDER_WARN, 0, 1, .make = with_hash, .file = BOOT},
    {"esp-no-hash", BORDER_WARN, 1, 0, .make = with_hash_or_none, .file = S3},
    {"esp-chip-id", BORDER_WARN, 9, 10, .make = border_summed, .file = S3, .at = AT_CHIP_ID,
     .width = 2},
    {"esp-trailing", BORDER_WARN, 0, 1, .make = followed_by, .file = S3},
    {"esp-trailing", BORDER_WARN, 0, 1, .make = followed_by, .file = BOOT},

    // A page of 64 KiB further and half of one; what the ESP32-C6 was linked for.
    {"esp-page-align", BORDER_FAIL, 0x42010160, 0x42008160, .make = border_summed, .file = S3,
     .at = AT_CODE, .width = 4},
    {"esp-page-align", BORDER_FAIL, 0x42000160, 0x42000164, .make = border_summed, .file = S3,
     .at = AT_CODE, .width = 4},
    {"esp-page-align", BORDER_FAIL, 0x42018160, 0x42014160, .make = border_summed,
     .file = FOLDER "good-app-esp32c6-mmu32k.bin", .at = AT_CODE, .width = 4},
    {"esp-segment-size", BORDER_FAIL, LARGE - 4, LARGE, .make = with_mapped_size, .file = C6},
    {"esp-segment-size", BORDER_FAIL, 3, 2, .make = with_large_segment, .words = "--idf v5.#",
     .file = S3},

    // The end of the memory for data; the beginning and the end of what the bootloader uses of it:
    // its code, by the other address, and its stack. Below 0x10000000, nothing is loaded.
    {"esp-load", BORDER_FAIL, 0x3FD00000 - DATA_SIZE, 0x3FD00004 - DATA_SIZE, .make = border_summed,
     .file = S3, .at = AT_DATA, .width = 4},
    {"esp-load", BORDER_FAIL, 0x3FC88000, 0x3FC87FFC, .make = border_summed, .file = S3,
     .at = AT_DATA, .width = 4},
    {"esp-load", BORDER_FAIL, 0x3FCDB700 - DATA_SIZE, 0x3FCDB704 - DATA_SIZE, .make = border_summed,
     .file = S3, .at = AT_DATA, .width = 4},
    {"esp-load", BORDER_FAIL, 0x3FCEB710, 0x3FCEB70C, .make = border_summed, .file = S3,
     .at = AT_DATA, .width = 4},
    {"esp-load", BORDER_FAIL, 0x0FFFFFFC, 0x10000000, .make = border_summed, .file = S3,
     .at = AT_DATA, .width = 4},
    {"esp-load", BORDER_FAIL, 0x40845FD0 - DATA_SIZE, 0x40845FD4 - DATA_SIZE, .make = border_summed,
     .file = H2, .at = 0x16C, .width = 4},
    {"esp-load", BORDER_FAIL, 0x40850000 - DATA_SIZE, 0x40850004 - DATA_SIZE, .make = border_summed,
     .file = H2, .at = 0x16C, .width = 4},
    {"esp-load", BORDER_FAIL, 0x3FFDBF20 - DATA_SIZE, 0x3FFDBF24 - DATA_SIZE, .make = border_summed,
     .file = ESP32, .at = AT_DATA, .width = 4},
    {"esp-load", BORDER_FAIL, 0x3FFF6000, 0x3FFF5FFC, .make = border_summed, .file = ESP32,
     .at = AT_DATA, .width = 4},
    // Memory of the ESP32 that the bootloader does not use, but whose other address is none.
    {"esp-load", BORDER_FAIL, 0x3FFF6000, 0x3FFE8000, .make = border_summed, .file = ESP32,
     .at = AT_DATA, .width = 4},
    {"esp-mapped", BORDER_FAIL, 0x42000160, 0x40820000, .make = border_summed, .file = C6,
     .at = AT_CODE, .width = 4},
    {"esp-mapped", BORDER_FAIL, 0x40820000, 0x42020138, .make = border_summed, .file = C6,
     .at = AT_DATA, .width = 4},
    // The last byte of a segment that runs, and the one behind it; the first, and one before.
    {"esp-entry", BORDER_WARN, 0x4037402F, 0x40374030, .make = border_summed, .file = S3,
     .at = AT_ENTRY, .width = 4},
    {"esp-entry", BORDER_WARN, 0x40374000, 0x40373FFF, .make = border_summed, .file = S3,
     .at = AT_ENTRY, .width = 4},
    {"esp-entry", BORDER_WARN, 0x42000160, 0x3FC9B700, .make = border_summed, .file = S3,
     .at = AT_ENTRY, .width = 4},

    {"esp-revision", BORDER_FAIL, 99, 100, .make = border_summed, .file = S3, .at = AT_LOWEST,
     .width = 2},
    {"esp-revision", BORDER_FAIL, 199, 200, .make = border_summed, .file = S3,
     .at = AT_LOWEST_EFUSE, .width = 2},
    {"esp-revision", BORDER_FAIL, 65535, 65534, .make = border_summed, .file = S3,
     .at = AT_LOWEST_EFUSE, .width = 2},
    {"esp-revision", BORDER_FAIL, 65534, 65535, .make = border_summed, .file = BOOT,
     .at = AT_LOWEST, .width = 2},
};

const struct border_table borders_of_image = {rows, COUNT(rows)};

TEST(image_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_image)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
