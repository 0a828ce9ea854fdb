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

#endif
