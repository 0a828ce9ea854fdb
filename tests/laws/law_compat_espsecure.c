// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure where a sector has good blocks and bad ones: as for a device, one good block by
// the key that was asked for is enough, and what is wrong with others is said. Who adds a signature
// loses no good one.
#include "product.h"

#include <string.h>
#include <zlib.h>

#define KEYS "fixtures/keys/"
#define THREE "fixtures/secure_boot/good-rsa3072-x3.bin"
#define VERIFY "compat espsecure verify_signature -v 2 -k " KEYS "rsa3072-%c.pub.pem a.bin"

enum { SECTOR = 4096, BLOCK = 1216, AT_DIGEST = 4, AT_MODULUS = 36, AT_SIGNATURE = 812 };
enum { AT_CRC = 1196, BLOCKS = 3 };

static size_t block_at(const struct image *im, int i)
{
    return im->n - SECTOR + (size_t)i * BLOCK;
}

// What can be wrong with a block: its magic, the CRC, or, under a CRC that fits, all else.
static const struct damage {
    const char *name;
    size_t at;
    bool fix_crc, is_read;
} damages[] = {
    {"magic", 0, false, false},
    {"crc", AT_CRC, false, false},
    {"digest", AT_DIGEST, true, true},
    {"modulus", AT_MODULUS, true, true},
    {"signature", AT_SIGNATURE, true, true},
};

static void damage(struct image *im, int i, const struct damage *d)
{
    size_t at = block_at(im, i);
    poke8(im, at + d->at, u8_at(im, at + d->at) ^ 0x5A);
    if (d->fix_crc) {
        poke32(im, at + AT_CRC, (uint32_t)crc32(0, im->p + at, AT_CRC));
    }
}

static void want_verified(bool good, int bad, char key)
{
    const struct run *r = run(VERIFY, key);
    want(r->status == (good ? 0 : 1), "with block %d bad and key %c, it exits with %d", bad, key,
         r->status);
    want(says(r->err, good ? "warning: signature block" : "^otapack: a.bin: signature block"),
         "of the bad block nothing is said");
    want(says(r->out, "verification successful using the supplied key [(]RSA[)]") == good,
         "it says something else than its exit status");
    want(says(r->err, "Signature could not be verified with the provided key[.]") == !good,
         "the sentence");
}

// The keys a, b, c have signed in this order.
TEST(another_bad_block_only_warns)
{
    for (size_t d = 0; d < COUNT(damages); d++) {
        for (int bad = 0; bad < BLOCKS; bad++) {
            struct image im = image_load(THREE);
            damage(&im, bad, &damages[d]);
            image_save(&im, "a.bin");
            for (int key = 0; key < BLOCKS; key++) {
                want_verified(key != bad, bad, (char)('a' + key));
            }
            image_free(&im);
        }
    }
}

// Its own block is bad, and there is a good one by it as well.
TEST(a_good_block_by_the_same_key)
{
    for (size_t d = 0; d < COUNT(damages); d++) {
        struct image im = image_load(THREE);
        memcpy(im.p + block_at(&im, 2), im.p + block_at(&im, 0), BLOCK);
        damage(&im, 0, &damages[d]);
        image_save(&im, "a.bin");
        want_verified(true, 0, 'a');
        image_free(&im);
    }
}

// That the image was changed is no matter of one block.
TEST(a_changed_image)
{
    struct image im = image_load(THREE);
    poke8(&im, AT_PROJECT, u8_at(&im, AT_PROJECT) ^ 1);
    image_save(&im, "a.bin");
    for (int key = 0; key < BLOCKS; key++) {
        want_verified(false, 0, (char)('a' + key));
    }
    (void)expect(1, "compat espsecure signature_info_v2 a.bin");
    image_free(&im);
}

// The signature is good, and a device refuses the image for something else: that is said.
TEST(what_else_a_device_refuses)
{
    static const struct {
        const char *file, *key, *says;
    } rows[] = {
        {"fixtures/secure_boot/bad-sig-chip-blocks.bin", "rsa3072-a", "[[]sig-chip[]]$"},
        {"fixtures/secure_boot/bad-sig-chip-blocks.bin", "rsa3072-b", "[[]sig-chip[]]$"},
        {"fixtures/secure_boot/bad-sig-chip.bin", "rsa3072-a", "[[]sig-chip[]]$"},
        {"fixtures/secure_boot/bad-sig-mixed.bin", "ecdsa-p256-a", "[[]sig-mixed[]]$"},
        {"sum.bin", "rsa3072-a", "[[]esp-checksum[]]$"},
    };
    take_key("rsa3072-a");
    (void)expect(0, "sign --quiet --allow esp-checksum --key rsa3072-a.pem -o sum.bin "
                    "fixtures/esp_image/bad-esp-checksum.bin");
    for (size_t i = 0; i < COUNT(rows); i++) {
        (void)expect(0, "compat espsecure verify_signature -v 2 -k " KEYS "%s.pub.pem %s",
                     rows[i].key, rows[i].file);
        want(says(last_run()->err, "^otapack: .*: warning: "), "%s: no warning", rows[i].file);
        want(says(last_run()->err, rows[i].says), "%s: not of that", rows[i].file);
    }
}

