// SPDX-License-Identifier: Apache-2.0
//
// The facts of each chip. Sources: image chip IDs, where the ROM looks for the bootloader, and the
// nibbles of the flash frequency from esptool; address ranges from ESP-IDF's soc.h (SOC_*_LOW and
// _HIGH; the same in 5.4 to 6.2), the bootloader's own memory from its linker scripts, page sizes
// and shared buses from soc_caps.h, the eFuse bits from esp_efuse_table. As of July 2026 (6.2-dev).
#include "chip.h"

#include <stddef.h>

#include "chip_memory.h"

// clang-format off
#define FREQUENCY_END {0, NULL}
// clang-format on

static const struct chip_frequency frequency_esp32[] = {
    {0, "40m"}, {1, "26m"}, {2, "20m"}, {15, "80m"}, FREQUENCY_END};

static const struct chip_frequency frequency_esp32c2[] = {
    {0, "30m"}, {1, "20m"}, {2, "15m"}, {15, "60m"}, FREQUENCY_END};

static const struct chip_frequency frequency_esp32c6[] = {
    {0, "80m"}, {0, "40m"}, {2, "20m"}, FREQUENCY_END};

static const struct chip_frequency frequency_esp32h2[] = {
    {0, "24m"}, {1, "16m"}, {2, "12m"}, {15, "48m"}, FREQUENCY_END};

static const struct chip_frequency frequency_esp32c61[] = {
    {0, "40m"}, {2, "20m"}, {15, "80m"}, FREQUENCY_END};

// What the bootloader keeps free below its stack (STACK_LOAD_HEADROOM), and where that stack
// begins.
#define STACK_BELOW(start)                                                                         \
    {                                                                                              \
        (start) - 0x8000, (start)                                                                  \
    }

