// SPDX-License-Identifier: Apache-2.0
//
// Data with signatures of their own: 0xFF up to a multiple of 4096, and a sector as an app has it,
// which is the last whole one. There is no magic; what says what it is stays what it is.
#include "product.h"

#include <string.h>
#include <zlib.h>

#include "../unit/scratch.h"

#define KEYS "fixtures/keys/"
#define DATA "--scheme secure-boot-v2-data"
#define P256 "fixtures/signed_data/good-ecdsa-p256-x2.bin"
enum { SECTOR = 4096, BLOCK = 1216, AT_IMAGE_DIGEST = 4, AT_CRC = 1196 };

static struct image noise(size_t n)
{
    struct image im = image_fill(0, n);
    uint32_t x = 1;
    for (size_t i = 0; i < n; i++) {
        x = x * 1103515245u + 12345u;
        poke8(&im, i, x >> 16 & 0xFF);
    }
    poke8(&im, 0, 0x42); // no magic
    return im;
}

static void take_keys(void)
{
    char name[ITEM_ROOM];
    EACH_ITEM(name, "rsa3072-a|ecdsa-p256-a|ecdsa-p256-b|ecdsa-p384-a|ecdsa-p192-a")
    {
        take_key(name);
    }
}

static bool is_signed(const char *file)
{
    return strcmp(text_at(tree("%s", file), "format"), "signed_data") == 0;
}

// signed.bin is data.bin, padded, and a sector with a block that holds their digest.
static void want_layout(const struct image *data, const char *key)
{
    struct image signed_ = image_load("signed.bin"), padded = image_copy(data);
    uint8_t digest[DIGEST_MOST];
    bool wide = strstr(key, "384") != NULL;
    while (padded.n % SECTOR != 0) {
        image_append(&padded, "\xFF", 1);
    }
    image_save(&padded, "padded.bin");
    want(signed_.n == padded.n + SECTOR, "it has %zu bytes", signed_.n);
    assert_memory_equal(signed_.p, padded.p, padded.n);
    if (wide) {
        sha384_of(padded.p, padded.n, digest);
    } else {
        sha256_of(padded.p, padded.n, digest);
    }
    want(u8_at(&signed_, padded.n) == 0xE7 &&
             memcmp(signed_.p + padded.n + AT_IMAGE_DIGEST, digest, wide ? 48 : 32) == 0,
         "the block holds another digest");
    for (size_t i = padded.n + BLOCK; i < signed_.n; i++) {
        want(u8_at(&signed_, i) == 0xFF, "there is something at %zu", i);
    }
    (void)expect(0, "extract signed.bin data -o part.bin");
    want_same("padded.bin", "part.bin");
    image_free(&signed_);
    image_free(&padded);
}

static void want_signed_by(const char *key)
{
    const json_t *root = tree("signed.bin");
    want(text_is(root, "format", "signed_data") &&
             number_at(root, "parts.signatures[0].offset") == number_at(root, "size") - SECTOR,
         "it is no signed data");
    (void)expect(0, "verify signed.bin --require-signed --key " KEYS "%s.pub.pem", key);
    want_no_err();
    (void)expect(1, "verify signed.bin --key " KEYS "ecdsa-p256-c.pub.pem");
}

TEST(each_key_and_size)
{
    static const size_t sizes[] = {1, 4095, 4096, 4097, 12288};
    take_keys();
    char key[ITEM_ROOM];
    EACH_ITEM(key, "rsa3072-a|ecdsa-p256-a|ecdsa-p384-a")
    {
        for (size_t i = 0; i < COUNT(sizes); i++) {
            struct image data = noise(sizes[i]);
            image_save(&data, "data.bin");
            (void)expect(0, "sign data.bin " DATA " --key %s.pem -o signed.bin", key);
            want_signed_by(key);
            want_layout(&data, key);
            if (strncmp(key, "ecdsa", 5) == 0) { // RSA has a salt
                (void)expect(0,
                             "compat espsecure sign_data --version 2 --keyfile %s.pem "
                             "-o other.bin data.bin",
                             key);
                want_same("signed.bin", "other.bin");
            }
            image_free(&data);
        }
    }
    (void)expect(2, "sign data.bin " DATA " --key ecdsa-p192-a.pem -o never.bin");
    want_err("no key for signed data");
    want_no_file("never.bin");
}

