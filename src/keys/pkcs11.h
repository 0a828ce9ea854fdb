// SPDX-License-Identifier: Apache-2.0
//
// Keys in tokens (HSMs, smart cards), by their PKCS#11 URI (RFC 7512). Only pkcs11*.c know p11-kit,
// which is loaded when the first URI is used.
#ifndef PKCS11_KEYS_H // PKCS11_H is p11-kit's
#define PKCS11_KEYS_H

#include "key_holder.h"
#include "pkcs11_options.h"

bool pkcs11_is_uri(const char *name); // begins with "pkcs11:", in capitals too

// The private key that the URI names, logged in. Its public key is `known`, else (NULL) what the
// token has. The PIN, unless it is given, comes from the URI's pin-source, else from the
// environment (OTAPACK_PIN), else from the terminal; it is tried once, and goes to the module by
// C_Login and in no other way. The key's name, like the URI in messages, ends before the "?". What
// was encrypted for it the token opens by CKM_RSA_PKCS or CKM_ECDH1_DERIVE, where that lets the
// shared secret out. NULL with `e` set (status 2).
struct key_holder *pkcs11_open(const char *uri, const struct pkcs11_options *o,
                               const struct pk_public *known, struct err *e);

// The public key that the URI names; logs in only where it cannot be read otherwise. False with `e`
// set.
bool pkcs11_public(const char *uri, const struct pkcs11_options *o, struct pk_public *out,
                   struct err *e);

#endif