// clang-format off
const struct chip chips[] = {
    {.id = 0, .name = "esp32", .title = "ESP32",
     .bootloader_at = 0x1000,
     .drom = {0x3F400000, 0x3F800000}, .irom = {0x400D0000, 0x40400000},
     .ram = {{{0x40080000, 0x400AA000}, true},
             {{0x3FFAE000, 0x40000000}, false},
             {{0x400C0000, 0x400C2000}, true},
             {{0x3FF80000, 0x3FF82000}, false},
             {{0x50000000, 0x50002000}, false}},
     .alias = {.iram = 0x400A0000, .dram = 0x3FFE0000, .size = 0x20000, .inverted = true},
     .loader = {.code = {0x40078000, 0x40080000},
                .data = {0x3FFF0000, 0x3FFF6000}, .stack = STACK_BELOW(0x3FFE3F20)},
     .mmu_page_varies = false, .mapped_are_two = false,
     .large_from = NULL,
     .secure_version_bits = 32, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32, .memory = chip_memory_esp32},

    {.id = 2, .name = "esp32s2", .title = "ESP32-S2",
     .bootloader_at = 0x1000,
     .drom = {0x3F000000, 0x3FF80000}, .irom = {0x40080000, 0x40800000},
     .ram = {{{0x40020000, 0x40070000}, true},
             {{0x3FFB0000, 0x40000000}, false},
             {{0x40070000, 0x40072000}, true},
             {{0x3FF9E000, 0x3FFA0000}, false},
             {{0x50000000, 0x50002000}, false}},
     .alias = {.iram = 0x40020000, .dram = 0x3FFB0000, .size = 0x50000, .inverted = false},
     .loader = {.code = {0x4004E000, 0x40055000},
                .data = {0x3FFE5000, 0x3FFEAB00}, .stack = STACK_BELOW(0x3FFFE70C)},
     .mmu_page_varies = false, .mapped_are_two = false,
     .large_from = NULL,
     .secure_version_bits = 16, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32, .memory = chip_memory_esp32s2},

    {.id = 5, .name = "esp32c3", .title = "ESP32-C3",
     .bootloader_at = 0x0,
     .drom = {0x3C000000, 0x3C800000}, .irom = {0x42000000, 0x42800000},
     .ram = {{{0x4037C000, 0x403E0000}, true},
             {{0x3FC80000, 0x3FCE0000}, false},
             {{0x50000000, 0x50002000}, true}},
     .alias = {.iram = 0x40380000, .dram = 0x3FC80000, .size = 0x60000, .inverted = false},
     .loader = {.code = {0x403CE710, 0x403D5710},
                .data = {0x3FCD5710, 0x3FCDA710}, .stack = STACK_BELOW(0x3FCDE710)},
     .mmu_page_varies = false, .mapped_are_two = false,
     .large_from = NULL,
     .secure_version_bits = 16, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32, .memory = chip_memory_esp32c3},

    {.id = 9, .name = "esp32s3", .title = "ESP32-S3",
     .bootloader_at = 0x0,
     .drom = {0x3C000000, 0x3E000000}, .irom = {0x42000000, 0x44000000},
     .ram = {{{0x40370000, 0x403E0000}, true},
             {{0x3FC88000, 0x3FD00000}, false},
             {{0x600FE000, 0x60100000}, true},
             {{0x50000000, 0x50002000}, false}},
     .alias = {.iram = 0x40378000, .dram = 0x3FC88000, .size = 0x68000, .inverted = false},
     .loader = {.code = {0x403CB700, 0x403D2700},
                .data = {0x3FCE2700, 0x3FCE7700}, .stack = STACK_BELOW(0x3FCEB710)},
     .mmu_page_varies = false, .mapped_are_two = false,
     .large_from = "5.3",
     .secure_version_bits = 16, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32, .memory = chip_memory_esp32s3},

    {.id = 12, .name = "esp32c2", .title = "ESP32-C2",
     .bootloader_at = 0x0,
     .drom = {0x3C000000, 0x3C400000}, .irom = {0x42000000, 0x42400000},
     .ram = {{{0x4037C000, 0x403C0000}, true},
             {{0x3FCA0000, 0x3FCE0000}, false}},
     .alias = {.iram = 0x40380000, .dram = 0x3FCA0000, .size = 0x40000, .inverted = false},
     .loader = {.code = {0x403AEB70, 0x403B5B70},
                .data = {0x3FCD5B70, 0x3FCDAB70}, .stack = STACK_BELOW(0x3FCDEB70)},
     .mmu_page_varies = true, .mapped_are_two = false,
     .large_from = NULL,
     .secure_version_bits = 4, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32c2, .memory = chip_memory_esp32c2},

    {.id = 13, .name = "esp32c6", .title = "ESP32-C6",
     .bootloader_at = 0x0,
     .drom = {0x42000000, 0x43000000}, .irom = {0x42000000, 0x43000000},
     .ram = {{{0x40800000, 0x40880000}, true},
             {{0x50000000, 0x50004000}, true}},
     .loader = {.data = {0x40875610, 0x4087A610}, .stack = STACK_BELOW(0x4087E610)},
     .mmu_page_varies = true, .mapped_are_two = true,
     .large_from = NULL,
     .secure_version_bits = 16, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32c6, .memory = chip_memory_esp32c6},

    {.id = 16, .name = "esp32h2", .title = "ESP32-H2",
     .bootloader_at = 0x0,
     .drom = {0x42000000, 0x43000000}, .irom = {0x42000000, 0x43000000},
     .ram = {{{0x40800000, 0x40850000}, true},
             {{0x50000000, 0x50001000}, true}},
     .loader = {.data = {0x40845FD0, 0x4084AFD0}, .stack = STACK_BELOW(0x4084F380)},
     .mmu_page_varies = true, .mapped_are_two = true,
     .large_from = NULL,
     .secure_version_bits = 16, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32h2, .memory = chip_memory_esp32c6},

    {.id = 18, .name = "esp32p4", .title = "ESP32-P4",
     .bootloader_at = 0x2000,
     .drom = {0x40000000, 0x44000000}, .irom = {0x40000000, 0x44000000},
     .psram = {0x48000000, 0x4C000000},
     .ram = {{{0x4FF00000, 0x4FFC0000}, true},
             {{0x50108000, 0x50110000}, true},
             {{0x30100000, 0x30102000}, true}},
     .loader = {.data = {0x4FF33BD0, 0x4FF38BD0}, .stack = STACK_BELOW(0x4FF3CFC0)},
     .later = {.from = 300,
               .loader = {.data = {0x4FFB5FC0, 0x4FFBAFC0}, .stack = STACK_BELOW(0x4FFBCFC0)}},
     .mmu_page_varies = false, .mapped_are_two = true,
     .idf_from = "5.3",
     .large_from = "5.3",
     .secure_version_bits = 16, .bootloader_secure_version_bits = 4, .recovery = true,
     .frequencies = frequency_esp32, .memory = chip_memory_esp32p4},

    {.id = 20, .name = "esp32c61", .title = "ESP32-C61",
     .bootloader_at = 0x0,
     .drom = {0x42000000, 0x44000000}, .irom = {0x42000000, 0x44000000},
     .ram = {{{0x40800000, 0x40850000}, true}},
     .loader = {.data = {0x40845670, 0x4084A670}, .stack = STACK_BELOW(0x4084E670)},
     .mmu_page_varies = true, .mapped_are_two = true,
     .idf_from = "5.4",
     .large_from = "5.5",
     .secure_version_bits = 16, .bootloader_secure_version_bits = 4, .recovery = true,
     .frequencies = frequency_esp32c61, .memory = chip_memory_esp32c61},

    {.id = 23, .name = "esp32c5", .title = "ESP32-C5",
     .bootloader_at = 0x2000,
     .drom = {0x42000000, 0x44000000}, .irom = {0x42000000, 0x44000000},
     .ram = {{{0x40800000, 0x40860000}, true},
             {{0x50000000, 0x50004000}, true}},
     .loader = {.data = {0x408555A0, 0x4085A5A0}, .stack = STACK_BELOW(0x4085E5A0)},
     .mmu_page_varies = false, .mapped_are_two = true,
     .idf_from = "5.4",
     .large_from = "5.5",
     .secure_version_bits = 9, .bootloader_secure_version_bits = 4, .recovery = true,
     .frequencies = frequency_esp32c61, .memory = chip_memory_esp32c5},

    {.id = 25, .name = "esp32h21", .title = "ESP32-H21",
     .bootloader_at = 0x0,
     .drom = {0x42000000, 0x43000000}, .irom = {0x42000000, 0x43000000},
     .ram = {{{0x40800000, 0x40850000}, true},
             {{0x50000000, 0x50001000}, true}},
     .loader = {.data = {0x40842A78, 0x40847A78}, .stack = STACK_BELOW(0x4084F380)},
     .mmu_page_varies = true, .mapped_are_two = true,
     .idf_from = "5.5",
     .large_from = NULL,
     .secure_version_bits = 16, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32h2, .memory = chip_memory_esp32c6},

    {.id = 28, .name = "esp32h4", .title = "ESP32-H4",
     .bootloader_at = 0x2000,
     .drom = {0x42000000, 0x44000000}, .irom = {0x42000000, 0x44000000},
     .ram = {{{0x40810000, 0x40860000}, true},
             {{0x50000000, 0x50004000}, true}},
     .loader = {.data = {0x40856350, 0x4085B350}, .stack = STACK_BELOW(0x4085D350)},
     .mmu_page_varies = true, .mapped_are_two = true,
     .idf_from = "5.5",
     .large_from = "6.1",
     .secure_version_bits = 16, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32h2, .memory = chip_memory_esp32h4},

    {.id = 31, .name = "esp32e22", .title = "ESP32-E22",
     .bootloader_at = 0x0,
     .drom = {0x3C000000, 0x40000000}, .irom = {0x3C000000, 0x40000000},
     .ram = {{{0x30FE0000, 0x31200000}, true},
             {{0x31000000, 0x31200000}, false},
             {{0xC0000000, 0xC0008000}, true}},
     .mmu_page_varies = false, .mapped_are_two = false,
     .idf_from = "6.1",
     .large_from = NULL,
     .secure_version_bits = 16, .bootloader_secure_version_bits = 0,
     .frequencies = frequency_esp32, .memory = chip_memory_esp32e22},

    {.id = 32, .name = "esp32s31", .title = "ESP32-S31",
     .bootloader_at = 0x2000,
     .drom = {0x40000000, 0x44000000}, .irom = {0x40000000, 0x44000000},
     .psram = {0x50000000, 0x54000000},
     .ram = {{{0x2F000000, 0x2F080000}, true},
             {{0x2E000000, 0x2E008000}, true}},
     .loader = {.data = {0x2F073FB0, 0x2F078FB0}, .stack = STACK_BELOW(0x2F07CFB0)},
     .mmu_page_varies = true, .mapped_are_two = true,
     .idf_from = "6.1",
     .large_from = "6.1",
     .secure_version_bits = 16, .bootloader_secure_version_bits = 4, .recovery = true,
     .frequencies = frequency_esp32c61, .memory = chip_memory_esp32s31},
};
// clang-format on

