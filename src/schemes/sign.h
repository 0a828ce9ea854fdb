// SPDX-License-Identifier: Apache-2.0
//
// Signing: what is wanted, and how the end of an image that is laid out is signed.
#ifndef SIGN_H
#define SIGN_H

#include "key.h"
#include "node.h"
#include "pieces.h"

// A key to sign with, or a signature that was made elsewhere with the key whose public part is
// named.
struct signing_key {
    struct signing_key *next;
    const char *where;      // for messages: its place in a recipe, or ""
    const char *name;       // of the key
    const char *signature;  // the file of a signature made elsewhere, or NULL
    const char *public_key; // of a key in a token, in place of what the token has; or NULL
};

// What becomes of signatures that are there.
enum signing_existing {
    EXISTING_REFUSE,  // an image that is signed is not signed again
    EXISTING_APPEND,  // they stay, and the new ones come behind them
    EXISTING_REPLACE, // the new ones take their place
    EXISTING_EDIT,    // there are no new ones
};

struct scheme; // see scheme.h

struct signing {
    const struct scheme *scheme;
    struct signing_key *keys;
    struct key_options options;
    enum signing_existing existing;
    const char *block; // of EXISTING_REPLACE: only this one, by index or digest of its key; or NULL
    const char **remove;         // blocks to leave out, likewise, NULL-ended; or NULL
    const char *order;           // "1,0": the order of the blocks in the end; or NULL
    bool once;                   // a key that has signed already is passed over, and is no error
    bool skip_padding;           // data end where they end, and their sector begins there
    struct otapack_source *data; // what has to be signed goes here, and nothing is; or NULL
    unsigned *blocks; // how many of v2 there are in the end, for who wants to know; or NULL
};

// Signs what the layout has from `from` on, which must be the last thing in it: pads it, puts the
// signatures behind it, in place of those that are there, and verifies each with its public key.
// `name` is the image's, for messages. False with `e` set: status 1 where the image cannot be
// signed so, 2 where a key or a token fails.
bool sign(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
          struct err *e);

// Leaves in the layout, from `from` on, what has to be signed: the image padded with 0xFF to the
// sector for Secure Boot v2, else as it is. With EXISTING_APPEND, the padding stays as signatures
// that are there have it. False with `e` set.
bool sign_data(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
               struct err *e);

// For the schemes: a key that fits, or the signature that was made with it. NULL with `e` set
// (status 2).
struct key_holder *signing_key_open(const struct signing *s, const struct signing_key *key,
                                    struct err *e);

// For them too: has t->digest signed, and verifies the signature. False with `e` set: status 1
// where one that was made elsewhere does not fit.
struct sign_trial; // see sign_fault.h
bool signing_make(const struct signing *s, const struct signing_key *key, struct key_holder *signer,
                  struct sign_trial *t, struct err *e);

#endif
