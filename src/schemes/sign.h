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

enum signing_scheme {
    SIGNING_SECURE_BOOT_V2,
    SIGNING_SECURE_BOOT_V1,
    SIGNING_SECURE_BOOT_V2_DATA, // of what is no image, for a partition of its own
    SIGNING_ESP8266,
    SIGNING_ESP8266_LEGACY, // as cores up to 2.5.2 take it
    SIGNING_SCHEME_COUNT,
};

// What a signature is made over.
enum signing_subject {
    SIGNS_IMAGE,
    SIGNS_DATA,   // what is no image
    SIGNS_UPDATE, // of an ESP8266
};

// "secure-boot-v2", as the user writes it; NULL-ended.
extern const char *const signing_schemes[SIGNING_SCHEME_COUNT + 1];
enum signing_subject signing_subject(enum signing_scheme scheme);
enum signing_scheme signing_usual(enum signing_subject subject); // where none is said

// Is this something that is signed as data: none of the images that say what they are?
bool signing_takes_data(const struct node *n);

// Whether a key goes with the scheme, as key_fits_secure_boot says it.
typedef bool key_fits_fn(const struct pk_public *key, const char *name, struct err *e);
key_fits_fn *signing_key_fits(enum signing_scheme scheme);

struct signing {
    enum signing_scheme scheme;
    struct signing_key *keys;
    struct key_options options;
    enum signing_existing existing;
    const char *block; // of EXISTING_REPLACE: only this one, by index or digest of its key; or NULL
    const char **remove; // blocks to leave out, likewise, NULL-ended; or NULL
    const char *order;   // "1,0": the order of the blocks in the end; or NULL
    bool once;           // a key that has signed already is passed over, and is no error
    bool skip_padding;   // data end where they end, and their sector begins there
    unsigned *blocks;    // how many of v2 there are in the end, for who wants to know; or NULL
};

// Signs what the layout has from `from` on, which must be the last thing in it: pads it, puts the
// signatures behind it, in place of those that are there, and verifies each with its public key.
// `name` is the image's, for messages. False with `e` set: status 1 where the image cannot be
// signed so, 2 where a key or a token fails.
typedef bool sign_fn(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                     struct err *e);
sign_fn sign;

// Leaves in the layout, from `from` on, what has to be signed: the image padded with 0xFF to the
// sector for Secure Boot v2, else as it is. With EXISTING_APPEND, the padding stays as signatures
// that are there have it. False with `e` set.
sign_fn sign_data;

// The same of one family of schemes: what the two above call.
sign_fn sign_secure_boot, sign_secure_boot_data, sign_esp8266, sign_esp8266_data;

// The key, or the signature that was made with it. NULL with `e` set (status 2).
struct signer *signing_key_open(const struct signing_key *key, const struct key_options *o,
                                struct err *e);

#endif
