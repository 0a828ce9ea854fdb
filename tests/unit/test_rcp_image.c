// SPDX-License-Identifier: Apache-2.0
//
// otapack/rcp_image.h: a golden table of 84 bytes, every prefix, every table size, entries near 4
// GiB, records, reads that fail, and that what is written reads as it was.
#include "unit.h"

#include <otapack/rcp_image.h>

static const uint8_t golden[84] = {
    0xFF, 0, 0, 0, 84,   0,    0,    0,    0,    0,    0,    0,    // table
    0,    0, 0, 0, 72,   0,    0,    0,    84,   0,    0,    0,    // version
    1,    0, 0, 0, 24,   0,    0,    0,    156,  0,    0,    0,    // flash_args
    2,    0, 0, 0, 0x50, 0x51, 0,    0,    180,  0,    0,    0,    // bootloader
    3,    0, 0, 0, 0,    0x0C, 0,    0,    0x04, 0x52, 0,    0,    // partition_table
    4,    0, 0, 0, 0x30, 0x84, 0x03, 0,    0x04, 0x5E, 0,    0,    // firmware
    5,    0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, // host: as far as 32 bits go
};

static struct otapack_status open_bytes(const uint8_t *bytes, size_t n,
                                        struct otapack_rcp_image *image)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_rcp_image_open(&src, image);
}

TEST(golden_entries)
{
    struct otapack_rcp_image image;
    assert_good(open_bytes(golden, sizeof(golden), &image));
    assert_int_equal(image.table_size, 84);
    assert_int_equal(image.count, 7);
    assert_int_equal(image.entries[0].tag, OTAPACK_RCP_TABLE);
    for (uint32_t i = 1; i < 7; i++) {
        assert_int_equal(image.entries[i].tag, i - 1);
        assert_ptr_equal(otapack_rcp_find(&image, i - 1), &image.entries[i]);
    }
    assert_int_equal(image.entries[3].size, 0x5150);
    assert_int_equal(image.entries[3].offset, 180);
    assert_int_equal(otapack_rcp_entry_end(&image.entries[5]), 0x5E04 + 0x38430);
    assert_int_equal(otapack_rcp_entry_end(&image.entries[6]), UINT64_C(0x1FFFFFFFE));
    assert_null(otapack_rcp_find(&image, 6));
    assert_null(otapack_rcp_find(&image, OTAPACK_RCP_TABLE)); // entry 0 is no part
}

TEST(every_prefix_is_truncated)
{
    for (size_t n = 0; n < sizeof(golden); n++) {
        struct otapack_rcp_image image, other;
        struct reading r = reading_of(golden, n);
        struct otapack_source hook = reading_source(&r);
        struct otapack_status s = open_bytes(golden, n, &image);
        assert_status(s, OTAPACK_TRUNCATED, "table", n / 12 * 12);
        assert_int_equal(image.count, n / 12);
        assert_same_status(s, otapack_rcp_image_open(&hook, &other));
        assert_memory_equal(&image, &other, sizeof(image));
    }
}

TEST(table_sizes)
{
    static const uint32_t sizes[] = {0,  1,  11, 12, 13, 23, 24, 25,  36,         48,
                                     60, 72, 83, 84, 85, 95, 96, 108, 0x80000000, UINT32_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        uint8_t copy[128] = {0};
        struct otapack_rcp_image image;
        bool good = sizes[i] % 12 == 0 && sizes[i] >= 24 && sizes[i] <= 84;
        memcpy(copy, golden, sizeof(golden));
        otapack_put_le32(copy + 4, sizes[i]);
        struct otapack_status s = open_bytes(copy, sizeof(copy), &image);
        assert_int_equal(s.code, good ? OTAPACK_OK : OTAPACK_FORBIDDEN);
        assert_int_equal(image.count, good ? sizes[i] / 12 : 0);
        assert_int_equal(image.table_size, sizes[i]);
        if (!good) {
            assert_status(s, OTAPACK_FORBIDDEN, "size", 4);
            assert_int_equal(s.value, sizes[i]);
            assert_int_equal(s.limit, 84);
        }
    }
}

TEST(entry_0_is_the_table)
{
    static const uint32_t numbers[] = {0, 5, 0xFE, 0x100, 0x1FF, 0xFF000000, UINT32_MAX};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        uint8_t copy[sizeof(golden)];
        struct otapack_rcp_image image;
        memcpy(copy, golden, sizeof(golden));
        otapack_put_le32(copy, numbers[i]);
        assert_status(open_bytes(copy, sizeof(copy), &image), OTAPACK_NOT_THIS, "tag", 0);
        if (numbers[i] != 0) {
            memcpy(copy, golden, sizeof(golden));
            otapack_put_le32(copy + 8, numbers[i]);
            struct otapack_status s = open_bytes(copy, sizeof(copy), &image);
            assert_status(s, OTAPACK_FORBIDDEN, "offset", 8);
            assert_int_equal(s.value, numbers[i]);
        }
    }
}

