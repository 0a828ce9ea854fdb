// SPDX-License-Identifier: Apache-2.0
//
// What the files of trust.h share: the keys as they were read, and which signature counts for them.
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
};

struct trusted {
    const struct trust *t;
    struct arena *arena;
    struct entry *entries;
    size_t count;
};

// Does the block say that it is by this key? Of v1, which says nothing, the key itself does.
bool trust_names_key(const struct node *image, unsigned i, const struct entry *entry);

// The key that a block names, whether it counts or not; NULL: none of those given.
const struct entry *trust_named_by(const struct trusted *x, const struct node *image, unsigned i);

// The check for which this signature is vouched for by nobody, or CHECK_COUNT.
enum check_id trust_blemish(const struct trusted *x, const struct node *image, unsigned i);

// Has this key signed, with a signature that counts?
bool trust_has_signed(const struct trusted *x, const struct node *image, const struct entry *entry);

// Does this signature count for what is asked for? As a bit for each in the answer.
unsigned trust_counting(const struct trusted *x, const struct node *image);

#endif