const size_t chip_count = sizeof(chips) / sizeof(chips[0]);

// ESP-IDF's soc_caps.h and bootloader/Kconfig.projbuild, 5.4.4 to 6.2-dev. P-192 is in ESP-IDF up
// to 5.5; ECDSA is called insecure (SECURE_BOOT_V2_ECDSA_INSECURE) since 5.5.5, 6.0.2 and 6.1.
#define RSA (1u << OTAPACK_SB_RSA3072)
#define P256 (1u << OTAPACK_SB_P192 | 1u << OTAPACK_SB_P256)
#define P384 (1u << OTAPACK_SB_P384)

// clang-format off
static const struct chip_secure_boot secure_boot[] = {
    // chip, v1, v2, blocks, late, from, insecure
    {0, true, RSA, 1, RSA, 300, 0},                           // ESP32
    {2, false, RSA, 3, 0, 0, 0},                              // ESP32-S2
    {5, false, RSA, 3, 0, 0, 0},                              // ESP32-C3
    {9, false, RSA, 3, 0, 0, 0},                              // ESP32-S3
    {12, false, P256, 1, 0, 0, 0},                            // ESP32-C2
    {13, false, RSA | P256, 3, 0, 0, 0},                      // ESP32-C6
    {16, false, RSA | P256, 3, 0, 0, P256},                   // ESP32-H2
    {18, false, RSA | P256 | P384, 3, P384, 300, P256 | P384}, // ESP32-P4
    {20, false, P256, 3, 0, 0, P256},                         // ESP32-C61
    {23, false, RSA | P256 | P384, 3, RSA, 1, P256 | P384},   // ESP32-C5
    {25, false, RSA, 3, 0, 0, 0},                             // ESP32-H21
    {28, false, 0, 3, 0, 0, 0},                               // ESP32-H4
    {32, false, RSA, 3, 0, 0, 0},                             // ESP32-S31
};
// clang-format on

const struct chip_secure_boot *chip_secure_boot(const struct chip *chip)
{
    for (size_t i = 0; i < sizeof(secure_boot) / sizeof(secure_boot[0]); i++) {
        if (secure_boot[i].id == chip->id) {
            return &secure_boot[i];
        }
    }
    return NULL;
}
