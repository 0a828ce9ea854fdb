// SPDX-License-Identifier: Apache-2.0
//
// A private key in a token that is open, and what it is used for.
#ifndef PKCS11_KEY_H
#define PKCS11_KEY_H

#include "key_holder.h"
#include "pkcs11_object.h"

struct token_key {
    struct key_holder holder; // first: the one is cast to the other
    struct token token;
    CK_OBJECT_HANDLE object;
    bool always_confirm; // log in for each use
};

// As key_holder.h has them.
bool token_sign(struct key_holder *h, enum pk_padding padding, const uint8_t *digest,
                uint8_t *signature, struct err *e);
bool token_unwrap(struct key_holder *h, const uint8_t *in, struct pk_unwrapped *out, struct err *e);

#endif
