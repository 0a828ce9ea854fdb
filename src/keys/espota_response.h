// SPDX-License-Identifier: Apache-2.0
//
// What shows a device with ArduinoOTA that we know its password, which it asks for with a number
// that it has made up.
#ifndef ESPOTA_RESPONSE_H
#define ESPOTA_RESPONSE_H

#include <stdbool.h>

struct secret;

enum espota_scheme {
    ESPOTA_MD5,           // the ESP8266's core, and the ESP32's before 3.3.1
    ESPOTA_SHA256,        // later ones
    ESPOTA_SHA256_OF_MD5, // the same, where the sketch gives the password as its MD5
};
enum { ESPOTA_TEXT_ROOM = 65 };

// By the number (lower-case hexadecimal), which is as long as the digest. False: it is none of
// these.
bool espota_scheme_of(const char *nonce, enum espota_scheme *out);

// Our own number, and the response to both. False where there is none to be made.
bool espota_respond(enum espota_scheme scheme, const struct secret *password, const char *nonce,
                    const char *cnonce, char response[ESPOTA_TEXT_ROOM]);
bool espota_cnonce(enum espota_scheme scheme, char cnonce[ESPOTA_TEXT_ROOM]);

#endif
