// SPDX-License-Identifier: Apache-2.0
//
// aes_gcm.h: the examples of RFC 5869; ciphertexts and tags that openssl computed (by way of
// python3-cryptography) with nonces of 16 bytes; any bit that changed, and nothing is left.
#include "unit.h"

#include "aes_gcm.h"

enum { MOST = 128 };

static size_t hex_to(const char *hex, uint8_t *out)
{
    size_t n = strlen(hex) / 2;
    for (size_t i = 0; i < n; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        out[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return n;
}

static void count_from(uint8_t first, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)(first + i);
    }
}

// ---- RFC 5869, appendix A.1 to A.3 --------------------------------------------------------------

static void assert_derived(struct hkdf_input secret, struct hkdf_input salt, struct hkdf_input info,
                           const char *hex)
{
    uint8_t wanted[MOST], got[MOST];
    struct err e = ERR_NONE;
    size_t n = hex_to(hex, wanted);
    assert_true(hkdf_sha256(secret, salt, info, got, n, &e));
    assert_memory_equal(got, wanted, n);
}

TEST(examples_of_rfc_5869)
{
    uint8_t secret[80], salt[80], info[80];
    memset(secret, 0x0B, 22);
    count_from(0, salt, 13);
    count_from(0xF0, info, 10);
    assert_derived((struct hkdf_input){secret, 22}, (struct hkdf_input){salt, 13},
                   (struct hkdf_input){info, 10},
                   "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887"
                   "185865");
    assert_derived((struct hkdf_input){secret, 22}, (struct hkdf_input){salt, 0},
                   (struct hkdf_input){info, 0},
                   "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b6"
                   "1a96c8");
    count_from(0, secret, 80);
    count_from(0x60, salt, 80);
    count_from(0xB0, info, 80);
    assert_derived((struct hkdf_input){secret, 80}, (struct hkdf_input){salt, 80},
                   (struct hkdf_input){info, 80},
                   "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac782"
                   "7271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3"
                   "434f1d87");
}

TEST(more_than_hkdf_gives)
{
    static uint8_t out[255 * 32 + 1];
    struct err e = ERR_NONE;
    struct hkdf_input some = {(const uint8_t *)"some", 4};
    assert_true(hkdf_sha256(some, some, some, out, sizeof(out) - 1, &e));
    assert_false(hkdf_sha256(some, some, some, out, sizeof(out), &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_non_null(strstr(e.text, "mbedTLS cannot derive a key"));
}

// ---- AES-GCM ------------------------------------------------------------------------------------

// The key counts from 0, the nonce from 0xF0; the plaintext is 1, 8, 15 and so on.
static const struct row {
    size_t n;
    const char *hex; // ciphertext and tag
} rows[] = {
    {0, "d414867cc151433311f883f21553021e"},
    {1, "b9bb69eedd7b5d53b4ea602203f611f89f"},
    {16, "b96913398ca4c5f591a5148b5872d9c0758e623c6b71a68687d36c7a0d8ef33e"},
    {37, "b96913398ca4c5f591a5148b5872d9c0039c3f3d75346a300024c0c69f1388022db56b688d6bc0d209de19686"
         "f81933e196905021f"},
};

struct parts {
    uint8_t key[AES_GCM_KEY], nonce[AES_GCM_NONCE], plain[MOST], sealed[MOST];
};

static struct parts parts_of(const struct row *row)
{
    struct parts p = {.plain = {0}};
    count_from(0, p.key, sizeof(p.key));
    count_from(0xF0, p.nonce, sizeof(p.nonce));
    for (size_t i = 0; i < row->n; i++) {
        p.plain[i] = (uint8_t)(i * 7 + 1);
    }
    assert_int_equal(hex_to(row->hex, p.sealed), row->n + AES_GCM_TAG);
    return p;
}

TEST(what_openssl_computed)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct parts p = parts_of(&rows[i]);
        uint8_t out[MOST];
        struct err e = ERR_NONE;
        bool fits = false;
        assert_true(aes_gcm_encrypt(p.key, p.nonce, p.plain, rows[i].n, out, &e));
        assert_memory_equal(out, p.sealed, rows[i].n + AES_GCM_TAG);
        assert_true(aes_gcm_decrypt(p.key, p.nonce, p.sealed, rows[i].n, out, &fits, &e));
        assert_true(fits);
        assert_memory_equal(out, p.plain, rows[i].n);
    }
}

static void assert_refused(const struct parts *p, size_t n)
{
    static const uint8_t zeros[MOST];
    uint8_t out[MOST];
    struct err e = ERR_NONE;
    bool fits = true;
    memset(out, 0xA5, sizeof(out));
    assert_true(aes_gcm_decrypt(p->key, p->nonce, p->sealed, n, out, &fits, &e));
    assert_false(fits);
    assert_memory_equal(out, zeros, n);
    assert_int_equal(out[n], 0xA5);
}

TEST(any_bit_that_changed)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct parts p = parts_of(&rows[i]);
        for (size_t bit = 0; bit < 8 * (rows[i].n + AES_GCM_TAG); bit++) {
            p.sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_refused(&p, rows[i].n);
            p.sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        p.key[31] ^= 0x80;
        assert_refused(&p, rows[i].n);
        p.key[31] ^= 0x80;
        for (size_t at = 0; at < AES_GCM_NONCE; at++) {
            p.nonce[at] ^= 1;
            assert_refused(&p, rows[i].n);
            p.nonce[at] ^= 1;
        }
    }
}

UNIT(aes_gcm)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_rfc_5869),
        cmocka_unit_test(more_than_hkdf_gives),
        cmocka_unit_test(what_openssl_computed),
        cmocka_unit_test(any_bit_that_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
