// SPDX-License-Identifier: Apache-2.0
//
// Keys on their way out, to PSA and into files. DER is written from its end to its beginning, as
// mbedTLS does it.
#include <mbedtls/asn1write.h>
#include <mbedtls/pem.h>
#include <string.h>

#include "pk_der.h"

enum { DER_MOST = 2600, SEQUENCE = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE };

struct writing {
    uint8_t der[DER_MOST];
    uint8_t *p; // what is written so far begins here
    bool failed;
};

static void begin(struct writing *w)
{
    w->p = w->der + sizeof(w->der);
    w->failed = false;
}

static size_t length(const struct writing *w)
{
    return (size_t)(w->der + sizeof(w->der) - w->p);
}

static void note(struct writing *w, int result)
{
    w->failed = w->failed || result < 0;
}

static void put(struct writing *w, const void *bytes, size_t n)
{
    note(w, mbedtls_asn1_write_raw_buffer(&w->p, w->der, bytes, n));
}

// Makes what was written since it had `since` bytes the content of this tag.
static void wrap(struct writing *w, size_t since, unsigned char tag)
{
    note(w, mbedtls_asn1_write_len(&w->p, w->der, length(w) - since));
    note(w, mbedtls_asn1_write_tag(&w->p, w->der, tag));
}

static void put_integer(struct writing *w, const uint8_t *bytes, size_t n)
{
    size_t since = length(w);
    put(w, bytes, n);
    while (n > 1 && w->p[0] == 0) {
        w->p++;
        n--;
    }
    if (w->p[0] > 0x7F) {
        put(w, "", 1); // a number, not a negative one
    }
    wrap(w, since, MBEDTLS_ASN1_INTEGER);
}

static void put_oid(struct writing *w, struct pk_oid oid)
{
    note(w, mbedtls_asn1_write_oid(&w->p, w->der, oid.bytes, oid.size));
}

// RSAPublicKey, or a point that is not compressed.
static void put_public(struct writing *w, const struct pk_public *key)
{
    size_t since = length(w), size = pk_types[key->type].signature_size;
    if (pk_is_rsa(key->type)) {
        uint8_t e[4] = {(uint8_t)(key->exponent >> 24), (uint8_t)(key->exponent >> 16),
                        (uint8_t)(key->exponent >> 8), (uint8_t)key->exponent};
        put_integer(w, e, sizeof(e));
        put_integer(w, key->key, size);
        wrap(w, since, SEQUENCE);
    } else {
        put(w, key->key, size);
        put(w, "\x04", 1);
    }
}

// A BIT STRING of whole bytes, around what was written since then.
static void wrap_bits(struct writing *w, size_t since)
{
    put(w, "", 1);
    wrap(w, since, MBEDTLS_ASN1_BIT_STRING);
}

size_t pk_der_psa_public(const struct pk_public *key, uint8_t out[PK_DER_PUBLIC_MOST])
{
    struct writing w;
    begin(&w);
    put_public(&w, key);
    if (w.failed || length(&w) > PK_DER_PUBLIC_MOST) {
        return 0;
    }
    memcpy(out, w.p, length(&w));
    return length(&w);
}

static bool to_pem(const struct writing *w, const char *begin_line, const char *end_line, char *pem)
{
    size_t n;
    return !w->failed && mbedtls_pem_write_buffer(begin_line, end_line, w->p, length(w),
                                                  (unsigned char *)pem, PK_PEM_MOST, &n) == 0;
}

// SubjectPublicKeyInfo.
bool pk_public_pem(const struct pk_public *key, char pem[PK_PEM_MOST])
{
    struct writing w;
    bool rsa = pk_is_rsa(key->type);
    begin(&w);
    put_public(&w, key);
    wrap_bits(&w, 0);
    size_t since = length(&w);
    if (rsa) {
        note(&w, mbedtls_asn1_write_null(&w.p, w.der));
    } else {
        put_oid(&w, pk_curve_oids[key->type]);
    }
    put_oid(&w, rsa ? pk_oid_rsa : pk_oid_ec);
    wrap(&w, since, SEQUENCE);
    wrap(&w, 0, SEQUENCE);
    return to_pem(&w, "-----BEGIN PUBLIC KEY-----\n", "-----END PUBLIC KEY-----\n", pem);
}

// ECPrivateKey: version 1, the number, the curve, and the point.
static void put_sec1(struct writing *w, const struct pk_public *key, const uint8_t *bytes, size_t n)
{
    put_public(w, key);
    wrap_bits(w, 0);
    wrap(w, 0, MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED | 1);
    size_t since = length(w);
    put_oid(w, pk_curve_oids[key->type]);
    wrap(w, since, MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED);
    note(w, mbedtls_asn1_write_octet_string(&w->p, w->der, bytes, n));
    note(w, mbedtls_asn1_write_int(&w->p, w->der, 1));
    wrap(w, 0, SEQUENCE);
}

bool pk_der_private_pem(const struct pk_public *key, const uint8_t *bytes, size_t n,
                        char pem[PK_PEM_MOST])
{
    struct writing w;
    bool rsa = pk_is_rsa(key->type), good;
    begin(&w);
    if (rsa) {
        put(&w, bytes, n);
        good =
            to_pem(&w, "-----BEGIN RSA PRIVATE KEY-----\n", "-----END RSA PRIVATE KEY-----\n", pem);
    } else {
        put_sec1(&w, key, bytes, n);
        good =
            to_pem(&w, "-----BEGIN EC PRIVATE KEY-----\n", "-----END EC PRIVATE KEY-----\n", pem);
    }
    wipe(&w, sizeof(w));
    return good;
}
