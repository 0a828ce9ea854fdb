// SPDX-License-Identifier: Apache-2.0
//
// The chips, as their ROMs and esptool know them: image chip ID, where the ROM looks for the
// bootloader, the nibbles of the flash frequency, and the memory map. A row of `memory` is a range
// of addresses and its name, for people; ranges overlap where one memory has two uses. What is
// mapped from flash is said apart, as ESP-IDF's SOC_DROM_* and SOC_IROM_* say it.
#include "chip.h"

#include <stddef.h>

// No chip has memory below this: such a segment is passed over, whatever it is for. esptool's name.
enum { PADDING_END = 0x10000 };

// clang-format off
#define MEMORY_END {0, 0, NULL}
#define FREQUENCY_END {0, NULL}
// clang-format on

static const struct chip_frequency frequency_esp32[] = {
    {0, "40m"}, {1, "26m"}, {2, "20m"}, {15, "80m"}, FREQUENCY_END};

static const struct chip_memory memory_esp32[] = {
    {0x3f400000, 0x3f800000, "DROM"},
    {0x3f800000, 0x3fc00000, "EXTRAM_DATA"},
    {0x3ff80000, 0x3ff82000, "RTC_DRAM"},
    {0x3ff90000, 0x40000000, "BYTE_ACCESSIBLE"},
    {0x3ffae000, 0x40000000, "DRAM"},
    {0x3ffe0000, 0x3ffffffc, "DIRAM_DRAM"},
    {0x40000000, 0x40070000, "IROM"},
    {0x40070000, 0x40078000, "CACHE_PRO"},
    {0x40078000, 0x40080000, "CACHE_APP"},
    {0x40080000, 0x400a0000, "IRAM"},
    {0x400a0000, 0x400bfffc, "DIRAM_IRAM"},
    {0x400c0000, 0x400c2000, "RTC_IRAM"},
    {0x400d0000, 0x40400000, "IROM"},
    {0x50000000, 0x50002000, "RTC_DATA"},
    MEMORY_END,
};

static const struct chip_memory memory_esp32s2[] = {
    {0x3f000000, 0x3ff80000, "DROM"},         {0x3f500000, 0x3ff80000, "EXTRAM_DATA"},
    {0x3ff9e000, 0x3ffa0000, "RTC_DRAM"},     {0x3ff9e000, 0x40000000, "BYTE_ACCESSIBLE"},
    {0x3ff9e000, 0x40072000, "MEM_INTERNAL"}, {0x3ffb0000, 0x40000000, "DRAM"},
    {0x40000000, 0x4001a100, "IROM_MASK"},    {0x40020000, 0x40070000, "IRAM"},
    {0x40070000, 0x40072000, "RTC_IRAM"},     {0x40080000, 0x40800000, "IROM"},
    {0x50000000, 0x50002000, "RTC_DATA"},     MEMORY_END,
};

static const struct chip_memory memory_esp32c3[] = {
    {0x3c000000, 0x3c800000, "DROM"},
    {0x3fc80000, 0x3fce0000, "DRAM"},
    {0x3fc88000, 0x3fd00000, "BYTE_ACCESSIBLE"},
    {0x3ff00000, 0x3ff20000, "DROM_MASK"},
    {0x40000000, 0x40060000, "IROM_MASK"},
    {0x42000000, 0x42800000, "IROM"},
    {0x4037c000, 0x403e0000, "IRAM"},
    {0x50000000, 0x50002000, "RTC_IRAM"},
    {0x50000000, 0x50002000, "RTC_DRAM"},
    {0x600fe000, 0x60100000, "MEM_INTERNAL2"},
    MEMORY_END,
};

