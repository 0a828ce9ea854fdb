// SPDX-License-Identifier: Apache-2.0
#include "pk.h"

#include <psa/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "pk_der.h"
#include "secret.h"

enum { PRIVATE_MOST = 2048 }; // bytes that PSA exports of a private key

const struct pk_scheme pk_schemes[PK_SCHEME_COUNT] = {
    [OTAPACK_SB_RSA3072] = {"rsa3072", "RSA-3072", 384, 384, DIGEST_SHA256, 32},
    [OTAPACK_SB_P192] = {"ecdsa-p192", "ECDSA P-192", 24, 48, DIGEST_SHA256, 32},
    [OTAPACK_SB_P256] = {"ecdsa-p256", "ECDSA P-256", 32, 64, DIGEST_SHA256, 32},
    [OTAPACK_SB_P384] = {"ecdsa-p384", "ECDSA P-384", 48, 96, DIGEST_SHA384, 48},
};

struct pk_private {
    struct pk_public public_key;
    psa_key_id_t id;
};

bool pk_same(const struct pk_public *a, const struct pk_public *b)
{
    return a->scheme == b->scheme && a->exponent == b->exponent &&
           memcmp(a->key, b->key, pk_schemes[a->scheme].signature_size) == 0;
}

static psa_algorithm_t hash_of(enum digest_algorithm digest)
{
    return digest == DIGEST_SHA384 ? PSA_ALG_SHA_384 : PSA_ALG_SHA_256;
}

static psa_algorithm_t algorithm_of(enum otapack_sb_scheme scheme, enum pk_padding padding,
                                    psa_algorithm_t hash)
{
    return scheme != OTAPACK_SB_RSA3072 ? PSA_ALG_DETERMINISTIC_ECDSA(hash)
           : padding == PK_STANDARD     ? PSA_ALG_RSA_PSS(hash)
           : padding == PK_ANY_SALT     ? PSA_ALG_RSA_PSS_ANY_SALT(hash)
                                        : PSA_ALG_RSA_PKCS1V15_SIGN(hash);
}

static psa_key_attributes_t attributes_of(enum otapack_sb_scheme scheme, bool private,
                                          psa_algorithm_t algorithm)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    bool rsa = scheme == OTAPACK_SB_RSA3072;
    psa_set_key_type(&a, !private ? (rsa ? PSA_KEY_TYPE_RSA_PUBLIC_KEY
                                         : PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1))
                         : rsa    ? PSA_KEY_TYPE_RSA_KEY_PAIR
                                  : PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
    psa_set_key_bits(&a, pk_schemes[scheme].number_size * 8);
    psa_set_key_algorithm(&a, algorithm);
    psa_set_key_usage_flags(&a, private ? PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_EXPORT
                                        : PSA_KEY_USAGE_VERIFY_HASH);
    return a;
}

// Puts a public key where PSA can use it; this is also where a point off its curve is noticed.
static bool import_public(const struct pk_public *key, psa_algorithm_t algorithm, psa_key_id_t *id)
{
    uint8_t bytes[PK_DER_PUBLIC_MOST];
    size_t n = pk_der_psa_public(key, bytes);
    psa_key_attributes_t a = attributes_of(key->scheme, false, algorithm);
    return n > 0 && psa_crypto_init() == PSA_SUCCESS &&
           psa_import_key(&a, bytes, n, id) == PSA_SUCCESS;
}

static bool modulus_is_sound(const struct pk_public *key)
{
    size_t last = pk_schemes[key->scheme].number_size - 1;
    return key->key[0] >= 0x80 && (key->key[last] & 1) != 0 && key->exponent > 1 &&
           (key->exponent & 1) != 0;
}

bool pk_is_sound(const struct pk_public *key)
{
    psa_key_id_t id;
    if (key->scheme == OTAPACK_SB_RSA3072 && !modulus_is_sound(key)) {
        return false;
    }
    if (!import_public(key, algorithm_of(key->scheme, PK_STANDARD, PSA_ALG_SHA_256), &id)) {
        return false;
    }
    (void)psa_destroy_key(id);
    return true;
}

bool pk_verify(const struct pk_public *key, enum pk_padding padding, enum digest_algorithm hash,
               const uint8_t *digest, const uint8_t *signature)
{
    psa_key_id_t id;
    psa_algorithm_t algorithm = algorithm_of(key->scheme, padding, hash_of(hash));
    if (!import_public(key, algorithm, &id)) {
        return false;
    }
    psa_status_t status = psa_verify_hash(id, algorithm, digest, hash == DIGEST_SHA384 ? 48 : 32,
                                          signature, pk_schemes[key->scheme].signature_size);
    (void)psa_destroy_key(id);
    return status == PSA_SUCCESS;
}