TEST(the_first_of_two_is_found)
{
    uint8_t copy[sizeof(golden)];
    struct otapack_rcp_image image;
    memcpy(copy, golden, sizeof(golden));
    otapack_put_le32(copy + 6 * 12, 2);
    assert_good(open_bytes(copy, sizeof(copy), &image));
    assert_ptr_equal(otapack_rcp_find(&image, 2), &image.entries[3]);
    assert_null(otapack_rcp_find(&image, 5));
}

TEST(where_parts_end_needs_33_bits)
{
    const struct {
        uint32_t offset, size;
        uint64_t end;
    } rows[] = {
        {0, 0, 0},
        {0xFFFFFFFF, 0, 0xFFFFFFFF},
        {0xFFFFFFFF, 1, UINT64_C(0x100000000)},
        {0x80000000, 0x80000000, UINT64_C(0x100000000)},
        {0xFFFFFFFF, 0xFFFFFFFF, UINT64_C(0x1FFFFFFFE)},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct otapack_rcp_entry e = {0, rows[i].size, rows[i].offset};
        assert_int_equal(otapack_rcp_entry_end(&e), rows[i].end);
    }
}

TEST(every_read_may_fail)
{
    struct reading r = reading_of(golden, sizeof(golden));
    struct otapack_rcp_image image;
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_rcp_image_open(&src, &image));
    unsigned all = r.reads;
    for (unsigned n = 1; n <= all; n++) {
        src = reading_source(&r);
        r.fail_at = n;
        struct otapack_status s = otapack_rcp_image_open(&src, &image);
        assert_int_equal(s.code, OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, n);
        assert_true(image.count < 7 && s.at < 84);
    }
}

TEST(records)
{
    static const uint8_t raw[24] = {2, 0, 0, 0, 0, 0,    0, 0, 4,    0,    0,    0,
                                    0, 0, 1, 0, 3, 0xFF, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF};
    struct otapack_source src = otapack_memory(raw, sizeof(raw));
    struct otapack_rcp_record record;
    assert_good(otapack_rcp_record_read(&src, 1, &record));
    assert_int_equal(record.tag, 4);
    assert_int_equal(record.address, 0x10000);
    assert_good(otapack_rcp_record_read(&src, 2, &record));
    assert_int_equal(record.tag, 0x0100FF03);
    assert_int_equal(record.address, UINT32_MAX);
    assert_status(otapack_rcp_record_read(&src, 3, &record), OTAPACK_TRUNCATED, "flash_args", 24);
    assert_status(otapack_rcp_record_read(&src, UINT32_MAX, &record), OTAPACK_TRUNCATED,
                  "flash_args", UINT64_C(0x7FFFFFFF8));
    src.size = 23;
    assert_status(otapack_rcp_record_read(&src, 2, &record), OTAPACK_TRUNCATED, "flash_args", 16);
    src.bytes = NULL;
    assert_int_equal(otapack_rcp_record_read(&src, 0, &record).code, OTAPACK_READ_FAILED);
}

TEST(what_is_written_reads_as_it_was)
{
    uint64_t x = random_seed(__func__);
    for (int i = 0; i < 20000; i++) {
        struct otapack_rcp_entry e = {(uint32_t)random_next(&x), (uint32_t)random_next(&x),
                                      (uint32_t)random_next(&x)};
        struct otapack_rcp_record r = {e.size, e.tag}, read;
        uint8_t raw[OTAPACK_RCP_ENTRY_SIZE];
        otapack_rcp_entry_write(&e, raw);
        struct otapack_rcp_entry back = otapack_rcp_entry_decode(raw);
        assert_memory_equal(&back, &e, sizeof(e));
        otapack_rcp_record_write(&r, raw);
        struct otapack_source src = otapack_memory(raw, OTAPACK_RCP_RECORD_SIZE);
        assert_good(otapack_rcp_record_read(&src, 0, &read));
        assert_memory_equal(&read, &r, sizeof(r));
    }
}

TEST(whole_tables_read_as_they_were_written)
{
    uint64_t x = random_seed(__func__);
    for (int turn = 0; turn < 5000; turn++) {
        uint8_t raw[84];
        struct otapack_rcp_entry entries[7];
        struct otapack_rcp_image image;
        uint32_t count = (uint32_t)random_below(&x, 6) + 2;
        for (uint32_t i = 0; i < count; i++) {
            entries[i] = i == 0 ? (struct otapack_rcp_entry){OTAPACK_RCP_TABLE, count * 12, 0}
                                : (struct otapack_rcp_entry){(uint32_t)random_next(&x),
                                                             (uint32_t)random_next(&x),
                                                             (uint32_t)random_next(&x)};
            otapack_rcp_entry_write(&entries[i], raw + (size_t)i * 12);
        }
        assert_good(open_bytes(raw, (size_t)count * 12, &image));
        assert_int_equal(image.count, count);
        assert_memory_equal(image.entries, entries, count * sizeof(entries[0]));
    }
}

UNIT(rcp_image)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_entries),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(table_sizes),
        cmocka_unit_test(entry_0_is_the_table),
        cmocka_unit_test(the_first_of_two_is_found),
        cmocka_unit_test(where_parts_end_needs_33_bits),
        cmocka_unit_test(every_read_may_fail),
        cmocka_unit_test(records),
        cmocka_unit_test(what_is_written_reads_as_it_was),
        cmocka_unit_test(whole_tables_read_as_they_were_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