static const struct chip_memory memory_esp32s3[] = {
    {0x3c000000, 0x3d000000, "DROM"},         {0x3d000000, 0x3e000000, "EXTRAM_DATA"},
    {0x600fe000, 0x60100000, "RTC_DRAM"},     {0x3fc88000, 0x3fd00000, "BYTE_ACCESSIBLE"},
    {0x3fc88000, 0x403e2000, "MEM_INTERNAL"}, {0x3fc88000, 0x3fd00000, "DRAM"},
    {0x40000000, 0x4001a100, "IROM_MASK"},    {0x40370000, 0x403e0000, "IRAM"},
    {0x600fe000, 0x60100000, "RTC_IRAM"},     {0x42000000, 0x42800000, "IROM"},
    {0x50000000, 0x50002000, "RTC_DATA"},     MEMORY_END,
};

static const struct chip_frequency frequency_esp32c2[] = {
    {0, "30m"}, {1, "20m"}, {2, "15m"}, {15, "60m"}, FREQUENCY_END};

static const struct chip_memory memory_esp32c2[] = {
    {0x3c000000, 0x3c400000, "DROM"},
    {0x3fca0000, 0x3fce0000, "DRAM"},
    {0x3fc88000, 0x3fd00000, "BYTE_ACCESSIBLE"},
    {0x3ff00000, 0x3ff50000, "DROM_MASK"},
    {0x40000000, 0x40090000, "IROM_MASK"},
    {0x42000000, 0x42400000, "IROM"},
    {0x4037c000, 0x403c0000, "IRAM"},
    MEMORY_END,
};

static const struct chip_frequency frequency_esp32c6[] = {
    {0, "80m"}, {0, "40m"}, {2, "20m"}, FREQUENCY_END};

static const struct chip_memory memory_esp32c6[] = {
    {0x42000000, 0x43000000, "DROM"},
    {0x40800000, 0x40880000, "DRAM"},
    {0x40800000, 0x40880000, "BYTE_ACCESSIBLE"},
    {0x4004ac00, 0x40050000, "DROM_MASK"},
    {0x40000000, 0x4004ac00, "IROM_MASK"},
    {0x42000000, 0x43000000, "IROM"},
    {0x40800000, 0x40880000, "IRAM"},
    {0x50000000, 0x50004000, "RTC_IRAM"},
    {0x50000000, 0x50004000, "RTC_DRAM"},
    {0x600fe000, 0x60100000, "MEM_INTERNAL2"},
    MEMORY_END,
};

static const struct chip_frequency frequency_esp32h2[] = {
    {0, "24m"}, {1, "16m"}, {2, "12m"}, {15, "48m"}, FREQUENCY_END};

static const struct chip_memory memory_esp32p4[] = {
    {0x40000000, 0x4c000000, "DROM"},
    {0x4ff00000, 0x4ffa0000, "DRAM"},
    {0x4ff00000, 0x4ffa0000, "BYTE_ACCESSIBLE"},
    {0x4fc00000, 0x4fc20000, "DROM_MASK"},
    {0x4fc00000, 0x4fc20000, "IROM_MASK"},
    {0x40000000, 0x4c000000, "IROM"},
    {0x4ff00000, 0x4ffa0000, "IRAM"},
    {0x50108000, 0x50110000, "RTC_IRAM"},
    {0x50108000, 0x50110000, "RTC_DRAM"},
    {0x600fe000, 0x60100000, "MEM_INTERNAL2"},
    MEMORY_END,
};

static const struct chip_frequency frequency_esp32c61[] = {
    {0, "40m"}, {2, "20m"}, {15, "80m"}, FREQUENCY_END};

static const struct chip_memory memory_esp32c61[] = {
    {0x42000000, 0x44000000, "DROM"},
    {0x40800000, 0x40860000, "DRAM"},
    {0x40800000, 0x40860000, "BYTE_ACCESSIBLE"},
    {0x4004ac00, 0x40050000, "DROM_MASK"},
    {0x40000000, 0x4004ac00, "IROM_MASK"},
    {0x42000000, 0x44000000, "IROM"},
    {0x40800000, 0x40860000, "IRAM"},
    {0x50000000, 0x50004000, "RTC_IRAM"},
    {0x50000000, 0x50004000, "RTC_DRAM"},
    {0x600fe000, 0x60100000, "MEM_INTERNAL2"},
    MEMORY_END,
};

