// SPDX-License-Identifier: Apache-2.0
//
// pk.h: every key of fixtures/keys and what is wrong with it, signatures that fit and that do not,
// the examples of RFC 6979, signatures in DER, PEM there and back, keys that are none.
#include "unit.h"

#include "digest_span.h"
#include "pk.h"

enum { FILE_MOST = 8192, DER_MOST = 256 };

static const char passphrase[] = "correct horse";

static size_t load(const char *name, char *text)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/keys/%s", FIXTURES, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, FILE_MOST - 1, f);
    (void)fclose(f);
    text[n] = '\0';
    return n;
}

static struct pk_private *private_of(const char *name)
{
    char text[FILE_MOST];
    struct pk_private *key;
    size_t n = load(name, text);
    assert_int_equal(pk_private_read(text, n, NULL, &key), PK_GOOD);
    assert_non_null(key);
    return key;
}

static struct pk_public public_of(const char *name)
{
    char text[FILE_MOST];
    struct pk_public key;
    size_t n = load(name, text);
    assert_int_equal(pk_public_read(text, n, &key), PK_GOOD);
    return key;
}

static void digest_from(const char *text, enum digest_algorithm algorithm, uint8_t *out)
{
    struct otapack_source src = otapack_memory((const uint8_t *)text, strlen(text));
    assert_true(digest_of(algorithm, &src, out));
}

