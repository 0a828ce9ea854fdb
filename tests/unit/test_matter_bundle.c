// SPDX-License-Identifier: Apache-2.0
//
// otapack/matter_bundle.h: a table written by hand, every prefix of it, each rule on both sides of
// its border, 255 images, offsets near 4 GiB, reads that fail, and that what is written reads as it
// was.
#include "unit.h"

#include <otapack/matter_bundle.h>

enum { SIZE = 104 + 5 + 7 }; // of the payload

// An image of 5 bytes for 0x101, version 7, and an application of 7, version 0x01020304.
static const uint8_t golden[104] = {
    0x54, 0x4F, 0x49, 0x4D, 2, 0, 0, 0,                              // head
    0x01, 0x01, 0,    0,    7, 0, 0, 0, 104, 0, 0, 0, 5, 0, 0, 0,    // entry 0
    0xA0, 0xA1, 0xA2, 0xA3, 0, 0, 0, 0, 0,   0, 0, 0, 0, 0, 0, 0,    //
    0,    0,    0,    0,    0, 0, 0, 0, 0,   0, 0, 0, 0, 0, 0, 0xAF, //
    1,    0,    0,    0,    4, 3, 2, 1, 109, 0, 0, 0, 7, 0, 0, 0,    // entry 1
    0xB0, 0xB1, 0,    0,    0, 0, 0, 0, 0,   0, 0, 0, 0, 0, 0, 0,    //
    0,    0,    0,    0,    0, 0, 0, 0, 0,   0, 0, 0, 0, 0, 0, 0xBF,
};

// What check says of the golden table in which these four bytes are another number.
static struct otapack_status check_changed(size_t at, uint32_t value, uint64_t size)
{
    uint8_t copy[sizeof(golden)];
    struct otapack_bundle bundle;
    struct otapack_source src = otapack_memory(copy, sizeof(copy));
    memcpy(copy, golden, sizeof(copy));
    otapack_put_le32(copy + at, value);
    assert_good(otapack_bundle_open(&src, &bundle));
    return otapack_bundle_check(&src, &bundle, size);
}

static void assert_said(struct otapack_status s, enum otapack_code code, const char *field,
                        const uint64_t numbers[3])
{
    assert_status(s, code, field, numbers[0]);
    assert_int_equal(s.value, numbers[1]);
    assert_int_equal(s.limit, numbers[2]);
}

TEST(golden_entries)
{
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    struct otapack_bundle bundle;
    struct otapack_bundle_entry e;
    assert_good(otapack_bundle_open(&src, &bundle));
    assert_int_equal(bundle.count, 2);
    assert_int_equal(otapack_bundle_table_end(&bundle), sizeof(golden));
    assert_good(otapack_bundle_check(&src, &bundle, SIZE));
    assert_good(otapack_bundle_entry_read(&src, 0, &e));
    assert_int_equal(e.id, 0x101);
    assert_int_equal(e.version, 7);
    assert_int_equal(e.offset, 104);
    assert_int_equal(e.length, 5);
    assert_int_equal(e.sha256[0], 0xA0);
    assert_int_equal(e.sha256[31], 0xAF);
    assert_good(otapack_bundle_entry_read(&src, 1, &e));
    assert_int_equal(e.id, OTAPACK_BUNDLE_APPLICATION);
    assert_int_equal(e.version, 0x01020304);
    assert_int_equal(otapack_bundle_entry_end(&e), SIZE);
}

TEST(every_prefix_is_truncated)
{
    for (size_t n = 0; n < sizeof(golden); n++) {
        struct reading r = reading_of(golden, n);
        struct otapack_source memory = otapack_memory(golden, n), hook = reading_source(&r);
        struct otapack_bundle bundle, other;
        struct otapack_status s = otapack_bundle_open(&memory, &bundle);
        assert_same_status(s, otapack_bundle_open(&hook, &other));
        assert_memory_equal(&bundle, &other, sizeof(bundle));
        if (n < 8) {
            assert_status(s, OTAPACK_TRUNCATED, "header", 0);
            assert_int_equal(bundle.count, 0);
            continue;
        }
        assert_good(s);
        s = otapack_bundle_check(&memory, &bundle, SIZE);
        assert_status(s, OTAPACK_TRUNCATED, "entry", n < 56 ? 8 : 56);
        assert_same_status(s, otapack_bundle_check(&hook, &bundle, SIZE));
    }
}

TEST(another_magic)
{
    static const uint32_t magics[] = {0, 0x4D494F53, 0x544F494D, 0x4D494F55, UINT32_MAX};
    for (size_t i = 0; i < COUNT(magics); i++) {
        uint8_t copy[sizeof(golden)];
        struct otapack_bundle bundle;
        struct otapack_source src = otapack_memory(copy, sizeof(copy));
        memcpy(copy, golden, sizeof(copy));
        otapack_put_le32(copy, magics[i]);
        struct otapack_status s = otapack_bundle_open(&src, &bundle);
        assert_said(s, OTAPACK_NOT_THIS, "magic", (uint64_t[]){0, magics[i], OTAPACK_BUNDLE_MAGIC});
    }
}

