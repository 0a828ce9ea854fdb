// SPDX-License-Identifier: Apache-2.0
//
// The chips' memory maps, for people: a row is a range of addresses and its name, as esptool's
// tables have it; ranges overlap where one memory has two uses. What a bootloader takes is in
// chip_table.c.
#include "chip_memory.h"

#include <stddef.h>

// clang-format off
#define MEMORY_END {0, 0, NULL}
// clang-format on

const struct chip_memory chip_memory_esp32[] = {
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

const struct chip_memory chip_memory_esp32s2[] = {
    {0x3f000000, 0x3ff80000, "DROM"},         {0x3f500000, 0x3ff80000, "EXTRAM_DATA"},
    {0x3ff9e000, 0x3ffa0000, "RTC_DRAM"},     {0x3ff9e000, 0x40000000, "BYTE_ACCESSIBLE"},
    {0x3ff9e000, 0x40072000, "MEM_INTERNAL"}, {0x3ffb0000, 0x40000000, "DRAM"},
    {0x40000000, 0x4001a100, "IROM_MASK"},    {0x40020000, 0x40070000, "IRAM"},
    {0x40070000, 0x40072000, "RTC_IRAM"},     {0x40080000, 0x40800000, "IROM"},
    {0x50000000, 0x50002000, "RTC_DATA"},     MEMORY_END,
};

const struct chip_memory chip_memory_esp32c3[] = {
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

const struct chip_memory chip_memory_esp32s3[] = {
    {0x3c000000, 0x3d000000, "DROM"},         {0x3d000000, 0x3e000000, "EXTRAM_DATA"},
    {0x600fe000, 0x60100000, "RTC_DRAM"},     {0x3fc88000, 0x3fd00000, "BYTE_ACCESSIBLE"},
    {0x3fc88000, 0x403e2000, "MEM_INTERNAL"}, {0x3fc88000, 0x3fd00000, "DRAM"},
    {0x40000000, 0x4001a100, "IROM_MASK"},    {0x40370000, 0x403e0000, "IRAM"},
    {0x600fe000, 0x60100000, "RTC_IRAM"},     {0x42000000, 0x42800000, "IROM"},
    {0x50000000, 0x50002000, "RTC_DATA"},     MEMORY_END,
};

const struct chip_memory chip_memory_esp32c2[] = {
    {0x3c000000, 0x3c400000, "DROM"},
    {0x3fca0000, 0x3fce0000, "DRAM"},
    {0x3fc88000, 0x3fd00000, "BYTE_ACCESSIBLE"},
    {0x3ff00000, 0x3ff50000, "DROM_MASK"},
    {0x40000000, 0x40090000, "IROM_MASK"},
    {0x42000000, 0x42400000, "IROM"},
    {0x4037c000, 0x403c0000, "IRAM"},
    MEMORY_END,
};

const struct chip_memory chip_memory_esp32c6[] = {
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

const struct chip_memory chip_memory_esp32p4[] = {
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

const struct chip_memory chip_memory_esp32c61[] = {
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

const struct chip_memory chip_memory_esp32c5[] = {
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

const struct chip_memory chip_memory_esp32h4[] = {
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

const struct chip_memory chip_memory_esp32e22[] = {
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

const struct chip_memory chip_memory_esp32s31[] = {
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
