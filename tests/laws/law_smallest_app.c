// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of an app's description, and of a device that is to take the app.
#include "run.h"

#include "smallest.h"

#define FOLDER "fixtures/esp_image/"
#define S3 FOLDER "good-app-esp32s3.bin"
#define C6 FOLDER "good-app-esp32c6.bin"
#define H2 FOLDER "good-app-esp32h2.bin"
#define ESP32 FOLDER "good-app-esp32.bin"
#define BOOT FOLDER "good-bootloader-esp32s3.bin"

enum {
    AT_LOWEST = 15,
    AT_HIGHEST = 17,
    AT_ELF_HASH = AT_DESC + 144,
    AT_FLASH_MODE = AT_DESC + 181,
    TEXT = 32,
    ELF_HASH = 32,
    CHIP_C5 = 23,
};

// ---- Texts --------------------------------------------------------------------------------------

// A text of so many letters in its field.
static struct image with_letters(const struct border *b, uint32_t n)
{
    static const char letters[TEXT + 1] = "abcdefghijklmnopqrstuvwxyzabcdef";
    char text[TEXT + 1];
    struct image im = image_load(b->file);
    (void)snprintf(text, sizeof(text), "%.*s", (int)n, letters);
    esp_text(&im, b->at, text, TEXT);
    return im;
}

// A version, and the name of a project, that end in this letter.
static struct image with_end(const struct border *b, uint32_t letter)
{
    char text[TEXT];
    struct image im = image_load(b->file);
    (void)snprintf(text, sizeof(text), "%s%c",
                   b->at == AT_VERSION ? "1.4.2-dirt" : "arduino-lib-builde", (int)letter);
    esp_text(&im, b->at, text, TEXT);
    return im;
}

// Zero, but for the last byte.
static struct image with_elf_hash(const struct border *b, uint32_t last)
{
    struct image im = image_load(b->file);
    memset(im.p + AT_ELF_HASH, 0, ELF_HASH);
    poke8(&im, AT_ELF_HASH + ELF_HASH - 1, last);
    esp_resum(&im);
    return im;
}

// On a chip with few bits for it, whose memory lies where the fixture's chip has its own.
static struct image with_version_on_c5(const struct border *b, uint32_t value)
{
    struct image im = border_poked(b, value);
    poke16(&im, AT_CHIP_ID, CHIP_C5);
    esp_resum(&im);
    return im;
}

// ---- The device ---------------------------------------------------------------------------------

// Signed, and not.
static struct image with_signature(const struct border *b, uint32_t is_signed)
{
    struct image im = image_load(b->file);
    im.n = is_signed ? im.n : esp_walk(&im).end;
    return im;
}

// The same for any device: what is asked is in the words.
static struct image as_it_is(const struct border *b, uint32_t value)
{
    (void)value;
    return image_load(b->file);
}

static struct image with_highest(const struct border *b, uint32_t value)
{
    struct image im = border_poked(b, value);
    poke16(&im, AT_LOWEST, 0);
    esp_resum(&im);
    return im;
}

#define MAGIC 0xABCD5432

// Segment 0 gets so many bytes, and what it had behind them a segment of its own that is not
// loaded.
static struct image with_first_segment(const struct border *b, uint32_t size)
{
    struct image im = image_load(b->file);
    uint32_t all = u32_at(&im, AT_FIRST_SEGMENT + 4);
    esp_text(&im, AT_IDF, "v6.2", 32);
    poke32(&im, AT_FIRST_SEGMENT + 4, size);
    poke32(&im, AT_DESC + size, 0);
    poke32(&im, AT_DESC + size + 4, all - size - 8);
    poke8(&im, AT_SEGMENT_COUNT, u8_at(&im, AT_SEGMENT_COUNT) + 1);
    esp_resum(&im);
    return im;
}

// No description, and these bytes where it would say the lowest eFuse block revision.
static struct image without_description(const struct border *b, uint32_t revision)
{
    struct image im = image_load(b->file);
    poke8(&im, AT_DESC, 0);
    poke16(&im, AT_DESC + 176, revision);
    poke16(&im, AT_DESC + 178, 65535);
    esp_resum(&im);
    return im;
}

// The app that runs, and a new one of another project, or of a higher or the same secure_version.
static struct image running(const struct border *b, uint32_t value)
{
    struct image old = image_load(H2), im = image_load(H2);
    esp_text(&old, AT_VERSION, "1.0.0", 32);
    poke8(&old, b->at, b->good);
    esp_resum(&old);
    image_save(&old, "old.bin");
    image_free(&old);
    poke8(&im, b->at, value);
    esp_resum(&im);
    return im;
}

// The one that runs is this one again, or an older one.
static struct image running_version(const struct border *b, uint32_t last)
{
    struct image old = image_load(b->file), im = image_load(b->file);
    esp_text(&old, AT_VERSION, "1.4.1", 32);
    image_save(&old, "old.bin");
    image_free(&old);
    char version[] = {'1', '.', '4', '.', (char)last, '\0'};
    esp_text(&im, AT_VERSION, version, 32);
    return im;
}

