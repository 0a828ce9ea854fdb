// SPDX-License-Identifier: Apache-2.0
//
// What a partition may be by itself: one judgement for tables of bytes and for partitions.csv.
#ifndef PARTITION_JUDGE_H
#define PARTITION_JUDGE_H

#include <otapack/partition_table.h>
#include <stdbool.h>

#include "arena.h"
#include "check.h"

enum {
    PARTITION_SECTOR = 0x1000,
    PARTITION_APP_ALIGN = 0x10000,   // where an app may begin
    PARTITION_TABLE_SECTOR = 0x1000, // what a table takes of the flash
};

// Of the flags of a partition.
enum { PARTITION_ENCRYPTED = 1, PARTITION_READONLY = 2 };

struct partition_rule {
    enum check_id check;
    bool (*holds)(const struct otapack_partition *p);
    // What is wrong with it, in the words of a sentence that begins with "partition LABEL ".
    const char *(*wrong)(struct arena *a, const struct otapack_partition *p);
};

extern const struct partition_rule partition_rules[];
extern const size_t partition_rule_count;

// Is it the OTA data of the app or, `tee`, of the trusted execution environment?
bool partition_is_ota_data(const struct otapack_partition *p);
bool partition_is_tee_ota_data(const struct otapack_partition *p);

// A primary bootloader or table of its own: the table says where these lie.
bool partition_is_primary(int64_t type, int64_t subtype);

uint32_t partition_alignment(uint32_t type);

#endif
