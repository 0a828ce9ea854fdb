// SPDX-License-Identifier: Apache-2.0
//
// Keys by which ESP8266 updates are signed.
#ifndef ESP8266_KEY_H
#define ESP8266_KEY_H

#include "arena.h"
#include "key.h"

// Can devices have this key? False with `e` set: they know RSA only.
bool key_fits_esp8266(const struct pk_public *key, const char *name, struct err *e);

#endif
