// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of Matter's header, and of what is in its payload.
#include "matter_image.h"
#include "product.h"

#include "smallest.h"

#define HTTPS "68747470733a2f2f" // "https://"
#define PATCH "fixtures/delta/good-update.bin"
#define RCP "fixtures/rcp_image/good-rcp-only.bin"
#define MERGED "fixtures/flash/good-merged-esp32h2.bin"
#define BOOT "fixtures/esp_image/good-bootloader-esp32s3.bin"
#define APP "app.bin"
#define RAW "raw.bin"

enum { SETTINGS = 700, LETTERS = 300 };

// The header around this payload, with settings that have the value, in hex, for each #.
static struct image around(const char *payload, const char *settings, uint32_t value)
{
    char text[SETTINGS] = "";
    size_t n = 0;
    for (const char *c = settings; *c != '\0'; c++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, *c == '#' ? "%" PRIx32 : "%c",
                              *c == '#' ? value : (uint32_t)(unsigned char)*c);
        assert_true(n < sizeof(text));
    }
    struct image bytes = image_load(payload), im = matter_image(&bytes, text);
    image_free(&bytes);
    return im;
}

// A row's words for the header stand where its file would.
static struct image with(const struct border *b, uint32_t value)
{
    return around(APP, b->file, value);
}

// A patch, which has no version to compare.
static struct image with_patch(const struct border *b, uint32_t value)
{
    return around(PATCH, b->file, value);
}

static struct image with_or_without(const struct border *b, uint32_t is)
{
    return around(APP, is ? b->file : "", 0);
}

static struct image with_letters(const struct border *b, uint32_t count)
{
    char settings[SETTINGS], letters[LETTERS + 1];
    memset(letters, 'a', sizeof(letters));
    (void)snprintf(settings, sizeof(settings), "%s%.*s", b->file, (int)(count - b->at), letters);
    return around(b->at == 0 ? PATCH : APP, settings, 0);
}

static struct image with_payload(const struct border *b, uint32_t other)
{
    return around(other ? b->file : APP, "", 0);
}

static struct image cut_by(const struct border *b, uint32_t bytes)
{
    struct image im = with(b, 0);
    im.n -= bytes;
    return im;
}

// The last byte of the digest, which the structure's end follows.
static struct image with_digest(const struct border *b, uint32_t bits)
{
    struct image im = with(b, 0);
    size_t at = MATTER_FIXED + u32_at(&im, 12) - 2;
    poke8(&im, at, u8_at(&im, at) ^ bits);
    return im;
}

static const struct border rows[] = {
    {"matter-header", BORDER_FAIL, 256, 257, .make = with_letters, .file = "url=https://", .at = 8},
    {"matter-header", BORDER_FAIL, 64, 65, .make = with_letters,
     .file = "software_version_string="},
    {"matter-ids", BORDER_FAIL, 1, 0, .make = with, .file = "vendor_id=#"},
    {"matter-ids", BORDER_FAIL, 1, 0, .make = with, .file = "product_id=#"},
    {"matter-version-zero", BORDER_WARN, 1, 0, .make = with, .file = "software_version=#"},
    {"matter-version-string", BORDER_FAIL, 1, 0, .make = with_letters,
     .file = "software_version_string="},
    {"matter-version-string", BORDER_FAIL, 0x7E, 0x7F, .make = with_patch, .file = "text=31#"},
    {"matter-version-string", BORDER_FAIL, 0xBF, 0xC0, .make = with_patch, .file = "text=c3#"},
    {"matter-release-notes", BORDER_FAIL, 0x7E, 0x7F, .make = with, .file = "url_text=" HTTPS "#"},
    {"matter-release-notes", BORDER_FAIL, 0, 1, .make = with_or_without, .file = "url="},
    {"matter-release-notes-https", BORDER_WARN, 3, 2, .make = with,
     .file = "url_text=687474707#3a2f2f61"},
    {"matter-range", BORDER_FAIL, 1, 2, .make = with, .file = "min=#"},
    {"matter-range", BORDER_FAIL, 1, 2, .make = with, .file = "max=#"},
    {"matter-range", BORDER_FAIL, 2, 3, .make = with, .file = "software_version=9|min=#|max=2"},
    {"matter-size", BORDER_FAIL, 4621, 4622, .make = with, .file = "total_size=0x#"},
    {"matter-bounds", BORDER_FAIL, 0, 1, .make = cut_by, .file = ""},
    {"matter-trailing", BORDER_FAIL, 0, 1, .make = with_or_without, .file = "trailing=ff"},
    {"matter-digest-type", BORDER_FAIL, 1, 0, .make = with, .file = "8=24080#"},
    {"matter-digest-type", BORDER_FAIL, 12, 13, .make = with, .file = "type=12|8=24080#",
     .takes = "sha3_512"},
    {"matter-digest", BORDER_FAIL, 0, 1, .make = with_digest, .file = ""},
    {"matter-digest-short", BORDER_WARN, 1, 2, .make = with, .file = "type=#"},
    {"matter-elements", BORDER_WARN, 0, 1, .make = with_or_without, .file = "extra=240a07"},
    {"matter-elements", BORDER_WARN, 0, 1, .make = with_or_without, .file = "behind=00"},
    {"matter-payload", BORDER_WARN, 0, 1, .make = with_payload, .file = RAW},
    {"matter-version-match", BORDER_FAIL, 0x30, 0x31, .make = with, .file = "text=322e#"},
    {"matter-host", BORDER_FAIL, 0, 1, .make = with_payload, .file = RCP},
    {"slot-content", BORDER_FAIL, 0, 1, .make = with_payload, .file = BOOT},
    {"slot-content", BORDER_FAIL, 0, 1, .make = with_payload, .file = MERGED},
    {"slot-content", BORDER_FAIL, 0, 1, .make = with_payload, .file = "fixtures/uf2/good-app.bin"},
    {"slot-content", BORDER_FAIL, 0, 1, .make = with_payload,
     .file = "fixtures/intel_hex/good-app.bin"},
    {"slot-content", BORDER_FAIL, 0, 1, .make = with_payload, .file = "fixtures/raw/elf.bin"},
};

const struct border_table borders_of_matter = {rows, COUNT(rows)};

TEST(matter_borders)
{
    borders_hold(rows, COUNT(rows));
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    struct image raw = image_fill(0x5A, 100);
    demo_app(APP, "2.0");
    image_save(&raw, RAW);
    image_free(&raw);
    return 0;
}

UNIT(smallest_matter)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matter_borders),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
