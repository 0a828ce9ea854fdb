// SPDX-License-Identifier: Apache-2.0
//
// Headers and descriptions as a device takes them: any non-zero hash_appended means that a hash is
// there; a lowest eFuse revision of 65535 is not set; a bootloader's highest revision is not asked
// for; a description that is cut off is none; the page of the MMU that esp-page-align goes by.
#include "product.h"

#include "image.h"

#define RCP_APP "fixtures/rcp_build/esp_ot_rcp.bin"
enum { AT_LOWEST_CHIP = 15, AT_LOWEST_EFUSE = AT_DESC + 176, DESC_SIZE = 256 };

static void passes(const struct image *im)
{
    image_save(im, "image.bin");
    expect(0, "verify image.bin");
    want_no_err();
}

// verify says this check of it alone: status 1, or 0 with a warning.
static void is_said(const struct image *im, const char *id, int status)
{
    char regex[100];
    image_save(im, "image.bin");
    const json_t *root = tree("image.bin");
    want(strcmp(failing(root), id) == 0, "%s failed instead of %s alone", failing(root), id);
    (void)snprintf(regex, sizeof(regex), "^otapack: image.bin: %s.*\\[%s\\]$",
                   status == 0 ? "warning: " : "", id);
    want(says(expect(status, "verify image.bin")->err, regex), "verify does not say %s", id);
}

static void fails(const struct image *im, const char *id)
{
    is_said(im, id, 1);
}

static void warns(const struct image *im, const char *id)
{
    is_said(im, id, 0);
}

// ---- The hash -----------------------------------------------------------------------------------

static void hash_flag(unsigned value)
{
    struct image im = image_load(RCP_APP);
    size_t end = esp_walk(&im).checksum + 1;
    char size[32];
    poke8(&im, AT_HASH_APPENDED, value);
    sha256_of(im.p, end, im.p + end);
    passes(&im);
    (void)snprintf(size, sizeof(size), "%zu\n", im.n);
    want(strcmp(expect(0, "inspect image.bin --get image_length")->out, size) == 0,
         "the hash is no part of the image");
    // The hash is looked at, and must be there.
    poke8(&im, end + 4, u8_at(&im, end + 4) ^ 1);
    fails(&im, "esp-hash");
    im.n = end;
    fails(&im, "esp-header");
    image_free(&im);
}

TEST(any_flag_but_0_is_a_hash)
{
    hash_flag(2);
    hash_flag(128);
    hash_flag(255);
}

// ---- Revisions ----------------------------------------------------------------------------------

TEST(efuse_revisions)
{
    struct image im = image_load(RCP_APP);
    want(u16_at(&im, AT_LOWEST_EFUSE + 2) < 65535, "the fixture has no highest revision");
    poke16(&im, AT_LOWEST_EFUSE, 65535);
    esp_resum(&im);
    passes(&im);
    poke16(&im, AT_LOWEST_EFUSE, 65534);
    esp_resum(&im);
    fails(&im, "esp-revision");
    image_free(&im);
}

// The ESP32 is not asked for those of its eFuse blocks.
TEST(efuse_revisions_of_the_esp32)
{
    struct image im = image_load("fixtures/esp_image/good-app-esp32.bin");
    poke16(&im, AT_LOWEST_EFUSE, 200);
    poke16(&im, AT_LOWEST_EFUSE + 2, 100);
    esp_resum(&im);
    passes(&im);
    image_free(&im);
}

// A highest revision below the lowest.
static struct image revisions_turned(const char *name)
{
    struct image im = image_load(name);
    poke16(&im, AT_LOWEST_CHIP, 256 + 44);
    poke16(&im, AT_LOWEST_CHIP + 2, 256 + 43);
    esp_rehash(&im);
    return im;
}

TEST(chip_revisions)
{
    struct image im = revisions_turned(RCP_APP);
    fails(&im, "esp-revision");
    image_free(&im);
    im = revisions_turned("fixtures/rcp_build/bootloader/bootloader.bin");
    passes(&im);
    image_free(&im);
    // 0 and 65535 stand for no highest one.
    for (unsigned none = 0; none <= UINT16_MAX; none += UINT16_MAX) {
        im = revisions_turned(RCP_APP);
        poke16(&im, AT_LOWEST_CHIP + 2, none);
        esp_rehash(&im);
        passes(&im);
        image_free(&im);
    }
}

// ---- The description ----------------------------------------------------------------------------

