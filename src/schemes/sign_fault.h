// SPDX-License-Identifier: Apache-2.0
//
// Why a signature that was made elsewhere does not fit: the mistakes that are made with openssl and
// tokens, tried one after the other.
#ifndef SIGN_FAULT_H
#define SIGN_FAULT_H

#include "pk.h"

struct sign_trial {
    const struct pk_public *key;
    struct otapack_source data; // what had to be signed
    uint64_t image_length;      // of it, without padding
    const uint8_t *digest;      // of all of it
    const uint8_t *signature;
};

// What is wrong and what to do.
const char *sign_fault(const struct sign_trial *t);

#endif
