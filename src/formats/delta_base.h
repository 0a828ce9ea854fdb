// SPDX-License-Identifier: Apache-2.0
//
// The app that a patch is for, as --base FILE says it, and what it is to make of that, as --new
// does. Both are in memory: files are judged on threads.
#ifndef DELTA_BASE_H
#define DELTA_BASE_H

#include "arena.h"
#include "err.h"
#include "read.h"

enum { DELTA_DIGEST = 32 };

struct delta_base {
    struct otapack_source src;    // byte for byte as it was flashed
    uint8_t sha256[DELTA_DIGEST]; // as esp_partition_get_sha256() gives it on the device
    unsigned chip_id;
    const struct otapack_app_desc *desc; // NULL: it has none
};

// Reads the app of this file, which messages call `shown`. False with `e` set: status 1 where the
// file can be read, and is none.
bool delta_base_open(struct delta_base *base, const char *file, const char *shown, struct arena *a,
                     struct err *e);

// The base is what runs on the device, unless that was said otherwise. NULL: there is none.
void delta_base_runs(const struct delta_base *base, struct target *target);

// Reads the app of this file. False with `e` set (status 2) where there is none. NULL: no base.
bool delta_base_take(struct read_options *options, const char *file, struct arena *a,
                     struct err *e);

// Reads the file that a patch is to make. False with `e` set (status 2). NULL: none is said.
bool delta_made_take(struct read_options *options, const char *file, struct arena *a,
                     struct err *e);

#endif
