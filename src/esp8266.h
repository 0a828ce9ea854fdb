// SPDX-License-Identifier: Apache-2.0
#ifndef ESP8266_H
#define ESP8266_H

#include <otapack/base.h>

// Is this an image of the ESP8266? It begins with the ESP32 family's magic number, but its header
// has 8 bytes: the load address of a segment stands where an ESP32 image has its pins.
bool is_esp8266(const struct otapack_source *src);

#endif
