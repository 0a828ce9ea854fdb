// SPDX-License-Identifier: Apache-2.0
//
// What compat esptool is made of.
#ifndef COMPAT_ESPTOOL_H
#define COMPAT_ESPTOOL_H

#include "cmd.h"
#include "recipe_entry.h"

// merge_bin or merge-bin, by the command's name.
enum status esptool_merge(const struct args *args, struct err *e);

// ---- Intel HEX among what is merged -------------------------------------------------------------

// Is the file Intel HEX? False with `e` set where it cannot be read.
bool esptool_hex_is(const char *file, bool *is, struct err *e);

// Adds the parts that it stands for at *end: each run of data where the file says. False with `e`
// set for a file that is damaged.
bool esptool_hex_take(const char *file, struct arena *a, struct recipe_entry ***end, struct err *e);

#endif
