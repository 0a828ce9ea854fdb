// SPDX-License-Identifier: Apache-2.0
//
// Keys by which ESP8266 updates are signed.
#ifndef ESP8266_KEY_H
#define ESP8266_KEY_H

#include "arena.h"
#include "key.h"

struct esp8266_key {
    struct esp8266_key *next;
    const char *name; // as it was given
    struct pk_public key;
};

// Can devices have this key? False with `e` set: they know RSA only.
bool key_fits_esp8266(const struct pk_public *key, const char *name, struct err *e);

// Of the two formats: the legacy one has no DigestInfo.
enum pk_padding esp8266_padding(bool legacy);

#endif