static const struct border rows[] = {
    {"running-project", BORDER_NOTE, 'e', 'f', .make = running, .at = AT_PROJECT,
     .words = "--running old.bin"},
    {"running-secure-version", BORDER_WARN, 1, 0, .make = running, .at = AT_SECURE_VERSION,
     .words = "--running old.bin"},
    {"running-version", BORDER_NOTE, '2', '1', .make = running_version, .file = H2,
     .words = "--running old.bin"},
    {"app-segment", BORDER_FAIL, 256, 252, .make = with_first_segment, .file = S3,
     .words = "--idf 6.2"},
    {"app-revision", BORDER_FAIL, 399, 400, .make = without_description, .file = S3,
     .words = "--idf 5.2", .also = "app-desc"},
    {"bootloader-secure-version", BORDER_WARN, 0, 1, .make = border_summed,
     .file = "fixtures/esp_image/good-bootloader-esp32s3.bin", .at = AT_DESC + 3, .width = 1},
    {"app-desc", BORDER_FAIL, MAGIC, MAGIC + 1, .make = border_summed, .file = H2, .at = AT_DESC,
     .width = 4},
    {"app-desc", BORDER_WARN, MAGIC, MAGIC + 1, .make = border_summed, .file = S3, .at = AT_DESC,
     .width = 4},
    {"app-own", BORDER_NOTE, 's', 'r', .make = with_end, .file = S3, .at = AT_PROJECT},
    {"app-text", BORDER_WARN, 31, 32, .make = with_letters, .file = S3, .at = AT_VERSION},
    {"app-text", BORDER_WARN, 31, 32, .make = with_letters, .file = S3, .at = AT_PROJECT},
    {"app-text", BORDER_WARN, 1, 0, .make = with_letters, .file = S3, .at = AT_VERSION},
    {"app-text", BORDER_WARN, 1, 0, .make = with_letters, .file = S3, .at = AT_PROJECT},
    {"app-dirty", BORDER_WARN, 't', 'y', .make = with_end, .file = S3, .at = AT_VERSION},
    {"app-elf-hash", BORDER_WARN, 1, 0, .make = with_elf_hash, .file = S3},
    {"app-secure-version", BORDER_WARN, 32, 33, .make = border_summed, .file = ESP32,
     .at = AT_SECURE_VERSION, .width = 4},
    {"app-secure-version", BORDER_WARN, 16, 17, .make = border_summed, .file = S3,
     .at = AT_SECURE_VERSION, .width = 4},
    {"app-secure-version", BORDER_WARN, 9, 10, .make = with_version_on_c5, .file = C6,
     .at = AT_SECURE_VERSION, .width = 4},

    {"device-chip", BORDER_FAIL, 13, 20, .make = border_summed, .words = "--chip esp32c6",
     .file = C6, .at = AT_CHIP_ID, .width = 2},
    {"device-revision", BORDER_FAIL, 99, 100, .make = border_summed,
     .words = "--chip-revision v0.99", .file = BOOT, .at = AT_LOWEST, .width = 2},
    {"device-revision", BORDER_FAIL, 101, 100, .make = with_highest,
     .words = "--chip-revision v1.1", .file = S3, .at = AT_HIGHEST, .width = 2},
    {"device-flash-size", BORDER_FAIL, 0x2F, 0x3F, .make = border_summed,
     .words = "--flash-size 4MB", .file = BOOT, .at = AT_FLASH_SIZE, .width = 1},
    {"device-flash-mode", BORDER_FAIL, 3, 4, .make = border_summed, .words = "--flash-mode dio",
     .file = S3, .at = AT_FLASH_MODE, .width = 1},
    {"device-flash-mode", BORDER_FAIL, 1, 2, .make = border_summed, .words = "--flash-mode qio",
     .file = S3, .at = AT_FLASH_MODE, .width = 1},
    {"device-signature", BORDER_FAIL, 1, 0, .make = with_signature, .words = "--secure-boot v2",
     .file = "fixtures/secure_boot/good-rsa3072.bin"},
    {"device-signature", BORDER_FAIL, 1, 2, .make = as_it_is, .words = "--secure-boot v#",
     .file = "fixtures/secure_boot/good-v1.bin"},
    {"device-signature", BORDER_FAIL, 2, 1, .make = as_it_is, .words = "--secure-boot v#",
     .file = "fixtures/secure_boot/good-rsa3072.bin"},
    {"idf-order", BORDER_FAIL, 1, 2, .make = as_it_is, .words = "--idf v5.4.#", .file = S3},
};

const struct border_table borders_of_app = {rows, COUNT(rows)};

TEST(app_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_app)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(app_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
