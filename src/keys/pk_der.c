// SPDX-License-Identifier: Apache-2.0
#include "pk_der.h"

#include <mbedtls/asn1.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>
#include <psa/crypto.h>
#include <string.h>

enum { DER_MOST = 2600, UNCOMPRESSED = 4 };

const struct pk_oid pk_oid_rsa = PK_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
const struct pk_oid pk_oid_ec = PK_OID("\x2a\x86\x48\xce\x3d\x02\x01");
const struct pk_oid pk_curve_oids[PK_TYPE_COUNT] = {
    [PK_P192] = PK_OID("\x2a\x86\x48\xce\x3d\x03\x01\x01"),
    [PK_P256] = PK_OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"),
    [PK_P384] = PK_OID("\x2b\x81\x04\x00\x22"),
};

bool pk_is_oid(const uint8_t *bytes, size_t n, struct pk_oid oid)
{
    return oid.bytes != NULL && n == oid.size && memcmp(bytes, oid.bytes, n) == 0;
}

// ---- Public keys --------------------------------------------------------------------------------

// A positive INTEGER, as `size` bytes.
static bool take_integer(unsigned char **p, const unsigned char *end, uint8_t *out, size_t size)
{
    size_t n;
    if (mbedtls_asn1_get_tag(p, end, &n, MBEDTLS_ASN1_INTEGER) != 0 || n == 0 || (*p)[0] > 0x7F) {
        return false;
    }
    const unsigned char *from = *p;
    *p += n;
    for (; n > 0 && *from == 0; n--) {
        from++;
    }
    if (n > size) {
        return false;
    }
    memset(out, 0, size);
    if (n > 0) {
        memcpy(out + size - n, from, n);
    }
    return true;
}

static bool take_sequence(unsigned char **p, const unsigned char *end)
{
    size_t n;
    return mbedtls_asn1_get_tag(p, end, &n, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) ==
               0 &&
           *p + n == end;
}

// RSAPublicKey: a sequence of n and e.
static bool take_rsa(unsigned char *p, const unsigned char *end, struct pk_public *out)
{
    uint8_t e[4], n[PK_MAX_NUMBERS];
    size_t zeros = 0;
    if (!take_sequence(&p, end) || !take_integer(&p, end, n, sizeof(n)) ||
        !take_integer(&p, end, e, sizeof(e)) || p != end) {
        return false;
    }
    while (zeros < sizeof(n) && n[zeros] == 0) {
        zeros++;
    }
    out->exponent = (uint32_t)e[0] << 24 | (uint32_t)e[1] << 16 | (uint32_t)e[2] << 8 | e[3];
    return pk_set_modulus(out, n + zeros, sizeof(n) - zeros);
}

static bool take_point(const unsigned char *p, const unsigned char *end, struct pk_public *out)
{
    size_t size = pk_types[out->type].signature_size;
    if ((size_t)(end - p) != 1 + size || *p != UNCOMPRESSED) {
        return false;
    }
    memcpy(out->key, p + 1, size);
    return true;
}

bool pk_der_of_psa_public(const uint8_t *bytes, size_t n, struct pk_public *out)
{
    uint8_t copy[DER_MOST]; // mbedTLS's readers want what they could write to
    if (n > sizeof(copy)) {
        return false;
    }
    memcpy(copy, bytes, n);
    return pk_is_rsa(out->type) ? take_rsa(copy, copy + n, out) : take_point(copy, copy + n, out);
}