static void hex_to(const char *hex, uint8_t *out)
{
    for (size_t i = 0; hex[2 * i] != '\0'; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        out[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
}

// ---- Reading ------------------------------------------------------------------------------------

static const struct {
    const char *name;
    enum pk_fault bare, with, wrong; // without a passphrase, with it, with another one
    const char *same_as;             // the public key that it has
} files[] = {
#define PLAIN(name, same)                                                                          \
    {                                                                                              \
        name ".pem", PK_GOOD, PK_GOOD, PK_GOOD, same ".pub.pem"                                    \
    }
#define ENCRYPTED(name, same)                                                                      \
    {                                                                                              \
        name ".pem", PK_NEEDS_PASSPHRASE, PK_GOOD, PK_WRONG_PASSPHRASE, same ".pub.pem"            \
    }
#define NONE(name, fault)                                                                          \
    {                                                                                              \
        name, fault, fault, fault, NULL                                                            \
    }
    PLAIN("rsa3072-a", "rsa3072-a"),
    PLAIN("rsa3072-b", "rsa3072-b"),
    PLAIN("rsa3072-c", "rsa3072-c"),
    PLAIN("rsa3072-a.pkcs8", "rsa3072-a"),
    PLAIN("ecdsa-p192-a", "ecdsa-p192-a"),
    PLAIN("ecdsa-p192-b", "ecdsa-p192-b"),
    PLAIN("ecdsa-p256-a", "ecdsa-p256-a"),
    PLAIN("ecdsa-p256-b", "ecdsa-p256-b"),
    PLAIN("ecdsa-p256-c", "ecdsa-p256-c"),
    PLAIN("ecdsa-p256-a.params", "ecdsa-p256-a"),
    PLAIN("ecdsa-p256-a.pkcs8", "ecdsa-p256-a"),
    PLAIN("ecdsa-p384-a", "ecdsa-p384-a"),
    PLAIN("ecdsa-p384-b", "ecdsa-p384-b"),
    ENCRYPTED("rsa3072-a.encrypted", "rsa3072-a"),
    ENCRYPTED("rsa3072-a.encrypted-pkcs1", "rsa3072-a"),
    ENCRYPTED("ecdsa-p256-a.encrypted", "ecdsa-p256-a"),
    ENCRYPTED("ecdsa-p256-a.encrypted-aes128", "ecdsa-p256-a"),
    ENCRYPTED("ecdsa-p256-a.encrypted-des3", "ecdsa-p256-a"),
    ENCRYPTED("ecdsa-p256-a.encrypted-sec1", "ecdsa-p256-a"),
    {"ecdsa-p256-a.encrypted-scrypt.pem", PK_NEEDS_PASSPHRASE, PK_UNKNOWN_CIPHER, PK_UNKNOWN_CIPHER,
     NULL},
    PLAIN("rsa2048", "rsa2048"),
    NONE("ecdsa-p521.pem", PK_OTHER_KEY),
    NONE("ed25519.pem", PK_OTHER_KEY),
    NONE("corrupt.pem", PK_CORRUPT),
    NONE("corrupt-base64.pem", PK_CORRUPT),
    NONE("no-key.pem", PK_NO_KEY),
    NONE("passphrase.txt", PK_NO_KEY),
    NONE("ecdsa-p256-a.pub.bin", PK_NO_KEY),
    NONE("rsa3072-a.pub.pem", PK_NOT_PRIVATE),
    NONE("ecdsa-p192-a.pub.pem", PK_NOT_PRIVATE),
    NONE("ecdsa-p256-a.pub.pem", PK_NOT_PRIVATE),
    NONE("ecdsa-p384-a.pub.pem", PK_NOT_PRIVATE),
};

static void try_private(size_t i, const char *text, size_t n, const char *pass,
                        enum pk_fault wanted)
{
    struct pk_private *key;
    enum pk_fault fault = pk_private_read(text, n, pass, &key);
    if (fault != wanted) {
        fail_msg("%s with '%s': %d instead of %d", files[i].name, pass == NULL ? "" : pass, fault,
                 wanted);
    }
    assert_int_equal(key != NULL, fault == PK_GOOD);
    if (key != NULL) {
        struct pk_public same = public_of(files[i].same_as);
        assert_true(pk_same(pk_private_public(key), &same));
        assert_true(pk_is_sound(pk_private_public(key)));
    }
    pk_private_free(key);
}

TEST(private_keys_of_the_fixtures)
{
    for (size_t i = 0; i < COUNT(files); i++) {
        char text[FILE_MOST];
        size_t n = load(files[i].name, text);
        try_private(i, text, n, NULL, files[i].bare);
        try_private(i, text, n, passphrase, files[i].with);
        try_private(i, text, n, "battery staple", files[i].wrong);
    }
}

static void assert_wrong(const char *name, const char *text, size_t n, unsigned guess)
{
    char words[32];
    struct pk_private *key;
    (void)snprintf(words, sizeof(words), "guess %u", guess);
    enum pk_fault fault = pk_private_read(text, n, words, &key);
    assert_null(key);
    if (fault != PK_WRONG_PASSPHRASE) {
        fail_msg("%s with '%s': %d", name, words, fault);
    }
}

// One in 256 wrong passphrases leaves bytes whose padding looks right: they are wrong all the same.
TEST(wrong_passphrases_are_all_alike)
{
    static const char *const names[] = {
        "ecdsa-p256-a.encrypted-sec1.pem", "rsa3072-a.encrypted-pkcs1.pem",
        "ecdsa-p256-a.encrypted-des3.pem", "ecdsa-p256-a.encrypted-aes128.pem"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char text[FILE_MOST];
        size_t n = load(names[i], text);
        for (unsigned k = 0; k < (i >= 2 ? 40U : is_long() ? 2000U : 1000U); k++) {
            assert_wrong(names[i], text, n, k);
        }
    }
}

TEST(public_keys_of_the_fixtures)
{
    for (size_t i = 0; i < COUNT(files); i++) {
        char text[FILE_MOST];
        struct pk_public key;
        size_t n = load(files[i].name, text);
        enum pk_fault fault = pk_public_read(text, n, &key);
        enum pk_fault wanted = files[i].bare == PK_NOT_PRIVATE ? PK_GOOD
                               : files[i].bare == PK_NO_KEY    ? PK_NO_KEY
                                                               : PK_NOT_PUBLIC;
        if (fault != wanted) {
            fail_msg("%s: %d instead of %d", files[i].name, fault, wanted);
        }
    }
}

// Every beginning of a key's file is no key, and does no harm.
TEST(keys_that_are_cut_short)
{
    static const char *const names[] = {"ecdsa-p256-a.pem", "ecdsa-p256-a.pub.pem",
                                        "ecdsa-p256-a.encrypted-sec1.pem", "rsa3072-a.pkcs8.pem"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char text[FILE_MOST];
        size_t n = load(names[i], text);
        size_t end = (size_t)(strstr(text, "-----END") - text);
        for (size_t size = 0; size < n; size += size < 64 || size > end ? 1 : 37) {
            char *cut = strndup(text, size); // of just this length, for a sanitizer
            struct pk_private *key;
            struct pk_public public_key;
            enum pk_fault fault = pk_private_read(cut, size, passphrase, &key);
            enum pk_fault other = pk_public_read(cut, size, &public_key);
            assert_true(size > end || (fault != PK_GOOD && other != PK_GOOD));
            pk_private_free(key);
            free(cut);
        }
    }
}

TEST(empty_passphrases)
{
    char text[FILE_MOST];
    struct pk_private *key;
    size_t n = load("ecdsa-p256-a.encrypted.pem", text);
    assert_int_equal(pk_private_read(text, n, "", &key), PK_WRONG_PASSPHRASE);
    assert_null(key);
    pk_private_free(NULL);
}

// ---- Signing ------------------------------------------------------------------------------------

static const char *const schemes[] = {"rsa3072", "ecdsa-p192", "ecdsa-p256", "ecdsa-p384"};

static void sign_and_verify(const struct pk_private *key, const struct pk_public *other)
{
    const struct pk_public *own = pk_private_public(key);
    const struct pk_type_facts *s = &pk_types[own->type];
    uint8_t digest[DIGEST_MAX_SIZE], signature[PK_MAX_NUMBERS], again[PK_MAX_NUMBERS];
    struct err e = ERR_NONE;
    digest_from("signed", s->digest, digest);
    assert_true(pk_sign(key, PK_STANDARD, digest, signature, &e));
    assert_true(pk_sign(key, PK_STANDARD, digest, again, &e));
    bool rsa = own->type == PK_RSA3072;
    assert_int_equal(memcmp(signature, again, s->signature_size) != 0, rsa);
    assert_true(pk_verify(own, PK_STANDARD, s->digest, digest, signature));
    assert_true(pk_verify(own, PK_STANDARD, s->digest, digest, again));
    assert_true(pk_verify(own, PK_ANY_SALT, s->digest, digest, signature));
    assert_true(!rsa || !pk_verify(own, PK_PKCS1, s->digest, digest, signature));
    assert_false(pk_verify(other, PK_STANDARD, s->digest, digest, signature));
    for (size_t bit = 0; bit < s->signature_size * 8; bit += 29) {
        signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(pk_verify(own, PK_STANDARD, s->digest, digest, signature));
        signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t bit = 0; bit < s->digest_size * 8; bit += 29) {
        digest[bit / 8] ^= (uint8_t)(1U << bit % 8);
        // P-192 uses the first 24 bytes of a digest only.
        assert_true(pk_verify(own, PK_STANDARD, s->digest, digest, signature) ==
                    (own->type == PK_P192 && bit / 8 >= 24));
        digest[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    memset(signature, 0, sizeof(signature));
    assert_false(pk_verify(own, PK_STANDARD, s->digest, digest, signature));
    memset(signature, 0xFF, sizeof(signature));
    assert_false(pk_verify(own, PK_STANDARD, s->digest, digest, signature));
}

TEST(signatures_fit_their_key_and_digest)
{
    for (size_t i = 0; i < COUNT(schemes); i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "%s-a.pem", schemes[i]);
        struct pk_private *key = private_of(name);
        (void)snprintf(name, sizeof(name), "%s-b.pub.pem", schemes[i]);
        struct pk_public other = public_of(name);
        assert_string_equal(pk_types[pk_private_public(key)->type].name, schemes[i]);
        sign_and_verify(key, &other);
        pk_private_free(key);
    }
}

// RFC 6979, A.2.3, A.2.5, A.2.6: the private key, and r and s of two messages.
static const struct {
    enum pk_type scheme;
    const char *number, *point;
    struct {
        const char *message, *signature;
    } rows[2];
} rfc6979[] = {
    {PK_P192,
     "6FAB034934E4C0FC9AE67F5B5659A9D7D1FEFD187EE09FD4",
     "AC2C77F529F91689FEA0EA5EFEC7F210D8EEA0B9E047ED56"
     "3BC723E57670BD4887EBC732C523063D0A7C957BC97C1C43",
     {{"sample", "4B0B8CE98A92866A2820E20AA6B75B56382E0F9BFD5ECB55"
                 "CCDB006926EA9565CBADC840829D8C384E06DE1F1E381B85"},
      {"test", "3A718BD8B4926C3B52EE6BBE67EF79B18CB6EB62B1AD97AE"
               "5662E6848A4A19B1F1AE2F72ACD4B8BBE50F1EAC65D9124F"}}},
    {PK_P256,
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
     "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
     {{"sample", "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
                 "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
      {"test", "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
               "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"}}},
    {PK_P384,
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8"
     "96D5724E4C70A825F872C9EA60D2EDF5",
     "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64"
     "DEF8F0EA9055866064A254515480BC13"
     "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1"
     "288B231C3AE0D4FE7344FD2533264720",
     {{"sample", "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C"
                 "81A648152E44ACF96E36DD1E80FABE46"
                 "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F"
                 "A329C145786E679E7B82C71A38628AC8"},
      {"test", "8203B63D3C853E8D77227FB377BCF7B7B772E97892A80F36AB775D509D7A5FEB"
               "0542A7F0812998DA8F1DD3CA3CF023DB"
               "DDD0760448D42D8A43AF45AF836FCE4DE8BE06B485E9B61B827C2F13173923E0"
               "6A739F040649A667BF3B828246BAA5A5"}}},
};

static const char *const curve_oids[] = {[PK_P192] = "06082A8648CE3D030101",
                                         [PK_P256] = "06082A8648CE3D030107",
                                         [PK_P384] = "06052B81040022"};

// An ECPrivateKey with this number, and with this point unless it is NULL, in PEM.
static void sec1_pem(enum pk_type scheme, const char *number, const char *point, char *pem)
{
    uint8_t der[DER_MOST];
    char hex[3 * DER_MOST], bits[DER_MOST] = "", text[2 * DER_MOST];
    unsigned n = (unsigned)strlen(number) / 2, oid = (unsigned)strlen(curve_oids[scheme]) / 2;
    if (point != NULL) {
        unsigned size = (unsigned)strlen(point) / 2 + 2;
        (void)snprintf(bits, sizeof(bits), "A1%02X03%02X0004%s", size + 2, size, point);
    }
    unsigned all = 3 + 2 + n + 2 + oid + (unsigned)strlen(bits) / 2;
    (void)snprintf(hex, sizeof(hex), "30%s%02X02010104%02X%sA0%02X%s%s", all > 127 ? "81" : "", all,
                   n, number, oid, curve_oids[scheme], bits);
    hex_to(hex, der);
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t size = strlen(hex) / 2, at = 0;
    memset(der + size, 0, 3);
    for (size_t i = 0; i < size; i += 3) {
        uint32_t x = (uint32_t)der[i] << 16 | (uint32_t)der[i + 1] << 8 | der[i + 2];
        text[at++] = digits[x >> 18];
        text[at++] = digits[x >> 12 & 63];
        text[at++] = i + 1 < size ? digits[x >> 6 & 63] : '=';
        text[at++] = i + 2 < size ? digits[x & 63] : '=';
        if (i % 48 == 45) {
            text[at++] = '\n';
        }
    }
    text[at] = '\0';
    (void)snprintf(pem, FILE_MOST,
                   "-----BEGIN EC PRIVATE KEY-----\n%s\n-----END EC PRIVATE KEY-----\n", text);
}

TEST(examples_of_rfc_6979)
{
    for (size_t i = 0; i < COUNT(rfc6979); i++) {
        const struct pk_type_facts *s = &pk_types[rfc6979[i].scheme];
        for (unsigned with_point = 0; with_point < 2; with_point++) {
            char pem[FILE_MOST];
            struct pk_private *key;
            uint8_t point[PK_MAX_NUMBERS];
            sec1_pem(rfc6979[i].scheme, rfc6979[i].number, with_point ? rfc6979[i].point : NULL,
                     pem);
            assert_int_equal(pk_private_read(pem, strlen(pem), NULL, &key), PK_GOOD);
            hex_to(rfc6979[i].point, point);
            assert_memory_equal(pk_private_public(key)->key, point, s->signature_size);
            for (size_t k = 0; k < COUNT(rfc6979[i].rows); k++) {
                uint8_t digest[DIGEST_MAX_SIZE], made[PK_MAX_NUMBERS], wanted[PK_MAX_NUMBERS];
                struct err e = ERR_NONE;
                digest_from(rfc6979[i].rows[k].message, s->digest, digest);
                hex_to(rfc6979[i].rows[k].signature, wanted);
                assert_true(pk_sign(key, PK_STANDARD, digest, made, &e));
                assert_memory_equal(made, wanted, s->signature_size);
            }
            pk_private_free(key);
        }
    }
}

// A number of 0, one that the curve's order does not reach, and a point that is another's.
TEST(numbers_that_are_none)
{
    static const char zero[] = "0000000000000000000000000000000000000000000000000000000000000000";
    static const char order[] = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    const char *numbers[] = {zero, order,
                             "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"};
    char pem[FILE_MOST], point[300];
    struct pk_private *key;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        sec1_pem(PK_P256, numbers[i], NULL, pem);
        assert_int_equal(pk_private_read(pem, strlen(pem), NULL, &key), PK_CORRUPT);
        assert_null(key);
    }
    (void)snprintf(point, sizeof(point), "%s", rfc6979[1].point);
    point[strlen(point) - 1] ^= 1;
    sec1_pem(PK_P256, rfc6979[1].number, point, pem);
    assert_int_equal(pk_private_read(pem, strlen(pem), NULL, &key), PK_CORRUPT);
    assert_null(key);
}

// A point on the curve, but not this number's: `key public` would print another's key.
TEST(numbers_of_another_point)
{
    char pem[FILE_MOST], number[100];
    struct pk_private *key;
    (void)snprintf(number, sizeof(number), "%s", rfc6979[1].number);
    number[0] = 'B';
    sec1_pem(PK_P256, number, rfc6979[1].point, pem);
    assert_int_equal(pk_private_read(pem, strlen(pem), NULL, &key), PK_CORRUPT);
    assert_null(key);
}

// ---- Signatures in DER --------------------------------------------------------------------------

static bool der_fits(enum pk_type scheme, const char *hex, uint8_t *out)
{
    uint8_t der[DER_MOST];
    hex_to(hex, der);
    uint8_t *copy = malloc(strlen(hex) / 2 + 1); // of just this length, for a sanitizer
    memcpy(copy, der, strlen(hex) / 2);
    bool good = pk_signature_of_der(scheme, copy, strlen(hex) / 2, out);
    free(copy);
    return good;
}

TEST(signatures_in_der)
{
    uint8_t out[PK_MAX_NUMBERS], wanted[64] = {0};
    memset(out, 0xEE, sizeof(out));
    assert_true(der_fits(PK_P256, "3006020101020102", out)); // short numbers
    wanted[31] = 1;
    wanted[63] = 2;
    assert_memory_equal(out, wanted, 64);
    assert_true(der_fits(PK_P256, "3008020200FF020200FE", out)); // not negative
    wanted[31] = 0xFF;
    wanted[63] = 0xFE;
    assert_memory_equal(out, wanted, 64);
    static const char *const bad[] = {
        "",                       // nothing
        "30",                     // no length
        "3000",                   // no numbers
        "3003020101",             // one
        "3009020101020101020101", // three
        "300602010102010200",     // a byte behind it
        "3005020101020102",       // too short a length
        "3007020101020102",       // too long a one
        "3106020101020102",       // a set
        "3006040101020102",       // no integer
        "3006020101040102",       //
        "3006020181020102",       // a negative number
        "30050200020102",         // an empty one
        "3080020101020102",       // an indefinite length
        "300602010102050102",     // a number longer than all
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (der_fits(PK_P256, bad[i], out)) {
            fail_msg("taken: %s", bad[i]);
        }
    }
}

TEST(signatures_of_another_size_in_der)
{
    char hex[2 * DER_MOST];
    uint8_t out[PK_MAX_NUMBERS];
    const char *big = rfc6979[2].rows[0].signature; // r and s of 48 bytes, r with its highest bit
    (void)snprintf(hex, sizeof(hex), "3066023100%.96s023100%.96s", big, big + 96);
    assert_true(der_fits(PK_P384, hex, out));
    uint8_t wanted[96];
    hex_to(big, wanted);
    assert_memory_equal(out, wanted, 96);
    assert_false(der_fits(PK_P256, hex, out));
    assert_false(der_fits(PK_P192, hex, out));
    assert_false(der_fits(PK_RSA3072, hex, out));
}

// ---- PEM ----------------------------------------------------------------------------------------

TEST(pem_there_and_back)
{
    for (size_t i = 0; i < COUNT(files); i++) {
        char text[FILE_MOST], pem[PK_PEM_MOST];
        struct pk_private *key, *again;
        struct pk_public public_key;
        size_t n = load(files[i].name, text);
        if (pk_private_read(text, n, passphrase, &key) != PK_GOOD) {
            continue;
        }
        assert_true(pk_private_pem(key, pem));
        assert_int_equal(pk_private_read(pem, strlen(pem), NULL, &again), PK_GOOD);
        assert_true(pk_same(pk_private_public(key), pk_private_public(again)));
        pk_private_free(again);
        assert_true(pk_public_pem(pk_private_public(key), pem));
        (void)load(files[i].same_as, text);
        assert_string_equal(pem, text); // as openssl writes it
        assert_int_equal(pk_public_read(pem, strlen(pem), &public_key), PK_GOOD);
        assert_true(pk_same(pk_private_public(key), &public_key));
        pk_private_free(key);
    }
}

// RSA takes its time: tests/cli/key-generate.sh has it made.
TEST(new_keys)
{
    for (int i = is_long() ? 0 : PK_RSA3072 + 1; i < PK_SECURE_BOOT_COUNT; i++) {
        char pem[PK_PEM_MOST];
        struct err e = ERR_NONE;
        struct pk_private *again, *key = pk_generate((enum pk_type)i, &e);
        struct pk_private *other = i == PK_RSA3072 ? NULL : pk_generate((enum pk_type)i, &e);
        assert_non_null(key);
        assert_int_equal(pk_private_public(key)->type, i);
        assert_true(pk_is_sound(pk_private_public(key)));
        assert_true(other == NULL || !pk_same(pk_private_public(key), pk_private_public(other)));
        assert_true(pk_private_pem(key, pem));
        assert_int_equal(pk_private_read(pem, strlen(pem), NULL, &again), PK_GOOD);
        assert_true(pk_same(pk_private_public(key), pk_private_public(again)));
        struct pk_public stranger = public_of(i == PK_RSA3072 ? "rsa3072-b.pub.pem"
                                              : i == PK_P192  ? "ecdsa-p192-b.pub.pem"
                                              : i == PK_P256  ? "ecdsa-p256-b.pub.pem"
                                                              : "ecdsa-p384-b.pub.pem");
        sign_and_verify(again, &stranger);
        pk_private_free(key);
        pk_private_free(again);
        pk_private_free(other);
    }
}

// ---- Keys that are none -------------------------------------------------------------------------

TEST(moduli)
{
    const struct pk_public good = public_of("rsa3072-a.pub.pem");
    struct pk_public key = good;
    assert_true(pk_is_sound(&key));
    assert_int_equal(key.exponent, 65537);
    key.key[383] &= 0xFE; // even
    assert_false(pk_is_sound(&key));
    key = good;
    key.key[0] &= 0x7F; // of 3071 bits
    assert_false(pk_is_sound(&key));
    key = good;
    memset(key.key, 0, sizeof(key.key));
    assert_false(pk_is_sound(&key));
    static const uint32_t exponents[] = {0, 1, 2, 4, 65536, UINT32_C(0x80000000)};
    for (size_t i = 0; i < COUNT(exponents); i++) {
        key = good;
        key.exponent = exponents[i];
        assert_false(pk_is_sound(&key));
    }
    key = good;
    key.exponent = 3;
    assert_true(pk_is_sound(&key));
    assert_false(pk_same(&key, &good));
}

TEST(points)
{
    static const char *const names[] = {"ecdsa-p192-a.pub.pem", "ecdsa-p256-a.pub.pem",
                                        "ecdsa-p384-a.pub.pem"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const struct pk_public good = public_of(names[i]);
        const struct pk_type_facts *s = &pk_types[good.type];
        struct pk_public key = good;
        assert_true(pk_is_sound(&good));
        for (size_t bit = 0; bit < s->signature_size * 8; bit += 31) {
            key = good;
            key.key[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_false(pk_is_sound(&key));
        }
        memset(key.key, 0, sizeof(key.key));
        assert_false(pk_is_sound(&key));
        memset(key.key, 0xFF, sizeof(key.key)); // numbers beyond the field
        assert_false(pk_is_sound(&key));
        key = good;
        memcpy(key.key, good.key + s->number_size, s->number_size); // x and y changed over
        memcpy(key.key + s->number_size, good.key, s->number_size);
        assert_false(pk_is_sound(&key));
    }
}

UNIT(pk)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(private_keys_of_the_fixtures),
        cmocka_unit_test(wrong_passphrases_are_all_alike),
        cmocka_unit_test(public_keys_of_the_fixtures),
        cmocka_unit_test(keys_that_are_cut_short),
        cmocka_unit_test(empty_passphrases),
        cmocka_unit_test(signatures_fit_their_key_and_digest),
        cmocka_unit_test(examples_of_rfc_6979),
        cmocka_unit_test(numbers_that_are_none),
        cmocka_unit_test(numbers_of_another_point),
        cmocka_unit_test(signatures_in_der),
        cmocka_unit_test(signatures_of_another_size_in_der),
        cmocka_unit_test(pem_there_and_back),
        cmocka_unit_test(new_keys),
        cmocka_unit_test(moduli),
        cmocka_unit_test(points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
