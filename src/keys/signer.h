// SPDX-License-Identifier: Apache-2.0
//
// What can sign: a key in a file, a key in a token.
#ifndef SIGNER_H
#define SIGNER_H

#include "pk.h"

struct signer {
    const char *name; // as the user wrote it, for messages
    struct pk_public public_key;

    // Signs a digest of the type's algorithm into `signature`, as pk.h has signatures. False with
    // `e` set. Whether the signature fits is for the caller to verify.
    bool (*sign)(struct signer *s, enum pk_padding padding, const uint8_t *digest,
                 uint8_t *signature, struct err *e);
    void (*close)(struct signer *s); // frees it and wipes what is secret
};

#endif
