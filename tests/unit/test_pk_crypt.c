// SPDX-License-Identifier: Apache-2.0
//
// Keys that encrypt other keys (pk.h): the example of RFC 5903, PBKDF2's of RFC 7914, RSA there and
// back, what was encrypted for another key or is damaged, numbers that are no key.
#include "unit.h"

#include "pk.h"

enum { FILE_MOST = 8192, P256 = 32 };

static struct pk_private *private_of(const char *name)
{
    char path[512], text[FILE_MOST];
    struct pk_private *key;
    (void)snprintf(path, sizeof(path), "%s/keys/%s", FIXTURES, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, FILE_MOST - 1, f);
    (void)fclose(f);
    text[n] = '\0';
    assert_int_equal(pk_private_read(text, n, NULL, &key), PK_GOOD);
    return key;
}

static void hex_to(const char *hex, uint8_t *out)
{
    for (size_t i = 0; hex[2 * i] != '\0'; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        out[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
}

// ---- Curves -------------------------------------------------------------------------------------

// RFC 5903, section 8.1: i; the point of i; the point of r; X of both.
static const char rfc_5903_i[] = "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
                  rfc_5903_gi[] =
                      "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180"
                      "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
                  rfc_5903_gr[] =
                      "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63"
                      "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
                  rfc_5903_x[] = "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE";

static struct pk_private *number_of(const char *hex)
{
    uint8_t number[P256];
    hex_to(hex, number);
    return pk_private_of_number(PK_P256, number);
}

TEST(example_of_rfc_5903)
{
    uint8_t mine[2 * P256], other[2 * P256], wanted[P256];
    struct pk_unwrapped x;
    struct err e = ERR_NONE;
    struct pk_private *key = number_of(rfc_5903_i);
    hex_to(rfc_5903_gi, mine);
    hex_to(rfc_5903_gr, other);
    hex_to(rfc_5903_x, wanted);
    assert_non_null(key);
    assert_int_equal(pk_private_public(key)->type, PK_P256);
    assert_memory_equal(pk_private_public(key)->key, mine, sizeof(mine));
    assert_true(pk_unwrap(key, other, &x, &e));
    assert_int_equal(x.size, P256);
    assert_memory_equal(x.bytes, wanted, P256);
    for (size_t bit = 0; bit < 8 * sizeof(other); bit += 37) {
        other[bit / 8] ^= (uint8_t)(1U << bit % 8);
        e = ERR_NONE;
        assert_false(pk_unwrap(key, other, &x, &e));
        assert_int_equal(e.status, STATUS_NO);
        assert_non_null(strstr(e.text, "no point of ECDSA P-256"));
        other[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    pk_private_free(key);
}

TEST(numbers_that_are_no_key)
{
    static const char *const bad[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", // the order itself
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
    };
    static const char *const good[] = {
        "0000000000000000000000000000000000000000000000000000000000000001",
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_null(number_of(bad[i]));
    }
    for (size_t i = 0; i < COUNT(good); i++) {
        struct pk_private *key = number_of(good[i]);
        assert_non_null(key);
        pk_private_free(key);
    }
}

TEST(both_sides_agree)
{
    struct pk_unwrapped a, b;
    struct err e = ERR_NONE;
    static const char *const names[] = {"ecdsa-p256-a.pem", "ecdsa-p384-a.pem"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct pk_private *key = private_of(names[i]);
        struct pk_private *other = pk_generate(pk_private_public(key)->type, &e);
        assert_true(pk_unwrap(key, pk_private_public(other)->key, &a, &e));
        assert_true(pk_unwrap(other, pk_private_public(key)->key, &b, &e));
        assert_int_equal(a.size, pk_types[pk_private_public(key)->type].number_size);
        assert_int_equal(a.size, b.size);
        assert_memory_equal(a.bytes, b.bytes, a.size);
        pk_private_free(key);
        pk_private_free(other);
    }
}

// ---- RSA ----------------------------------------------------------------------------------------

TEST(rsa_there_and_back)
{
    static const size_t sizes[] = {0, 1, 32, 384 - 11};
    struct pk_private *key = private_of("rsa3072-a.pem");
    uint8_t plain[384] = {0}, wrapped[384], again[384];
    struct pk_unwrapped out;
    struct err e = ERR_NONE;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        plain[0] = (uint8_t)i;
        assert_true(pk_wrap(pk_private_public(key), plain, sizes[i], wrapped, &e));
        assert_true(pk_wrap(pk_private_public(key), plain, sizes[i], again, &e));
        assert_memory_not_equal(wrapped, again, sizeof(wrapped)); // its padding is random
        assert_true(pk_unwrap(key, wrapped, &out, &e));
        assert_int_equal(out.size, sizes[i]);
        assert_memory_equal(out.bytes, plain, sizes[i]);
    }
    assert_false(pk_wrap(pk_private_public(key), plain, 384 - 10, wrapped, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    pk_private_free(key);
}

static void assert_of_other_key(const struct pk_private *key, const uint8_t *wrapped)
{
    struct pk_unwrapped out;
    struct err e = ERR_NONE;
    assert_false(pk_unwrap(key, wrapped, &out, &e));
    assert_int_equal(e.status, STATUS_NO);
    assert_string_equal(e.text, PK_OTHER_KEY_TEXT);
}

TEST(rsa_of_another_key)
{
    struct pk_private *key = private_of("rsa3072-a.pem"), *other = private_of("rsa3072-b.pem");
    uint8_t wrapped[384];
    struct err e = ERR_NONE;
    memset(wrapped, 0xFF, sizeof(wrapped)); // above the modulus
    assert_of_other_key(key, wrapped);
    memcpy(wrapped, pk_private_public(key)->key, sizeof(wrapped));
    assert_of_other_key(key, wrapped);
    memset(wrapped, 0, sizeof(wrapped));
    assert_of_other_key(key, wrapped);
    wrapped[383] = 1;
    assert_of_other_key(key, wrapped);
    assert_true(pk_wrap(pk_private_public(key), (const uint8_t *)"secret", 6, wrapped, &e));
    wrapped[0] &= 0x7F; // below the other modulus too
    assert_of_other_key(other, wrapped);
    pk_private_free(key);
    pk_private_free(other);
}

// ---- PBKDF2 -------------------------------------------------------------------------------------

TEST(example_of_rfc_7914)
{
    uint8_t wanted[64], got[64];
    hex_to("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
           "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
           wanted);
    assert_true(pk_pbkdf2_sha256("passwd", 6, (const uint8_t *)"salt", 4, 1, got, sizeof(got)));
    assert_memory_equal(got, wanted, sizeof(got));
}

UNIT(pk_crypt)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_of_rfc_5903), cmocka_unit_test(numbers_that_are_no_key),
        cmocka_unit_test(both_sides_agree),    cmocka_unit_test(rsa_there_and_back),
        cmocka_unit_test(rsa_of_another_key),  cmocka_unit_test(example_of_rfc_7914),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
