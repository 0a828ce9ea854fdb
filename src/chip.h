// SPDX-License-Identifier: Apache-2.0
//
// What is known of each chip. The table is in chip.c.
#ifndef CHIP_H
#define CHIP_H

#include <otapack/secure_boot.h>
#include <stdbool.h>
#include <stddef.h>
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

// What a chip's ROM and ESP-IDF can verify, in any version of ESP-IDF.
struct chip_secure_boot {
    uint16_t id;
    bool v1;         // Secure Boot v1
    uint8_t schemes; // of v2: a bit for each enum otapack_sb_scheme
    uint8_t blocks;  // how many signature blocks are looked at
};

const struct chip_secure_boot *chip_secure_boot(const struct chip *chip); // NULL: not known

extern const struct chip chips[];
extern const size_t chip_count;

const struct chip *chip_by_id(uint16_t id);                               // NULL: unknown
const char *chip_frequency_name(const struct chip *chip, uint8_t nibble); // NULL: unknown
const char *chip_flash_size_name(uint8_t nibble);                         // NULL: unknown
uint64_t chip_flash_size(uint8_t nibble);                                 // bytes; 0: unknown
bool chip_is_flash_mapped(const struct chip *chip, uint32_t address);     // by the MMU
const char *chip_memory_names(const struct chip *chip, uint32_t address, struct arena *a); // "A,B"

#endif
