// SPDX-License-Identifier: Apache-2.0
#include "pk_inside.h"

#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "pk_der.h"
#include "secret.h"
#include "secret_memory.h"

enum { PRIVATE_MOST = 2600 }; // bytes that PSA exports of a private key

// What a private key may do in all its life. A copy for another use is made from what it exports.
static const psa_key_usage_t signs = PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_EXPORT;

const struct pk_type_facts pk_types[PK_TYPE_COUNT] = {
    [PK_RSA3072] = {"rsa3072", "RSA-3072", 384, 384, DIGEST_SHA256, 32},
    [PK_P192] = {"ecdsa-p192", "ECDSA P-192", 24, 48, DIGEST_SHA256, 32},
    [PK_P256] = {"ecdsa-p256", "ECDSA P-256", 32, 64, DIGEST_SHA256, 32},
    [PK_P384] = {"ecdsa-p384", "ECDSA P-384", 48, 96, DIGEST_SHA384, 48},
    [PK_RSA1024] = {"rsa1024", "RSA-1024", 128, 128, DIGEST_SHA256, 32},
    [PK_RSA2048] = {"rsa2048", "RSA-2048", 256, 256, DIGEST_SHA256, 32},
    [PK_RSA4096] = {"rsa4096", "RSA-4096", 512, 512, DIGEST_SHA256, 32},
};

struct pk_private {
    struct pk_public public_key;
    psa_key_id_t id;
};

bool pk_is_rsa(enum pk_type type)
{
    return type == PK_RSA3072 || type >= PK_RSA1024;
}

bool pk_is_secure_boot(const struct pk_public *key)
{
    return (int)key->type < (int)PK_SECURE_BOOT_COUNT;
}

bool pk_same(const struct pk_public *a, const struct pk_public *b)
{
    return a->type == b->type && a->exponent == b->exponent &&
           memcmp(a->key, b->key, pk_types[a->type].signature_size) == 0;
}

static psa_algorithm_t hash_of(enum digest_algorithm digest)
{
    return digest == DIGEST_SHA384 ? PSA_ALG_SHA_384 : PSA_ALG_SHA_256;
}

static psa_algorithm_t algorithm_of(enum pk_type type, enum pk_padding padding,
                                    psa_algorithm_t hash)
{
    return !pk_is_rsa(type)           ? PSA_ALG_DETERMINISTIC_ECDSA(hash)
           : padding == PK_STANDARD   ? PSA_ALG_RSA_PSS(hash)
           : padding == PK_ANY_SALT   ? PSA_ALG_RSA_PSS_ANY_SALT(hash)
           : padding == PK_PKCS1_BARE ? PSA_ALG_RSA_PKCS1V15_SIGN_RAW
                                      : PSA_ALG_RSA_PKCS1V15_SIGN(hash);
}

static psa_key_attributes_t attributes_of(enum pk_type type, bool private, psa_key_usage_t usage,
                                          psa_algorithm_t algorithm)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    bool rsa = pk_is_rsa(type);
    psa_set_key_type(&a, !private ? (rsa ? PSA_KEY_TYPE_RSA_PUBLIC_KEY
                                         : PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1))
                         : rsa    ? PSA_KEY_TYPE_RSA_KEY_PAIR
                                  : PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
    psa_set_key_bits(&a, pk_types[type].number_size * 8);
    psa_set_key_algorithm(&a, algorithm);
    psa_set_key_usage_flags(&a, usage);
    return a;
}

// This is also where a point off its curve is noticed.
bool pk_use_public(const struct pk_public *key, psa_key_usage_t usage, psa_algorithm_t algorithm,
                   psa_key_id_t *id)
{
    uint8_t bytes[PK_DER_PUBLIC_MOST];
    size_t n = pk_der_psa_public(key, bytes);
    psa_key_attributes_t a = attributes_of(key->type, false, usage, algorithm);
    return n > 0 && psa_crypto_init() == PSA_SUCCESS &&
           psa_import_key(&a, bytes, n, id) == PSA_SUCCESS;
}

static bool modulus_is_sound(const struct pk_public *key)
{
    size_t last = pk_types[key->type].number_size - 1;
    return key->key[0] >= 0x80 && (key->key[last] & 1) != 0 && key->exponent > 1 &&
           (key->exponent & 1) != 0;
}

bool pk_set_modulus(struct pk_public *key, const uint8_t *modulus, size_t n)
{
    for (int i = 0; n > 0 && modulus[0] >= 0x80 && i < PK_TYPE_COUNT; i++) {
        if (pk_is_rsa((enum pk_type)i) && pk_types[i].number_size == n) {
            key->type = (enum pk_type)i;
            memcpy(key->key, modulus, n);
            return true;
        }
    }
    return false;
}

// PSA keeps keys in a table of all threads, without a lock of its own before mbedTLS 3.6.
bool pk_is_sound(const struct pk_public *key)
{
    psa_key_id_t id;
    if (pk_is_rsa(key->type) && !modulus_is_sound(key)) {
        return false;
    }
    psa_algorithm_t algorithm = algorithm_of(key->type, PK_STANDARD, PSA_ALG_SHA_256);
    os_enter(OS_GUARD_KEYS);
    bool good = pk_use_public(key, PSA_KEY_USAGE_VERIFY_HASH, algorithm, &id);
    if (good) {
        (void)psa_destroy_key(id);
    }
    os_leave(OS_GUARD_KEYS);
    return good;
}

