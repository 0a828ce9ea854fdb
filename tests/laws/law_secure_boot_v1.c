// SPDX-License-Identifier: Apache-2.0
//
// Secure Boot v1: 68 bytes right behind the image, whatever follows them, on the chip that knows
// it; and bytes that are no signature. It has no key in it, so that only a key tells whose it is.
#include "product.h"

#include <string.h>

#define V1 "fixtures/secure_boot/good-v1.bin"
#define KEYS "fixtures/keys/"
#define KEY "--key " KEYS "ecdsa-p256-a.pub.pem"
enum { SIZE = 68, NUMBER = 32 };

// The order of P-256: r and s are below it.
static const uint8_t order[NUMBER] = {
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};

// What may stand behind a signed image; does it only fill up?
static const struct behind {
    const char *name;
    size_t n;
    int fill; // -1: text
} behind[] = {
    {"nothing", 0, 0xFF},     {"to 16 bytes", 12, 0xFF},   {"one byte", 1, 0xFF},
    {"zeros", 16, 0},         {"to a sector", 3516, 0xFF}, {"a partition's rest", 64956, 0xFF},
    {"another byte", 1, 'x'}, {"text", 300, -1},           {"a part of old data", 5000, -1}};

static void put_behind(struct image *im, const struct behind *b)
{
    for (size_t i = 0; i < b->n; i++) {
        uint8_t byte = b->fill >= 0 ? (uint8_t)b->fill : (uint8_t) "old firmware "[i % 13];
        image_append(im, &byte, 1);
    }
}

static bool is_seen(const char *file, size_t offset)
{
    const json_t *block = at(tree("%s", file), "parts.signatures[0]");
    return text_is(block, "fields.scheme.value", "secure-boot-v1") &&
           number_at(block, "offset") == (json_int_t)offset && number_at(block, "size") == SIZE;
}

TEST(whatever_follows)
{
    for (size_t i = 0; i < COUNT(behind); i++) {
        const struct behind *b = &behind[i];
        bool fills = b->n == 0 || b->fill == 0xFF; // as erased flash is
        struct image im = image_load(V1);
        size_t end = esp_walk(&im).end;
        put_behind(&im, b);
        image_save(&im, "image.bin");
        want(is_seen("image.bin", end), "with %s behind it, it is not seen", b->name);
        (void)expect(0, "verify image.bin");
        if (b->n > 0 && b->fill != 0xFF) { // behind the signature, not behind the image
            char regex[80];
            (void)snprintf(regex, sizeof(regex), "after the end of the signatures at 0x%zx;",
                           end + SIZE);
            want_err(regex);
        }
        (void)expect(fills ? 0 : 1, "verify image.bin " KEY);
        if (!fills) {
            want_err("nobody has signed .*--allow esp-trailing");
        }
        (void)expect(0, "verify image.bin " KEY " --allow esp-trailing");
        (void)expect(1, "verify image.bin --key " KEYS "ecdsa-p256-b.pub.pem -a esp-trailing");
        poke8(&im, end - 40, u8_at(&im, end - 40) ^ 1); // in the hash, which the signature covers
        image_save(&im, "image.bin");
        (void)expect(1, "verify image.bin " KEY " -a esp-trailing -a esp-hash");
        want_err("no good signature");
        image_free(&im);
    }
}

// What a device with this or that Secure Boot, or with none, takes.
TEST(by_the_device)
{
    (void)expect(0, "verify " V1 " --secure-boot v1");
    (void)expect(1, "verify " V1 " --secure-boot v2");
    want_err("wants a signature of Secure Boot v2.*\\[device-signature\\]$");
    (void)expect(0, "verify " V1 " --secure-boot none");
    (void)expect(1, "verify fixtures/secure_boot/good-esp32-rsa3072.bin --secure-boot v1");
    (void)expect(0, "verify fixtures/secure_boot/good-esp32-rsa3072.bin --secure-boot v2");
}

// Signing again, removing, and taking out of an image find it there, too.
TEST(signed_again)
{
    take_key("ecdsa-p256-a");
    take_key("ecdsa-p256-b");
    struct image im = image_load(V1);
    size_t end = esp_walk(&im).end;
    put_behind(&im, &behind[1]);
    image_save(&im, "padded.bin");
    copy_range(V1, 0, end, "unsigned.bin");
    (void)expect(1, "sign padded.bin --scheme secure-boot-v1 --key ecdsa-p256-b.pem -o out.bin");
    want_err("signed already");
    (void)expect(1, "sign padded.bin --append --key ecdsa-p256-b.pem -o out.bin");
    want_err("stands alone");
    want_no_file("out.bin");
    (void)expect(0, "sign padded.bin --scheme secure-boot-v1 --replace --key ecdsa-p256-a.pem "
                    "-o out.bin");
    want_same(V1, "out.bin");
    (void)expect(0, "sign padded.bin --remove 0 -o out.bin");
    want_same("unsigned.bin", "out.bin");
    (void)expect(0, "sign padded.bin --remove 0 --scheme secure-boot-v1 -o out.bin");
    want_same("unsigned.bin", "out.bin");
    (void)expect(1, "sign padded.bin --remove 1 -o never.bin");
    (void)expect(1, "sign padded.bin --order 0 -o never.bin");
    want_no_file("never.bin");
    (void)expect(0, "extract padded.bin signatures[0] -o signature.bin");
    copy_range(V1, end, SIZE, "expected.bin");
    want_same("expected.bin", "signature.bin");
    image_free(&im);
}

