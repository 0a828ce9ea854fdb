// SPDX-License-Identifier: Apache-2.0
//
// chip.h: every chip there is has a name of its own and sound tables; the facts of all IDs and of
// three whole chips, typed here once more from esptool's targets and ESP-IDF's soc.h.
#include "unit.h"

#include "chip.h"

static const struct {
    uint16_t id;
    const char *name, *title;
    uint32_t bootloader_at;
} all[] = {
    {0, "esp32", "ESP32", 0x1000},    {2, "esp32s2", "ESP32-S2", 0x1000},
    {5, "esp32c3", "ESP32-C3", 0},    {9, "esp32s3", "ESP32-S3", 0},
    {12, "esp32c2", "ESP32-C2", 0},   {13, "esp32c6", "ESP32-C6", 0},
    {16, "esp32h2", "ESP32-H2", 0},   {18, "esp32p4", "ESP32-P4", 0x2000},
    {20, "esp32c61", "ESP32-C61", 0}, {23, "esp32c5", "ESP32-C5", 0x2000},
    {25, "esp32h21", "ESP32-H21", 0}, {28, "esp32h4", "ESP32-H4", 0x2000},
    {31, "esp32e22", "ESP32-E22", 0}, {32, "esp32s31", "ESP32-S31", 0x2000},
};

TEST(every_chip)
{
    size_t found = 0;
    for (unsigned id = 0; id <= UINT16_MAX; id++) {
        const struct chip *chip = chip_by_id((uint16_t)id);
        if (chip == NULL) {
            continue;
        }
        assert_true(found < COUNT(all));
        assert_int_equal(id, all[found].id);
        assert_int_equal(chip->id, id);
        assert_string_equal(chip->name, all[found].name);
        assert_string_equal(chip->title, all[found].title);
        assert_int_equal(chip->bootloader_at, all[found].bootloader_at);
        found++;
    }
    assert_int_equal(found, COUNT(all));
}

// Typed here once more from ESP-IDF's soc_caps.h and Kconfig.
TEST(what_each_chip_can_verify)
{
    enum { RSA = 1, P192 = 2, P256 = 4, P384 = 8 };
    static const struct {
        uint16_t id;
        bool v1;
        unsigned schemes, blocks;
        unsigned late, from; // only chips of this revision and later know them
        unsigned insecure;
    } rows[] = {
        {0, true, RSA, 1, RSA, 300, 0},
        {2, false, RSA, 3, 0, 0, 0},
        {5, false, RSA, 3, 0, 0, 0},
        {9, false, RSA, 3, 0, 0, 0},
        {12, false, P192 | P256, 1, 0, 0, 0},
        {13, false, RSA | P192 | P256, 3, 0, 0, 0},
        {16, false, RSA | P192 | P256, 3, 0, 0, P192 | P256},
        {18, false, RSA | P192 | P256 | P384, 3, P384, 300, P192 | P256 | P384},
        {20, false, P192 | P256, 3, 0, 0, P192 | P256},
        {23, false, RSA | P192 | P256 | P384, 3, RSA, 1, P192 | P256 | P384},
        {25, false, RSA, 3, 0, 0, 0},
        {28, false, 0, 3, 0, 0, 0},
        {32, false, RSA, 3, 0, 0, 0},
    };
    size_t known = 0;
    for (size_t i = 0; i < COUNT(all); i++) {
        const struct chip_secure_boot *can = chip_secure_boot(chip_by_id(all[i].id));
        if (can == NULL) {
            continue;
        }
        assert_true(known < COUNT(rows));
        assert_int_equal(can->id, rows[known].id);
        assert_int_equal(can->v1, rows[known].v1);
        assert_int_equal(can->schemes, rows[known].schemes);
        assert_int_equal(can->blocks, rows[known].blocks);
        assert_int_equal(can->late, rows[known].late);
        assert_int_equal(can->late_from, rows[known].from);
        assert_int_equal(can->insecure, rows[known].insecure);
        known++;
    }
    assert_int_equal(known, COUNT(rows));
}