// The smallest that there are: a sector of data and one of signatures.
TEST(the_smallest)
{
    struct image im = image_load("fixtures/signed_data/good-ecdsa-p384.bin");
    assert_int_equal(im.n, 2 * SECTOR);
    image_save(&im, "a.bin");
    (void)expect(0, "verify a.bin --key " KEYS "ecdsa-p384-a.pub.pem");
    image_splice(&im, im.n - 1, 1, NULL, 0);
    image_save(&im, "a.bin");
    (void)expect(1, "verify a.bin");
    want_err("\\[known-format\\]$");
    image_append(&im, "\xFF", 1);
    image_splice(&im, 0, SECTOR, NULL, 0);
    image_save(&im, "a.bin");
    (void)expect(1, "verify a.bin");
    want_err("\\[known-format\\]$");
    text_file("empty.bin", "%s", "");
    take_keys();
    (void)expect(1, "sign empty.bin " DATA " --key ecdsa-p256-a.pem -o never.bin");
    want_no_file("never.bin");
    image_free(&im);
}

// Any byte of data, digest or signature that is another one.
TEST(what_was_changed)
{
    static const struct {
        size_t at;
        bool with_crc;
        const char *check; // NULL: no signed data any more
    } rows[] = {{0, false, "sig-digest"},
                {SECTOR - 1, false, "sig-digest"},
                {SECTOR + AT_IMAGE_DIGEST, true, "sig-digest"},
                {SECTOR + 150, true, "sig-signature"},
                {SECTOR + 150, false, NULL},
                {SECTOR, true, NULL},
                {SECTOR + BLOCK + 9, false, "sig-fill"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image im = image_load("fixtures/signed_data/good-ecdsa-p384.bin");
        poke8(&im, rows[i].at, u8_at(&im, rows[i].at) ^ 0x10);
        if (rows[i].with_crc) {
            poke32(&im, SECTOR + AT_CRC, (uint32_t)crc32(0, im.p + SECTOR, AT_CRC));
        }
        image_save(&im, "a.bin");
        want(rows[i].check == NULL ? !is_signed("a.bin")
                                   : strstr(failing(tree("a.bin")), rows[i].check) != NULL,
             "row %zu: %s", i, failing(tree("a.bin")));
        (void)expect(1, "verify a.bin --key " KEYS "ecdsa-p384-a.pub.pem");
        image_free(&im);
    }
}

// Whatever the data are, but for what says itself that it is an image.
TEST(what_is_data)
{
    take_keys();
    char file[ITEM_ROOM];
    EACH_ITEM(
        file,
        "fixtures/partition_table/good-rcp.bin|fixtures/ota_data/good-slot-1.bin|"
        "fixtures/raw/html.bin|fixtures/raw/elf.bin|fixtures/raw/erased.bin|fixtures/raw/zeros.bin|"
        "fixtures/esp8266/good-gzip.bin|" KEYS "ecdsa-p256-a.pub.pem")
    {
        (void)expect(0, "sign %s " DATA " --key ecdsa-p256-a.pem -o signed.bin", file);
        want_signed_by("ecdsa-p256-a");
        (void)expect(2, "sign %s --key ecdsa-p256-a.pem %s -o never.bin", file,
                     strstr(file, "gzip") == NULL ? "" : "--scheme secure-boot-v2");
    }
    char image[ITEM_ROOM];
    EACH_ITEM(image, "fixtures/br/demo_br.bin|fixtures/esp_image/good-bootloader-esp32.bin|"
                     "fixtures/rcp_image/good-with-signed-host.bin|"
                     "fixtures/flash/good-merged-esp32h2.bin|fixtures/matter/good-signed.bin|"
                     "fixtures/esp8266/good-arduino.bin")
    {
        (void)expect(2, "sign %s " DATA " --key ecdsa-p256-a.pem -o never.bin", image);
        want_no_file("never.bin");
    }
}

TEST(blocks)
{
    take_keys();
    struct image data = noise(5000);
    image_save(&data, "data.bin");
    (void)expect(0, "sign data.bin " DATA " --key ecdsa-p256-a.pem -o a.bin");
    (void)expect(1, "sign a.bin --key ecdsa-p256-b.pem -o never.bin");
    want_err("signed already");
    (void)expect(0, "sign a.bin --append --key ecdsa-p256-b.pem -o ab.bin");
    (void)expect(0, "verify ab.bin --key " KEYS "ecdsa-p256-a.pub.pem --key " KEYS
                    "ecdsa-p256-b.pub.pem");
    (void)expect(0, "sign ab.bin --order 1,0 -o ba.bin");
    (void)expect(1, "verify ba.bin --trust first-block --key " KEYS "ecdsa-p256-a.pub.pem");
    (void)expect(0, "sign ab.bin --remove 1 -o again.bin");
    want_same("a.bin", "again.bin");
    (void)expect(0, "sign ab.bin --replace " DATA " --key ecdsa-p256-a.pem -o again.bin");
    want_same("a.bin", "again.bin");
    (void)expect(1, "sign a.bin --remove 0 -o never.bin");
    want_err("otapack extract");
    (void)expect(1, "sign a.bin --append --key rsa3072-a.pem -o never.bin"); // mixed
    (void)expect(2, "sign a.bin --replace --scheme secure-boot-v2 --key ecdsa-p256-a.pem "
                    "-o never.bin");
    want_no_file("never.bin");
    image_free(&data);
}

// A device rounds down to sectors: less than one behind the signatures goes to flash unsigned, and
// of one more the sector is another.
TEST(what_follows)
{
    struct image im = image_load(P256);
    static const struct {
        size_t n;
        uint8_t byte;
        int with_key;
    } rows[] = {{1, 0xFF, 0}, {4095, 0xFF, 0}, {16, 0, 1}, {1, 'x', 1}, {4095, 'x', 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image longer = image_copy(&im), more = image_fill(rows[i].byte, rows[i].n);
        image_append(&longer, more.p, more.n);
        image_save(&longer, "a.bin");
        (void)expect(0, "verify a.bin");
        want_err("\\[data-trailing\\]$");
        (void)expect(rows[i].with_key, "verify a.bin --key " KEYS "ecdsa-p256-b.pub.pem");
        (void)expect(0, "verify a.bin -a data-trailing --key " KEYS "ecdsa-p256-b.pub.pem");
        image_free(&longer);
        image_free(&more);
    }
    struct image sector = image_fill(0xFF, SECTOR);
    image_append(&im, sector.p, sector.n);
    image_save(&im, "a.bin");
    want(!is_signed("a.bin"), "the last sector is another");
    image_free(&sector);
    image_free(&im);
}

// ---- Recipes, and keys elsewhere ----------------------------------------------------------------

TEST(recipes)
{
    take_keys();
    struct image data = noise(5000);
    image_save(&data, "data.bin");
    (void)expect(0, "sign data.bin " DATA " --key ecdsa-p256-a.pem -o signed.bin");
    text_file("r.yaml", "otapack: 1\noutput: made.bin\nimage: data.bin\n"
                        "sign: {scheme: secure-boot-v2-data, keys: [ecdsa-p256-a.pem]}\n");
    (void)expect(0, "build r.yaml");
    want_same("signed.bin", "made.bin");
    text_file("r.yaml", "otapack: 1\noutput: ab.bin\nimage: signed.bin\nsign: {existing: append, "
                        "scheme: secure-boot-v2-data, keys: [ecdsa-p256-b.pem]}\n");
    (void)expect(0, "build r.yaml");
    (void)expect(0, "sign signed.bin --append --key ecdsa-p256-b.pem -o expected.bin");
    want_same("expected.bin", "ab.bin");
    remove_all("parts");
    (void)expect(0, "extract ab.bin --recipe parts");
    (void)expect(0, "build parts/recipe.yaml");
    want_same("ab.bin", "parts/rebuilt.bin");
    char fault[ITEM_ROOM];
    EACH_ITEM(fault, "image: data.bin\nsign: {keys: [k]}|"
                     "image: data.bin\nsign: {scheme: secure-boot-v2, keys: [k]}|"
                     "app: data.bin\nsign: {scheme: secure-boot-v2-data, keys: [k]}")
    {
        text_file("recipe.yaml", "otapack: 1\noutput: never.bin\n%s\n", fault);
        recipe_refused("4:.*", "data");
    }
    image_free(&data);
}

TEST(keys_elsewhere)
{
    take_keys();
    struct image data = noise(5000);
    image_save(&data, "data.bin");
    (void)expect(0, "sign data.bin " DATA " --digest-only -o tbs.bin --public-key " KEYS
                    "ecdsa-p256-a.pub.pem");
    want_out("^size: 8192$");
    want_out("^padding: 3192$");
    want_out("--scheme secure-boot-v2-data --signature");
    (void)expect(0, "sign data.bin " DATA " --key ecdsa-p256-a.pem -o signed.bin");
    want_layout(&data, "ecdsa-p256-a");
    want_same("padded.bin", "tbs.bin");
    struct image im = image_load("signed.bin");
    uint8_t signature[64]; // r and s, little-endian in the block
    for (size_t i = 0; i < 64; i++) {
        signature[i] = im.p[2 * SECTOR + 101 + (i < 32 ? 31 - i : 95 - i)];
    }
    file_write("signature.bin", signature, sizeof(signature));
    (void)expect(0, "sign data.bin " DATA " --signature signature.bin --public-key " KEYS
                    "ecdsa-p256-a.pub.pem -o other.bin");
    want_same("signed.bin", "other.bin");
    image_free(&im);
    image_free(&data);
}

UNIT(signed_data)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_key_and_size),
                                       cmocka_unit_test(the_smallest),
                                       cmocka_unit_test(what_was_changed),
                                       cmocka_unit_test(what_is_data),
                                       cmocka_unit_test(blocks),
                                       cmocka_unit_test(what_follows),
                                       cmocka_unit_test(recipes),
                                       cmocka_unit_test(keys_elsewhere)};
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
