// SPDX-License-Identifier: Apache-2.0
//
// What is known of each chip. The table is in chip.c.
#ifndef CHIP_H
#define CHIP_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

struct chip_frequency {
    uint8_t nibble;
    const char *name;
};

struct chip_memory {
    uint32_t from, to; // addresses, `to` not included
    const char *name;
};

struct chip_range {
    uint32_t from, to; // addresses, `to` not included
};

struct chip {
    uint16_t id;                  // in image headers
    const char *name, *title;     // "esp32h2", "ESP32-H2"
    uint32_t bootloader_at;       // in flash
    bool mmu_page_varies;         // the app's description says which page size it was linked for
    struct chip_range drom, irom; // mapped from flash by the MMU
    const struct chip_frequency *frequencies;
    const struct chip_memory *memory;
};

const struct chip *chip_by_id(uint16_t id);                               // NULL: unknown
const char *chip_frequency_name(const struct chip *chip, uint8_t nibble); // NULL: unknown
const char *chip_flash_size_name(uint8_t nibble);                         // NULL: unknown
uint64_t chip_flash_size(uint8_t nibble);                                 // bytes; 0: unknown
bool chip_is_flash_mapped(const struct chip *chip, uint32_t address);     // by the MMU
const char *chip_memory_names(const struct chip *chip, uint32_t address, struct arena *a); // "A,B"

#endif
