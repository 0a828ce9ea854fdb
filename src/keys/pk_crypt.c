// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "pk_inside.h"

enum { UNCOMPRESSED = 4 }; // what a point as PSA takes it begins with

bool pk_wrap(const struct pk_public *key, const uint8_t *in, size_t n, uint8_t *out, struct err *e)
{
    psa_key_id_t id;
    size_t size = 0;
    psa_status_t status = PSA_ERROR_INVALID_ARGUMENT;
    if (pk_use_public(key, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_RSA_PKCS1V15_CRYPT, &id)) {
        status = psa_asymmetric_encrypt(id, PSA_ALG_RSA_PKCS1V15_CRYPT, in, n, NULL, 0, out,
                                        pk_types[key->type].number_size, &size);
        (void)psa_destroy_key(id);
    }
    return status == PSA_SUCCESS || pk_psa_failed(status, "encrypt with this key", e);
}

static bool other_key(struct err *e)
{
    return err_set(e, STATUS_NO, PK_OTHER_KEY_TEXT);
}

bool pk_is_wrapped(const struct pk_public *key, const uint8_t *in, struct err *e)
{
    struct pk_public other = {.type = key->type};
    if (pk_is_rsa(key->type)) {
        return memcmp(in, key->key, pk_types[key->type].number_size) < 0 || other_key(e);
    }
    memcpy(other.key, in, pk_types[key->type].signature_size);
    return pk_is_sound(&other) ||
           err_set(e, STATUS_NO,
                   "cannot decrypt this: the sender's public key in it is no point of %s; take the "
                   "file from where it was made",
                   pk_types[key->type].title);
}

static psa_status_t agree(psa_key_id_t id, enum pk_type type, const uint8_t *in,
                          struct pk_unwrapped *out)
{
    uint8_t point[1 + PK_MAX_NUMBERS] = {UNCOMPRESSED};
    size_t size = pk_types[type].signature_size;
    memcpy(point + 1, in, size);
    return psa_raw_key_agreement(PSA_ALG_ECDH, id, point, 1 + size, out->bytes, sizeof(out->bytes),
                                 &out->size);
}

bool pk_unwrap(const struct pk_private *key, const uint8_t *in, struct pk_unwrapped *out,
               struct err *e)
{
    const struct pk_public *public_key = pk_private_public(key);
    bool rsa = pk_is_rsa(public_key->type);
    psa_algorithm_t algorithm = rsa ? PSA_ALG_RSA_PKCS1V15_CRYPT : PSA_ALG_ECDH;
    psa_key_usage_t usage = rsa ? PSA_KEY_USAGE_DECRYPT : PSA_KEY_USAGE_DERIVE;
    psa_key_id_t id;
    if (!pk_is_wrapped(public_key, in, e)) {
        return false;
    }
    psa_status_t status = pk_use_private(key, usage, algorithm, &id);
    if (status == PSA_SUCCESS) {
        status =
            rsa ? psa_asymmetric_decrypt(id, algorithm, in, pk_types[public_key->type].number_size,
                                         NULL, 0, out->bytes, sizeof(out->bytes), &out->size)
                : agree(id, public_key->type, in, out);
        (void)psa_destroy_key(id);
    }
    if (status == PSA_SUCCESS) {
        return true;
    }
    return status == PSA_ERROR_INVALID_PADDING ? other_key(e)
                                               : pk_psa_failed(status, "decrypt with this key", e);
}

bool pk_pbkdf2_sha256(const void *password, size_t n, const uint8_t *salt, size_t salt_size,
                      unsigned turns, uint8_t *key, size_t size)
{
    const struct pk_pbkdf2 input = {MBEDTLS_MD_SHA256, password, n, salt, salt_size, turns};
    return pk_pbkdf2(&input, key, size);
}
