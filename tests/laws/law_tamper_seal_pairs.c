// SPDX-License-Identifier: Apache-2.0
//
// A signed application that vouches for the other images of a Matter bundle, or for a
// co-processor's firmware, as attackers leave it, who have no key: every bit counts, also where the
// digests in a table are made right again; and nothing of another sealed bundle is taken in place
// of its own.
#include "tamper.h"

#include "run.h"

#define KEY "fixtures/keys/rsa3072-a"
#define ASKED "verify -q --key " KEY ".pub.pem --require-seal "
#define BUNDLE "fixtures/rcp_seal/good-bundle-signed.bin"
#define HOST "fixtures/rcp_seal/good-hosted-signed.bin"
#define FIRMWARE "fixtures/hosted/firmware.bin"
enum { STEP = 503, BLOCK = 1216, SECTOR = 4096, IMAGES = 3, APPLICATION = 2 };

static int taken(const struct image *im)
{
    image_save(im, "changed.bin");
    return run(ASKED "changed.bin")->status == 0;
}

static size_t entry_of(unsigned i)
{
    return 8 + 48 * (size_t)i;
}

// As who changes an image writes its new digest into the table.
static void redo_digest(struct image *im, unsigned i)
{
    size_t entry = entry_of(i);
    sha256_of(im->p + u32_at(im, entry + 8), u32_at(im, entry + 12), im->p + entry + 16);
}

// All but the rest of the sector, which is 0xFF anyway. Bytes of an image once as they are, once
// with their digest.
static void try_bit(struct image *im, size_t bit)
{
    struct image mixed = image_copy(im);
    mixed.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    if (taken(&mixed)) {
        complain("bit %zu of byte 0x%zx is nobody's", bit % 8, bit / 8);
    }
    for (unsigned i = 0; i < IMAGES; i++) {
        size_t at = u32_at(im, entry_of(i) + 8), end = at + u32_at(im, entry_of(i) + 12);
        if (bit / 8 >= at && bit / 8 < end) {
            redo_digest(&mixed, i);
            if (taken(&mixed)) {
                complain("bit %zu of byte 0x%zx of image %u is nobody's, with its digest", bit % 8,
                         bit / 8, i);
            }
        }
    }
    image_free(&mixed);
}

TEST(every_bit_of_a_bundle_counts)
{
    struct image im = image_load(BUNDLE);
    unsigned tried = 0;
    assert_true(taken(&im));
    for (size_t bit = 0; bit < 8 * (im.n - SECTOR + BLOCK); bit++) {
        if (tamper_turn(STEP)) {
            try_bit(&im, bit);
            tried++;
        }
    }
    want(tried > 170, "%u bits were tried", tried);
    image_free(&im);
    complaints_end();
}

// A bundle of images of the same sizes, signed with the same key.
static struct image other_bundle(void)
{
    struct image other = image_load(BUNDLE);
    expect(0, "extract " BUNDLE " application -o signed-app.bin");
    expect(0, "sign -q signed-app.bin --remove 0 -o app.bin");
    for (unsigned i = 0; i < APPLICATION; i++) {
        size_t at = u32_at(&other, entry_of(i) + 8), n = u32_at(&other, entry_of(i) + 12);
        struct image part = {other.p + at, n};
        if (i == 0) { // behind the end of the partition table: bytes that no check looks at
            part.p[u32_at(&part, 12 * 4 + 8) + u32_at(&part, 12 * 4 + 4) - 1] = 0xFE;
        } else {
            part.p[n / 2] ^= 1;
        }
        image_save(&part, i == 0 ? "radio.bin" : "other.bin");
    }
    image_free(&other);
    FILE *f = fopen("other.yaml", "w");
    assert_non_null(f);
    (void)fputs("otapack: 1\nmatter_bundle:\n"
                "  - {id: rcp, version: 7, file: radio.bin}\n"
                "  - {id: 0x100, version: 7, file: other.bin}\n"
                "  - {id: 1, version: 2, seal: required, app: app.bin, sign: {keys: [" KEY
                ".pem]}}\n",
                f);
    assert_int_equal(fclose(f), 0);
    expect(0, "build -q other.yaml -o other-bundle.bin");
    return image_load("other-bundle.bin");
}