// An app in a merged image brings its signature along, and so does a bootloader.
TEST(in_a_merged_image)
{
    text_file("merged.yaml",
              "otapack: 1\noutput: merged.bin\nflash:\n  size: 2MB\n  parts:\n"
              "    - 0x1000: fixtures/esp_image/good-bootloader-esp32.bin\n"
              "    - 0x8000: fixtures/partition_table/good-rcp.bin\n    - 0x10000: " V1 "\n");
    (void)expect(0, "build merged.yaml");
    const json_t *app = at(tree("merged.bin"), "parts.factory");
    want(text_is(at(app, "parts.signatures[0]"), "fields.scheme.value", "secure-boot-v1"),
         "the app in it is not signed");
    (void)expect(0, "verify merged.bin --part factory " KEY);
    (void)expect(1, "verify merged.bin --part factory --key " KEYS "ecdsa-p256-b.pub.pem");
    (void)expect(0, "extract merged.bin factory -o app.bin");
    want_same(V1, "app.bin");
}

// Other chips do not look. Where the file ends with it somebody meant it, and hears of that.
TEST(other_chips)
{
    struct image im = image_load("fixtures/secure_boot/bad-sig-chip-v1.bin");
    image_save(&im, "image.bin");
    (void)expect(0, "verify image.bin");
    want_err("\\[sig-chip\\]$");
    (void)expect(1, "verify image.bin " KEY);
    want_err("does not count, for sig-chip");
    (void)expect(0, "verify image.bin " KEY " --allow sig-chip");
    put_behind(&im, &behind[1]);
    image_save(&im, "image.bin");
    want(at(tree("image.bin"), "parts.signatures[0]") == NULL, "an ESP32-S3 has v1");
    image_free(&im);
}

// ---- Which 68 bytes are none --------------------------------------------------------------------

// The unsigned image with these behind it, and with more: a signature is seen or not.
static bool taken(const struct image *bare, const uint8_t bytes[SIZE])
{
    struct image im = image_copy(bare);
    image_append(&im, bytes, SIZE);
    image_save(&im, "image.bin");
    bool seen = is_seen("image.bin", bare->n);
    want(seen || at(tree("image.bin"), "parts.signatures") == NULL, "some other signature");
    image_append(&im, "more", 4);
    image_save(&im, "more.bin");
    want(is_seen("more.bin", bare->n) == seen, "it matters what follows");
    (void)expect(1, "verify image.bin --require-signed");
    want_err(seen ? "no key in it" : "is not signed");
    image_free(&im);
    return seen;
}

TEST(bytes_that_are_none)
{
    struct image signed_ = image_load(V1), im = image_copy(&signed_);
    size_t end = esp_walk(&im).end;
    image_splice(&im, end, SIZE, NULL, 0);
    uint8_t good[SIZE], bytes[SIZE];
    memcpy(good, signed_.p + end, SIZE);
    assert_true(taken(&im, good));
    for (size_t i = 0; i < 4; i++) { // the version
        memcpy(bytes, good, SIZE);
        bytes[i] = 1;
        assert_false(taken(&im, bytes));
    }
    for (size_t at = 4; at < SIZE; at += NUMBER) { // r and s: from 1 to the order less 1
        memcpy(bytes, good, SIZE);
        memset(bytes + at, 0, NUMBER);
        assert_false(taken(&im, bytes));
        memcpy(bytes + at, order, NUMBER);
        assert_false(taken(&im, bytes));
        bytes[at + NUMBER - 1]--;
        assert_true(taken(&im, bytes));
        memset(bytes + at, 0xFF, NUMBER);
        assert_false(taken(&im, bytes));
    }
    static const uint8_t fills[] = {0, 0xFF, 'A', 0xA5};
    for (size_t i = 0; i < COUNT(fills); i++) { // what fills up, and all but the version
        memset(bytes, fills[i], SIZE);
        assert_false(taken(&im, bytes));
        memset(bytes, 0, 4);
        assert_false(taken(&im, bytes));
    }
    memcpy(bytes + 4, "error: the partition table has no entry of this type; boot again", SIZE - 4);
    assert_false(taken(&im, bytes));
    image_free(&signed_);
    image_free(&im);
}

UNIT(secure_boot_v1)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_follows), cmocka_unit_test(by_the_device),
        cmocka_unit_test(signed_again),     cmocka_unit_test(in_a_merged_image),
        cmocka_unit_test(other_chips),      cmocka_unit_test(bytes_that_are_none)};
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
