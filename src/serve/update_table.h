// SPDX-License-Identifier: Apache-2.0
//
// Which device gets which file: a table in YAML, which is read again when it changes. What is wrong
// in it is said, and the one before stays.
#ifndef UPDATE_TABLE_H
#define UPDATE_TABLE_H

#include "err.h"
#include "esp8266.h"
#include "updater.h"

struct update {
    const char *file;
    const char *version; // that it is; NULL: not said
    // Of the devices, all ESP8266, what they do not say themselves; NULL: not said here either.
    const char *flash_mode, *layout;
};

struct update_table;
// NULL with `e` set (status 2).
struct update_table *update_table_open(const char *file, struct err *e);
void update_table_close(struct update_table *t); // NULL is allowed

// Reads it again where it is another. False with `e` set: it is wrong, and the one before stays.
bool update_table_refresh(struct update_table *t, struct err *e);

// The first row that fits; NULL: none. `path` is what is asked for (asked_path.h).
const struct update *update_table_find(const struct update_table *t, const char *path,
                                       const struct updater *u);

// What the row knows of the device, to be taken before what it says itself. False with `e` set.
bool update_take_device(const struct update *u, struct esp8266_device *device, struct err *e);

// Is this a product of some row?
bool update_table_has(const struct update_table *t, const char *path);

// Does a text fit a pattern, in which * stands for any text? Letters of either case are the same.
bool update_table_fits(const char *pattern, const char *text);

#endif
