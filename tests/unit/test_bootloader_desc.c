// SPDX-License-Identifier: Apache-2.0
//
// otapack/bootloader_desc.h: every field of a golden description, every prefix, what looks like one
// and is none, reads that fail.
#include "unit.h"

#include <otapack/bootloader_desc.h>

static void golden(uint8_t raw[OTAPACK_BOOTLOADER_DESC_SIZE])
{
    static const uint8_t head[8] = {0x50, 0x00, 0x00, 0x07, 0x04, 0x03, 0x02, 0x01};
    memset(raw, 0, OTAPACK_BOOTLOADER_DESC_SIZE);
    memcpy(raw, head, sizeof(head));
    memcpy(raw + 8, "v5.4.1", 6);
    memcpy(raw + 40, "Nov 20 2025 12:34:56", 20);
    for (unsigned i = 64; i < OTAPACK_BOOTLOADER_DESC_SIZE; i++) {
        raw[i] = (uint8_t)i;
    }
}

static struct otapack_status read_at(const uint8_t *bytes, size_t n, uint64_t at,
                                     struct otapack_bootloader_desc *d)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_bootloader_desc_read(&src, at, d);
}

TEST(every_field)
{
    uint8_t raw[OTAPACK_BOOTLOADER_DESC_SIZE];
    struct otapack_bootloader_desc d;
    golden(raw);
    assert_good(read_at(raw, sizeof(raw), 0, &d));
    assert_int_equal(d.magic_byte, 80);
    assert_memory_equal(d.reserved, "\0\0", 2);
    assert_int_equal(d.secure_version, 7);
    assert_int_equal(d.version, 0x01020304);
    assert_string_equal(d.idf_ver, "v5.4.1");
    assert_string_equal(d.date_time, "Nov 20 2025 12:34:56");
    assert_memory_equal(d.reserved2, raw + 64, 16);
}

TEST(every_prefix_is_truncated)
{
    uint8_t raw[OTAPACK_BOOTLOADER_DESC_SIZE];
    golden(raw);
    for (size_t n = 0; n < sizeof(raw); n++) {
        struct otapack_bootloader_desc d;
        struct reading r = reading_of(raw, n);
        struct otapack_source hook = reading_source(&r);
        struct otapack_status s = read_at(raw, n, 0, &d);
        assert_status(s, OTAPACK_TRUNCATED, "bootloader_desc", 0);
        assert_same_status(s, otapack_bootloader_desc_read(&hook, 0, &d));
    }
}

TEST(what_only_looks_like_one)
{
    const struct {
        size_t at;
        uint8_t value;
        enum otapack_code code;
    } rows[] = {
        {0, 79, OTAPACK_NOT_THIS},   {0, 81, OTAPACK_NOT_THIS},   {0, 0xFF, OTAPACK_NOT_THIS},
        {1, 1, OTAPACK_NOT_THIS},    {2, 0x80, OTAPACK_NOT_THIS}, {8, 0, OTAPACK_NOT_THIS},
        {8, ' ', OTAPACK_NOT_THIS},  {8, 0x7F, OTAPACK_NOT_THIS}, {8, 0x80, OTAPACK_NOT_THIS},
        {8, 0xFF, OTAPACK_NOT_THIS}, {8, '!', OTAPACK_OK},        {8, '~', OTAPACK_OK},
        {3, 0xFF, OTAPACK_OK},       {64, 0xFF, OTAPACK_OK},      {39, 'x', OTAPACK_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t raw[OTAPACK_BOOTLOADER_DESC_SIZE];
        struct otapack_bootloader_desc d;
        golden(raw);
        raw[rows[i].at] = rows[i].value;
        struct otapack_status s = read_at(raw, sizeof(raw), 0, &d);
        assert_int_equal(s.code, rows[i].code);
        if (s.code != OTAPACK_OK) {
            assert_status(s, OTAPACK_NOT_THIS, "magic_byte", 0);
        }
    }
}

TEST(where_it_stands)
{
    uint8_t raw[OTAPACK_BOOTLOADER_DESC_AT + OTAPACK_BOOTLOADER_DESC_SIZE] = {0};
    struct otapack_bootloader_desc d;
    golden(raw + OTAPACK_BOOTLOADER_DESC_AT);
    assert_good(read_at(raw, sizeof(raw), OTAPACK_BOOTLOADER_DESC_AT, &d));
    assert_int_equal(read_at(raw, sizeof(raw), OTAPACK_BOOTLOADER_DESC_AT + 1, &d).code,
                     OTAPACK_TRUNCATED);
    assert_int_equal(read_at(raw, sizeof(raw), UINT64_MAX, &d).code, OTAPACK_TRUNCATED);
}

TEST(a_read_that_fails_fills_nothing)
{
    uint8_t raw[OTAPACK_BOOTLOADER_DESC_SIZE];
    struct otapack_bootloader_desc d, before;
    golden(raw);
    memset(&d, 0x5A, sizeof(d));
    before = d;
    struct reading r = reading_of(raw, sizeof(raw));
    struct otapack_source src = reading_source(&r);
    r.fail_at = 1;
    assert_status(otapack_bootloader_desc_read(&src, 0, &d), OTAPACK_READ_FAILED, "bootloader_desc",
                  0);
    assert_memory_equal(&d, &before, sizeof(d));
}

UNIT(bootloader_desc)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(what_only_looks_like_one),
        cmocka_unit_test(where_it_stands),
        cmocka_unit_test(a_read_that_fails_fills_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