// SubjectPublicKeyInfo: what algorithm it is, and the key in a BIT STRING.
static enum pk_fault take_spki(unsigned char *p, const unsigned char *end, struct pk_public *out)
{
    mbedtls_asn1_buf algorithm, curve;
    size_t n;
    memset(out, 0, sizeof(*out));
    if (!take_sequence(&p, end) || mbedtls_asn1_get_alg(&p, end, &algorithm, &curve) != 0 ||
        mbedtls_asn1_get_bitstring_null(&p, end, &n) != 0 || p + n != end) {
        return PK_CORRUPT;
    }
    if (pk_is_oid(algorithm.p, algorithm.len, pk_oid_rsa)) {
        return take_rsa(p, end, out) ? PK_GOOD : PK_OTHER_KEY;
    }
    for (int i = 0; i < PK_TYPE_COUNT; i++) {
        if (pk_is_oid(algorithm.p, algorithm.len, pk_oid_ec) &&
            pk_is_oid(curve.p, curve.len, pk_curve_oids[i])) {
            out->type = (enum pk_type)i;
            return take_point(p, end, out) ? PK_GOOD : PK_CORRUPT;
        }
    }
    return PK_OTHER_KEY;
}

bool pk_signature_of_der(enum pk_type type, const uint8_t *der, size_t n, uint8_t *signature)
{
    uint8_t copy[DER_MOST];
    size_t size = pk_types[type].number_size;
    unsigned char *p = copy;
    if (n > sizeof(copy) || pk_is_rsa(type)) {
        return false;
    }
    memcpy(copy, der, n);
    return take_sequence(&p, copy + n) && take_integer(&p, copy + n, signature, size) &&
           take_integer(&p, copy + n, signature + size, size) && p == copy + n;
}

// ---- PEM ----------------------------------------------------------------------------------------

enum form { FORM_DER, FORM_PRIVATE, FORM_ENCRYPTED, FORM_PUBLIC, FORM_RSA_PUBLIC };
static const struct label {
    const char *begin, *end;
    enum form form;
} labels[] = {
#define LABEL(text) "-----BEGIN " text "-----", "-----END " text "-----"
    {LABEL("RSA PRIVATE KEY"), FORM_PRIVATE}, {LABEL("EC PRIVATE KEY"), FORM_PRIVATE},
    {LABEL("PRIVATE KEY"), FORM_PRIVATE},     {LABEL("ENCRYPTED PRIVATE KEY"), FORM_ENCRYPTED},
    {LABEL("PUBLIC KEY"), FORM_PUBLIC},       {LABEL("RSA PUBLIC KEY"), FORM_RSA_PUBLIC},
};

// The first key in a text, whatever stands around it.
static const struct label *find_label(const char *text, const char **at)
{
    const struct label *first = NULL;
    *at = NULL;
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        const char *here = strstr(text, labels[i].begin);
        if (here != NULL && (first == NULL || here < *at)) {
            first = &labels[i];
            *at = here;
        }
    }
    return first;
}

static bool keep(struct secret *out, const uint8_t *bytes, size_t n)
{
    bool good = secret_room(out, n);
    if (good) {
        memcpy(out->bytes, bytes, n);
    }
    return good;
}

static enum pk_fault pem_fault(int error, const char *passphrase)
{
    return error == MBEDTLS_ERR_PEM_PASSWORD_REQUIRED ? PK_NEEDS_PASSPHRASE
           : error == MBEDTLS_ERR_PEM_PASSWORD_MISMATCH
               ? (passphrase == NULL ? PK_NEEDS_PASSPHRASE : PK_WRONG_PASSPHRASE)
           : error == MBEDTLS_ERR_PEM_UNKNOWN_ENC_ALG ? PK_UNKNOWN_CIPHER
                                                      : PK_CORRUPT;
}

static bool keep_decoded(struct secret *out, mbedtls_pem_context *pem)
{
#if MBEDTLS_VERSION_MAJOR >= 3
    size_t n;
    const uint8_t *bytes = mbedtls_pem_get_buffer(pem, &n);
    return keep(out, bytes, n);
#else
    return keep(out, pem->buf, pem->buflen);
#endif
}