// With the table's entry of it, too: all that the table says of it is right.
static void try_mixed(const struct image *im, const struct image *from, unsigned i)
{
    struct image mixed = image_copy(im);
    size_t at = u32_at(im, entry_of(i) + 8), n = u32_at(im, entry_of(i) + 12);
    assert_int_equal(u32_at(from, entry_of(i) + 8), at);
    assert_int_equal(u32_at(from, entry_of(i) + 12), n);
    want(memcmp(im->p + at, from->p + at, n) != 0, "image %u is the same in both", i);
    image_put(&mixed, at, from->p + at, n);
    image_put(&mixed, entry_of(i), from->p + entry_of(i), 48);
    if (taken(&mixed)) {
        complain("image %u of another bundle is taken", i);
    }
    image_free(&mixed);
}

TEST(nothing_of_another_sealed_bundle)
{
    struct image im = image_load(BUNDLE), other = other_bundle();
    assert_true(taken(&other));
    assert_int_equal(im.n, other.n);
    for (unsigned i = 0; i < IMAGES; i++) {
        try_mixed(&im, &other, i);
        try_mixed(&other, &im, i);
    }
    image_free(&im);
    image_free(&other);
    complaints_end();
}

// An image more, or one less, whose table is right.
TEST(as_many_images_as_were_sealed)
{
    struct image im = image_load(BUNDLE), fewer = image_copy(&im);
    size_t gone = u32_at(&im, entry_of(1) + 12), from = u32_at(&im, entry_of(1) + 8);
    fewer.p[4] = 2;
    image_put(&fewer, entry_of(1), im.p + entry_of(APPLICATION), 48);
    memmove(fewer.p + entry_of(2), im.p + entry_of(3), from - entry_of(3));
    memmove(fewer.p + from - 48, im.p + from + gone, im.n - from - gone);
    fewer.n = im.n - 48 - gone;
    poke32(&fewer, entry_of(0) + 8, (uint32_t)entry_of(2));
    poke32(&fewer, entry_of(1) + 8, (uint32_t)(from - 48));
    image_save(&fewer, "fewer.bin");
    const struct run *r = run("verify fewer.bin --allow rcp-seal");
    want(r->status == 0, "it is wrong for something else, too: %s", r->err);
    if (taken(&fewer)) {
        complain("a bundle with an image less is taken");
    }
    image_free(&im);
    image_free(&fewer);
    complaints_end();
}

// ---- A co-processor's firmware ------------------------------------------------------------------

static int sent(const struct image *im)
{
    image_save(im, "sent.bin");
    return run(ASKED HOST " --coprocessor sent.bin")->status == 0;
}

TEST(every_bit_of_a_firmware_counts)
{
    struct image im = image_load(FIRMWARE);
    assert_true(sent(&im));
    for (size_t bit = 0; bit < 8 * im.n; bit++) {
        if (tamper_turn(STEP)) {
            im.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
            if (sent(&im)) {
                complain("bit %zu of byte 0x%zx of the firmware is nobody's", bit % 8, bit / 8);
            }
            im.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    im.n--;
    if (sent(&im)) {
        complain("a firmware that is a byte shorter is taken");
    }
    im.n++;
    struct image longer = image_load("fixtures/hosted/signed.bin");
    if (sent(&longer)) {
        complain("a firmware with more behind it is taken");
    }
    image_free(&im);
    image_free(&longer);
    complaints_end();
}

TEST(every_bit_of_its_host_counts)
{
    struct image im = image_load(HOST);
    for (size_t bit = 0; bit < 8 * (im.n - SECTOR + BLOCK); bit++) {
        if (tamper_turn(STEP)) {
            im.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
            image_save(&im, "host.bin");
            if (run(ASKED "host.bin --coprocessor " FIRMWARE)->status == 0) {
                complain("bit %zu of byte 0x%zx of the host is nobody's", bit % 8, bit / 8);
            }
            im.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    image_free(&im);
    complaints_end();
}

UNIT(tamper_seal_pairs)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_of_a_bundle_counts),
        cmocka_unit_test(nothing_of_another_sealed_bundle),
        cmocka_unit_test(as_many_images_as_were_sealed),
        cmocka_unit_test(every_bit_of_a_firmware_counts),
        cmocka_unit_test(every_bit_of_its_host_counts),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
