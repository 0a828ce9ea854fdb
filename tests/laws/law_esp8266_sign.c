// SPDX-License-Identifier: Apache-2.0
//
// sign and verify of ESP8266 updates: what openssl and signing.py make and verify, the old format,
// keys that are not the one; each mistake that people make is told in a line that says what to do.
#include "esp8266_sign.h"

#define REAL "vectors/esp8266/"

struct refused {
    int status;
    const char *regex, *words;
};

static void refuse_all(const struct refused *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        refuse_sign(rows[i].status, rows[i].regex, rows[i].words);
    }
}

// ---- Signing ------------------------------------------------------------------------------------

TEST(signing)
{
    char file[ITEM_ROOM];
    expect(2, "sign " GOOD "good-v2.bin --key rsa2048.pem -o signed.bin");
    want_err("v2.bin: .*no .*ESP8266 update"); // the Arduino core takes no first byte of 0xEA
    EACH_ITEM(file, "sketch.bin|sketch.gz|v1.bin")
    {
        copy_file(file, "before.bin", 0644);
        expect(0, "sign %s --scheme esp8266-rsa --key rsa2048.pem -o signed.bin", file);
        made_by("signed.bin", file, "rsa2048.pem", RSA_SHA256);
        want_same("before.bin", file);
        expect(0, "verify signed.bin --key " A);
        want_out(", ok, ");
        // The scheme is known from what is signed.
        expect(0, "sign %s --key rsa2048.pem -o again.bin", file);
        want_same("signed.bin", "again.bin");
    }
    expect(0, "sign sketch.bin --scheme esp8266-rsa-legacy --key rsa2048.pem -o legacy.bin");
    made_by("legacy.bin", "sketch.bin", "rsa2048.pem", RSA_BARE);
    want_same(GOOD "good-signed-legacy.bin", "legacy.bin");
    expect(0, "sign sketch.bin --key rsa3072-a.pem -o signed.bin");
    made_by("signed.bin", "sketch.bin", "rsa3072-a.pem", RSA_SHA256);
}

// Other sizes of RSA, which the core takes too.
TEST(other_sizes)
{
    static const unsigned sizes[] = {1024, 4096};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        rsa_make_key(sizes[i], "made");
        expect(0, "sign sketch.bin --key made.pem -o signed.bin");
        made_by("signed.bin", "sketch.bin", "made.pem", RSA_SHA256);
        expect(0, "verify signed.bin --key made.pub.pem");
    }
}

TEST(in_place)
{
    copy_file("sketch.bin", "inplace.bin", 0644);
    expect(0, "sign inplace.bin --key rsa2048.pem");
    want_same(GOOD "good-signed.bin", "inplace.bin");
    // The key is not the output.
    expect(2, "sign sketch.bin --key rsa2048.pem -o rsa2048.pem");
    want_same(KEYS "rsa2048.pem", "rsa2048.pem");
}

TEST(encrypted_key)
{
    take_key("rsa3072-a.encrypted");
    expect(0, "sign sketch.bin --key rsa3072-a.encrypted.pem --passphrase-file " KEYS
              "passphrase.txt -o signed.bin");
    want_same(GOOD "good-signed-rsa3072.bin", "signed.bin");
}

// Signed already: --replace takes the signature's place; without it nothing happens.
TEST(replaced)
{
    refuse_sign(1, "signed already.*--replace", GOOD "good-signed.bin --key rsa2048-b.pem");
    refuse_sign(1, "signed already.*--replace", GOOD "good-gzip-signed.bin --key rsa2048-b.pem");
    expect(0, "sign " GOOD "good-signed.bin --replace --key rsa2048-b.pem -o signed.bin");
    made_by("signed.bin", "sketch.bin", "rsa2048-b.pem", RSA_SHA256);
    expect(0, "sign " GOOD "good-signed.bin --replace --key rsa3072-a.pem -o signed.bin");
    made_by("signed.bin", "sketch.bin", "rsa3072-a.pem", RSA_SHA256);
    expect(0,
           "sign signed.bin --replace --scheme esp8266-rsa-legacy --key rsa2048.pem -o again.bin");
    want_same(GOOD "good-signed-legacy.bin", "again.bin");
    expect(0, "sign " GOOD "good-gzip-signed.bin --replace --key rsa2048.pem -o signed.bin");
    want_same(GOOD "good-gzip-signed.bin", "signed.bin");
}

// ---- Verifying ----------------------------------------------------------------------------------

