/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack_esp/signatures.h: the arithmetic of signatures, by PSA Crypto, for firmware that verifies
 * with its own keys what otapack/stream_signatures.h tells.
 *
 *     if (e->type == OTAPACK_EVENT_SIGNATURE && is_ours(signatures.key_digest) &&
 *         otapack_esp_verify(&work, &signatures.block) == PSA_SUCCESS)
 *         trusted = true;
 *
 * RSA-3072 with PSS, and ECDSA on P-192, P-256 and P-384: what of these menuconfig has left out is
 * PSA_ERROR_NOT_SUPPORTED. psa_crypto_init must have been called.
 */
#ifndef OTAPACK_ESP_SIGNATURES_H
#define OTAPACK_ESP_SIGNATURES_H

#include "psa/crypto.h"
#include <otapack/stream_signatures.h>

/* Of a DER sequence of two numbers, n and e: what stands in front of n, and e at most. */
#define OTAPACK_ESP_RSA_HEAD_SIZE 9u
#define OTAPACK_ESP_RSA_E_SIZE 7u

/* What does not belong on the stack of a task; it may be used for other things in between. */
struct otapack_esp_verifier {
    uint8_t key[OTAPACK_ESP_RSA_HEAD_SIZE + OTAPACK_SB_RSA_SIZE + OTAPACK_ESP_RSA_E_SIZE];
    uint8_t signature[OTAPACK_SB_RSA_SIZE];
};

/* The exponent as DER: of its four bytes none in front that is not needed. Returns how many. */
static inline size_t otapack_esp_put_exponent_(uint8_t *to, const uint8_t *exponent)
{
    size_t n = 4, zero;
    while (n > 1 && exponent[n - 1] == 0) {
        n--;
    }
    zero = exponent[n - 1] >= 0x80u; /* it is not negative */
    to[0] = 0x02;
    to[1] = (uint8_t)(n + zero);
    to[2] = 0;
    otapack_sb_reverse(to + 2 + zero, exponent, (uint32_t)n);
    return 2 + zero + n;
}

/* The key as PSA takes one of RSA; returns how many bytes it has. */
static inline size_t otapack_esp_put_rsa_(uint8_t *to, const uint8_t *key)
{
    static const uint8_t head[OTAPACK_ESP_RSA_HEAD_SIZE] = {0x30, 0x82, 0x01, 0,   0x02,
                                                            0x82, 0x01, 0x81, 0x00};
    uint8_t *n = to + sizeof(head), *e = n + OTAPACK_SB_RSA_SIZE;
    size_t e_size = otapack_esp_put_exponent_(e, key + OTAPACK_SB_RSA_SIZE);
    memcpy(to, head, sizeof(head));
    to[3] = (uint8_t)((5u + OTAPACK_SB_RSA_SIZE + e_size) & 0xFFu); /* which is above 0x100 */
    otapack_sb_reverse(n, key, OTAPACK_SB_RSA_SIZE);
    return sizeof(head) + OTAPACK_SB_RSA_SIZE + e_size;
}

/* A point as PSA takes one: 4, x, y. `key` begins with the number of the curve. */
static inline size_t otapack_esp_put_point_(uint8_t *to, const uint8_t *key, uint32_t size)
{
    to[0] = 0x04;
    otapack_sb_reverse(to + 1, key + 1, size);
    otapack_sb_reverse(to + 1 + size, key + 1 + size, size);
    return 1 + 2 * (size_t)size;
}

/*
 * PSA_SUCCESS: the signature of a block is that of its key, over its digest. Whose key it is, its
 * digest says; PSA_ERROR_INVALID_SIGNATURE says no, and any other status that it is not known.
 */
static inline psa_status_t otapack_esp_verify(struct otapack_esp_verifier *work,
                                              const struct otapack_sb_block *b)
{
    const bool rsa = b->scheme == OTAPACK_SB_RSA3072;
    const uint32_t size = otapack_sb_number_size(b->scheme);
    const psa_algorithm_t hash = b->scheme == OTAPACK_SB_P384 ? PSA_ALG_SHA_384 : PSA_ALG_SHA_256;
    const psa_algorithm_t algorithm = rsa ? PSA_ALG_RSA_PSS(hash) : PSA_ALG_ECDSA(hash);
    const size_t signature_size = rsa ? size : 2 * (size_t)size;
    size_t key_size;
    psa_key_attributes_t attributes = psa_key_attributes_init();
    psa_key_id_t id;
    psa_status_t status;
    if (rsa) {
        key_size = otapack_esp_put_rsa_(work->key, b->key);
        psa_set_key_type(&attributes, PSA_KEY_TYPE_RSA_PUBLIC_KEY);
    } else {
        key_size = otapack_esp_put_point_(work->key, b->key, size);
        psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1));
        otapack_sb_reverse(work->signature + size, b->signature + size, size);
    }
    otapack_sb_reverse(work->signature, b->signature, size);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
    psa_set_key_algorithm(&attributes, algorithm);
    status = psa_import_key(&attributes, work->key, key_size, &id);
    if (status == PSA_SUCCESS) {
        status = psa_verify_hash(id, algorithm, b->digest, b->digest_size, work->signature,
                                 signature_size);
        (void)psa_destroy_key(id);
    }
    return status;
}

#endif
