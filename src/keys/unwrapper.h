// SPDX-License-Identifier: Apache-2.0
//
// What can open what was encrypted for it: a key in a file, a key in a token, a device's own key.
#ifndef UNWRAPPER_H
#define UNWRAPPER_H

#include "pk.h"

struct unwrapper {
    const char *name; // as the user wrote it, for messages
    struct pk_public public_key;

    // As pk_unwrap does it: of RSA what was encrypted, of a curve X of ECDH. False with `e` set:
    // STATUS_NO where this key does not open `in`.
    bool (*unwrap)(struct unwrapper *u, const uint8_t *in, struct pk_unwrapped *out, struct err *e);
    void (*close)(struct unwrapper *u); // frees it and wipes what is secret
};

#endif