bool pk_verify(const struct pk_public *key, enum pk_padding padding, enum digest_algorithm hash,
               const uint8_t *digest, const uint8_t *signature)
{
    psa_key_id_t id;
    psa_algorithm_t algorithm = algorithm_of(key->type, padding, hash_of(hash));
    os_enter(OS_GUARD_KEYS);
    bool good = pk_use_public(key, PSA_KEY_USAGE_VERIFY_HASH, algorithm, &id);
    if (good) {
        good = psa_verify_hash(id, algorithm, digest, hash == DIGEST_SHA384 ? 48 : 32, signature,
                               pk_types[key->type].signature_size) == PSA_SUCCESS;
        (void)psa_destroy_key(id);
    }
    os_leave(OS_GUARD_KEYS);
    return good;
}

// ---- Private keys -------------------------------------------------------------------------------

bool pk_psa_failed(psa_status_t status, const char *what, struct err *e)
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

static psa_algorithm_t signing_algorithm(enum pk_type type, enum pk_padding padding)
{
    return algorithm_of(type, padding, hash_of(pk_types[type].digest));
}

// The public part that a file has beside the private one must belong to it.
static bool has_public(psa_key_id_t id, const struct pk_public *key)
{
    struct pk_public computed = {.type = key->type};
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
        enum pk_type type = der.public_key.type;
        psa_key_attributes_t a =
            attributes_of(type, true, signs, signing_algorithm(type, PK_STANDARD));
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

// PSA ties a key to one algorithm, so each use has a copy of its own.
psa_status_t pk_use_private(const struct pk_private *key, psa_key_usage_t usage,
                            psa_algorithm_t algorithm, psa_key_id_t *id)
{
    uint8_t bytes[PRIVATE_MOST];
    size_t n = 0;
    psa_key_attributes_t a = attributes_of(key->public_key.type, true, usage, algorithm);
    psa_status_t status = psa_export_key(key->id, bytes, sizeof(bytes), &n);
    psa_key_id_t copy = key->id;
    status = status == PSA_SUCCESS ? psa_import_key(&a, bytes, n, &copy) : status;
    *id = status == PSA_SUCCESS ? copy : key->id;
    wipe(bytes, sizeof(bytes));
    return status;
}

bool pk_sign(const struct pk_private *key, enum pk_padding padding, const uint8_t *digest,
             uint8_t *signature, struct err *e)
{
    const struct pk_type_facts *t = &pk_types[key->public_key.type];
    psa_algorithm_t algorithm = signing_algorithm(key->public_key.type, padding);
    size_t length = 0;
    bool own = algorithm == signing_algorithm(key->public_key.type, PK_STANDARD);
    psa_key_id_t id = key->id;
    psa_status_t status = own ? PSA_SUCCESS : pk_use_private(key, signs, algorithm, &id);
    if (status == PSA_SUCCESS) {
        status = psa_sign_hash(id, algorithm, digest, t->digest_size, signature, t->signature_size,
                               &length);
    }
    if (id != key->id) {
        (void)psa_destroy_key(id);
    }
    return (status == PSA_SUCCESS && length == t->signature_size) ||
           pk_psa_failed(status, "sign with this key", e);
}

bool pk_private_digest(const struct pk_private *key, uint8_t digest[PK_PRIVATE_DIGEST_SIZE],
                       struct err *e)
{
    uint8_t bytes[PRIVATE_MOST];
    size_t n = 0, size = 0;
    psa_status_t status = psa_export_key(key->id, bytes, sizeof(bytes), &n);
    if (status == PSA_SUCCESS) {
        status = psa_hash_compute(PSA_ALG_SHA_256, bytes, n, digest, PK_PRIVATE_DIGEST_SIZE, &size);
    }
    wipe(bytes, sizeof(bytes));
    return status == PSA_SUCCESS || pk_psa_failed(status, "compute the digest of this key", e);
}

// The key that PSA has there, with its public part; destroyed where that cannot be had.
static struct pk_private *private_of(psa_key_id_t id, enum pk_type type, psa_status_t *status)
{
    struct pk_public public_key = {.type = type};
    uint8_t bytes[PK_DER_PUBLIC_MOST];
    size_t n = 0;
    *status = psa_export_public_key(id, bytes, sizeof(bytes), &n);
    struct pk_private *key = *status == PSA_SUCCESS && pk_der_of_psa_public(bytes, n, &public_key)
                                 ? private_new(id, &public_key)
                                 : NULL;
    if (key == NULL) {
        (void)psa_destroy_key(id);
    }
    return key;
}

struct pk_private *pk_generate(enum pk_type type, struct err *e)
{
    psa_key_attributes_t a = attributes_of(type, true, signs, signing_algorithm(type, PK_STANDARD));
    psa_key_id_t id;
    secret_guard();
    psa_status_t status = psa_crypto_init();
    if (status == PSA_SUCCESS) {
        status = psa_generate_key(&a, &id);
    }
    if (status != PSA_SUCCESS) {
        pk_psa_failed(status, "make a key", e);
        return NULL;
    }
    struct pk_private *key = private_of(id, type, &status);
    if (key == NULL) {
        pk_psa_failed(status, "export the public key", e);
    }
    return key;
}

struct pk_private *pk_private_of_number(enum pk_type type, const uint8_t *number)
{
    psa_key_attributes_t a = attributes_of(type, true, signs, signing_algorithm(type, PK_STANDARD));
    psa_key_id_t id = 0;
    psa_status_t status = psa_crypto_init();
    if (status == PSA_SUCCESS) {
        status = psa_import_key(&a, number, pk_types[type].number_size, &id);
    }
    return status == PSA_SUCCESS ? private_of(id, type, &status) : NULL;
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
