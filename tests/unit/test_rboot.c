// SPDX-License-Identifier: Apache-2.0
//
// otapack/rboot.h: configurations of rBoot and of Mongoose OS's, every prefix of them, the limits
// of their fields, which of the two they are, reads that fail.
#include "unit.h"

#include <otapack/rboot.h>

enum { SIZE = 24 };

static const uint8_t golden[SIZE] = {
    0xE1, 0x01, 0x04, 0x01, 0x02, 0x03, 0x55, 0x66, // magic .. unused
    0x00, 0x20, 0x00, 0x00, 0x00, 0x20, 0x08, 0x00, // roms
    0x00, 0x20, 0x10, 0x00, 0xFF, 0xFF, 0xFF, 0xFF,
};

// 4 bytes further; behind the addresses of its ROMs is the size of the first.
static const uint8_t mongoose[SIZE] = {
    0xE1, 0x01, 0x00, 0x01, 0x00, 0x02, 0x00, 0x01, // magic .. is_first_boot
    0x03, 0x01, 0x00, 0x00,                         // boot_attempts, fw_updated
    0x00, 0x20, 0x00, 0x00, 0x00, 0x20, 0x08, 0x00, // roms
    0x00, 0x00, 0x0C, 0x00,
};

static struct otapack_status read_bytes(const uint8_t *bytes, size_t n,
                                        struct otapack_rboot_config *c)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_rboot_config_read(&src, 0, c);
}

TEST(golden_config)
{
    struct otapack_rboot_config c;
    assert_good(read_bytes(golden, SIZE, &c));
    assert_int_equal(c.magic, 0xE1);
    assert_int_equal(c.version, 1);
    assert_int_equal(c.mode, 4);
    assert_int_equal(c.current_rom, 1);
    assert_int_equal(c.gpio_rom, 2);
    assert_int_equal(c.count, 3);
    assert_memory_equal(c.unused, "\x55\x66", 2);
    assert_int_equal(c.roms_at, 8);
    assert_int_equal(c.roms[0], 0x2000);
    assert_int_equal(c.roms[1], 0x82000);
    assert_int_equal(c.roms[2], 0x102000);
    assert_int_equal(c.roms[3], 0xFFFFFFFF); // as it stands
}

TEST(golden_mongoose)
{
    struct otapack_rboot_config c;
    assert_good(read_bytes(mongoose, SIZE, &c));
    assert_int_equal(c.count, 2);
    assert_memory_equal(c.unused, "\x00\x01", 2);
    assert_int_equal(c.roms_at, 12);
    assert_int_equal(c.roms[0], 0x2000);
    assert_int_equal(c.roms[1], 0x82000);
    assert_int_equal(c.roms[2], 0); // what is there is the size of a ROM
    assert_int_equal(c.roms[3], 0); // and this is not there at all
}

TEST(a_config_somewhere)
{
    uint8_t flash[3 * SIZE] = {0};
    struct otapack_source src = otapack_memory(flash, sizeof(flash));
    for (size_t at = 0; at <= sizeof(flash) - SIZE; at++) {
        struct otapack_rboot_config c;
        memset(flash, 0, sizeof(flash));
        memcpy(flash + at, golden, SIZE);
        assert_good(otapack_rboot_config_read(&src, at, &c));
        assert_int_equal(c.roms[1], 0x82000);
        flash[at + 1] = 2;
        assert_status(otapack_rboot_config_read(&src, at, &c), OTAPACK_NOT_THIS, "version", at + 1);
    }
}

TEST(every_prefix_is_truncated)
{
    for (size_t n = 0; n < SIZE; n++) {
        struct otapack_rboot_config c;
        struct otapack_status s = read_bytes(golden, n, &c);
        assert_status(s, OTAPACK_TRUNCATED, "config", 0);
        assert_int_equal(s.value, SIZE);
        assert_int_equal(s.limit, n);
    }
}

TEST(a_read_that_fails)
{
    struct otapack_rboot_config c;
    struct reading r = reading_of(golden, SIZE);
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_rboot_config_read(&src, 0, &c));
    assert_int_equal(r.reads, 1);
    src = reading_source(&r);
    r.fail_at = 1;
    assert_status(otapack_rboot_config_read(&src, 0, &c), OTAPACK_READ_FAILED, "config", 0);
}