// An app of one segment, with that much of the description and text behind it.
static struct image app_of(size_t length)
{
    struct image im = image_load(RCP_APP); // an ESP32-H2, whose bootloader wants one
    size_t n = AT_DESC + length, padded = n / 16 * 16 + 16;
    memset(im.p + n, 0, padded - n);
    im.n = padded + 32;
    poke8(&im, AT_SEGMENT_COUNT, 1);
    poke32(&im, AT_FIRST_SEGMENT + 4, (uint32_t)length);
    esp_resum(&im);
    return im;
}

// Of one segment: nothing but the description is asked for.
static void verify_alone(const struct image *im, const char *check, bool wanted)
{
    image_save(im, "image.bin");
    bool said = says(expect(1, "verify image.bin")->err, check);
    want(said == wanted, "of %zu bytes, %s is%s said", im->n, check, said ? "" : " not");
}

// Up to ESP-IDF 6.1, of the description in segment 0 only the magic is looked for there.
TEST(a_description_is_whole_or_none)
{
    static const size_t enough[] = {256, 260, 272}, too_short[] = {4, 8, 80, 112, 252};
    for (size_t i = 0; i < COUNT(enough); i++) {
        struct image im = app_of(enough[i]);
        verify_alone(&im, "\\[app-segment\\]$", false);
        image_free(&im);
    }
    for (size_t i = 0; i < COUNT(too_short); i++) {
        struct image im = app_of(too_short[i]);
        verify_alone(&im, "\\[app-desc\\]$", false);
        verify_alone(&im, "warning: segment 0 has .* \\[app-segment\\]$", true);
        (void)expect(1, "verify image.bin --idf v6.2");
        want_err("image.bin: segment 0 has .* \\[app-segment\\]$");
        image_free(&im);
    }
}

// Bootloaders of chips with one size of MMU pages do not look.
TEST(a_description_on_other_chips)
{
    struct image im = image_load("fixtures/esp_image/good-app-esp32s3.bin");
    poke8(&im, AT_DESC, 0);
    esp_resum(&im);
    warns(&im, "app-desc");
    image_free(&im);
}

// It goes on behind the header of segment 1: all its fields are in their places.
TEST(a_description_in_two_segments)
{
    struct image im = image_load("fixtures/esp_image/bad-app-desc-cut.bin");
    warns(&im, "app-segment");
    image_free(&im);
    (void)expect(0, "verify image.bin --idf v6.1");
    (void)expect(1, "verify image.bin --idf v6.2");
    want_err("\\[app-segment\\]$");
    (void)expect(0, "verify image.bin --idf v6.2 --allow app-segment");
}

// Of which a bootloader reads what follows as revisions: here, a lowest of v655.34.
TEST(a_cut_description_that_asks_too_much)
{
    struct image im = image_load("fixtures/esp_image/bad-app-desc-cut.bin");
    poke16(&im, AT_LOWEST_EFUSE, 65534);
    esp_resum(&im);
    image_save(&im, "image.bin");
    image_free(&im);
    (void)expect(1, "verify image.bin");
    want_err("the lowest eFuse block revision is v655.34.*\\[esp-revision\\]$");
}

