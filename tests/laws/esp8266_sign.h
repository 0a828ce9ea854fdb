// SPDX-License-Identifier: Apache-2.0
//
// What the laws of signed ESP8266 updates share. In the scratch folder lie sketch.bin, sketch.gz
// and v1.bin, which are not signed, and private keys.
#ifndef ESP8266_SIGN_H
#define ESP8266_SIGN_H

#include "esp8266.h"
#include "product.h"

#define GOOD "fixtures/esp8266/"
#define KEYS "fixtures/keys/"
#define A KEYS "rsa2048.pub.pem"
#define B KEYS "rsa2048-b.pub.pem"
#define C KEYS "rsa3072-a.pub.pem"
#define EC KEYS "ecdsa-p256-a.pub.pem"

int sign_begin(void **group); // of a group of tests

// A file is these bytes with what this key signs them with.
void made_by(const char *file, const char *covered, const char *key, enum rsa_form form);
// signature.bin: of a file, made elsewhere.
void sign_with(const char *key, enum rsa_form form, const char *file);
// `sign WORDS` says what is wrong and what to do; no file appears, an old one stays as it is.
void refuse_sign(int status, const char *regex, const char *words);

#endif
