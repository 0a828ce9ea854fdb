// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of delta patches, and each byte of one changed, with its base.
#include "run.h"

#include "smallest.h"

#define UPDATE "fixtures/delta/good-update.bin"
#define LITERALS "fixtures/delta/good-literals.bin"
#define BASE "--base fixtures/esp_image/good-app-esp32c6.bin"

enum { HEADER = 64, SIZE_AT = 65, WINDOW_AT = 67, STREAM_AT = 68 };

static struct image cut_or_longer(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file);
    struct image more = image_fill(0xFF, bytes > im.n ? bytes - im.n : 0);
    image_append(&im, more.p, more.n);
    image_free(&more);
    im.n = bytes;
    return im;
}

// A size in four bytes, which say more than two need.
static struct image with_size(const struct border *b, uint32_t size)
{
    struct image im = image_load(b->file);
    const uint8_t number[] = {(uint8_t)((size & 0x3F) | 0x80), (uint8_t)((size >> 6 & 0x7F) | 0x80),
                              (uint8_t)((size >> 13 & 0x7F) | 0x80), (uint8_t)(size >> 20 & 0x7F)};
    image_splice(&im, SIZE_AT, 2, number, sizeof(number));
    return im;
}

// A size in so many bytes.
static struct image with_long_size(const struct border *b, uint32_t bytes)
{
    static const uint8_t number[] = {0x80, 0x88, 0x80, 0x80, 0x00};
    struct image im = image_load(b->file);
    image_splice(&im, SIZE_AT, 2, number, bytes - 1);
    image_splice(&im, SIZE_AT + bytes - 1, 0, number + 4, 1);
    return im;
}

struct bits {
    struct image im;
    unsigned left; // of its last byte
};

static void put_bits(struct bits *b, unsigned value, unsigned count)
{
    while (count-- > 0) {
        if (b->left == 0) {
            image_append(&b->im, "", 1);
            b->left = 8;
        }
        b->left--;
        b->im.p[b->im.n - 1] |= (uint8_t)((value >> count & 1) << b->left);
    }
}

// A whole patch of so many bytes that are the base's.
static struct image of_unchanged(const struct border *b, uint32_t size)
{
    struct bits bits = {with_size(b, size), 0};
    const uint8_t number[] = {(uint8_t)((size & 0x3F) | 0x80), (uint8_t)((size >> 6 & 0x7F) | 0x80),
                              (uint8_t)((size >> 13 & 0x7F) | 0x80), (uint8_t)(size >> 20 & 0x7F)};
    bits.im.n = STREAM_AT + 2; // whose size takes two bytes more
    put_bits(&bits, 0x100, 9);
    for (size_t i = 0; i < sizeof(number); i++) {
        put_bits(&bits, 0x100U | number[i], 9);
    }
    put_bits(&bits, 0x100, 9);
    for (uint32_t left = size - 1; left > 0;) {
        uint32_t run = left < 128 ? left : 128;
        put_bits(&bits, run - 1, 16);
        left -= run;
    }
    put_bits(&bits, 0x100, 9);
    put_bits(&bits, 0x100, 9);
    return bits.im;
}

// The file itself, or the one that fails.
static struct image good_or_bad(const struct border *b, uint32_t bad)
{
    char name[128];
    (void)snprintf(name, sizeof(name), "fixtures/delta/bad-%s.bin", b->id);
    return image_load(bad != 0 ? name : b->file);
}

// What it makes, or that with another last byte.
static struct image patch_and_new(const struct border *b, uint32_t bad)
{
    struct image made = image_load("fixtures/esp_image/good-app-esp32c6.bin");
    esp_text(&made, AT_VERSION, "1.5.0", 32);
    made.p[made.n - 1] ^= (uint8_t)bad;
    image_save(&made, bad != 0 ? "1.new" : "0.new");
    image_free(&made);
    return image_load(b->file);
}

