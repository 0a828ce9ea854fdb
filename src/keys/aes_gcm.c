// SPDX-License-Identifier: Apache-2.0
//
// In one call each: mbedTLS before 3 has no other way by PSA.
#include "aes_gcm.h"

#include <psa/crypto.h>
#include <string.h>

static bool failed(psa_status_t status, const char *what, struct err *e)
{
    return err_set(e, STATUS_CANNOT, "mbedTLS cannot %s (PSA error %d)", what, (int)status);
}

// ---- HKDF ---------------------------------------------------------------------------------------

static psa_status_t give(psa_key_derivation_operation_t *op, psa_status_t status,
                         psa_key_derivation_step_t step, struct hkdf_input input)
{
    return status != PSA_SUCCESS
               ? status
               : psa_key_derivation_input_bytes(op, step, input.bytes, input.size);
}

bool hkdf_sha256(struct hkdf_input secret, struct hkdf_input salt, struct hkdf_input info,
                 uint8_t *out, size_t n, struct err *e)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_crypto_init();
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_setup(&op, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    }
    status = give(&op, status, PSA_KEY_DERIVATION_INPUT_SALT, salt);
    status = give(&op, status, PSA_KEY_DERIVATION_INPUT_SECRET, secret);
    status = give(&op, status, PSA_KEY_DERIVATION_INPUT_INFO, info);
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_output_bytes(&op, out, n);
    }
    (void)psa_key_derivation_abort(&op); // which wipes it
    return status == PSA_SUCCESS || failed(status, "derive a key", e);
}

// ---- AES-GCM ------------------------------------------------------------------------------------

static psa_status_t import(const uint8_t key[AES_GCM_KEY], psa_key_usage_t usage, psa_key_id_t *id)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&a, PSA_KEY_TYPE_AES);
    psa_set_key_algorithm(&a, PSA_ALG_GCM);
    psa_set_key_usage_flags(&a, usage);
    psa_status_t status = psa_crypto_init();
    return status != PSA_SUCCESS ? status : psa_import_key(&a, key, AES_GCM_KEY, id);
}

bool aes_gcm_encrypt(const uint8_t key[AES_GCM_KEY], const uint8_t nonce[AES_GCM_NONCE],
                     const uint8_t *in, size_t n, uint8_t *out, struct err *e)
{
    psa_key_id_t id;
    size_t size = 0;
    psa_status_t status = import(key, PSA_KEY_USAGE_ENCRYPT, &id);
    if (status == PSA_SUCCESS) {
        status = psa_aead_encrypt(id, PSA_ALG_GCM, nonce, AES_GCM_NONCE, NULL, 0, in, n, out,
                                  n + AES_GCM_TAG, &size);
        (void)psa_destroy_key(id);
    }
    return status == PSA_SUCCESS || failed(status, "encrypt this", e);
}

bool aes_gcm_decrypt(const uint8_t key[AES_GCM_KEY], const uint8_t nonce[AES_GCM_NONCE],
                     const uint8_t *in, size_t n, uint8_t *out, bool *fits, struct err *e)
{
    psa_key_id_t id;
    size_t size = 0;
    psa_status_t status = import(key, PSA_KEY_USAGE_DECRYPT, &id);
    if (status == PSA_SUCCESS) {
        status = psa_aead_decrypt(id, PSA_ALG_GCM, nonce, AES_GCM_NONCE, NULL, 0, in,
                                  n + AES_GCM_TAG, out, n, &size);
        (void)psa_destroy_key(id);
    }
    *fits = status == PSA_SUCCESS;
    if (!*fits && n > 0) {
        memset(out, 0, n);
    }
    return *fits || status == PSA_ERROR_INVALID_SIGNATURE || failed(status, "decrypt this", e);
}
