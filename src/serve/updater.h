// SPDX-License-Identifier: Apache-2.0
//
// What the Arduino cores' updaters say of their device, in the headers of a request: ESPhttpUpdate
// of the ESP8266, HTTPUpdate of the ESP32.
#ifndef UPDATER_H
#define UPDATER_H

#include "err.h"
#include "http.h"
#include "read.h"

struct updater {
    bool asks; // it is one; nothing else holds where it is not
    bool is_esp8266;
    bool wants_file_system;
    const char *mac, *version; // NULL: not said
    const char *md5, *sha256;  // of the sketch that runs; NULL: not said
    const char *free_space, *chip_size, *sketch_size;
};

// False with `e` set (status 1) for one that does not say what every updater says.
bool updater_read(const struct http_request *r, struct updater *out, struct err *e);

// What it says, over what is known of it. False with `e` set (status 1) for numbers that are none.
bool updater_take_device(const struct updater *u, struct read_options *options, struct err *e);

#endif
