// SPDX-License-Identifier: Apache-2.0
//
// A ring: public keys, and digests of keys, with the names that people have for them.
#ifndef KEY_RING_H
#define KEY_RING_H

#include "arena.h"
#include "key.h"

enum { RING_KEYS_MOST = 512, RING_NAME_MOST = 64 };

struct ring_key {
    const char *name;
    const char *said; // what says so: a file of a folder, or a line of a file
    struct pk_public key;
    bool has_key;       // or else only its digest
    const char *digest; // in hexadecimal, see secure_boot_is_key_digest; "": no Secure Boot key
};

struct key_ring {
    const char *name;      // as the user wrote it
    struct ring_key *keys; // by name; no name and no key is there twice
    size_t count;
};

// A folder: each NAME.pem, NAME.pub.pem and NAME.digest in it is one, and the other files are none.
// Or a file, in YAML, with paths beside it:
//
//     otapack: 1
//     keys:
//       PROD: prod.pub.pem
//       HSM: pkcs11:token=ci;object=release
//       DEV: 0b6c9e...
//
// NULL with `e` set (status 2), also for a ring without keys.
const struct key_ring *key_ring_open(const char *name, const struct key_options *o, struct arena *a,
                                     struct err *e);

// NULL with `e` set (status 2), beginning with `where`: there is none of this name.
const struct ring_key *key_ring_find(const struct key_ring *ring, const char *name,
                                     const char *where, struct arena *a, struct err *e);

// "DEV, PROD": the names; of many the first ones, and how many more there are.
const char *key_ring_names(const struct key_ring *ring, struct arena *a);

#endif
