// SPDX-License-Identifier: Apache-2.0
//
// The C header that a sketch for the ESP8266 compiles in, so that it takes only updates that are
// signed: byte for byte what the Arduino core's signing.py makes of a public key in a file.
#ifndef ARDUINO_HEADER_H
#define ARDUINO_HEADER_H

#include "pk.h"

#define ARDUINO_HEADER_NONE "#define ARDUINO_SIGNING 0\n" // of a sketch that takes all updates

enum { ARDUINO_HEADER_MOST = 128 + 7 * PK_PEM_MOST };
bool arduino_header(const struct pk_public *key, const char *name, char text[ARDUINO_HEADER_MOST],
                    struct err *e);

#endif
