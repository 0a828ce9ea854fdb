// SPDX-License-Identifier: Apache-2.0
//
// Which files ArduinoOTA takes, the upload over the network of the Arduino cores, and as what.
#ifndef ARDUINO_UPLOAD_H
#define ARDUINO_UPLOAD_H

#include "node.h"

enum arduino_core {
    ARDUINO_ANY, // it does not show for which: the image of a file system
    ARDUINO_ESP8266,
    ARDUINO_ESP32,
};

struct arduino_upload {
    enum arduino_core core;
    bool filesystem; // and not what runs
};

// False: no core takes it. With `filesystem`, a file of which nothing is known is one.
bool arduino_upload_of(const struct node *root, bool filesystem, struct arduino_upload *out);

// What a core would take is in a file that none takes: its path,
// and what else extract needs to be told. NULL: there is no such part.
const char *arduino_upload_inside(struct arena *a, const struct node *root);

#endif
