// SPDX-License-Identifier: Apache-2.0
//
// The borders that are of each chip its own: its memory for data, and how many bits its eFuses have
// for a secure version. The numbers are those of ESP-IDF's soc.h (SOC_DRAM_LOW and _HIGH, and what
// is mapped) and esp_efuse_table.csv, not otapack's.
#include "run.h"

#include "smallest.h"

#define APP "fixtures/esp_image/good-app-esp32c6.bin"

enum {
    AT_ENTRY = 4,
    AT_RODATA = AT_FIRST_SEGMENT,
    AT_DATA = 0x130,
    AT_TEXT = 0x158,
    AT_CODE = 0x1A0,
    DATA_SIZE = 32,
    IN_A_PAGE = 0x10000,
};

static const struct chip_facts {
    unsigned id;
    uint32_t drom, irom, code, from, to; // `code` is somewhere in memory that runs
    unsigned bits;
} chips[] = {
    {0, 0x3F400000, 0x400D0000, 0x40080000, 0x3FFAE000, 0x40000000, 32},  // ESP32
    {2, 0x3F000000, 0x40080000, 0x40028000, 0x3FFB0000, 0x40000000, 16},  // S2
    {5, 0x3C000000, 0x42000000, 0x40388000, 0x3FC80000, 0x3FCE0000, 16},  // C3
    {9, 0x3C000000, 0x42000000, 0x40374000, 0x3FC88000, 0x3FD00000, 16},  // S3
    {12, 0x3C000000, 0x42000000, 0x40388000, 0x3FCA0000, 0x3FCE0000, 4},  // C2
    {13, 0x42000000, 0x42000000, 0x40810000, 0x40800000, 0x40880000, 16}, // C6
    {16, 0x42000000, 0x42000000, 0x40810000, 0x40800000, 0x40850000, 16}, // H2
    {18, 0x40000000, 0x40000000, 0x4FF10000, 0x4FF00000, 0x4FFC0000, 16}, // P4
    {20, 0x42000000, 0x42000000, 0x40810000, 0x40800000, 0x40850000, 16}, // C61
    {23, 0x42000000, 0x42000000, 0x40810000, 0x40800000, 0x40860000, 9},  // C5
    {25, 0x42000000, 0x42000000, 0x40810000, 0x40800000, 0x40850000, 16}, // H21
    {28, 0x42000000, 0x42000000, 0x40820000, 0x40810000, 0x40860000, 16}, // H4
    {32, 0x40000000, 0x40000000, 0x2F010000, 0x2F000000, 0x2F080000, 16}, // S31
};

// An app of such a chip, with the value at a row's `at`; a row's `width` is the index of the chip.
static struct image of_chip(const struct border *b, uint32_t value)
{
    const struct chip_facts *c = &chips[b->width];
    struct image im = image_load(APP);
    poke16(&im, AT_CHIP_ID, c->id);
    poke32(&im, AT_ENTRY, c->code);
    poke32(&im, AT_RODATA, c->drom + AT_RODATA + 8);
    poke32(&im, AT_DATA, c->from);
    poke32(&im, AT_TEXT, c->irom + IN_A_PAGE + AT_TEXT + 8);
    poke32(&im, AT_CODE, c->code);
    poke32(&im, b->at, value);
    esp_resum(&im);
    return im;
}

static void hold(const struct border *row)
{
    borders_hold(row, 1);
}

TEST(memory_of_each_chip)
{
    for (unsigned i = 0; i < COUNT(chips); i++) {
        const struct chip_facts *c = &chips[i];
        hold(&(struct border){"esp-load", BORDER_FAIL, c->from, c->from - 4, .make = of_chip,
                              .at = AT_DATA, .width = i});
        hold(&(struct border){"esp-load", BORDER_FAIL, c->to - DATA_SIZE, c->to + 4 - DATA_SIZE,
                              .make = of_chip, .at = AT_DATA, .width = i});
    }
}

TEST(secure_version_of_each_chip)
{
    for (unsigned i = 0; i < COUNT(chips); i++) {
        hold(&(struct border){"app-secure-version", BORDER_WARN, chips[i].bits, chips[i].bits + 1,
                              .make = of_chip, .at = AT_SECURE_VERSION, .width = i});
    }
}

UNIT(chip_borders)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_of_each_chip),
        cmocka_unit_test(secure_version_of_each_chip),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
