// SPDX-License-Identifier: Apache-2.0
//
// A partition table wherever one is wanted: partition-table.bin as it is, a partitions.csv as the
// bytes that gen_esp32part.py makes of it.
#ifndef PARTITION_FILE_H
#define PARTITION_FILE_H

#include "err.h"
#include "partition_csv.h"

// What the tool is told by default, with the variables of the environment.
struct partition_csv_options partition_file_options(void);

// Takes one more thing that the tool is told: its option's name, and the value. False with `e` set
// (status 2), which begins with `where`.
bool partition_file_tell(struct partition_csv_options *o, const char *where, const char *name,
                         const char *value, struct arena *a, struct err *e);

// The names that there are, NULL-ended.
extern const char *const partition_file_names[];

// What --csv says, NAME=VALUE each; its words stay the caller's.
bool partition_file_take(struct partition_csv_options *o, const char *const *words, struct arena *a,
                         struct err *e);

// Is this file a partitions.csv: by what is in it, or by its name, so that what is wrong in its
// first line is said as well?
bool partition_file_is_csv(const char *name, const struct otapack_source *src);

// The bytes of a partitions.csv. False with `e` set (status 2): FILE:LINE: what is wrong. `name` is
// for messages.
bool partition_file_convert(const char *name, const struct otapack_source *src,
                            const struct partition_csv_options *options,
                            uint8_t to[OTAPACK_PARTITION_TABLE_SIZE], struct err *e);

#endif
