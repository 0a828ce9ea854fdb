// SPDX-License-Identifier: Apache-2.0
//
// Where bootloader and partition table lie in a merged flash image, and which flash address its
// first byte has. Offsets are those of the file; what a partition table says is a flash address.
#ifndef FLASH_LAYOUT_H
#define FLASH_LAYOUT_H

#include <otapack/partition_table.h>

#include "chip.h"

enum { FLASH_SECTOR = 0x1000, FLASH_TABLE_USUAL = 0x8000 };

struct flash_layout {
    uint64_t base; // the flash address of the first byte
    bool has_bootloader, has_table;
    const struct chip *chip; // the bootloader's; NULL: none, or not known
    bool is_app;             // what lies at the bootloader's place
    uint64_t bootloader_at, bootloader_size, table_at;
};

// Where a flash address lies in the file; UINT64_MAX: before it.
uint64_t flash_layout_at(const struct flash_layout *l, uint64_t address);

// What this partition lies over: "bootloader", "partition table"; NULL: neither.
const char *flash_layout_under(const struct flash_layout *l, const struct otapack_partition *p);

#endif