static const struct border rows[] = {
    {"delta-header", BORDER_FAIL, 4, 5, with_long_size, .file = UPDATE},
    {"delta-kind", BORDER_FAIL, 0x04, 0x14, border_poked, .file = UPDATE, .at = HEADER, .width = 1},
    {"delta-compression", BORDER_FAIL, 0x04, 0x05, border_poked, .file = UPDATE, .at = HEADER,
     .width = 1},
    {"delta-compression", BORDER_FAIL, 0x44, 0x45, border_poked, .file = UPDATE, .at = WINDOW_AT,
     .width = 1},
    {"delta-compression", BORDER_FAIL, 0x44, 0x34, border_poked, .file = UPDATE, .at = WINDOW_AT,
     .width = 1},
    {"delta-whole", BORDER_FAIL, 464, 463, cut_or_longer, .file = LITERALS},
    {"delta-whole", BORDER_FAIL, 512, 513, with_size, .file = UPDATE},
    {"delta-data", BORDER_FAIL, 512, 511, with_size, .file = UPDATE},
    {"delta-trailing", BORDER_WARN, 464, 465, cut_or_longer, .file = LITERALS},
    {"delta-unread", BORDER_NOTE, 0, 1, border_poked, .file = UPDATE, .at = HEADER - 1, .width = 1},
    {"delta-unread", BORDER_NOTE, 0x04, 0x84, border_poked, .file = UPDATE, .at = HEADER,
     .width = 1},
    {"delta-unread", BORDER_NOTE, 0x80, 0xC0, border_poked, .file = UPDATE, .at = SIZE_AT,
     .width = 1},
    {"delta-large", BORDER_FAIL, 16 << 20, (16 << 20) + 1, of_unchanged, .file = UPDATE},
    {"delta-base", BORDER_FAIL, 0, 1, good_or_bad, .words = BASE, .file = UPDATE},
    {"delta-reach", BORDER_FAIL, 0, 1, good_or_bad, .words = BASE, .file = UPDATE},
    {"delta-content", BORDER_FAIL, 0, 1, good_or_bad, .words = BASE, .file = UPDATE},
    {"delta-chip", BORDER_FAIL, 0, 1, good_or_bad, .words = BASE, .file = UPDATE},
    {"delta-new", BORDER_FAIL, 0, 1, patch_and_new, .words = BASE " --new #.new", .file = UPDATE},
};

const struct border_table borders_of_delta = {rows, COUNT(rows)};

TEST(delta_borders)
{
    borders_hold(rows, COUNT(rows));
}

// Wherever one is cut, it does not pass, and that is all that is said of it.
TEST(cut_anywhere)
{
    struct image im = image_load(LITERALS);
    size_t n = im.n;
    for (im.n = 4; im.n < n; im.n += im.n < STREAM_AT + 20 ? 1 : 7) {
        image_save(&im, "cut.bin");
        const char *id = im.n < STREAM_AT ? "delta-header" : "delta-whole";
        want(strcmp(failing(tree("cut.bin")), id) == 0, "cut to %zu bytes", im.n);
        want(strcmp(failing(tree("cut.bin " BASE)), id) == 0, "cut to %zu, with its base", im.n);
    }
    im.n = n;
    image_free(&im);
}

// What no device reads may change; all else shows, with the base: the app that comes of it has a
// SHA-256.
TEST(every_byte_is_looked_at)
{
    struct image im = image_load(LITERALS);
    for (size_t at = 0; at < im.n; at += at < STREAM_AT + 8 ? 1 : 5) {
        bool reserved = at >= 36 && at < HEADER;
        im.p[at] ^= 1;
        image_save(&im, "changed.bin");
        im.p[at] ^= 1;
        const struct run *r = run("verify changed.bin " BASE);
        want(r->status == (reserved ? 0 : 1), "byte %zu: %d", at, r->status);
    }
    image_free(&im);
}

TEST(what_is_said)
{
    const struct run *r = expect(0, "verify " UPDATE " " BASE);
    want(says(r->out, "delta patch, ok"), "verify does not pass it");
    r = expect(0, "inspect " UPDATE);
    want(says(r->out, "content .*not read: needs --base$"), "inspect does not ask for the base");
    want(says(r->out, "base_sha256="), "inspect does not say the base");
    r = expect(2, "verify " UPDATE " --new fixtures/esp_image/good-app-esp32c6.bin");
    want(says(r->err, "give --base, too$"), "new without base");
    r = expect(2, "verify fixtures/esp_image/good-app-esp32c6.bin " BASE);
    want(says(r->err, "no check can use --base"), "a base for an app");
    r = expect(2, "verify " UPDATE " --base " UPDATE);
    want(says(r->err, "a patch is for the app that runs"), "a patch as base");
    r = expect(2, "verify " UPDATE " --base fixtures/esp_image/bad-esp-hash.bin");
    want(says(r->err, "no device runs it"), "a damaged base");
}

UNIT(smallest_delta)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delta_borders),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(every_byte_is_looked_at),
        cmocka_unit_test(what_is_said),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