TEST(verifying)
{
    char file[ITEM_ROOM], key[ITEM_ROOM], regex[ITEM_ROOM + 20];
    EACH_ITEM(file, GOOD "good-signed.bin|" GOOD "good-gzip-signed.bin|" GOOD "good-signed-v1.bin")
    {
        EACH_ITEM(key, A "|rsa2048.pem")
        {
            expect(0, "verify %s --key %s", file, key);
            (void)snprintf(regex, sizeof(regex), "signature.*by %s", key);
            want_out(regex);
            want_out(", ok, ");
        }
        EACH_ITEM(key, B "|" C)
        {
            expect(1, "verify %s --key %s", file, key);
            want_err("^otapack: .+; .+ \\[esp8266-signature\\]$");
            want(!says(last_run()->out, ", ok, "), "it is not");
        }
        // One of several.
        expect(0, "verify %s --key " B " --key " A " --require 1", file);
        expect(1, "verify %s --key " B " --key " A, file);
        expect(1, "verify %s --key " B " --key " C " --require 1", file);
        expect(1, "verify %s --key " B " --key " A " --require 2", file);
        want_err("one signature, as every ESP8266 update, and 2 are asked for");
        expect(2, "verify %s --require-signed", file);
        want_err("nothing without the key; add --key");
    }
    // The same key under two names is one.
    expect(0, "verify " GOOD "good-signed.bin --key " A " --key rsa2048.pem");
}

TEST(verifying_others)
{
    static const struct {
        int status;
        const char *file, *regex;
    } rows[] = {
        {0, "good-signed-legacy.bin", "warning: .+; .+ \\[esp8266-sig-legacy\\]$"},
        {1, "bad-esp8266-sig-legacy-gzip.bin", "\\[esp8266-sig-legacy-gzip\\]$"},
        {1, "bad-esp8266-sig-content.bin", "\\[esp8266-sig-content\\]$"},
        // A signature inside of what is compressed is none.
        {1, "bad-esp8266-sig-inside.bin", "not signed|\\[esp8266-sig-inside\\]"},
    };
    char file[ITEM_ROOM], options[ITEM_ROOM], regex[ITEM_ROOM + 20];
    for (size_t i = 0; i < COUNT(rows); i++) {
        expect(rows[i].status, "verify " GOOD "%s --key " A, rows[i].file);
        want_err(rows[i].regex);
    }
    EACH_ITEM(file, "good-arduino|good-gzip|good-v1")
    {
        EACH_ITEM(options, "--key " A "|--require-signed")
        {
            expect(1, "verify " GOOD "%s.bin %s", file, options);
            want_one_line();
            (void)snprintf(regex, sizeof(regex), "%s\\.bin: .*not signed", file);
            want_err(regex);
        }
    }
}

// What is signed with all that is in it, whatever that is.
static void signed_with_more(const char *file, unsigned fill, const void *bytes, size_t n)
{
    struct image im = image_load(file), more = image_fill((uint8_t)fill, n);
    image_append(&im, bytes != NULL ? bytes : more.p, n);
    image_save(&im, "more.bin");
    struct image all = update_signed(&im, "rsa2048.pem", RSA_SHA256);
    image_save(&all, "more.signed");
    image_free(&all);
    image_free(&more);
    image_free(&im);
}

TEST(more_is_signed)
{
    // What fills the last sector is signed along, if it is there, and no part of the signature.
    signed_with_more(GOOD "good-arduino.bin", 0xFF, NULL, 8192 - 4368);
    expect(0, "verify more.signed");
    expect(0, "verify more.signed --key " A);
    expect(0, "sign more.bin --key rsa2048.pem -o dropped.signed");
    want_same(GOOD "good-signed.bin", "dropped.signed");
    // Other bytes that are signed along are what they are without a signature.
    signed_with_more(GOOD "good-arduino.bin", 0, "\1\2\3\4", 4);
    expect(0, "verify more.signed --key " A);
    want_err("warning: .*\\[esp8266-trailing\\]$");
    want_not_err("sig-length");
    expect(0, "sign more.bin --key rsa2048.pem -o kept.signed");
    want_same("more.signed", "kept.signed");
    // Behind gzip's end, eboot reads the length of what it unpacks to from them.
    signed_with_more(GOOD "good-gzip.bin", 0xFF, NULL, 16);
    expect(1, "verify more.signed --key " A " --allow esp8266-sig-length");
    want_err("\\[gzip-trailing\\]$");
}

TEST(one_bit_anywhere)
{
    static const size_t places[] = {2, 100, 4095, 4367, 4368, 4500, 4623};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct image im = image_load(GOOD "good-signed.bin");
        im.p[places[i]] ^= 16;
        image_save(&im, "bad.bin");
        image_free(&im);
        expect(1, "verify bad.bin --key " A);
        want_err("^otapack: bad\\.bin: .+; .");
        want(!says(last_run()->out, ", ok, "), "changed at %zu, and ok", places[i]);
    }
}

// A key of another kind cannot be the one.
TEST(keys_that_cannot_be)
{
    expect(2, "verify " GOOD "good-signed.bin --key " EC);
    want_one_line();
    want_err("ecdsa-p256-a\\.pub\\.pem: .*RSA.*; .");
    expect(2, "verify " GOOD "good-signed.bin --key missing.pem");
    want_one_line();
}

// ---- Mistakes -----------------------------------------------------------------------------------

