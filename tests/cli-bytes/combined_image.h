// SPDX-License-Identifier: Apache-2.0
//
// Combined images: the parts, by their tags, and a table in front that says where each is.
#ifndef COMBINED_IMAGE_H
#define COMBINED_IMAGE_H

#include "data.h"

#include <stdbool.h>

enum { VERSION, FLASH_ARGS, BOOTLOADER, PARTITION_TABLE, FIRMWARE, HOST, PARTS };

struct part {
    uint32_t tag;
    struct data bytes;
    size_t size; // what the table says of it
};

struct part part_with(uint64_t tag, struct data bytes);
bool part_of(struct data d, uint64_t tag, struct data *part); // false where there is none
void save_combined(const char *name, const struct part *parts, size_t count);

#endif
