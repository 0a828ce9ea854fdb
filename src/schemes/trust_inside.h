// SPDX-License-Identifier: Apache-2.0
//
// What trust.h and the schemes share: the keys as they were read.
#ifndef TRUST_INSIDE_H
#define TRUST_INSIDE_H

#include "key_ring.h"
#include "trust.h"

// A key, or only its digest: those of the ring first, so that a signature is by a name.
enum entry_group { ENTRY_RING, ENTRY_KEY, ENTRY_DIGEST };
struct entry {
    enum entry_group group;
    bool required; // of the ring: named, so that it must have signed
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
    const struct key_ring *ring; // NULL: none
    size_t required;             // how many of it
};

// What is said of the ring: see trust_ring.c.
bool trust_ring_take(struct trusted *x, struct err *e); // its keys become entries
bool trust_ring_asks_one(const struct trusted *x);      // any one of it, for none is named
// Is a signature by this one what is asked for, or only somebody's who is known?
bool trust_ring_asks(const struct trusted *x, const struct entry *entry);
// Says that nobody of it has signed, or not the one that is required, and who has. False.
bool trust_ring_miss(const struct trusted *x, struct trust_answer *answer);
bool trust_ring_miss_key(const struct trusted *x, struct trust_answer *answer,
                         const struct entry *entry);

// Do these keys fit, all or (one_will_do) at least one? Of a ring each of those that are required;
// the others may be for other devices. False with `e` set (status 2).
bool trust_keys_fit(const struct trusted *t, key_fits_fn *fits, bool one_will_do, struct err *e);

// Says what is missing. False.
bool trust_miss(struct trust_answer *answer, const char *message, ...)
    __attribute__((format(printf, 2, 3)));

#endif
