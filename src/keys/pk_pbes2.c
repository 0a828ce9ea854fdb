// SPDX-License-Identifier: Apache-2.0
//
// Private keys encrypted with PBES2 (RFC 8018) and AES, as openssl does by default. mbedTLS has the
// pieces, but puts them together only from 3.5 on.
#include <limits.h>
#include <mbedtls/asn1.h>
#include <mbedtls/pkcs5.h>
#include <mbedtls/version.h>
#include <string.h>

#include "pk_der.h"
#include "pk_inside.h"

enum { KEY_MOST = 32, IV_SIZE = 16 };

static const struct pk_oid pbes2_oid = PK_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"),
                           pbkdf2_oid = PK_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c");

// With each, as many rounds as take up to 2 s for the longest key: 0.65, 1.8, 2.4 and 2.4
// microseconds for a round and a block of the key, of which SHA-1 makes two, on a core of 2023 with
// mbedTLS 2.28.
static const struct hmac {
    struct pk_oid oid;
    mbedtls_md_type_t md;
    int most_turns;
} hmacs[] = {
    {PK_OID("\x2a\x86\x48\x86\xf7\x0d\x02\x07"), MBEDTLS_MD_SHA1, PK_TURNS_SHA1},
    {PK_OID("\x2a\x86\x48\x86\xf7\x0d\x02\x09"), MBEDTLS_MD_SHA256, PK_TURNS_SHA256},
    {PK_OID("\x2a\x86\x48\x86\xf7\x0d\x02\x0a"), MBEDTLS_MD_SHA384, PK_TURNS_SHA512},
    {PK_OID("\x2a\x86\x48\x86\xf7\x0d\x02\x0b"), MBEDTLS_MD_SHA512, PK_TURNS_SHA512},
};

static const struct {
    struct pk_oid oid;
    size_t key_size;
} ciphers[] = {{PK_OID("\x60\x86\x48\x01\x65\x03\x04\x01\x02"), 16},
               {PK_OID("\x60\x86\x48\x01\x65\x03\x04\x01\x16"), 24},
               {PK_OID("\x60\x86\x48\x01\x65\x03\x04\x01\x2a"), 32}};

struct pbes2 {
    mbedtls_asn1_buf salt, iv;
    int turns;
    const struct hmac *hmac;
    size_t key_size;
    const uint8_t *bytes; // encrypted
    size_t size;
};

static bool is_sequence(const mbedtls_asn1_buf *b)
{
    return b->tag == (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
}

// A number above 0; of those that no int holds, the highest that one does: they are all too many.
static bool take_count(unsigned char **p, const unsigned char *end, int *out)
{
    unsigned char *number = *p;
    size_t n;
    if (mbedtls_asn1_get_int(p, end, out) == 0) {
        return *out > 0;
    }
    *p = number;
    if (mbedtls_asn1_get_tag(p, end, &n, MBEDTLS_ASN1_INTEGER) != 0 || n == 0 || **p > 0x7F) {
        return false;
    }
    *p += n;
    *out = INT_MAX;
    return true;
}

// Salt and iterations, with which the parameters of every scheme begin.
static bool take_turns(struct pbes2 *x, unsigned char **p, const unsigned char *end)
{
    if (mbedtls_asn1_get_tag(p, end, &x->salt.len, MBEDTLS_ASN1_OCTET_STRING) != 0) {
        return false;
    }
    x->salt.p = *p;
    *p += x->salt.len;
    return take_count(p, end, &x->turns);
}

// Behind them, perhaps the length of the key, and perhaps the HMAC, which else is SHA-1's.
static bool take_kdf(struct pbes2 *x, const mbedtls_asn1_buf *parameters)
{
    unsigned char *p = parameters->p;
    const unsigned char *end = p + parameters->len;
    mbedtls_asn1_buf hmac, unused;
    int length;
    x->hmac = &hmacs[0];
    if (!is_sequence(parameters) || !take_turns(x, &p, end)) {
        return false;
    }
    if (p < end && *p == MBEDTLS_ASN1_INTEGER && mbedtls_asn1_get_int(&p, end, &length) != 0) {
        return false;
    }
    if (p == end) {
        return true;
    }
    x->hmac = NULL;
    if (mbedtls_asn1_get_alg(&p, end, &hmac, &unused) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof(hmacs) / sizeof(hmacs[0]); i++) {
        x->hmac = pk_is_oid(hmac.p, hmac.len, hmacs[i].oid) ? &hmacs[i] : x->hmac;
    }
    return x->hmac != NULL;
}

static bool take_cipher(struct pbes2 *x, const mbedtls_asn1_buf *oid)
{
    for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++) {
        if (pk_is_oid(oid->p, oid->len, ciphers[i].oid)) {
            x->key_size = ciphers[i].key_size;
            return x->iv.tag == MBEDTLS_ASN1_OCTET_STRING && x->iv.len == IV_SIZE;
        }
    }
    return false;
}