static const struct chip_memory memory_esp32c5[] = {
    {0x42000000, 0x44000000, "DROM"},
    {0x40800000, 0x40860000, "DRAM"},
    {0x40800000, 0x40860000, "BYTE_ACCESSIBLE"},
    {0x4003a000, 0x40040000, "DROM_MASK"},
    {0x40000000, 0x4003a000, "IROM_MASK"},
    {0x42000000, 0x44000000, "IROM"},
    {0x40800000, 0x40860000, "IRAM"},
    {0x50000000, 0x50004000, "RTC_IRAM"},
    {0x50000000, 0x50004000, "RTC_DRAM"},
    {0x600fe000, 0x60100000, "MEM_INTERNAL2"},
    MEMORY_END,
};

static const struct chip_memory memory_esp32h4[] = {
    {0x42000000, 0x44000000, "DROM"},
    {0x40810000, 0x40860000, "DRAM"},
    {0x40810000, 0x40860000, "BYTE_ACCESSIBLE"},
    {0x40000000, 0x40050000, "DROM_MASK"},
    {0x40000000, 0x40050000, "IROM_MASK"},
    {0x42000000, 0x44000000, "IROM"},
    {0x40810000, 0x40860000, "IRAM"},
    {0x50000000, 0x50004000, "RTC_IRAM"},
    {0x50000000, 0x50004000, "RTC_DRAM"},
    {0x60000000, 0x60100000, "MEM_INTERNAL2"},
    MEMORY_END,
};

static const struct chip_memory memory_esp32e22[] = {
    {0x3c000000, 0x40000000, "DROM"},
    {0x31000000, 0x31200000, "DRAM"},
    {0x31000000, 0x31200000, "BYTE_ACCESSIBLE"},
    {0x30000000, 0x30120000, "DROM_MASK"},
    {0x30000000, 0x30120000, "IROM_MASK"},
    {0x3c000000, 0x40000000, "IROM"},
    {0x30fe0000, 0x31200000, "IRAM"},
    {0xc0000000, 0xc0008000, "RTC_IRAM"},
    {0xc0000000, 0xc0008000, "RTC_DRAM"},
    MEMORY_END,
};

static const struct chip_memory memory_esp32s31[] = {
    {0x40000000, 0x54000000, "DROM"},
    {0x2f000000, 0x2f080000, "DRAM"},
    {0x2f000000, 0x2f080000, "BYTE_ACCESSIBLE"},
    {0x2f800000, 0x2f850000, "DROM_MASK"},
    {0x2f800000, 0x2f850000, "IROM_MASK"},
    {0x40000000, 0x54000000, "IROM"},
    {0x2f000000, 0x2f080000, "IRAM"},
    {0x2e000000, 0x2e008000, "RTC_IRAM"},
    {0x2e000000, 0x2e008000, "RTC_DRAM"},
    MEMORY_END,
};