// The bytes of the first key in a text, or of a file that is DER.
static enum pk_fault unwrap(const char *text, size_t n, const char *passphrase, enum form *form,
                            struct secret *out)
{
    const char *at;
    size_t used;
    mbedtls_pem_context pem;
    const struct label *label = find_label(text, &at);
    *form = FORM_DER;
    if (label == NULL) {
        bool der = n > 2 && (uint8_t)text[0] == 0x30;
        return der && keep(out, (const uint8_t *)text, n) ? PK_GOOD : PK_NO_KEY;
    }
    *form = label->form;
    mbedtls_pem_init(&pem);
    int error = mbedtls_pem_read_buffer(&pem, label->begin, label->end, (const uint8_t *)at,
                                        (const uint8_t *)passphrase,
                                        passphrase == NULL ? 0 : strlen(passphrase), &used);
    bool good = error == 0 && keep_decoded(out, &pem);
    mbedtls_pem_free(&pem);
    return good ? PK_GOOD : pem_fault(error, passphrase);
}

enum pk_fault pk_public_read(const char *pem, size_t n, struct pk_public *out)
{
    struct secret der = SECRET_NONE;
    enum form form;
    enum pk_fault fault = unwrap(pem, n, NULL, &form, &der);
    memset(out, 0, sizeof(*out));
    if (form == FORM_PRIVATE || form == FORM_ENCRYPTED) {
        fault = PK_NOT_PUBLIC;
    } else if (fault == PK_GOOD && der.bytes != NULL) {
        uint8_t *p = (uint8_t *)der.bytes;
        fault = form != FORM_RSA_PUBLIC          ? take_spki(p, p + der.size, out)
                : take_rsa(p, p + der.size, out) ? PK_GOOD
                                                 : PK_OTHER_KEY;
    }
    secret_wipe(&der);
    return fault != PK_GOOD ? fault : pk_is_sound(out) ? PK_GOOD : PK_CORRUPT;
}

// ---- Private keys -------------------------------------------------------------------------------

#if MBEDTLS_VERSION_MAJOR == 3
static int random_bytes(void *ctx, unsigned char *to, size_t n)
{
    (void)ctx;
    return psa_generate_random(to, n) == PSA_SUCCESS ? 0 : -1;
}
#endif

static int parse_key(mbedtls_pk_context *pk, const struct secret *der, const char *passphrase)
{
    const uint8_t *bytes = (const uint8_t *)der->bytes;
    const uint8_t *password = (const uint8_t *)passphrase;
    size_t n = passphrase == NULL ? 0 : strlen(passphrase);
#if MBEDTLS_VERSION_MAJOR == 3
    (void)psa_crypto_init();
    return mbedtls_pk_parse_key(pk, bytes, der->size, password, n, random_bytes, NULL);
#else
    return mbedtls_pk_parse_key(pk, bytes, der->size, password, n);
#endif
}

// The number of an ECPrivateKey: a sequence of its version and an OCTET STRING.
static bool take_number(unsigned char *p, const unsigned char *end, size_t size, struct secret *out)
{
    int version;
    size_t n;
    if (!take_sequence(&p, end) || mbedtls_asn1_get_int(&p, end, &version) != 0 ||
        mbedtls_asn1_get_tag(&p, end, &n, MBEDTLS_ASN1_OCTET_STRING) != 0 || n > size) {
        return false;
    }
    bool good = secret_room(out, size);
    if (good) {
        memcpy(out->bytes + size - n, p, n);
    }
    return good;
}

static enum pk_fault take_private(mbedtls_pk_context *pk, struct pk_der_private *out)
{
    uint8_t der[DER_MOST];
    uint8_t *end = der + sizeof(der);
    int n = mbedtls_pk_write_pubkey_der(pk, der, sizeof(der)); // at the end of the buffer
    enum pk_fault fault = n <= 0 ? PK_OTHER_KEY : take_spki(end - n, end, &out->public_key);
    if (fault != PK_GOOD) {
        return fault;
    }
    n = mbedtls_pk_write_key_der(pk, der, sizeof(der));
    bool good =
        n > 0 &&
        (pk_is_rsa(out->public_key.type)
             ? keep(&out->bytes, end - n, (size_t)n)
             : take_number(end - n, end, pk_types[out->public_key.type].number_size, &out->bytes));
    wipe(der, sizeof(der));
    return good ? PK_GOOD : PK_CORRUPT;
}