// ---- Private keys -------------------------------------------------------------------------------

static bool psa_failed(psa_status_t status, const char *what, struct err *e)
{
    return err_set(e, STATUS_CANNOT, "mbedTLS cannot %s (PSA error %d)", what, (int)status);
}

static struct pk_private *private_new(psa_key_id_t id, const struct pk_public *public_key)
{
    struct pk_private *key = calloc(1, sizeof(*key));
    if (key == NULL) {
        return NULL;
    }
    key->id = id;
    key->public_key = *public_key;
    return key;
}

static psa_algorithm_t signing_algorithm(enum otapack_sb_scheme scheme)
{
    return algorithm_of(scheme, PK_STANDARD, hash_of(pk_schemes[scheme].digest));
}

// The public part that a file has beside the private one must belong to it.
static bool has_public(psa_key_id_t id, const struct pk_public *key)
{
    struct pk_public computed = {.scheme = key->scheme};
    uint8_t bytes[PK_DER_PUBLIC_MOST];
    size_t n = 0;
    return psa_export_public_key(id, bytes, sizeof(bytes), &n) == PSA_SUCCESS &&
           pk_der_of_psa_public(bytes, n, &computed) && pk_same(&computed, key);
}

enum pk_fault pk_private_read(const char *pem, size_t n, const char *passphrase,
                              struct pk_private **out)
{
    struct pk_der_private der = {.bytes = SECRET_NONE};
    psa_key_id_t id;
    *out = NULL;
    enum pk_fault fault = pk_der_private(pem, n, passphrase, &der);
    if (fault == PK_GOOD) {
        enum otapack_sb_scheme scheme = der.public_key.scheme;
        psa_key_attributes_t a = attributes_of(scheme, true, signing_algorithm(scheme));
        bool good = psa_crypto_init() == PSA_SUCCESS &&
                    psa_import_key(&a, (const uint8_t *)der.bytes.bytes, der.bytes.size, &id) ==
                        PSA_SUCCESS;
        *out = good && has_public(id, &der.public_key) ? private_new(id, &der.public_key) : NULL;
        if (good && *out == NULL) {
            (void)psa_destroy_key(id);
        }
        fault = *out == NULL ? PK_CORRUPT : PK_GOOD;
    }
    secret_wipe(&der.bytes);
    return fault;
}

void pk_private_free(struct pk_private *key)
{
    if (key != NULL) {
        (void)psa_destroy_key(key->id); // which wipes it
        free(key);
    }
}

const struct pk_public *pk_private_public(const struct pk_private *key)
{
    return &key->public_key;
}

bool pk_sign(const struct pk_private *key, const uint8_t *digest, uint8_t *signature, struct err *e)
{
    const struct pk_scheme *s = &pk_schemes[key->public_key.scheme];
    size_t length = 0;
    psa_status_t status = psa_sign_hash(key->id, signing_algorithm(key->public_key.scheme), digest,
                                        s->digest_size, signature, s->signature_size, &length);
    if (status != PSA_SUCCESS || length != s->signature_size) {
        return psa_failed(status, "sign with this key", e);
    }
    return true;
}

struct pk_private *pk_generate(enum otapack_sb_scheme scheme, struct err *e)
{
    psa_key_attributes_t a = attributes_of(scheme, true, signing_algorithm(scheme));
    struct pk_public public_key = {.scheme = scheme};
    uint8_t bytes[PK_DER_PUBLIC_MOST];
    size_t n = 0;
    psa_key_id_t id;
    psa_status_t status = psa_crypto_init();
    if (status == PSA_SUCCESS) {
        status = psa_generate_key(&a, &id);
    }
    if (status != PSA_SUCCESS) {
        psa_failed(status, "make a key", e);
        return NULL;
    }
    status = psa_export_public_key(id, bytes, sizeof(bytes), &n);
    struct pk_private *key = status == PSA_SUCCESS && pk_der_of_psa_public(bytes, n, &public_key)
                                 ? private_new(id, &public_key)
                                 : NULL;
    if (key == NULL) {
        (void)psa_destroy_key(id);
        psa_failed(status, "export the public key", e);
    }
    return key;
}

bool pk_private_pem(const struct pk_private *key, char pem[PK_PEM_MOST])
{
    uint8_t bytes[PRIVATE_MOST];
    size_t n = 0;
    bool good = psa_export_key(key->id, bytes, sizeof(bytes), &n) == PSA_SUCCESS &&
                pk_der_private_pem(&key->public_key, bytes, n, pem);
    wipe(bytes, sizeof(bytes));
    return good;
}
