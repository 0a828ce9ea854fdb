/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_PSA_CRYPTO_H
#define STAND_IN_PSA_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

typedef int32_t psa_status_t;
typedef uint32_t psa_algorithm_t;

#define PSA_SUCCESS ((psa_status_t)0)
#define PSA_ERROR_NOT_SUPPORTED ((psa_status_t)-134)
#define PSA_ERROR_BAD_STATE ((psa_status_t)-137)
#define PSA_ERROR_BUFFER_TOO_SMALL ((psa_status_t)-138)
#define PSA_ERROR_INSUFFICIENT_MEMORY ((psa_status_t)-141)
#define PSA_ALG_SHA_256 ((psa_algorithm_t)0x02000009)
#define PSA_ALG_SHA_384 ((psa_algorithm_t)0x0200000a)
#define PSA_ALG_SHA_512 ((psa_algorithm_t)0x0200000b)
#define PSA_ALG_SHA3_224 ((psa_algorithm_t)0x02000010)
#define PSA_ALG_SHA3_256 ((psa_algorithm_t)0x02000011)
#define PSA_ALG_SHA3_384 ((psa_algorithm_t)0x02000012)
#define PSA_ALG_SHA3_512 ((psa_algorithm_t)0x02000013)
#define PSA_HASH_LENGTH(algorithm)                                                                 \
    ((algorithm) == PSA_ALG_SHA_256 || (algorithm) == PSA_ALG_SHA3_256   ? 32u                     \
     : (algorithm) == PSA_ALG_SHA_384 || (algorithm) == PSA_ALG_SHA3_384 ? 48u                     \
     : (algorithm) == PSA_ALG_SHA3_224                                   ? 28u                     \
                                                                         : 64u)

typedef struct {
    psa_algorithm_t algorithm; /* 0: not active */
    uint32_t state[8];
    uint32_t size;
    uint8_t block[64];
} psa_hash_operation_t;

static inline psa_hash_operation_t psa_hash_operation_init(void)
{
    psa_hash_operation_t operation = {0};
    return operation;
}

psa_status_t psa_crypto_init(void);
psa_status_t psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t algorithm);
psa_status_t psa_hash_update(psa_hash_operation_t *operation, const uint8_t *bytes, size_t n);
psa_status_t psa_hash_finish(psa_hash_operation_t *operation, uint8_t *digest, size_t room,
                             size_t *n);
psa_status_t psa_hash_abort(psa_hash_operation_t *operation);

/* Keys are only declared, to compile for a chip: what uses them runs with a PSA that is whole. */
#define PSA_KEY_TYPE_RSA_PUBLIC_KEY ((psa_key_type_t)0x4001)
#define PSA_KEY_TYPE_ECC_PUBLIC_KEY(curve) ((psa_key_type_t)(0x4100 | (curve)))
#define PSA_ECC_FAMILY_SECP_R1 0x12
#define PSA_KEY_USAGE_VERIFY_HASH ((psa_key_usage_t)0x2000)
#define PSA_ALG_RSA_PSS(hash) ((psa_algorithm_t)(0x06000300 | ((hash)&0xff)))
#define PSA_ALG_ECDSA(hash) ((psa_algorithm_t)(0x06000600 | ((hash)&0xff)))

typedef uint16_t psa_key_type_t;
typedef uint32_t psa_key_usage_t;
typedef uint32_t psa_key_id_t;

typedef struct {
    psa_key_type_t type;
    psa_key_usage_t usage;
    psa_algorithm_t algorithm;
} psa_key_attributes_t;

static inline psa_key_attributes_t psa_key_attributes_init(void)
{
    psa_key_attributes_t attributes = {0};
    return attributes;
}

void psa_set_key_type(psa_key_attributes_t *attributes, psa_key_type_t type);
void psa_set_key_usage_flags(psa_key_attributes_t *attributes, psa_key_usage_t usage);
void psa_set_key_algorithm(psa_key_attributes_t *attributes, psa_algorithm_t algorithm);
psa_status_t psa_import_key(const psa_key_attributes_t *attributes, const uint8_t *data, size_t n,
                            psa_key_id_t *key);
psa_status_t psa_verify_hash(psa_key_id_t key, psa_algorithm_t algorithm, const uint8_t *hash,
                             size_t hash_size, const uint8_t *signature, size_t signature_size);
psa_status_t psa_destroy_key(psa_key_id_t key);

#endif
