// SPDX-License-Identifier: Apache-2.0
//
// Signatures of ESP8266 updates that are made elsewhere: what has to be signed, and by whom; that a
// signature is of other bytes, by another key or in another form is told as what it is.
#include "esp8266_sign.h"

static void want_digest_of(const char *file, bool size)
{
    uint8_t digest[32];
    char line[100];
    struct image im = image_load(file);
    sha256_of(im.p, im.n, digest);
    (void)snprintf(line, sizeof(line), "^digest: %s$", hex_of(digest, sizeof(digest)));
    want_out(line);
    (void)snprintf(line, sizeof(line), "^size: %zu$", im.n);
    image_free(&im);
    if (size) {
        want_out(line);
    }
}

TEST(made_elsewhere)
{
    char file[ITEM_ROOM];
    EACH_ITEM(file, "sketch.bin|sketch.gz")
    {
        expect(0, "sign %s --digest-only --public-key " A " -o data.bin", file);
        want_same(file, "data.bin");
        want_digest_of(file, true);
        want_out("openssl dgst -sha256 -sign");
        want(!says(last_run()->out, "pss"), "that is another padding");
        sign_with("rsa2048.pem", RSA_SHA256, "data.bin");
        expect(0, "sign %s --signature signature.bin --public-key " A " -o signed.bin", file);
        made_by("signed.bin", file, "rsa2048.pem", RSA_SHA256);
    }
    want_same(GOOD "good-gzip-signed.bin", "signed.bin");
    // What has to be signed of a signed one is the same.
    expect(0, "sign " GOOD "good-signed.bin --digest-only --public-key " B);
    want_digest_of("sketch.bin", false);
    sign_with("rsa2048-b.pem", RSA_SHA256, "sketch.bin");
    refuse_sign(1, "--replace", GOOD "good-signed.bin --signature signature.bin --public-key " B);
    expect(0, "sign " GOOD "good-signed.bin --replace --signature signature.bin --public-key " B
              " -o signed.bin");
    made_by("signed.bin", "sketch.bin", "rsa2048-b.pem", RSA_SHA256);
    // The old format: the bare digest.
    expect(0, "sign sketch.bin --scheme esp8266-rsa-legacy --digest-only --public-key " A);
    want_digest_of("sketch.bin", false);
    sign_with("rsa2048.pem", RSA_BARE, "sketch.bin");
    expect(0,
           "sign sketch.bin --scheme esp8266-rsa-legacy --signature signature.bin --public-key " A
           " -o signed.bin");
    want_same(GOOD "good-signed-legacy.bin", "signed.bin");
}

// signature.bin is not for this, and it is said why.
TEST(mistaken_signatures)
{
    static const struct {
        const char *key;
        enum rsa_form form;
        const char *of, *regex, *words;
    } rows[] = {
        {"rsa2048", RSA_SHA256, "unpacked.bin", "unpack|uncompressed|compress", "sketch.gz"},
        {"rsa2048", RSA_SHA256, "sketch.gz", "another key|other bytes", "sketch.bin"},
        {"rsa2048-b", RSA_SHA256, "sketch.bin", "another key", "sketch.bin"},
        {"rsa2048", RSA_SHA256, "digest.bin", "digest of the digest", "sketch.bin"},
        {"rsa2048", RSA_PSS, "sketch.bin", "PSS|PKCS#1", "sketch.bin"},
        {"rsa2048", RSA_BARE, "sketch.bin", "legacy|bare|DigestInfo", "sketch.bin"},
        {"rsa2048", RSA_SHA256, "sketch.bin", "DigestInfo|esp8266-rsa([^-]|$)",
         "sketch.bin --scheme esp8266-rsa-legacy"},
        {"rsa2048", RSA_SHA512, "sketch.bin", "SHA-512|another key|other bytes", "sketch.bin"},
    };
    char key[ITEM_ROOM], words[ITEM_ROOM];
    uint8_t digest[32];
    struct image gz = image_load("sketch.gz"), unpacked = gz_unpack(&gz);
    image_save(&unpacked, "unpacked.bin");
    sha256_of(unpacked.p, unpacked.n, digest); // sketch.bin's
    image_save(&(struct image){digest, sizeof(digest)}, "digest.bin");
    image_free(&gz);
    image_free(&unpacked);
    for (size_t i = 0; i < COUNT(rows); i++) {
        (void)snprintf(key, sizeof(key), KEYS "%s.pem", rows[i].key);
        sign_with(key, rows[i].form, rows[i].of);
        (void)snprintf(words, sizeof(words), "%s --signature signature.bin --public-key " A,
                       rows[i].words);
        refuse_sign(1, rows[i].regex, words);
        want_err("^otapack: .*signature\\.bin");
    }
}

// As `openssl base64` has it: 64 characters a line.
static void base64(const char *from, const char *to)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct image im = image_load(from), text = image_fill(0, 0);
    for (size_t at = 0; at < im.n; at += 3) {
        size_t n = im.n - at < 3 ? im.n - at : 3;
        uint32_t three = 0;
        for (size_t i = 0; i < 3; i++) {
            three = three << 8 | (i < n ? im.p[at + i] : 0u);
        }
        for (size_t i = 0; i < 4; i++) {
            image_append(&text, i <= n ? &digits[three >> (18 - 6 * i) & 63] : "=", 1);
        }
        if (at % 48 == 45 || at + 3 >= im.n) {
            image_append(&text, "\n", 1);
        }
    }
    image_save(&text, to);
    image_free(&text);
    image_free(&im);
}

// Signed and then padded, or with the length of signing.py behind it, or as text.
TEST(signatures_of_another_size)
{
#define ELSEWHERE(file) "sketch.bin --signature " file " --public-key " A
    sign_with(KEYS "rsa3072-a.pem", RSA_SHA256, "sketch.bin");
    refuse_sign(2, "signature\\.bin.*256", ELSEWHERE("signature.bin"));
    sign_with(KEYS "rsa2048.pem", RSA_SHA256, "sketch.bin");
    struct image im = image_load("signature.bin");
    image_append(&im, "\0\1\0\0", 4);
    image_save(&im, "long.sig");
    im.n = 0;
    image_save(&im, "empty.sig");
    image_free(&im);
    refuse_sign(2, "long\\.sig.*(256|length)", ELSEWHERE("long.sig"));
    refuse_sign(2, "empty\\.sig.*256", ELSEWHERE("empty.sig"));
    base64("signature.bin", "text.sig");
    refuse_sign(2, "text\\.sig", ELSEWHERE("text.sig"));
}

UNIT(esp8266_detached)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_elsewhere),
        cmocka_unit_test(mistaken_signatures),
        cmocka_unit_test(signatures_of_another_size),
    };
    return cmocka_run_group_tests(tests, sign_begin, run_end);
}
