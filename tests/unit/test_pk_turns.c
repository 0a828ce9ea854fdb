// SPDX-License-Identifier: Apache-2.0
//
// pk.h: how many rounds an encrypted key may ask for, by the digest that makes them; whoever would
// make them. It is known before a passphrase is, and nothing is computed: not even one second of
// what the largest number here would take.
#include "unit.h"

#include "base64.h"
#include "pk.h"

enum { DER_ROOM = 512, PEM_ROOM = 2048 };

struct der {
    uint8_t bytes[DER_ROOM];
    size_t n;
};

static struct der element(uint8_t tag, const struct der *a, const struct der *b)
{
    struct der out = {{tag, 0x81}, 3};
    size_t n = a->n + (b == NULL ? 0 : b->n);
    assert_true(n < 256);
    out.bytes[2] = (uint8_t)n;
    memcpy(out.bytes + out.n, a->bytes, a->n);
    out.n += a->n;
    if (b != NULL) {
        memcpy(out.bytes + out.n, b->bytes, b->n);
        out.n += b->n;
    }
    return out;
}

static struct der hex(const char *digits)
{
    struct der out = {.n = 0};
    for (; *digits != '\0'; digits += 2) {
        const char byte[] = {digits[0], digits[1], '\0'};
        out.bytes[out.n++] = (uint8_t)strtoul(byte, NULL, 16);
    }
    return out;
}

static struct der oid(const char *digits)
{
    struct der body = hex(digits);
    return element(6, &body, NULL);
}

static struct der number(uint64_t value)
{
    struct der body = {.n = 0};
    for (int shift = 56; shift >= 0; shift -= 8) {
        body.bytes[body.n++] = (uint8_t)(value >> shift);
    }
    return element(2, &body, NULL);
}

// ---- Keys ---------------------------------------------------------------------------------------

#define SHA1 "2a864886f70d0207"
#define SHA256 "2a864886f70d0209"
#define SHA384 "2a864886f70d020a"
#define SHA512 "2a864886f70d020b"
#define AES "6086480165030401"
#define DES3 "2a864886f70d0307"
#define PKCS12_DES3 "2a864886f70d010c0103"

static const struct row {
    const char *scheme; // NULL: PBES2
    const char *hmac;   // NULL: none said, which is SHA-1
    const char *cipher;
    size_t iv;
    uint64_t most;
} rows[] = {
    {NULL, NULL, AES "02", 16, 1300000},   {NULL, NULL, AES "2a", 16, 1300000},
    {NULL, SHA1, AES "2a", 16, 1300000},   {NULL, SHA256, AES "2a", 16, 1000000},
    {NULL, SHA384, AES "2a", 16, 700000},  {NULL, SHA512, AES "16", 16, 700000},
    {NULL, SHA1, DES3, 8, 1300000},        {NULL, SHA256, DES3, 8, 1000000},
    {PKCS12_DES3, NULL, NULL, 0, 1300000},
};

static struct der parameters_of(const struct row *row, uint64_t turns)
{
    struct der salt = hex("040873616c7473616c74"), count = number(turns), parts, null = hex("0500");
    struct der body = salt;
    memcpy(body.bytes + body.n, count.bytes, count.n);
    body.n += count.n;
    if (row->hmac == NULL) {
        return element(0x30, &body, NULL);
    }
    struct der hmac = oid(row->hmac);
    parts = element(0x30, &hmac, &null);
    return element(0x30, &body, &parts);
}

static struct der scheme_of(const struct row *row, uint64_t turns)
{
    struct der parameters = parameters_of(row, turns), name, kdf, iv = {.n = row->iv}, cipher;
    if (row->scheme != NULL) {
        name = oid(row->scheme);
        return element(0x30, &name, &parameters);
    }
    name = oid("2a864886f70d01050c");
    kdf = element(0x30, &name, &parameters);
    name = oid(row->cipher);
    iv = element(4, &iv, NULL);
    cipher = element(0x30, &name, &iv);
    parameters = element(0x30, &kdf, &cipher);
    name = oid("2a864886f70d01050d");
    return element(0x30, &name, &parameters);
}

static enum pk_fault fault_of(const struct row *row, uint64_t turns, const char *passphrase)
{
    struct der scheme = scheme_of(row, turns), bytes = {.n = 64};
    bytes = element(4, &bytes, NULL);
    struct der all = element(0x30, &scheme, &bytes);
    char pem[PEM_ROOM];
    struct arena a = ARENA_EMPTY;
    struct pk_private *key;
    int n = snprintf(pem, sizeof(pem),
                     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n%s\n-----END ENCRYPTED PRIVATE "
                     "KEY-----\n",
                     base64(&a, all.bytes, all.n));
    arena_free(&a);
    enum pk_fault fault = pk_private_read(pem, (size_t)n, passphrase, &key);
    assert_null(key);
    return fault;
}

static void refuse(size_t i, uint64_t turns)
{
    if (fault_of(&rows[i], turns, NULL) != PK_TOO_MANY_TURNS ||
        fault_of(&rows[i], turns, "words") != PK_TOO_MANY_TURNS) {
        fail_msg("row %zu: %" PRIu64 " rounds are made", i, turns);
    }
}

TEST(too_many)
{
    static const uint64_t more[] = {1,          1000000,     0x7FFFFFFF,         0x80000000,
                                    0xFFFFFFFF, 0x100000001, INT64_MAX - 2000000};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(fault_of(&rows[i], rows[i].most, NULL), PK_NEEDS_PASSPHRASE);
        assert_int_equal(fault_of(&rows[i], 1, "words"), PK_WRONG_PASSPHRASE);
        for (size_t k = 0; k < COUNT(more); k++) {
            refuse(i, rows[i].most + more[k]);
        }
    }
}

// None, and fewer than none, are no number of rounds; a digest that there is not, no limit.
TEST(no_number)
{
    static const struct row other = {NULL, "2a864886f70d0208", AES "2a", 16, 0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(fault_of(&rows[i], 0, "words"), PK_UNKNOWN_CIPHER);
        assert_int_equal(fault_of(&rows[i], UINT64_MAX, "words"), PK_UNKNOWN_CIPHER);
        assert_int_equal(fault_of(&rows[i], UINT64_MAX - 1000, "words"), PK_UNKNOWN_CIPHER);
    }
    assert_int_equal(fault_of(&other, 1, "words"), PK_UNKNOWN_CIPHER);
}

UNIT(pk_turns)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_many),
        cmocka_unit_test(no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