// EncryptedPrivateKeyInfo: how it is encrypted, and the bytes. PK_NO_KEY: in another way. Whoever
// decrypts it then, it has no more turns than somebody would wait for.
static enum pk_fault take(struct pbes2 *x, uint8_t *der, size_t n)
{
    unsigned char *p = der; // which mbedTLS only reads
    const unsigned char *end = p + n;
    mbedtls_asn1_buf scheme, parameters, kdf, kdf_parameters, cipher;
    size_t length;
    const int sequence = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE;
    if (mbedtls_asn1_get_tag(&p, end, &length, sequence) != 0 || p + length != end ||
        mbedtls_asn1_get_alg(&p, end, &scheme, &parameters) != 0 || !is_sequence(&parameters) ||
        mbedtls_asn1_get_tag(&p, end, &x->size, MBEDTLS_ASN1_OCTET_STRING) != 0 ||
        p + x->size != end) {
        return PK_CORRUPT;
    }
    x->bytes = p;
    p = parameters.p;
    end = p + parameters.len;
    if (!pk_is_oid(scheme.p, scheme.len, pbes2_oid)) {
        return !take_turns(x, &p, end)    ? PK_UNKNOWN_CIPHER
               : x->turns > PK_TURNS_SHA1 ? PK_TOO_MANY_TURNS // that of PKCS#12 is with SHA-1
                                          : PK_NO_KEY;
    }
    if (mbedtls_asn1_get_alg(&p, end, &kdf, &kdf_parameters) != 0 ||
        mbedtls_asn1_get_alg(&p, end, &cipher, &x->iv) != 0) {
        return PK_CORRUPT;
    }
    if (!pk_is_oid(kdf.p, kdf.len, pbkdf2_oid) || !take_kdf(x, &kdf_parameters)) {
        return PK_UNKNOWN_CIPHER;
    }
    if (x->turns > x->hmac->most_turns) {
        return PK_TOO_MANY_TURNS;
    }
    return take_cipher(x, &cipher) ? PK_GOOD : PK_NO_KEY;
}

bool pk_pbkdf2(const struct pk_pbkdf2 *x, uint8_t *key, size_t size)
{
#if MBEDTLS_VERSION_MAJOR >= 3
    return mbedtls_pkcs5_pbkdf2_hmac_ext(x->md, x->password, x->password_size, x->salt,
                                         x->salt_size, x->turns, (uint32_t)size, key) == 0;
#else
    mbedtls_md_context_t md;
    mbedtls_md_init(&md);
    bool good = mbedtls_md_setup(&md, mbedtls_md_info_from_type(x->md), 1) == 0 &&
                mbedtls_pkcs5_pbkdf2_hmac(&md, x->password, x->password_size, x->salt, x->salt_size,
                                          x->turns, (uint32_t)size, key) == 0;
    mbedtls_md_free(&md);
    return good;
#endif
}

static bool derive(const struct pbes2 *x, const char *passphrase, uint8_t *key)
{
    const struct pk_pbkdf2 input = {x->hmac->md, passphrase,  strlen(passphrase),
                                    x->salt.p,   x->salt.len, (unsigned)x->turns};
    return pk_pbkdf2(&input, key, x->key_size);
}

static bool decrypt(const struct pbes2 *x, const uint8_t *key, struct secret *out)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    psa_cipher_operation_t op = PSA_CIPHER_OPERATION_INIT;
    psa_key_id_t id;
    size_t n = 0, more = 0;
    uint8_t *to = (uint8_t *)out->bytes;
    psa_set_key_type(&a, PSA_KEY_TYPE_AES);
    psa_set_key_algorithm(&a, PSA_ALG_CBC_PKCS7);
    psa_set_key_usage_flags(&a, PSA_KEY_USAGE_DECRYPT);
    if (psa_crypto_init() != PSA_SUCCESS ||
        psa_import_key(&a, key, x->key_size, &id) != PSA_SUCCESS) {
        return false;
    }
    bool good = psa_cipher_decrypt_setup(&op, id, PSA_ALG_CBC_PKCS7) == PSA_SUCCESS &&
                psa_cipher_set_iv(&op, x->iv.p, x->iv.len) == PSA_SUCCESS &&
                psa_cipher_update(&op, x->bytes, x->size, to, x->size, &n) == PSA_SUCCESS &&
                psa_cipher_finish(&op, to + n, x->size - n, &more) == PSA_SUCCESS;
    (void)psa_cipher_abort(&op);
    (void)psa_destroy_key(id);
    out->size = good ? n + more : x->size;
    return good;
}

// Bytes that were decrypted with another passphrase seldom have a good padding, and then are no
// sequence of just this length.
static bool is_whole_sequence(const struct secret *s)
{
    unsigned char *p = (unsigned char *)s->bytes;
    const unsigned char *end = p + s->size;
    size_t n;
    return mbedtls_asn1_get_tag(&p, end, &n, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) ==
               0 &&
           p + n == end;
}

enum pk_fault pk_pbes2(uint8_t *der, size_t n, const char *passphrase, struct secret *out)
{
    struct pbes2 x = {.size = 0};
    uint8_t key[KEY_MOST];
    enum pk_fault fault = take(&x, der, n);
    if (passphrase == NULL && fault != PK_TOO_MANY_TURNS) {
        return PK_NEEDS_PASSPHRASE;
    }
    if (fault != PK_GOOD) {
        return fault;
    }
    bool good = secret_room(out, x.size) && derive(&x, passphrase, key) && decrypt(&x, key, out) &&
                is_whole_sequence(out);
    wipe(key, sizeof(key));
    if (!good) {
        secret_wipe(out);
    }
    return good ? PK_GOOD : PK_WRONG_PASSPHRASE;
}
