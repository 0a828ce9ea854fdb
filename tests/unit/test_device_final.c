// SPDX-License-Identifier: Apache-2.0
//
// Where an update of bootloader or table goes, and what another table makes of a device.
#include "unit.h"

#include "device_final.h"

static void add(struct device *d, uint8_t type, uint8_t subtype, uint32_t offset, uint32_t size)
{
    d->parts[d->count++] = (struct otapack_partition){
        .type = type, .subtype = subtype, .offset = offset, .size = size};
}

TEST(what_is_not_listed)
{
    struct device d = {.count = 0};
    const struct chip *esp32 = chip_by_name("esp32"), *c5 = chip_by_name("esp32c5");
    struct device_final f = device_final(&d, FINAL_BOOTLOADER, esp32, 0x9000);
    assert_int_equal(f.part.offset, 0x1000);
    assert_int_equal(f.part.size, 0x8000);
    assert_string_equal(f.part.label, "PrimaryBTLDR");
    f = device_final(&d, FINAL_TABLE, esp32, 0x9000);
    assert_int_equal(f.part.offset, 0x9000);
    assert_int_equal(f.part.size, 0x1000);
    assert_string_equal(f.part.label, "PrimaryPrtTable");
    // No chip: no place; a table before the bootloader's place: no room.
    assert_int_equal(device_final(&d, FINAL_BOOTLOADER, NULL, 0x8000).part.size, 0);
    assert_int_equal(device_final(&d, FINAL_BOOTLOADER, c5, 0x1000).part.size, 0);
    assert_null(f.recovery);
}

TEST(what_is_listed)
{
    struct device d = {.count = 0};
    add(&d, 2, 1, 0x100000, 0x8000); // a staging partition of type bootloader
    add(&d, 2, 2, 0x3F0000, 0x6000);
    add(&d, 2, 0, 0x2000, 0x7000);
    add(&d, 3, 0, 0xA000, 0x1000);
    struct device_final f = device_final(&d, FINAL_BOOTLOADER, chip_by_name("esp32c5"), 0x8000);
    assert_int_equal(f.part.offset, 0x2000);
    assert_int_equal(f.part.size, 0x7000);
    assert_int_equal(f.table.offset, 0xA000);
    assert_ptr_equal(f.recovery, &d.parts[1]);
    assert_null(device_final(&d, FINAL_BOOTLOADER, chip_by_name("esp32c6"), 0x8000).recovery);
    assert_null(device_final(&d, FINAL_BOOTLOADER, NULL, 0x8000).recovery);
}

TEST(labels)
{
    struct device d = {.count = 0};
    add(&d, 1, 2, 0x9000, 0x6000);
    add(&d, 1, 2, 0xF000, 0x6000);
    memcpy(d.parts[0].label, "sixteen_letters_", 16);
    memcpy(d.parts[1].label, "nvs", 3);
    assert_ptr_equal(device_labelled(&d, "sixteen_letters_"), &d.parts[0]);
    assert_ptr_equal(device_labelled(&d, "nvs"), &d.parts[1]);
    assert_null(device_labelled(&d, "nv"));
    assert_null(device_labelled(&d, "sixteen_letters"));
    assert_null(device_labelled(&d, "sixteen_letters_1"));
}

// With flash encryption some are encrypted whatever they say; the others go by their flag.
TEST(flags)
{
    static const struct {
        uint8_t type, subtype;
        bool counts;
    } rows[] = {
        {1, 0x02, true},  {1, 0x82, true},  {1, 0x00, false}, {1, 0x04, false},
        {1, 0x90, false}, {2, 0x02, false}, {0, 0x10, false}, {0x40, 0x04, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct device old = {.count = 0}, new;
        int k = 0;
        add(&old, rows[i].type, rows[i].subtype, 0x20000, 0x1000);
        new = old;
        assert_null(device_lost_flag(&old, &new, &k));
        new.parts[0].flags = 1;
        k = 0;
        assert_int_equal(device_lost_flag(&old, &new, &k) != NULL, rows[i].counts);
        new.parts[0].flags = 2; // read-only
        k = 0;
        assert_null(device_lost_flag(&old, &new, &k));
    }
}

// From the bootloader's first byte, where it is known, up to the last of the table.
TEST(over_the_table)
{
    static const struct {
        const char *chip;
        uint32_t offset, size;
        bool over;
    } rows[] = {
        {"esp32", 0x0000, 0x1000, false}, {"esp32", 0x0000, 0x1001, true},
        {"esp32", 0x8000, 0x1000, true},  {"esp32", 0x8FFF, 1, true},
        {"esp32", 0x9000, 0x1000, false}, {"esp32", 0x8000, 0, false},
        {NULL, 0x1000, 0x1000, false},    {NULL, 0x1000, 0x1001, true},
        {NULL, 0x7000, 0x1000, true},     {NULL, 0x9000, 0x1000, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct device old = {.count = 0}, new = {.count = 0};
        const struct chip *chip = rows[i].chip == NULL ? NULL : chip_by_name(rows[i].chip);
        struct device_final f = device_final(&old, FINAL_TABLE, chip, 0x8000);
        add(&new, 3, 0, 0x8000, 0x1000);
        add(&new, 1, 2, rows[i].offset, rows[i].size);
        assert_int_equal(device_over_table(&new, &f) != NULL, rows[i].over);
    }
}

UNIT(device_final)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_listed),
        cmocka_unit_test(what_is_listed),
        cmocka_unit_test(labels),
        cmocka_unit_test(flags),
        cmocka_unit_test(over_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
