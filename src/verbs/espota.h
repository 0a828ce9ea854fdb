// SPDX-License-Identifier: Apache-2.0
//
// ArduinoOTA, the upload of the Arduino cores, from our side. A datagram invites the device to take
// a file ("0 PORT SIZE MD5"). It may ask for its password first ("AUTH NUMBER"), says OK, connects
// to us, takes the file, answers each piece with a count of bytes, and the whole with OK or with
// what is wrong.
//
// Source of the facts: ArduinoOTA.cpp and Updater.cpp of the cores for the ESP8266 (2.4 to 3.1) and
// the ESP32 (2.0 to 3.3).
#ifndef ESPOTA_H
#define ESPOTA_H

#include <otapack/base.h>

#include "arduino_upload.h"
#include "err.h"
#include "os.h"

struct secret;

struct espota {
    const char *host; // of the device: a name or an address
    uint16_t port;
    const char *own_host; // where it connects to; NULL: whichever address leads to it
    uint16_t own_port;    // 0: one that is free
    unsigned timeout;     // milliseconds, for each of its answers
    struct arduino_upload as;
    const char *name; // of the file, for a person
    struct otapack_source file;
    bool without_md5; // the older challenge gets no response
    bool quiet;
    // Asked where the device wants it; NULL with `e` set: there is none.
    const struct secret *(*password)(void *ctx, struct err *e);
    void *ctx;
    const char *password_file; // where that is from; NULL: it was typed
};

enum espota_end {
    ESPOTA_TAKEN,
    ESPOTA_REFUSED, // the device says no
    ESPOTA_LOST,    // something did not arrive: it may do so another time
    ESPOTA_CANNOT,
};

// Once. `e` is set (status 1 for a refusal, else 2) unless it was taken.
enum espota_end espota_push(const struct espota *x, struct err *e);

// A device that says no to the file: what it said, and what can be done about it.
enum espota_end espota_refused(const struct espota *x, const char *said, struct err *e);

// The file, to a device that has connected.
enum espota_end espota_upload(const struct espota *x, os_socket device, struct err *e);

#endif
