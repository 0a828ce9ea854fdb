// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure generate_flash_encryption_key and digest_private_key: keys of the length that
// was asked for, which only their owner can read, and none is lost.
#include "product.h"

#include <sys/stat.h>

#define GENERATE "compat espsecure generate_flash_encryption_key "
#define DIGEST "compat espsecure digest_private_key "
#define REAL "vectors/flash_encryption/"
#define P256 "fixtures/keys/ecdsa-p256-a.pem"

static void want_mode(const char *name, unsigned mode)
{
    struct stat st;
    assert_int_equal(stat(name, &st), 0);
    want((st.st_mode & 0777) == mode, "%s has mode %o", name, (unsigned)st.st_mode & 0777);
}

struct row {
    int status;
    const char *regex, *words;
};

static void refused(const struct row *rows, size_t count, const char *command)
{
    for (size_t i = 0; i < count; i++) {
        (void)expect(rows[i].status, "%s%s", command, rows[i].words);
        want_no_out();
        want_one_line();
        want_err(rows[i].regex);
        want_no_file("never.bin");
    }
}

// ---- New keys -----------------------------------------------------------------------------------

static void generated(const char *words, size_t bits)
{
    char text[100];
    remove_all("new.bin");
    (void)expect(0, GENERATE "%s new.bin", words);
    (void)snprintf(text, sizeof(text), "Writing %zu random bits to key file \"new.bin\".", bits);
    want_out_is(text);
    want_mode("new.bin", 0600);
    struct image key = image_load("new.bin");
    want(key.n == bits / 8, "%zu bytes", key.n);
    unsigned zeros = 0;
    for (size_t i = 0; i < key.n; i++) {
        zeros += key.p[i] == 0;
    }
    want(zeros < 8, "%u zeros in it", zeros);
    image_free(&key);
}

TEST(new_keys)
{
    char words[ITEM_ROOM];
    generated("", 256);
    want_no_err();
    struct image first = image_load("new.bin");
    EACH_ITEM(words,
              "--keylen 256|-l 256|-l256|--keylen=256|-l=256|--key 256|-l 128 -l 256|-l 0x100")
    {
        generated(words, 256);
        want_no_err();
    }
    struct image second = image_load("new.bin");
    want(memcmp(first.p, second.p, 32) != 0, "the same key again");
    generated("-l 128", 128);
    want_no_err();
    generated("--keylen 192", 192);
    want_no_err();
    generated("--keylen 512", 512);
    want_no_err();
    generated("--keylen 384", 384); // of which the script makes keys, too
    want_one_line();
    want_err("warning: no chip takes a flash encryption key of 384 bits; ");
    const struct run *r = expect(0, "compat espsecure.py generate-flash-encryption-key -l 192 -");
    want(r->out_size == 24, "%zu bytes", r->out_size);
    want_no_err();
    image_free(&first);
    image_free(&second);
}

TEST(no_new_keys)
{
    static const struct row rows[] = {
        {2, "'abc' is not a valid integer; ", "--keylen abc never.bin"},
        {2, "'-256' is not a valid integer; ", "--keylen -256 never.bin"},
        {2, "no key of 0 bits; ", "--keylen 0 never.bin"},
        {2, "no key of 120 bits; ", "--keylen 120 never.bin"},
        {2, "no key of 250 bits; ", "--keylen 250 never.bin"},
        {2, "no key of 520 bits; ", "--keylen 520 never.bin"},
        {2, "no key of 18446744073709551488 bits; ", "--keylen 0xffffffffffffff80 never.bin"},
        {2, "needs a value", "never.bin --keylen"},
        {2, ".", ""},
        {2, ".", "never.bin other.bin"},
        {2, "nofolder", "nofolder/never.bin"},
        {2, "folder: is there already", "folder"},
        {2, "--keyfile", "--keyfile x never.bin"},
    };
    refused(rows, COUNT(rows), GENERATE);
    (void)expect(0, GENERATE "--help");
    want_out("--keylen BITS");
}

// The script writes over a key that a device may have burnt.
TEST(never_over_another)
{
    copy_file("fixtures/keys/ecdsa-p256-a.pub.bin", "old.bin", 0600);
    (void)expect(2, GENERATE "old.bin");
    want_no_out();
    want_one_line();
    want_err("^otapack: old\\.bin: is there already, and a key is not written over; ");
    want_same("fixtures/keys/ecdsa-p256-a.pub.bin", "old.bin");
}

// ---- Of private keys ----------------------------------------------------------------------------

// SHA-256 of the 32 bytes that openssl shows of the key.
static const uint8_t digest[32] = {0x3a, 0x92, 0xc4, 0xf9, 0x93, 0xe8, 0x69, 0x99, 0xc9, 0xd0, 0xbd,
                                   0x1d, 0xb7, 0xbe, 0xa5, 0xc3, 0xcf, 0xb9, 0x44, 0x5e, 0x0f, 0x26,
                                   0xc2, 0x0e, 0x0c, 0x00, 0xdf, 0x26, 0x6c, 0x73, 0x3a, 0x3a};