// From bootloader/subproject/main/ld/esp32p4 and soc.h: below v3.0, and from v3.0 on.
TEST(families_of_the_p4)
{
    static const struct {
        uint16_t revision;
        uint32_t data, stack_end;
    } rows[] = {{0, 0x4FF33BD0, 0x4FF3CFC0},
                {299, 0x4FF33BD0, 0x4FF3CFC0},
                {300, 0x4FFB5FC0, 0x4FFBCFC0},
                {301, 0x4FFB5FC0, 0x4FFBCFC0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct chip_loader *l = chip_loader(chip_by_id(18), rows[i].revision);
        assert_int_equal(l->data.from, rows[i].data);
        assert_int_equal(l->stack.to, rows[i].stack_end);
    }
    const struct chip *c6 = chip_by_id(13);
    assert_ptr_equal(chip_loader(c6, 300), &c6->loader);
}

TEST(tables_are_sound)
{
    for (size_t i = 0; i < COUNT(all); i++) {
        const struct chip *chip = chip_by_id(all[i].id);
        bool drom = false, irom = false;
        for (const struct chip_memory *m = chip->memory; m->name != NULL; m++) {
            assert_true(m->from < m->to && m->name[0] != '\0');
            drom = drom || strcmp(m->name, "DROM") == 0;
            irom = irom || strcmp(m->name, "IROM") == 0;
        }
        assert_true(drom && irom);
        assert_true(chip->drom.from < chip->drom.to && chip->irom.from < chip->irom.to);
        assert_true(chip_is_flash_mapped(chip, chip->drom.from));
        assert_true(chip_is_flash_mapped(chip, chip->irom.to - 1));
        assert_non_null(chip->frequencies[0].name);
        for (const struct chip_frequency *f = chip->frequencies; f->name != NULL; f++) {
            assert_true(f->nibble < 16);
            assert_non_null(chip_frequency_name(chip, f->nibble));
        }
    }
}

static void check_memory(uint16_t id, uint32_t address, const char *names, bool mapped)
{
    struct arena a = ARENA_EMPTY;
    const struct chip *chip = chip_by_id(id);
    const char *is = chip_memory_names(chip, address, &a);
    if (strcmp(is, names) != 0 || chip_is_flash_mapped(chip, address) != mapped) {
        print_error("%s 0x%08" PRIx32 ": %s\n", chip->name, address, is);
    }
    assert_string_equal(is, names);
    assert_int_equal(chip_is_flash_mapped(chip, address), mapped);
    arena_free(&a);
}

TEST(memory_of_the_esp32)
{
    check_memory(0, 0x3F3FFFFF, "", false);
    check_memory(0, 0x3F400000, "DROM", true);
    check_memory(0, 0x3F7FFFFF, "DROM", true);
    check_memory(0, 0x3F800000, "EXTRAM_DATA", false);
    check_memory(0, 0x3FF80000, "RTC_DRAM", false);
    check_memory(0, 0x3FFAE000, "BYTE_ACCESSIBLE,DRAM", false);
    check_memory(0, 0x3FFE0000, "BYTE_ACCESSIBLE,DRAM,DIRAM_DRAM", false);
    check_memory(0, 0x40080000, "IRAM", false);
    check_memory(0, 0x4009FFFF, "IRAM", false);
    check_memory(0, 0x400A0000, "DIRAM_IRAM", false);
    check_memory(0, 0x400CFFFF, "", false);
    check_memory(0, 0x400D0000, "IROM", true);
    check_memory(0, 0x403FFFFF, "IROM", true);
    check_memory(0, 0x40400000, "", false);
    check_memory(0, 0x50001FFF, "RTC_DATA", false);
    check_memory(0, 0, "PADDING", false);
    check_memory(0, 0xFFFF, "PADDING", false);
    check_memory(0, 0x10000, "", false);
    check_memory(0, UINT32_MAX, "", false);
}

TEST(memory_of_the_esp32h2)
{
    check_memory(16, 0x41FFFFFF, "", false);
    check_memory(16, 0x42000000, "DROM,IROM", true);
    check_memory(16, 0x42FFFFFF, "DROM,IROM", true);
    check_memory(16, 0x43000000, "", false);
    check_memory(16, 0x40800000, "DRAM,BYTE_ACCESSIBLE,IRAM", false);
    check_memory(16, 0x4087FFFF, "DRAM,BYTE_ACCESSIBLE,IRAM", false);
    check_memory(16, 0x4004ABFF, "IROM_MASK", false);
    check_memory(16, 0x4004AC00, "DROM_MASK", false);
    check_memory(16, 0x50000000, "RTC_IRAM,RTC_DRAM", false);
    check_memory(16, 0x600FE000, "MEM_INTERNAL2", false);
}

TEST(memory_of_the_esp32s3)
{
    check_memory(9, 0x3BFFFFFF, "", false);
    check_memory(9, 0x3C000000, "DROM", true);
    check_memory(9, 0x3CFFFFFF, "DROM", true);
    check_memory(9, 0x3D000000, "EXTRAM_DATA", true); // ESP-IDF maps flash there, too
    check_memory(9, 0x3DFFFFFF, "EXTRAM_DATA", true);
    check_memory(9, 0x3E000000, "", false);
    check_memory(9, 0x3FC88000, "BYTE_ACCESSIBLE,MEM_INTERNAL,DRAM", false);
    check_memory(9, 0x40370000, "MEM_INTERNAL,IRAM", false);
    check_memory(9, 0x41FFFFFF, "", false);
    check_memory(9, 0x42000000, "IROM", true);
    check_memory(9, 0x427FFFFF, "IROM", true);
    check_memory(9, 0x42800000, "", true); // beyond what esptool knows
    check_memory(9, 0x43FFFFFF, "", true);
    check_memory(9, 0x44000000, "", false);
    check_memory(9, 0x600FE000, "RTC_DRAM,RTC_IRAM", false);
}

TEST(whose_mmu_pages_vary)
{
    static const uint16_t vary[] = {12, 13, 16, 20}, fixed[] = {0, 2, 5, 9, 18};
    for (size_t i = 0; i < COUNT(vary); i++) {
        assert_true(chip_by_id(vary[i])->mmu_page_varies);
    }
    for (size_t i = 0; i < COUNT(fixed); i++) {
        assert_false(chip_by_id(fixed[i])->mmu_page_varies);
    }
}

TEST(frequencies)
{
    static const struct {
        uint16_t id;
        uint8_t nibble;
        const char *name;
    } rows[] = {
        {0, 0, "40m"},   {0, 1, "26m"},  {0, 2, "20m"},  {0, 15, "80m"},  {0, 3, NULL},
        {16, 0, "24m"},  {16, 1, "16m"}, {16, 2, "12m"}, {16, 15, "48m"}, {16, 14, NULL},
        {12, 15, "60m"}, {12, 0, "30m"}, {13, 2, "20m"}, {13, 1, NULL},   {20, 15, "80m"},
        {20, 1, NULL},   {9, 15, "80m"}, {32, 0, "40m"}, {25, 15, "48m"}, {28, 15, "48m"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *name = chip_frequency_name(chip_by_id(rows[i].id), rows[i].nibble);
        assert_int_equal(name == NULL, rows[i].name == NULL);
        assert_true(name == NULL || strcmp(name, rows[i].name) == 0);
    }
}

TEST(flash_sizes)
{
    static const char *const names[] = {"1MB",  "2MB",  "4MB",  "8MB",
                                        "16MB", "32MB", "64MB", "128MB"};
    for (unsigned nibble = 0; nibble < 256; nibble++) {
        const char *name = chip_flash_size_name((uint8_t)nibble);
        uint64_t size = chip_flash_size((uint8_t)nibble);
        assert_int_equal(name == NULL, nibble >= COUNT(names));
        assert_int_equal(size, nibble < COUNT(names) ? UINT64_C(0x100000) << nibble : 0);
        assert_true(name == NULL || strcmp(name, names[nibble]) == 0);
    }
}

UNIT(chip)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chip),
        cmocka_unit_test(what_each_chip_can_verify),
        cmocka_unit_test(families_of_the_p4),
        cmocka_unit_test(tables_are_sound),
        cmocka_unit_test(memory_of_the_esp32),
        cmocka_unit_test(memory_of_the_esp32h2),
        cmocka_unit_test(memory_of_the_esp32s3),
        cmocka_unit_test(whose_mmu_pages_vary),
        cmocka_unit_test(frequencies),
        cmocka_unit_test(flash_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