// Behind the signatures, where a device writes it and the original takes it for the signatures.
TEST(what_nobody_has_signed)
{
    static const struct {
        const char *file, *words;
        uint8_t fill;
        int status;
    } rows[] = {
        {THREE, "-v 2 -k " KEYS "rsa3072-b.pub.pem", 'x', 1},
        {THREE, "-v 2 -k " KEYS "rsa3072-b.pub.pem", 0, 1},
        {THREE, "-v 2 -k " KEYS "rsa3072-b.pub.pem", 0xFF, 0},
        {"fixtures/secure_boot/good-v1.bin", "-v 1 -k " KEYS "ecdsa-p256-a.pub.pem", 'x', 1},
        {"fixtures/secure_boot/good-v1.bin", "-v 1 -k " KEYS "ecdsa-p256-a.pub.pem", 0xFF, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image im = image_load(rows[i].file), more = image_fill(rows[i].fill, SECTOR);
        image_append(&im, more.p, more.n);
        image_save(&im, "a.bin");
        (void)expect(rows[i].status, "compat espsecure verify_signature %s a.bin", rows[i].words);
        want(says(last_run()->out, "successful|is valid$") == (rows[i].status == 0),
             "it says something else than its exit status");
        want(says(last_run()->err, "[Nn]obody has signed .*esp-trailing") == (rows[i].status == 1),
             "that nobody has signed it");
        image_free(&im);
        image_free(&more);
    }
    (void)expect(1, "compat espsecure signature_info_v2 fixtures/secure_boot/bad-sig-place.bin");
}

// One good block is enough; but a whole one that is of another image is more than a broken one.
TEST(whose_signatures_there_are)
{
    for (size_t d = 0; d < COUNT(damages); d++) {
        for (int bad = 0; bad < BLOCKS; bad++) {
            struct image im = image_load(THREE);
            bool other = damages[d].at == AT_DIGEST;
            damage(&im, bad, &damages[d]);
            image_save(&im, "a.bin");
            const struct run *r = run("compat espsecure signature_info_v2 a.bin");
            want(r->status == (other ? 1 : 0), "%s of block %d: %d", damages[d].name, bad,
                 r->status);
            want(says(r->err, "signature block") && says(r->err, "warning") == !other,
                 "%s of block %d: what is wrong is not said", damages[d].name, bad);
            want(says(r->out, "absent/invalid") == !damages[d].is_read, "it says another number");
            image_free(&im);
        }
    }
}

// Signing again with the key of a broken block, which leaves its place: good ones stay in order.
TEST(adding_keeps_what_is_whole)
{
    char key[ITEM_ROOM];
    EACH_ITEM(key, "rsa3072-a|rsa3072-b|rsa3072-c")
    {
        take_key(key);
    }
    for (int bad = 0; bad < BLOCKS; bad++) {
        for (size_t d = 0; d < 2; d++) {
            char by = (char)('a' + bad);
            struct image im = image_load(THREE);
            damage(&im, bad, &damages[d]);
            image_save(&im, "a.bin");
            (void)expect(0,
                         "compat espsecure sign_data -v 2 --append_signatures -o b.bin "
                         "-k rsa3072-%c.pem -- a.bin",
                         by);
            want(says(last_run()->out, "^2 valid signature block[(]s[)] already present"),
                 "the good ones are not counted");
            want(says(last_run()->out, "now has 3 signature blocks[.]$"), "not three");
            struct image out = image_load("b.bin");
            for (int i = 0, from = 0; i < 2; i++, from++) {
                from += from == bad;
                want(memcmp(out.p + block_at(&out, i), im.p + block_at(&im, from), BLOCK) == 0,
                     "block %d is not what was block %d", i, from);
            }
            (void)expect(0, "verify b.bin --key rsa3072-%c.pem", by);
            image_free(&im);
            image_free(&out);
        }
    }
}

// The same of data, whose end is all that tells of their signatures.
TEST(adding_to_data_keeps_what_is_whole)
{
    char key[ITEM_ROOM];
    EACH_ITEM(key, "rsa3072-a|rsa3072-b|rsa3072-c")
    {
        take_key(key);
    }
    struct image data = image_fill(0x42, 2 * SECTOR);
    image_save(&data, "data.bin");
    (void)expect(0, "compat espsecure sign_data -v 2 -o three.bin -k rsa3072-a.pem rsa3072-b.pem "
                    "rsa3072-c.pem -- data.bin");
    for (int bad = 0; bad < BLOCKS; bad++) {
        for (size_t d = 0; d < 2; d++) {
            struct image im = image_load("three.bin");
            damage(&im, bad, &damages[d]);
            image_save(&im, "a.bin");
            (void)expect(1, "compat espsecure sign_data -v 2 -o c.bin -k rsa3072-a.pem -- a.bin");
            want(says(last_run()->err, "is signed already"), "it is signed as a whole");
            (void)expect(0,
                         "compat espsecure sign_data -v 2 -a -o b.bin -k rsa3072-%c.pem -- a.bin",
                         (char)('a' + bad));
            want(says(last_run()->out, "now has 3 signature blocks[.]$"), "not three");
            image_free(&im);
            for (int i = 0; i < BLOCKS; i++) {
                (void)expect(
                    0, "compat espsecure verify_signature -v 2 -k " KEYS "rsa3072-%c.pub.pem b.bin",
                    (char)('a' + i));
            }
        }
    }
    image_free(&data);
}

// With none left, the image is signed afresh.
TEST(adding_to_broken_blocks_alone)
{
    take_key("rsa3072-b");
    struct image im = image_load("fixtures/secure_boot/bad-sig-crc.bin");
    image_save(&im, "a.bin");
    (void)expect(0, "compat espsecure sign_data -v 2 -a -o b.bin -k rsa3072-b.pem -- a.bin");
    want(says(last_run()->out, "^No valid signature blocks found[.]"), "it is not said");
    want(says(last_run()->out, "now has 1 signature blocks[.]$"), "not one");
    (void)expect(0, "verify b.bin --key rsa3072-b.pem");
    (void)expect(1, "compat espsecure sign_data -v 2 -o c.bin -k rsa3072-b.pem -- a.bin");
    want_no_file("c.bin");
    image_free(&im);
}

// Data of any length: also where a multiple of 4096 and one or two blocks' lengths lie before the
// sector, as in a sector of their own.
TEST(data_without_padding)
{
    static const size_t sizes[] = {1, 100, 4095, 4097, 8192 + BLOCK, 8192 + 2 * BLOCK, 9000};
    take_key("rsa3072-a");
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct image data = image_fill(0x42, sizes[i]);
        image_save(&data, "data.bin");
        (void)expect(0, "compat espsecure sign-data --version 2 --skip-padding --output a.bin "
                        "--keyfile rsa3072-a.pem -- data.bin");
        want(says(last_run()->out, "^Skipping sector padding[.]"), "it does not say so");
        struct image out = image_load("a.bin");
        want(out.n == sizes[i] + SECTOR && memcmp(out.p, data.p, data.n) == 0, "%zu bytes: %zu",
             sizes[i], out.n);
        want(u8_at(&out, sizes[i]) == 0xE7, "no block behind %zu bytes", sizes[i]);
        (void)expect(0, VERIFY " --skip-padding", 'a');
        (void)expect(1, VERIFY " --skip-padding", 'b');
        want(says(last_run()->err, "Signature could not be verified with the provided key[.]"),
             "the sentence");
        (void)expect(1, VERIFY, 'a');
        want(says(last_run()->err, "Invalid datafile[.]"), "the sentence");
        poke8(&out, sizes[i] - 1, 0x43);
        image_save(&out, "a.bin");
        (void)expect(1, VERIFY " --skip-padding", 'a');
        image_free(&data);
        image_free(&out);
    }
}

UNIT(compat_espsecure)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_bad_block_only_warns),
        cmocka_unit_test(a_good_block_by_the_same_key),
        cmocka_unit_test(a_changed_image),
        cmocka_unit_test(what_else_a_device_refuses),
        cmocka_unit_test(what_nobody_has_signed),
        cmocka_unit_test(whose_signatures_there_are),
        cmocka_unit_test(adding_keeps_what_is_whole),
        cmocka_unit_test(adding_to_data_keeps_what_is_whole),
        cmocka_unit_test(adding_to_broken_blocks_alone),
        cmocka_unit_test(data_without_padding),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