// Each rule of the table: the number, where it is, and what is said of it.
TEST(each_rule)
{
    static const struct {
        uint32_t at, value;
        uint64_t size;
        enum otapack_code code;
        const char *field;
        uint64_t said[3];
    } rows[] = {
        {4, 0, SIZE, OTAPACK_FORBIDDEN, "count", {4, 0, 255}},
        {4, 0x00000102, SIZE, OTAPACK_FORBIDDEN, "reserved", {5, 1, 0}},
        {4, 0x80000002, SIZE, OTAPACK_FORBIDDEN, "reserved", {5, 0x800000, 0}},
        {4, 1, SIZE, OTAPACK_FORBIDDEN, "offset", {16, 104, 56}},
        {4, 3, SIZE, OTAPACK_FORBIDDEN, "offset", {16, 104, 152}},
        {8, 0, SIZE, OTAPACK_FORBIDDEN, "id", {8, 0, UINT32_MAX}},
        {8, 1, SIZE, OTAPACK_UNEXPECTED, "id", {8, 1, 1}},
        {16, 103, SIZE, OTAPACK_FORBIDDEN, "offset", {16, 103, 104}},
        {16, 105, SIZE, OTAPACK_FORBIDDEN, "offset", {16, 105, 104}},
        {20, 0, SIZE, OTAPACK_FORBIDDEN, "length", {20, 0, UINT32_MAX}},
        {20, 4, SIZE, OTAPACK_FORBIDDEN, "offset", {64, 109, 108}},
        {20, 6, SIZE, OTAPACK_FORBIDDEN, "offset", {64, 109, 110}},
        {20, 13, SIZE, OTAPACK_TRUNCATED, "length", {20, 117, SIZE}},
        {20, UINT32_MAX, SIZE, OTAPACK_TRUNCATED, "length", {20, UINT64_C(0x100000067), SIZE}},
        {56, 0, SIZE, OTAPACK_FORBIDDEN, "id", {56, 0, UINT32_MAX}},
        {56, 2, SIZE, OTAPACK_UNEXPECTED, "id", {56, 2, 1}},
        {56, 0x101, SIZE, OTAPACK_UNEXPECTED, "id", {56, 0x101, 1}},
        {68, 0, SIZE, OTAPACK_FORBIDDEN, "length", {68, 0, UINT32_MAX}},
        {68, 6, SIZE, OTAPACK_FORBIDDEN, "payload_size", {68, 115, SIZE}},
        {68, 8, SIZE, OTAPACK_TRUNCATED, "length", {68, 117, SIZE}},
        {0, 0x4D494F54, SIZE - 1, OTAPACK_TRUNCATED, "length", {68, SIZE, SIZE - 1}},
        {0, 0x4D494F54, SIZE + 1, OTAPACK_FORBIDDEN, "payload_size", {68, SIZE, SIZE + 1}},
        {0,
         0x4D494F54,
         UINT64_C(0x100000000),
         OTAPACK_FORBIDDEN,
         "payload_size",
         {0, UINT64_C(0x100000000), UINT32_MAX}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct otapack_status s = check_changed(rows[i].at, rows[i].value, rows[i].size);
        assert_said(s, rows[i].code, rows[i].field, rows[i].said);
    }
}

// Neither versions nor digests are judged, nor is an ID that stands twice.
TEST(what_is_not_looked_at)
{
    static const uint32_t places[] = {12, 24, 52, 60, 72, 100};
    for (size_t i = 0; i < COUNT(places); i++) {
        assert_good(check_changed(places[i], 0, SIZE));
        assert_good(check_changed(places[i], UINT32_MAX, SIZE));
    }
    assert_good(check_changed(8, UINT32_MAX, SIZE));
    assert_good(check_changed(8, OTAPACK_BUNDLE_RCP, SIZE));
}

TEST(an_entry_may_have_several_faults)
{
    struct otapack_bundle bundle = {2, {0, 0, 0}};
    struct otapack_bundle_entry e = {.id = 0, .offset = 9};
    assert_int_equal(otapack_bundle_faults(&bundle, 0, &e, 104, 8),
                     OTAPACK_BUNDLE_BAD_ID | OTAPACK_BUNDLE_BAD_LENGTH | OTAPACK_BUNDLE_BAD_OFFSET |
                         OTAPACK_BUNDLE_BEYOND);
    e = (struct otapack_bundle_entry){.id = 1, .offset = 104, .length = 1};
    assert_int_equal(otapack_bundle_faults(&bundle, 0, &e, 104, 105), OTAPACK_BUNDLE_APP_NOT_LAST);
    assert_int_equal(otapack_bundle_faults(&bundle, 1, &e, 104, 106), OTAPACK_BUNDLE_SHORT);
    assert_int_equal(otapack_bundle_faults(&bundle, 1, &e, 104, 105), 0);
    e.id = 2;
    assert_int_equal(otapack_bundle_faults(&bundle, 1, &e, 104, 106),
                     OTAPACK_BUNDLE_SHORT | OTAPACK_BUNDLE_LAST_NOT_APP);
    e = (struct otapack_bundle_entry){.id = 1, .offset = UINT32_MAX, .length = UINT32_MAX};
    assert_int_equal(otapack_bundle_faults(&bundle, 1, &e, UINT32_MAX, UINT32_MAX),
                     OTAPACK_BUNDLE_BEYOND);
}

TEST(every_read_may_fail)
{
    struct reading r = reading_of(golden, sizeof(golden));
    struct otapack_source src = reading_source(&r);
    struct otapack_bundle bundle;
    r.fail_at = 1;
    assert_status(otapack_bundle_open(&src, &bundle), OTAPACK_READ_FAILED, "header", 0);
    r.fail_at = 0;
    assert_good(otapack_bundle_open(&src, &bundle));
    for (unsigned n = 1; n <= 2; n++) {
        src = reading_source(&r);
        r.fail_at = n;
        assert_status(otapack_bundle_check(&src, &bundle, SIZE), OTAPACK_READ_FAILED, "entry",
                      n == 1 ? 8 : 56);
    }
}

TEST(what_is_written_is_the_golden_table)
{
    struct otapack_bundle_entry entries[2] = {{.id = 0x101, .version = 7, .length = 5},
                                              {.id = 1, .version = 0x01020304, .length = 7}};
    uint8_t to[sizeof(golden) + 1];
    memcpy(entries[0].sha256, golden + 24, 32);
    memcpy(entries[1].sha256, golden + 72, 32);
    memset(to, 0x5A, sizeof(to));
    assert_int_equal(otapack_bundle_write(entries, 2, to, sizeof(golden) - 1), 0);
    assert_int_equal(to[0], 0x5A);
    assert_int_equal(otapack_bundle_write(entries, 2, to, sizeof(golden)), sizeof(golden));
    assert_memory_equal(to, golden, sizeof(golden));
    assert_int_equal(to[sizeof(golden)], 0x5A);
    assert_int_equal(entries[1].offset, 109);
}

TEST(what_is_not_written)
{
    static struct otapack_bundle_entry entries[256];
    static uint8_t to[8 + 256 * 48];
    for (size_t i = 0; i < COUNT(entries); i++) {
        entries[i].id = i == 254 ? 1 : 0x100 + (uint32_t)i;
        entries[i].length = 1;
    }
    assert_int_equal(otapack_bundle_write(entries, 0, to, sizeof(to)), 0);
    assert_int_equal(otapack_bundle_write(entries, 256, to, sizeof(to)), 0);
    assert_int_equal(otapack_bundle_write(entries, 255, to, sizeof(to)), 8 + 255 * 48);
    struct otapack_source src = otapack_memory(to, sizeof(to));
    struct otapack_bundle bundle;
    assert_good(otapack_bundle_open(&src, &bundle));
    assert_int_equal(bundle.count, 255);
    assert_good(otapack_bundle_check(&src, &bundle, 8 + 255 * 48 + 255));
    entries[0].length = UINT32_MAX - 56;
    assert_int_equal(otapack_bundle_write(entries, 1, to, sizeof(to)), 56);
    entries[0].length++;
    assert_int_equal(otapack_bundle_write(entries, 1, to, sizeof(to)), 0);
}

TEST(whole_tables_read_as_they_were_written)
{
    uint64_t x = random_seed(__func__);
    for (int turn = 0; turn < 2000; turn++) {
        struct otapack_bundle_entry entries[6], back;
        uint8_t to[8 + 6 * 48];
        struct otapack_bundle bundle;
        uint32_t count = 1 + (uint32_t)random_below(&x, 6);
        random_bytes(&x, (uint8_t *)entries, sizeof(entries));
        for (uint32_t i = 0; i < count; i++) {
            entries[i].id = i + 1 == count ? 1 : 2 + (uint32_t)random_below(&x, UINT32_MAX - 2);
            entries[i].length = 1 + (uint32_t)random_below(&x, 1000);
        }
        size_t n = otapack_bundle_write(entries, count, to, sizeof(to));
        assert_int_equal(n, 8 + (size_t)count * 48);
        struct otapack_source src = otapack_memory(to, n);
        assert_good(otapack_bundle_open(&src, &bundle));
        assert_good(
            otapack_bundle_check(&src, &bundle, otapack_bundle_entry_end(&entries[count - 1])));
        for (uint32_t i = 0; i < count; i++) {
            assert_good(otapack_bundle_entry_read(&src, i, &back));
            assert_memory_equal(&back, &entries[i], sizeof(back));
        }
    }
}

UNIT(matter_bundle)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_entries),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(another_magic),
        cmocka_unit_test(each_rule),
        cmocka_unit_test(what_is_not_looked_at),
        cmocka_unit_test(an_entry_may_have_several_faults),
        cmocka_unit_test(every_read_may_fail),
        cmocka_unit_test(what_is_written_is_the_golden_table),
        cmocka_unit_test(what_is_not_written),
        cmocka_unit_test(whole_tables_read_as_they_were_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