static void digested(const char *words, const char *note, size_t n)
{
    char text[200];
    remove_all("new.bin");
    (void)expect(0, DIGEST "-k ecdsa-p256-a.pem %s new.bin", words);
    (void)snprintf(text, sizeof(text),
                   "SHA-256 digest of private key \"ecdsa-p256-a.pem\"%s written to \"new.bin\".",
                   note);
    want_out_is(text);
    want_bytes("new.bin", digest, n);
    want_mode("new.bin", 0600);
}

TEST(digests)
{
    char words[ITEM_ROOM];
    EACH_ITEM(words, "|--keylen 256|-l256")
    {
        digested(words, "", 32);
        want_no_err();
    }
    digested("--keylen=192", " (truncated to 192 bits)", 24);
    want_no_err();
    digested("-l 128", "", 32); // which the script calls truncated
    want_one_line();
    want_err("warning: the digest has 256 bits, or 192 of them, and not 128; all 256 ");
    const struct run *r =
        expect(0, "compat espsecure digest-private-key -k ecdsa-p256-a.pem -l 192 -");
    want(r->out_size == 24 && memcmp(r->out, digest, 24) == 0, "not the bytes");
}

// It is the same each time, so that it may be written again; the file stays as open as it was.
TEST(again)
{
    text_file("again.bin", "an earlier digest");
    assert_int_equal(chmod("again.bin", 0640), 0);
    (void)expect(0, DIGEST "-k ecdsa-p256-a.pem again.bin");
    want_bytes("again.bin", digest, sizeof(digest));
    want_mode("again.bin", 0640);
}

TEST(no_digests)
{
    static const struct row rows[] = {
        {2, "--keyfile", "never.bin"},
        {2, ".", "-k ecdsa-p256-a.pem"},
        {2, "'x' is not a valid integer; ", "-k ecdsa-p256-a.pem -l x never.bin"},
        {2, "^otapack: missing\\.pem: ", "-k missing.pem never.bin"},
        {2, "nofolder", "-k ecdsa-p256-a.pem nofolder/never.bin"},
        {2, "public key", "-k fixtures/keys/ecdsa-p256-a.pub.pem never.bin"},
        {2, "holds no key", "-k text.pem never.bin"},
        {2,
         "an ECDSA P-192 key\\. Signing key uses incorrect curve\\. ESP32 Secure Boot only "
         "supports NIST256p \\(openssl calls this curve 'prime256v1'\\); ",
         "-k ecdsa-p192-a.pem never.bin"},
        {2, "an ECDSA P-384 key\\. Signing key uses incorrect curve",
         "-k ecdsa-p384-a.pem never.bin"},
        {1, "an RSA-3072 key", "-k rsa3072-a.pem never.bin"},
        {2, "should not be the same!", "-k ecdsa-p256-a.pem ecdsa-p256-a.pem"},
        {2, "should not be the same!", "-k ecdsa-p256-a.pem ./ecdsa-p256-a.pem"},
        {2, "pkcs11:token=x: does not leave its token", "-k pkcs11:token=x?pin-value=1 never.bin"},
    };
    refused(rows, COUNT(rows), DIGEST);
    want_same(P256, "ecdsa-p256-a.pem");
}

TEST(readable_key)
{
    copy_file(P256, "open.pem", 0644);
    (void)expect(0, DIGEST "-k open.pem new.bin");
    want_one_line();
    want_err("^otapack: open\\.pem: warning: others than its owner can read this private key; ");
}

TEST(espressifs)
{
    static const struct {
        const char *file, *words;
    } rows[] = {{"digest-p256.bin", ""},
                {"digest-p256-256.bin", "--keylen 256"},
                {"digest-p256-192.bin", "--keylen 192"},
                {"digest-p256-128.bin", "--keylen 128"}};
    if (!there_is(REAL "digest-table.tsv")) {
        puts("skipped: Espressif's answers: OTAPACK_VECTORS has no flash_encryption/");
        skip();
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        char theirs[100];
        (void)snprintf(theirs, sizeof(theirs), REAL "%s", rows[i].file);
        (void)expect(0, DIGEST "-k " REAL "ec_p256_1.pem %s new.bin", rows[i].words);
        want_same(theirs, "new.bin");
    }
    remove_all("new.bin");
    (void)expect(1, DIGEST "-k " REAL "rsa3072_1.pem new.bin");
    (void)expect(2, DIGEST "-k " REAL "ec_p192_1.pem new.bin");
    want_no_file("new.bin");
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    take_key("ecdsa-p192-a");
    take_key("ecdsa-p256-a");
    take_key("ecdsa-p384-a");
    take_key("rsa3072-a");
    text_file("text.pem", "text\n");
    fresh_folder("folder");
    return 0;
}

UNIT(flash_key)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_keys),
        cmocka_unit_test(no_new_keys),
        cmocka_unit_test(never_over_another),
        cmocka_unit_test(digests),
        cmocka_unit_test(again),
        cmocka_unit_test(no_digests),
        cmocka_unit_test(readable_key),
        cmocka_unit_test(espressifs),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
