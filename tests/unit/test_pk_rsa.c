// SPDX-License-Identifier: Apache-2.0
//
// pk.h: RSA of each size in each padding: what is signed fits in that padding and no other, and
// PKCS#1 gives the bytes that openssl gave for an ESP8266. Sizes that there are not.
#include "unit.h"

#include "digest_span.h"
#include "pk.h"

enum { FILE_MOST = 64 * 1024, SIGNATURE_END = 4, DER_ROOM = 2048 };

static const enum pk_padding paddings[] = {PK_STANDARD, PK_PKCS1, PK_PKCS1_BARE};

static size_t load(const char *folder, const char *name, char *text)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return 0;
    }
    size_t n = fread(text, 1, FILE_MOST - 1, f);
    (void)fclose(f);
    text[n] = '\0';
    return n;
}

static struct pk_private *private_of(const char *folder, const char *name)
{
    static char text[FILE_MOST];
    struct pk_private *key = NULL;
    size_t n = load(folder, name, text);
    assert_true(n > 0);
    assert_int_equal(pk_private_read(text, n, NULL, &key), PK_GOOD);
    return key;
}

static void sha256(const void *bytes, size_t n, uint8_t *out)
{
    struct otapack_source src = otapack_memory(bytes, n);
    assert_true(digest_of(DIGEST_SHA256, &src, out));
}

// ---- Paddings -----------------------------------------------------------------------------------

// Of two signatures of one digest, are the bytes the same? Only PSS has a salt.
static void sign_in(const struct pk_private *key, enum pk_padding padding, const uint8_t *digest,
                    uint8_t *signature)
{
    uint8_t again[PK_MAX_NUMBERS];
    struct err e = ERR_NONE;
    size_t size = pk_types[pk_private_public(key)->type].signature_size;
    memset(signature, 0, PK_MAX_NUMBERS);
    assert_true(pk_sign(key, padding, digest, signature, &e));
    assert_true(pk_sign(key, padding, digest, again, &e));
    assert_int_equal(memcmp(signature, again, size) == 0, padding != PK_STANDARD);
}