// Where there is none at all, what bootloaders of ESP-IDF 5.2 and later read; those of the ESP32 do
// not.
TEST(revisions_without_a_description)
{
    static const struct {
        const char *file;
        unsigned min, max;
        bool said;
    } rows[] = {
        {"fixtures/esp_image/good-app-esp32s3.bin", 399, 0, false},
        {"fixtures/esp_image/good-app-esp32s3.bin", 400, 0, true},
        {"fixtures/esp_image/good-app-esp32s3.bin", 65535, 0, false},
        {"fixtures/esp_image/good-app-esp32s3.bin", 2, 1, true},
        {"fixtures/esp_image/good-app-esp32.bin", 400, 0, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image im = image_load(rows[i].file);
        poke8(&im, AT_DESC, 0);
        poke16(&im, AT_LOWEST_EFUSE, rows[i].min);
        poke16(&im, AT_LOWEST_EFUSE + 2, rows[i].max);
        esp_resum(&im);
        image_save(&im, "image.bin");
        image_free(&im);
        bool said = says(expect(0, "verify image.bin")->err, "\\[app-revision\\]$");
        want(said == rows[i].said, "row %zu: app-revision is%s said", i, said ? "" : " not");
        if (rows[i].said) {
            (void)expect(1, "verify image.bin --idf v5.2");
            (void)expect(0, "verify image.bin --idf v5.1.4");
        }
    }
}

// ---- Pages of the MMU ---------------------------------------------------------------------------
// What the app description says; where it says nothing, on chips whose page can be chosen, what
// ESP-IDF chose by the flash size in the header; else 64 KiB.

enum linked { BY_8K, BY_16K, BY_32K, BY_64K, LINKED_COUNT };

// The fixture, whose mapped segments, 0 and 2, are linked for pages of that size and no larger
// ones.
static struct image linked_for(enum linked pages)
{
    static const uint32_t more[LINKED_COUNT] = {0x2000, 0x4000, 0, 0x8000};
    struct image im = image_load("fixtures/esp_image/good-app-esp32c6-idf53.bin");
    size_t place = AT_FIRST_SEGMENT;
    want(u8_at(&im, AT_PAGE) == 0, "the fixture says its page size");
    for (unsigned segment = 0; segment < 3; segment++) {
        if (segment != 1) {
            poke32(&im, place, u32_at(&im, place) + more[pages]);
        }
        place += 8 + u32_at(&im, place + 4);
    }
    return im;
}

static const char letters[] = "8136"; // 8, 16, 32 and 64 KiB

static void pages_are(unsigned chip, unsigned flash_size, unsigned log2, const char *good,
                      const char *bad)
{
    for (unsigned pages = BY_8K; pages < LINKED_COUNT; pages++) {
        struct image im = linked_for(pages);
        poke16(&im, AT_CHIP_ID, chip);
        poke8(&im, AT_FLASH_SIZE, flash_size << 4);
        poke8(&im, AT_PAGE, log2);
        esp_resum(&im);
        image_save(&im, "image.bin");
        bool said = says(run("verify image.bin")->err, "\\[esp-page-align\\]$");
        want(!said || strchr(good, letters[pages]) == NULL,
             "chip %u, flash size %u, page %u: %c "
             "is bad",
             chip, flash_size, log2, letters[pages]);
        want(said || strchr(bad, letters[pages]) == NULL,
             "chip %u, flash size %u, page %u: %c "
             "is good",
             chip, flash_size, log2, letters[pages]);
        image_free(&im);
    }
}

TEST(pages_by_flash_size)
{
    static const unsigned c6 = 13;
    pages_are(c6, 0, 0, "136", "8"); // 1 MB: 16 KiB
    pages_are(c6, 1, 0, "36", "81"); // 2 MB: 32 KiB
    pages_are(c6, 2, 0, "6", "813"); // 4 MB: 64 KiB
    pages_are(c6, 4, 0, "6", "813");
    // What the description says goes first.
    pages_are(c6, 0, 15, "36", "81");
    pages_are(c6, 2, 15, "36", "81");
    pages_are(c6, 0, 16, "6", "813");
    pages_are(c6, 1, 16, "6", "813");
    pages_are(c6, 2, 13, "8136", "");
    pages_are(c6, 2, 14, "136", "8");
    // A size that no MMU has is none.
    pages_are(c6, 2, 12, "6", "813");
    pages_are(c6, 1, 19, "36", "81");
    // 128 and 256 KiB: no segment of the fixture is linked for so much.
    pages_are(c6, 1, 17, "", "8136");
    pages_are(c6, 1, 18, "", "8136");
}

// Chips whose page can be chosen, and two whose page cannot; these map 0x42000000 from flash.
TEST(pages_by_chip)
{
    static const unsigned chosen[] = {12, 13, 16, 20, 25, 28}; // C2 C6 H2 C61 H21 H4
    static const unsigned fixed[] = {5, 9};                    // C3 S3
    for (size_t i = 0; i < COUNT(chosen); i++) {
        pages_are(chosen[i], 1, 0, "36", "1");
    }
    for (size_t i = 0; i < COUNT(fixed); i++) {
        pages_are(fixed[i], 1, 0, "6", "13");
    }
}

UNIT(header)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_flag_but_0_is_a_hash),
        cmocka_unit_test(efuse_revisions),
        cmocka_unit_test(efuse_revisions_of_the_esp32),
        cmocka_unit_test(chip_revisions),
        cmocka_unit_test(a_description_is_whole_or_none),
        cmocka_unit_test(a_description_on_other_chips),
        cmocka_unit_test(a_description_in_two_segments),
        cmocka_unit_test(a_cut_description_that_asks_too_much),
        cmocka_unit_test(revisions_without_a_description),
        cmocka_unit_test(pages_by_flash_size),
        cmocka_unit_test(pages_by_chip),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
