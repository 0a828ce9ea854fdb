// SPDX-License-Identifier: Apache-2.0
//
// Keys in tokens (HSMs, smart cards), by their PKCS#11 URI (RFC 7512). Only pkcs11*.c know p11-kit,
// which is loaded when the first URI is used.
#ifndef PKCS11_KEYS_H // PKCS11_H is p11-kit's
#define PKCS11_KEYS_H

#include "signer.h"

bool pkcs11_is_uri(const char *name); // begins with "pkcs11:", in capitals too

// The private key that the URI names, logged in. Its public key is `known`, else (NULL) what the
// token has. The PIN comes from the URI's pin-source, else from
// the environment (OTAPACK_PIN), else from the terminal; it is tried once. The signer's name, like
// the URI in messages, ends before the "?". NULL with `e` set (status 2).
struct signer *pkcs11_signer(const char *uri, const struct pk_public *known, struct err *e);

// The public key that the URI names; logs in only where it cannot be read otherwise. False with `e`
// set.
bool pkcs11_public(const char *uri, struct pk_public *out, struct err *e);

#endif
