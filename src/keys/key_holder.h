// SPDX-License-Identifier: Apache-2.0
//
// Who has a private key and uses it for others: a file, a token, a device with a key of its own.
#ifndef KEY_HOLDER_H
#define KEY_HOLDER_H

#include "pk.h"

struct key_holder {
    const char *name; // as the user wrote it, for messages
    struct pk_public public_key;

    // Signs a digest of the type's algorithm into `signature`, as pk.h has signatures. False with
    // `e` set. Whether the signature fits is for the caller to verify.
    bool (*sign)(struct key_holder *h, enum pk_padding padding, const uint8_t *digest,
                 uint8_t *signature, struct err *e);
    // Opens what was encrypted for the key, as pk_unwrap does it: of RSA what was encrypted, of a
    // curve X of ECDH. False with `e` set: STATUS_NO where this key does not open `in`. NULL: it
    // only signs.
    bool (*unwrap)(struct key_holder *h, const uint8_t *in, struct pk_unwrapped *out,
                   struct err *e);
    void (*close)(struct key_holder *h); // frees it and wipes what is secret
};

#endif