const struct chip chips[] = {

    {0,
     "esp32",
     "ESP32",
     0x1000,
     false,
     {0x3F400000, 0x3F800000},
     {0x400D0000, 0x40400000},
     frequency_esp32,
     memory_esp32},

    {2,
     "esp32s2",
     "ESP32-S2",
     0x1000,
     false,
     {0x3F000000, 0x3FF80000},
     {0x40080000, 0x40800000},
     frequency_esp32,
     memory_esp32s2},

    {5,
     "esp32c3",
     "ESP32-C3",
     0x0,
     false,
     {0x3C000000, 0x3C800000},
     {0x42000000, 0x42800000},
     frequency_esp32,
     memory_esp32c3},

    {9,
     "esp32s3",
     "ESP32-S3",
     0x0,
     false,
     {0x3C000000, 0x3E000000},
     {0x42000000, 0x44000000},
     frequency_esp32,
     memory_esp32s3},

    {12,
     "esp32c2",
     "ESP32-C2",
     0x0,
     true,
     {0x3C000000, 0x3C400000},
     {0x42000000, 0x42400000},
     frequency_esp32c2,
     memory_esp32c2},

    {13,
     "esp32c6",
     "ESP32-C6",
     0x0,
     true,
     {0x42000000, 0x43000000},
     {0x42000000, 0x43000000},
     frequency_esp32c6,
     memory_esp32c6},

    {16,
     "esp32h2",
     "ESP32-H2",
     0x0,
     true,
     {0x42000000, 0x43000000},
     {0x42000000, 0x43000000},
     frequency_esp32h2,
     memory_esp32c6},

    {18,
     "esp32p4",
     "ESP32-P4",
     0x2000,
     false,
     {0x40000000, 0x44000000},
     {0x40000000, 0x44000000},
     frequency_esp32,
     memory_esp32p4},

    {20,
     "esp32c61",
     "ESP32-C61",
     0x0,
     true,
     {0x42000000, 0x44000000},
     {0x42000000, 0x44000000},
     frequency_esp32c61,
     memory_esp32c61},

    {23,
     "esp32c5",
     "ESP32-C5",
     0x2000,
     false,
     {0x42000000, 0x44000000},
     {0x42000000, 0x44000000},
     frequency_esp32c61,
     memory_esp32c5},

    {25,
     "esp32h21",
     "ESP32-H21",
     0x0,
     true,
     {0x42000000, 0x43000000},
     {0x42000000, 0x43000000},
     frequency_esp32h2,
     memory_esp32c6},

    {28,
     "esp32h4",
     "ESP32-H4",
     0x2000,
     true,
     {0x42000000, 0x44000000},
     {0x42000000, 0x44000000},
     frequency_esp32h2,
     memory_esp32h4},

    {31,
     "esp32e22",
     "ESP32-E22",
     0x0,
     false,
     {0x3C000000, 0x40000000},
     {0x3C000000, 0x40000000},
     frequency_esp32,
     memory_esp32e22},

    {32,
     "esp32s31",
     "ESP32-S31",
     0x2000,
     true,
     {0x40000000, 0x44000000},
     {0x40000000, 0x44000000},
     frequency_esp32c61,
     memory_esp32s31},

};

// ESP-IDF's soc_caps.h and Kconfig. P-192 is in ESP-IDF up to 6.0; of chips that are in the making,
// what is not settled is left out.
#define RSA (1u << OTAPACK_SB_RSA3072)
#define P256 (1u << OTAPACK_SB_P192 | 1u << OTAPACK_SB_P256)
#define P384 (P256 | 1u << OTAPACK_SB_P384)

static const struct chip_secure_boot secure_boot[] = {
    {0, true, RSA, 1},          // ESP32: v2 from revision v3.0 on
    {2, false, RSA, 3},         // ESP32-S2
    {5, false, RSA, 3},         // ESP32-C3
    {9, false, RSA, 3},         // ESP32-S3
    {12, false, P256, 1},       // ESP32-C2
    {13, false, RSA | P256, 3}, // ESP32-C6
    {16, false, RSA | P256, 3}, // ESP32-H2
    {18, false, RSA | P384, 3}, // ESP32-P4
    {20, false, P256, 3},       // ESP32-C61
    {23, false, RSA | P384, 3}, // ESP32-C5
};

const struct chip_secure_boot *chip_secure_boot(const struct chip *chip)
{
    for (size_t i = 0; i < sizeof(secure_boot) / sizeof(secure_boot[0]); i++) {
        if (secure_boot[i].id == chip->id) {
            return &secure_boot[i];
        }
    }
    return NULL;
}

const size_t chip_count = sizeof(chips) / sizeof(chips[0]);

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
    return is_in(&chip->drom, address) || is_in(&chip->irom, address);
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