TEST(mistakes)
{
    static const char c6[] = "fixtures/esp_image/good-app-esp32c6.bin --key rsa2048.pem";
    static const struct refused rows[] = {
        {2, "ecdsa-p256-a\\.pem.*RSA", "sketch.bin --key ecdsa-p256-a.pem"},
        {2, "ecdsa-p256-a\\.pub\\.pem.*RSA",
         "sketch.bin --signature signature.bin --public-key " EC},
        {2, "one", "sketch.bin --key rsa2048.pem --key rsa2048-b.pem"},
        {2, ".", "sketch.bin --key rsa2048.pem --scheme secure-boot-v2"},
        {2, ".", c6},
        {2, ".", "sketch.bin --append --key rsa2048.pem --scheme esp8266-rsa"},
        {2, ".", GOOD "good-signed.bin --order 0 --scheme esp8266-rsa"},
        {2, "missing\\.pem", "sketch.bin --key missing.pem"},
        {1, "legacy", "sketch.gz --scheme esp8266-rsa-legacy --key rsa2048.pem"},
        {1, "\\[esp8266-flash-size\\]", "sketch.bin --key rsa2048.pem --flash-size 1MB"},
        {1, "\\[esp8266-free-space\\]", "sketch.bin --key rsa2048.pem --free-space 8191"},
    };
    char words[ITEM_ROOM];
    sign_with(KEYS "rsa2048.pem", RSA_SHA256, "sketch.bin");
    refuse_all(rows, COUNT(rows));
    (void)snprintf(words, sizeof(words), "%s --scheme esp8266-rsa", c6);
    refuse_sign(2, ".", words);
}

// What would not pass is not signed: the checks of build are made first.
TEST(bad_images)
{
    char bad[ITEM_ROOM], regex[ITEM_ROOM + 8], words[ITEM_ROOM + 64];
    EACH_ITEM(bad, "esp8266-checksum|gzip-crc|gzip-length|gzip-trailing|gzip-content")
    {
        (void)snprintf(regex, sizeof(regex), "\\[%s\\]", bad);
        (void)snprintf(words, sizeof(words), GOOD "bad-%s.bin --key rsa2048.pem", bad);
        refuse_sign(1, regex, words);
    }
    EACH_ITEM(bad, "gzip-data|gzip-header|esp8266-header")
    {
        (void)snprintf(words, sizeof(words), GOOD "bad-%s.bin --key rsa2048.pem", bad);
        refuse_sign(1, "cannot be signed", words);
    }
}

// Of an odd number of bytes: signed, with a warning.
TEST(odd_sizes)
{
    struct image sketch = image_load("sketch.bin"), gz = gz_pack(&sketch, 6, "a");
    if (gz.n % 4 == 0) {
        image_free(&gz);
        gz = gz_pack(&sketch, 6, "ab");
    }
    want(gz.n % 4 != 0, "no odd number of bytes");
    image_save(&gz, "odd.gz");
    image_free(&gz);
    image_free(&sketch);
    expect(0, "sign odd.gz --key rsa2048.pem -o odd.signed");
    want_err("warning: .+; .+ \\[esp8266-sig-align\\]$");
    made_by("odd.signed", "odd.gz", "rsa2048.pem", RSA_SHA256);
}

// ---- Real files ---------------------------------------------------------------------------------

TEST(real_files)
{
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
        skip();
    }
    char file[ITEM_ROOM];
    copy_file(REAL "arduino_private.key", "private.key", 0600);
    expect(0, "sign " REAL "sketch.bin --scheme esp8266-rsa --key private.key -o signed.bin");
    want_same(REAL "sketch.bin.signed", "signed.bin");
    expect(0,
           "sign " REAL "sketch.bin --scheme esp8266-rsa-legacy --key private.key -o signed.bin");
    want_same(REAL "sketch.bin.legacy_sig", "signed.bin");
    expect(0, "sign " REAL "sketch.bin.gz --key private.key -o signed.bin");
    want_err("\\[esp8266-sig-align\\]$");
    want_same(REAL "sketch.bin.gz.signed", "signed.bin");
    EACH_ITEM(file,
              REAL "sketch.bin.signed|" REAL "sketch.bin.gz.signed|" REAL "sketch.bin.legacy_sig")
    {
        expect(0, "verify %s --key " REAL "arduino_public.key", file);
        expect(1, "verify %s --key " A, file);
        want_err("\\[esp8266-signature\\]$");
    }
    expect(1, "verify " REAL "sketch.bin --key " REAL "arduino_public.key");
    want_err("not signed");
}

UNIT(esp8266_sign)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signing),          cmocka_unit_test(other_sizes),
        cmocka_unit_test(in_place),         cmocka_unit_test(encrypted_key),
        cmocka_unit_test(replaced),         cmocka_unit_test(verifying),
        cmocka_unit_test(verifying_others), cmocka_unit_test(more_is_signed),
        cmocka_unit_test(one_bit_anywhere), cmocka_unit_test(keys_that_cannot_be),
        cmocka_unit_test(mistakes),         cmocka_unit_test(bad_images),
        cmocka_unit_test(odd_sizes),        cmocka_unit_test(real_files),
    };
    return cmocka_run_group_tests(tests, sign_begin, run_end);
}
