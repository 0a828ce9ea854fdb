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
    bool signed_v1; // the image that is looked at: see trust_try_v1
};

struct trusted {
    const struct trust *t;
    struct arena *arena;
    struct entry *entries;
    size_t count;
};

// ---- What both kinds of signature have ----------------------------------------------------------

// Are these keys such as devices can have, all or (one_will_do) at least one? False with `e` set
// (status 2), by the function that judges a key.
typedef bool trust_fit_fn(const struct pk_public *key, const char *name, struct err *e);
bool trust_keys_fit(const struct trusted *t, trust_fit_fn *fits, bool one_will_do, struct err *e);

// trust_fits() and trust_ask() of one kind.
typedef bool trust_fits_fn(const struct trusted *t, const struct node *part, const char *where,
                           struct err *e);
typedef struct trust_answer trust_ask_fn(const struct trusted *t, const struct node *root,
                                         const struct node *part, const char *where,
                                         struct arena *a);
trust_fits_fn trust_fits_secure_boot, trust_fits_esp8266;
trust_ask_fn trust_ask_secure_boot, trust_ask_esp8266;

// ---- Secure Boot's ------------------------------------------------------------------------------
// Which keys have made the image's signature of v1, if it is one: asked once for each image, for it
// has all of the image read.
void trust_try_v1(const struct trusted *x, const struct node *image);

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
