// SPDX-License-Identifier: Apache-2.0
//
// Why a signature that was made elsewhere does not fit: the mistakes that are made with openssl and
// tokens, tried one after the other.
#ifndef SIGN_FAULT_H
#define SIGN_FAULT_H

#include "digest.h"
#include "pk.h"

struct sign_trial {
    const struct pk_public *key;
    enum pk_padding padding;              // that devices take
    struct otapack_source data;           // what had to be signed
    uint64_t image_length;                // of it, without padding
    const struct otapack_source *content; // what it unpacks to; NULL: it is not packed
    uint8_t digest[DIGEST_MAX_SIZE];      // of all of the data
    uint8_t signature[PK_MAX_NUMBERS];
};

bool sign_trial_fits(const struct sign_trial *t, enum pk_padding padding, const uint8_t *digest);

// A mistake: was it made, and what is wrong and what to do. A row without `is` ends a table.
struct sign_fault {
    bool (*is)(const struct sign_trial *t);
    const char *text;
};
extern const struct sign_fault sign_faults_secure_boot[], sign_faults_esp8266[];

// What is wrong and what to do.
const char *sign_fault(const struct sign_trial *t, const struct sign_fault *rows);

#endif
