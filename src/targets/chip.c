// SPDX-License-Identifier: Apache-2.0
//
// What the tables of chips say of one chip, one address, one nibble.
#include "chip.h"

#include <stddef.h>
#include <strings.h>

// No chip has memory below this: such a segment is passed over, whatever it is for. esptool's name.
enum { PADDING_END = 0x10000 };

const struct chip *chip_by_id(uint16_t id)
{
    for (size_t i = 0; i < chip_count; i++) {
        if (chips[i].id == id) {
            return &chips[i];
        }
    }
    return NULL;
}

const char *chip_frequency_name(const struct chip *chip, uint8_t nibble)
{
    for (const struct chip_frequency *f = chip->frequencies; f->name != NULL; f++) {
        if (f->nibble == nibble) {
            return f->name;
        }
    }
    return NULL;
}

const char *chip_flash_mode_name(uint8_t mode)
{
    static const char *const names[] = {"qio", "qout", "dio", "dout", "fast_read", "slow_read"};
    return mode < sizeof(names) / sizeof(names[0]) ? names[mode] : NULL;
}

const char *chip_flash_size_name(uint8_t nibble)
{
    static const char *const names[] = {"1MB",  "2MB",  "4MB",  "8MB",
                                        "16MB", "32MB", "64MB", "128MB"};
    return nibble < sizeof(names) / sizeof(names[0]) ? names[nibble] : NULL;
}

uint64_t chip_flash_size(uint8_t nibble)
{
    return chip_flash_size_name(nibble) == NULL ? 0 : UINT64_C(0x100000) << nibble;
}

static bool is_in(const struct chip_range *range, uint32_t address)
{
    return address >= range->from && address < range->to;
}

bool chip_is_flash_mapped(const struct chip *chip, uint32_t address)
{
    return is_in(&chip->drom, address) || is_in(&chip->irom, address) ||
           is_in(&chip->psram, address);
}

const struct chip_loader *chip_loader(const struct chip *chip, uint16_t revision)
{
    bool later = chip->later.from != 0 && revision >= chip->later.from;
    return later ? &chip->later.loader : &chip->loader;
}

bool chip_knows_scheme(const struct chip_secure_boot *can, unsigned scheme, uint16_t *from)
{
    *from = (can->late >> scheme & 1) != 0 ? can->late_from : 0;
    return (can->schemes >> scheme & 1) != 0;
}

const char *chip_memory_names(const struct chip *chip, uint32_t address, struct arena *a)
{
    const char *names = address < PADDING_END ? "PADDING" : "";
    for (const struct chip_memory *m = chip->memory; m->name != NULL; m++) {
        if (address >= m->from && address < m->to) {
            names = arena_printf(a, "%s%s%s", names, *names == '\0' ? "" : ",", m->name);
        }
    }
    return names;
}

const struct chip *chip_by_name(const char *name)
{
    for (size_t i = 0; i < chip_count; i++) {
        if (strcasecmp(chips[i].name, name) == 0 || strcasecmp(chips[i].title, name) == 0) {
            return &chips[i];
        }
    }
    return NULL;
}