// Each value of each byte that is judged; the fields are filled all the same.
TEST(forbidden_values)
{
    for (unsigned v = 0; v < 256; v++) {
        const struct {
            size_t at;
            bool good;
            enum otapack_code code;
            const char *field;
            uint64_t limit;
        } rows[] = {
            {0, v == 0xE1, OTAPACK_NOT_THIS, "magic", 0xE1},
            {1, v == 1, OTAPACK_NOT_THIS, "version", 1},
            {5, v >= 1 && v <= 4, OTAPACK_FORBIDDEN, "count", 4},
        };
        for (size_t i = 0; i < COUNT(rows); i++) {
            uint8_t copy[SIZE];
            struct otapack_rboot_config c;
            memcpy(copy, golden, SIZE);
            copy[rows[i].at] = (uint8_t)v;
            struct otapack_status s = read_bytes(copy, SIZE, &c);
            assert_int_equal(c.roms[2], 0x102000);
            if (rows[i].good) {
                assert_good(s);
            } else {
                assert_status(s, rows[i].code, rows[i].field, rows[i].at);
                assert_int_equal(s.value, v);
                assert_int_equal(s.limit, rows[i].limit);
            }
        }
    }
}

// Where the addresses of sectors are decides; where both places have them, it is rBoot's own.
TEST(whose_it_is)
{
    static const struct {
        uint8_t count;
        uint32_t words[3]; // at 8, 12, 16
        uint8_t roms_at;
    } rows[] = {
        {1, {0x2000, 0, 0}, 8},        {1, {0x2000, 0x82000, 0}, 8},
        {1, {0, 0x2000, 0}, 12},       {1, {0x0103, 0x2000, 0}, 12},
        {1, {0x2800, 0x2000, 0}, 12},  {1, {0x0103, 0x2800, 0}, 8},
        {1, {0, 0, 0x2000}, 8},        {2, {0x2000, 0x82000, 0xA0000}, 8},
        {2, {0, 0x2000, 0x82000}, 12}, {2, {0x0103, 0x2000, 0x82000}, 12},
        {2, {0x0103, 0x2000, 0}, 8},   {2, {0x0103, 0, 0x82000}, 8},
        {2, {0, 0x2000, 0xA0001}, 8},  {2, {0x2000, 0, 0x82000}, 8},
        {3, {0, 0x2000, 0x82000}, 8},  {4, {0x0103, 0x2000, 0x82000}, 8},
        {0, {0x0103, 0x2000, 0}, 8},   {2, {0x0103, 0xFFFFF000, 0x1000}, 12},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t copy[SIZE] = {0xE1, 0x01};
        struct otapack_rboot_config c;
        copy[5] = rows[i].count;
        for (size_t k = 0; k < 3; k++) {
            otapack_put_le32(copy + 8 + k * 4, rows[i].words[k]);
        }
        otapack_rboot_config_decode(copy, &c);
        assert_int_equal(c.roms_at, rows[i].roms_at);
        assert_int_equal(c.roms[0], rows[i].words[rows[i].roms_at == 8 ? 0 : 1]);
    }
}

TEST(which_rom_is_tried_first)
{
    for (unsigned current = 0; current < 256; current++) {
        for (unsigned count = 1; count <= 4; count++) {
            uint8_t copy[SIZE];
            struct otapack_rboot_config c;
            memcpy(copy, golden, SIZE);
            copy[3] = (uint8_t)current;
            copy[5] = (uint8_t)count;
            assert_good(read_bytes(copy, SIZE, &c)); // rBoot puts it right
            assert_int_equal(otapack_rboot_first(&c), current < count ? current : 0);
        }
    }
}

UNIT(rboot)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_config),      cmocka_unit_test(golden_mongoose),
        cmocka_unit_test(a_config_somewhere), cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(a_read_that_fails),  cmocka_unit_test(forbidden_values),
        cmocka_unit_test(whose_it_is),        cmocka_unit_test(which_rom_is_tried_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
