// SPDX-License-Identifier: Apache-2.0
//
// What trust.h and the schemes share: the keys as they were read.
#ifndef TRUST_INSIDE_H
#define TRUST_INSIDE_H

#include "key.h"
#include "trust.h"

// A key, or only its digest.
struct entry {
    const char *name;
    const char *digest; // in hexadecimal; of an ESP32-C2's eFuses only the first half
    struct pk_public key;
    bool has_key;
    bool signed_v1; // the image that is looked at: made its signature of v1
};

struct trusted {
    const struct trust *t;
    struct arena *arena;
    struct entry *entries;
    size_t count;
};

// Do these keys fit, all or (one_will_do) at least one? False with `e` set (status 2).
bool trust_keys_fit(const struct trusted *t, key_fits_fn *fits, bool one_will_do, struct err *e);

// Says what is missing. False.
bool trust_miss(struct trust_answer *answer, const char *message, ...)
    __attribute__((format(printf, 2, 3)));

#endif