static void assert_damage_is_seen(const struct pk_public *key, enum pk_padding padding,
                                  uint8_t *digest, uint8_t *signature)
{
    size_t size = pk_types[key->type].signature_size;
    for (size_t bit = 0; bit < size * 8; bit += 97) {
        signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(pk_verify(key, padding, DIGEST_SHA256, digest, signature));
        signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t bit = 0; bit < 256; bit += 29) {
        digest[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(pk_verify(key, padding, DIGEST_SHA256, digest, signature));
        digest[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_true(pk_verify(key, padding, DIGEST_SHA256, digest, signature));
}

static void try_paddings(const struct pk_private *key)
{
    const struct pk_public *own = pk_private_public(key);
    uint8_t digest[DIGEST_MAX_SIZE], signature[PK_MAX_NUMBERS];
    sha256("signed", 6, digest);
    for (size_t i = 0; i < COUNT(paddings); i++) {
        sign_in(key, paddings[i], digest, signature);
        for (size_t k = 0; k < COUNT(paddings); k++) {
            assert_int_equal(pk_verify(own, paddings[k], DIGEST_SHA256, digest, signature), i == k);
        }
        assert_damage_is_seen(own, paddings[i], digest, signature);
    }
}

static void there_and_back(const struct pk_private *key)
{
    char pem[PK_PEM_MOST];
    struct pk_private *again;
    struct pk_public public_key;
    assert_true(pk_private_pem(key, pem));
    assert_int_equal(pk_private_read(pem, strlen(pem), NULL, &again), PK_GOOD);
    assert_true(pk_same(pk_private_public(key), pk_private_public(again)));
    pk_private_free(again);
    assert_true(pk_public_pem(pk_private_public(key), pem));
    assert_int_equal(pk_public_read(pem, strlen(pem), &public_key), PK_GOOD);
    assert_true(pk_same(pk_private_public(key), &public_key));
}

// A new key; but making a large one takes seconds, which tests/cli/key-generate.sh spends, and so
// does OTAPACK_LONG=1 here.
static struct pk_private *key_of(enum pk_type type)
{
    struct err e = ERR_NONE;
    if (is_long() || type == PK_RSA1024 || type == PK_RSA2048) {
        return pk_generate(type, &e);
    }
    if (type == PK_RSA3072) {
        return private_of(FIXTURES "/keys", "rsa3072-a.pem");
    }
    return private_of(FIXTURES "/../tests", "rsa4096.pem");
}

TEST(each_size_in_each_padding)
{
    static const enum pk_type types[] = {PK_RSA1024, PK_RSA2048, PK_RSA3072, PK_RSA4096};
    for (size_t i = 0; i < COUNT(types); i++) {
        struct pk_private *key = key_of(types[i]);
        assert_non_null(key);
        assert_int_equal(pk_private_public(key)->type, types[i]);
        assert_int_equal(pk_types[types[i]].number_size, pk_types[types[i]].signature_size);
        assert_true(pk_is_rsa(types[i]) && pk_is_sound(pk_private_public(key)));
        assert_int_equal(pk_is_secure_boot(pk_private_public(key)), types[i] == PK_RSA3072);
        there_and_back(key);
        try_paddings(key);
        pk_private_free(key);
    }
}

// ---- What openssl made --------------------------------------------------------------------------

static void try_vector(const char *folder, const char *name, enum pk_padding padding)
{
    static char sketch[FILE_MOST], file[FILE_MOST];
    uint8_t digest[DIGEST_MAX_SIZE], made[PK_MAX_NUMBERS];
    size_t size = load(folder, "sketch.bin", sketch), all = load(folder, name, file);
    const uint8_t *there = (const uint8_t *)file + size;
    assert_int_equal(all, size + 256 + SIGNATURE_END);
    sha256(sketch, size, digest);
    struct pk_private *key = private_of(folder, "arduino_private.key");
    const struct pk_public *own = pk_private_public(key);
    for (size_t i = 0; i < COUNT(paddings); i++) {
        assert_int_equal(pk_verify(own, paddings[i], DIGEST_SHA256, digest, there),
                         paddings[i] == padding);
    }
    sign_in(key, padding, digest, made);
    assert_memory_equal(made, there, 256);
    pk_private_free(key);
}

TEST(signatures_of_an_esp8266)
{
    static char pem[FILE_MOST];
    char folder[400], own[PK_PEM_MOST];
    const char *vectors = getenv("OTAPACK_VECTORS");
    (void)snprintf(folder, sizeof(folder), "%s/esp8266", vectors == NULL ? "" : vectors);
    if (load(folder, "sketch.bin", pem) == 0) {
        printf("skipped: no signed sketches: OTAPACK_VECTORS has no esp8266\n");
        skip();
    }
    try_vector(folder, "sketch.bin.signed", PK_PKCS1);
    try_vector(folder, "sketch.bin.legacy_sig", PK_PKCS1_BARE);
    struct pk_private *key = private_of(folder, "arduino_private.key");
    assert_true(load(folder, "arduino_public.key", pem) > 0);
    assert_true(pk_public_pem(pk_private_public(key), own));
    assert_string_equal(own, pem);
    pk_private_free(key);
}

// ---- Other sizes --------------------------------------------------------------------------------

// A modulus of so many bits.
static size_t modulus_of(size_t bits, uint8_t *out)
{
    size_t n = (bits + 7) / 8;
    memset(out, 0xA5, n);
    out[0] = (uint8_t)(0xFF >> (8 * n - bits));
    return n;
}

TEST(moduli_of_all_sizes)
{
    for (size_t bits = 1; bits <= 8 * DER_ROOM; bits += bits % 8 == 1 ? 6 : 1) {
        static uint8_t modulus[DER_ROOM];
        struct pk_public key = {.type = PK_TYPE_COUNT};
        size_t n = modulus_of(bits, modulus);
        bool fits = bits == 1024 || bits == 2048 || bits == 3072 || bits == 4096;
        assert_int_equal(pk_set_modulus(&key, modulus, n), fits);
        assert_true(!fits || pk_types[key.type].number_size * 8 == bits);
        assert_true(fits || key.type == PK_TYPE_COUNT);
    }
    struct pk_public key;
    assert_false(pk_set_modulus(&key, NULL, 0));
}

static size_t put_head(uint8_t *to, uint8_t tag, size_t n)
{
    to[0] = tag;
    to[1] = 0x82;
    to[2] = (uint8_t)(n >> 8);
    to[3] = (uint8_t)n;
    return 4;
}

// RSAPublicKey in a SubjectPublicKeyInfo, in DER.
static size_t spki_of(const uint8_t *modulus, size_t n, uint8_t *der)
{
    static const uint8_t algorithm[] = {0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                        0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00};
    static const uint8_t exponent[] = {0x02, 0x03, 0x01, 0x00, 0x01};
    size_t zero = modulus[0] >= 0x80, key = 4 + zero + n + sizeof(exponent), at;
    at = put_head(der, 0x30, sizeof(algorithm) + 4 + 1 + 4 + key);
    memcpy(der + at, algorithm, sizeof(algorithm));
    at += sizeof(algorithm);
    at += put_head(der + at, 0x03, 1 + 4 + key);
    der[at++] = 0;
    at += put_head(der + at, 0x30, key);
    at += put_head(der + at, 0x02, zero + n);
    der[at] = 0;
    memcpy(der + at + zero, modulus, n);
    at += zero + n;
    memcpy(der + at, exponent, sizeof(exponent));
    return at + sizeof(exponent);
}

TEST(public_keys_of_other_sizes)
{
    static const struct {
        size_t bits;
        enum pk_fault fault;
    } rows[] = {{512, PK_OTHER_KEY},  {1023, PK_OTHER_KEY}, {1024, PK_GOOD},
                {1025, PK_OTHER_KEY}, {1536, PK_OTHER_KEY}, {2047, PK_OTHER_KEY},
                {2048, PK_GOOD},      {2049, PK_OTHER_KEY}, {3071, PK_OTHER_KEY},
                {3072, PK_GOOD},      {4095, PK_OTHER_KEY}, {4096, PK_GOOD},
                {4097, PK_OTHER_KEY}, {8192, PK_OTHER_KEY}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        static uint8_t modulus[DER_ROOM];
        static char der[DER_ROOM + 1];
        struct pk_public key;
        size_t n = modulus_of(rows[i].bits, modulus);
        n = spki_of(modulus, n, (uint8_t *)der);
        der[n] = '\0';
        enum pk_fault fault = pk_public_read(der, n, &key);
        if (fault != rows[i].fault) {
            fail_msg("%zu bits: %d", rows[i].bits, fault);
        }
        assert_true(fault != PK_GOOD || pk_types[key.type].number_size * 8 == rows[i].bits);
    }
}

UNIT(pk_rsa)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_size_in_each_padding),
        cmocka_unit_test(signatures_of_an_esp8266),
        cmocka_unit_test(moduli_of_all_sizes),
        cmocka_unit_test(public_keys_of_other_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
