// SPDX-License-Identifier: Apache-2.0
//
// How a project makes the file version of a Zigbee OTA file from the version of its app: four bytes
// from the top, with points between them. Each is a number, major, minor or patch; or two of these
// with a colon between them, half a byte each. "major.minor.patch.0" makes 0x01040200 of 1.4.2,
// "major:minor.patch.0x20.0" 0x14022000.
#ifndef ZIGBEE_VERSION_H
#define ZIGBEE_VERSION_H

#include <stdint.h>

#include "err.h"

// Is it such a text? False with `e` set (status 2), beginning with `where`.
bool zigbee_version_good(const char *from, const char *where, struct err *e);

// The file version for an app's version. False with `e` set (status 1) where a number of it does
// not fit its place, or it begins with none.
bool zigbee_version_of(const char *from, const char *version, uint32_t *out, struct err *e);

#endif
