// SPDX-License-Identifier: Apache-2.0
//
// A file that says what is known of a device, once for all command lines: YAML, whose keys are the
// names of the options with '_' for '-'.
//
//     otapack: 1
//     chip: esp32c6
//     chip_revision: v0.1
//     flash_size: 4MB
//     idf: v5.4.1
//     secure_boot: v2
//     partition_table: partitions.csv
#ifndef DEVICE_FILE_H
#define DEVICE_FILE_H

#include "arena.h"
#include "err.h"
#include "esp8266.h"
#include "target.h"

struct device_file {
    struct device_said said;
    const char *partition_table; // a path as it can be opened; NULL: the file names none
    // "device.yaml:8:18: partition_table", for messages of what only its reader finds out: of that,
    // and of how an ESP8266's flash is divided. NULL: nothing is said of it.
    const char *table_where, *layout_where;
};

// Fills what the file says, and leaves the rest as it is. False with `e` set (status 2,
// FILE:LINE:COLUMN). Texts live in the arena.
bool device_file_read(const char *file, struct device_file *out, struct arena *a, struct err *e);

#endif
