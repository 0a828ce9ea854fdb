// SPDX-License-Identifier: Apache-2.0
//
// What the files of pk.h share of mbedTLS. PSA ties each key that it holds to one algorithm and to
// what may be done with it, so each use has a key of its own, to be destroyed after it.
#ifndef PK_INSIDE_H
#define PK_INSIDE_H

#include <mbedtls/md.h>
#include <psa/crypto.h>

#include "pk.h"

bool pk_use_public(const struct pk_public *key, psa_key_usage_t usage, psa_algorithm_t algorithm,
                   psa_key_id_t *id);
psa_status_t pk_use_private(const struct pk_private *key, psa_key_usage_t usage,
                            psa_algorithm_t algorithm, psa_key_id_t *id);

// Sets `e`: mbedTLS cannot do that. Returns false.
bool pk_psa_failed(psa_status_t status, const char *what, struct err *e);

// PBKDF2 with the HMAC of a digest, `size` bytes of it.
struct pk_pbkdf2 {
    mbedtls_md_type_t md;
    const void *password;
    size_t password_size;
    const uint8_t *salt;
    size_t salt_size;
    unsigned turns;
};
bool pk_pbkdf2(const struct pk_pbkdf2 *x, uint8_t *key, size_t size);

#endif
