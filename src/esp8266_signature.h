// SPDX-License-Identifier: Apache-2.0
//
// Signatures of ESP8266 updates, and the keys by which they are known.
#ifndef ESP8266_SIGNATURE_H
#define ESP8266_SIGNATURE_H

#include "arena.h"
#include "key.h"
#include "node.h"

struct esp8266_key {
    struct esp8266_key *next;
    const char *name; // as it was given
    struct pk_public key;
};

// The keys with these names (NULL-ended) that can be an ESP8266's: RSA. False with `e` set (status
// 2) where one cannot be read.
bool esp8266_keys_open(const char **names, const struct key_options *o, struct arena *a,
                       struct esp8266_key **out, struct err *e);

// Can devices have this key? False with `e` set: they know RSA only.
bool key_fits_esp8266(const struct pk_public *key, const char *name, struct err *e);

// "esp8266-rsa", "esp8266-rsa-legacy": the schemes, and the padding of PKCS#1 that is each.
const char *esp8266_scheme_name(bool legacy);
enum pk_padding esp8266_padding(bool legacy);

// The signature of a file, or NULL: it is not signed.
const struct node *esp8266_signature(const struct node *root);

#endif