// A PrivateKeyInfo of an algorithm that is neither RSA nor ECDSA?
static bool is_other_algorithm(const struct secret *der)
{
    unsigned char *p = (unsigned char *)der->bytes;
    const unsigned char *end = p + der->size;
    int version;
    mbedtls_asn1_buf oid, parameters;
    return take_sequence(&p, end) && mbedtls_asn1_get_int(&p, end, &version) == 0 &&
           mbedtls_asn1_get_alg(&p, end, &oid, &parameters) == 0 &&
           !pk_is_oid(oid.p, oid.len, pk_oid_rsa) && !pk_is_oid(oid.p, oid.len, pk_oid_ec);
}

static enum pk_fault parse_fault(int error, bool encrypted, const struct secret *der)
{
    const int high = -(-error & 0x7F80); // errors are sums of a high and a low code
    return encrypted ? PK_WRONG_PASSPHRASE
           : high == MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE || is_other_algorithm(der) ? PK_OTHER_KEY
                                                                                   : PK_CORRUPT;
}

// `passphrase` NULL: the bytes are not encrypted any more.
static enum pk_fault read_der(const struct secret *der, const char *passphrase,
                              struct pk_der_private *out)
{
    mbedtls_pk_context pk;
    mbedtls_pk_init(&pk);
    int error = parse_key(&pk, der, passphrase);
    enum pk_fault fault =
        error == 0 ? take_private(&pk, out) : parse_fault(error, passphrase != NULL, der);
    mbedtls_pk_free(&pk);
    return fault;
}

static enum pk_fault read_encrypted(const struct secret *der, const char *passphrase,
                                    struct pk_der_private *out)
{
    struct secret plain = SECRET_NONE;
    enum pk_fault fault = pk_pbes2((uint8_t *)der->bytes, der->size, passphrase, &plain);
    fault = fault == PK_GOOD     ? read_der(&plain, NULL, out)
            : fault == PK_NO_KEY ? read_der(der, passphrase, out)
                                 : fault;
    secret_wipe(&plain);
    return fault;
}

// PEM that is encrypted by itself, outside the DER.
static bool is_encrypted_pem(const char *pem, size_t n)
{
    struct secret der = SECRET_NONE;
    enum form form;
    enum pk_fault fault = unwrap(pem, n, NULL, &form, &der);
    secret_wipe(&der);
    return fault == PK_NEEDS_PASSPHRASE;
}

enum pk_fault pk_der_private(const char *pem, size_t n, const char *passphrase,
                             struct pk_der_private *out)
{
    struct secret der = SECRET_NONE;
    enum form form;
    struct pk_public unused;
    memset(out, 0, sizeof(*out));
    enum pk_fault fault = unwrap(pem, n, passphrase, &form, &der);
    if (form == FORM_PUBLIC || form == FORM_RSA_PUBLIC) {
        fault = PK_NOT_PRIVATE;
    } else if (fault == PK_GOOD) {
        fault = form == FORM_ENCRYPTED ? read_encrypted(&der, passphrase, out)
                                       : read_der(&der, NULL, out);
    }
    if (fault == PK_CORRUPT && passphrase != NULL && is_encrypted_pem(pem, n)) {
        fault = PK_WRONG_PASSPHRASE; // which can pass for the right one, until the key is read
    }
    if (fault == PK_CORRUPT && form == FORM_DER) {
        fault = pk_public_read(pem, n, &unused) == PK_GOOD ? PK_NOT_PRIVATE : PK_NO_KEY;
    }
    return secret_wipe(&der), fault;
}
