// SPDX-License-Identifier: Apache-2.0
//
// A Zigbee OTA file with new values in its header, around the same elements.
#ifndef EDIT_ZIGBEE_H
#define EDIT_ZIGBEE_H

#include "edit.h"
#include "layer_zigbee.h"

// The values of a file that is open, whose header can be read. False with `e` set.
bool edit_zigbee_begin(const struct edit *edit, struct zigbee_values *values, struct arena *a,
                       struct err *e);

// Judges and writes the elements with their new header; `b` says where to, and how much to say.
enum status edit_zigbee_write(struct edit *edit, const struct zigbee_values *values, struct build b,
                              struct err *e);

#endif
