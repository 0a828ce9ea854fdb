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

// Memory that a bootloader loads segments to.
struct chip_ram {
    struct chip_range at;
    bool runs; // code can run there
};

// The same memory at two places: where code runs, where data is read.
struct chip_alias {
    uint32_t iram, dram, size; // size 0: there is none
    bool inverted;             // the highest word of one is the lowest of the other
};

// What is the bootloader's own while it loads: to is 0 where it checks nothing, or is not known.
struct chip_loader {
    struct chip_range code, data, stack; // code by its address for running, the others for data
};

// Chips of one ID that have another bootloader from a revision on.
struct chip_family {
    uint16_t from; // revision, major * 100 + minor; 0: there is none
    struct chip_loader loader;
};

enum { CHIP_RAMS = 5 };

struct chip {
    uint16_t id;                         // in image headers
    const char *name, *title;            // "esp32h2", "ESP32-H2"
    uint32_t bootloader_at;              // in flash
    struct chip_range drom, irom, psram; // mapped by the MMU
    struct chip_ram ram[CHIP_RAMS];      // in any order; the first with `to` 0 ends them
    struct chip_alias alias;
    struct chip_loader loader;
    struct chip_family later;
    bool mmu_page_varies;   // the app's description says which page size it was linked for
    bool mapped_are_two;    // code and data share addresses: the bootloader wants two such segments
    const char *idf_from;   // the first ESP-IDF for it; NULL: one before 5.2
    const char *large_from; // ESP-IDF from which segments and partitions may have 16 MiB and more
    unsigned secure_version_bits; // of the eFuses, for apps; so many versions, not numbers
    unsigned bootloader_secure_version_bits; // likewise; 0: there are none
    bool recovery; // the ROM looks for a second bootloader where the eFuses say
    const struct chip_frequency *frequencies;
    const struct chip_memory *memory;
};

// What a chip's ROM and ESP-IDF can verify, in any version of ESP-IDF.
struct chip_secure_boot {
    uint16_t id;
    bool v1;            // Secure Boot v1
    uint8_t schemes;    // of v2: a bit for each enum otapack_sb_scheme
    uint8_t blocks;     // how many signature blocks are looked at, as many as there are key digests
    uint8_t late;       // those of the schemes that only chips of this revision and later know
    uint16_t late_from; // major * 100 + minor
    uint8_t insecure;   // those that ESP-IDF has called insecure on this chip, since 5.5.5, 6.0.2
};

// Does the chip know the scheme, and from which revision on? *from is 0 for any.
bool chip_knows_scheme(const struct chip_secure_boot *can, unsigned scheme, uint16_t *from);

const struct chip_secure_boot *chip_secure_boot(const struct chip *chip); // NULL: not known

extern const struct chip chips[];
extern const size_t chip_count;

const struct chip *chip_by_id(uint16_t id);                               // NULL: unknown
const char *chip_frequency_name(const struct chip *chip, uint8_t nibble); // NULL: unknown
const char *chip_flash_mode_name(uint8_t mode);                           // NULL: unknown
const char *chip_flash_size_name(uint8_t nibble);                         // NULL: unknown
uint64_t chip_flash_size(uint8_t nibble);                                 // bytes; 0: unknown
const struct chip_loader *chip_loader(const struct chip *chip, uint16_t revision);
bool chip_is_flash_mapped(const struct chip *chip, uint32_t address); // by the MMU, or PSRAM
const struct chip *chip_by_name(const char *name); // "esp32c6" or "ESP32-C6"; NULL: none
const char *chip_memory_names(const struct chip *chip, uint32_t address, struct arena *a); // "A,B"

#endif
