// SPDX-License-Identifier: Apache-2.0
//
// A partitions.csv, as gen_esp32part.py reads it: to the bytes that the tool makes of it, or to the
// line that it refuses, and why. Nothing is opened here; what a variable says is the caller's.
//
// Source of the facts: ESP-IDF, components/partition_table/gen_esp32part.py of v6.0. Older ones
// take more: sizes of apps that are no sectors (before 5.2), data at multiples of 4 bytes
// (before 5.0).
#ifndef PARTITION_CSV_H
#define PARTITION_CSV_H

#include <otapack/partition_table.h>

#include "arena.h"

enum { PARTITION_CSV_MOST = 64 * 1024 }; // bytes of a file

// What the tool is told beside the file.
struct partition_csv_options {
    uint32_t table_at;                  // --offset
    int64_t bootloader_at, recovery_at; // --primary-, --recovery-bootloader-offset; -1: not told
    const char *const *subtypes;        // --extra-partition-subtypes, NULL-ended; or NULL
    const char *(*variable)(const char *n); // of the environment; NULL: none is set
    bool no_md5;                            // --disable-md5sum
    bool no_verify;                         // --no-verify
    bool secure_v1;                         // --secure v1
};
#define PARTITION_CSV_OPTIONS ((struct partition_csv_options){0x8000, -1, -1, .variable = NULL})

struct partition_csv_entry {
    unsigned line;
    uint64_t at, size; // of the line, in the file
    struct otapack_partition partition;
};

struct partition_csv {
    struct partition_csv_entry *entries;
    size_t count;
    uint8_t bytes[OTAPACK_PARTITION_TABLE_SIZE];

    // Where it is refused.
    unsigned line; // 0: the file as a whole
    const char *wrong, *remedy;
};

// False with `wrong` and `remedy` set; `entries` are then those that could be read, whose offsets
// may not be filled in.
bool partition_csv_read(const uint8_t *text, size_t n, const struct partition_csv_options *options,
                        struct arena *a, struct partition_csv *out);

// Does it look like a partitions.csv: is the second field of its first line with anything on it a
// type of partition?
bool partition_csv_probe(const uint8_t *text, size_t n);

#endif
