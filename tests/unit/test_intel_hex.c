// SPDX-License-Identifier: Apache-2.0
//
// otapack/intel_hex.h: records of all sizes, what is refused, prefixes, reads that fail.
#include "unit.h"

#include <otapack/intel_hex.h>

static struct otapack_status read_text(const char *text, struct otapack_intel_hex_record *r)
{
    struct otapack_source src = otapack_memory((const uint8_t *)text, strlen(text));
    return otapack_intel_hex_read(&src, 0, r);
}

TEST(what_is_written_reads_back)
{
    uint8_t data[OTAPACK_INTEL_HEX_MAX_DATA], text[OTAPACK_INTEL_HEX_MAX_RECORD];
    for (unsigned i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7);
    }
    for (unsigned size = 0; size <= OTAPACK_INTEL_HEX_MAX_DATA; size++) {
        struct otapack_intel_hex_record r;
        size_t n = otapack_intel_hex_write(0, 0xA1B2, data, (uint8_t)size, text);
        struct otapack_source src = otapack_memory(text, n);
        assert_int_equal(n, 12 + 2 * size);
        assert_good(otapack_intel_hex_read(&src, 0, &r));
        assert_int_equal(r.sum, 0);
        assert_int_equal(r.size, size);
        assert_int_equal(r.address, 0xA1B2);
        assert_int_equal(r.end, n);
        assert_memory_equal(r.data, data, size);
    }
}

TEST(what_follows_is_added)
{
    struct otapack_intel_hex_record r;
    struct otapack_intel_hex_place place = {0};
    assert_good(read_text(":020000021200EA\n", &r));
    otapack_intel_hex_follow(&place, &r);
    assert_int_equal(place.base, 0x12000);
    assert_good(read_text(":020000040020da \t\r\n\n:", &r));
    assert_int_equal(r.sum, 0);
    assert_int_equal(r.end, 20);
    otapack_intel_hex_follow(&place, &r);
    assert_good(read_text(":01000800ABCC", &r));
    assert_int_equal(r.sum, 0x80);
    otapack_intel_hex_follow(&place, &r);
    assert_int_equal(otapack_intel_hex_address(&place, &r), 0x200008);
}

TEST(what_has_no_address)
{
    struct otapack_intel_hex_record r = {.type = OTAPACK_INTEL_HEX_DATA, .address = 0xFFF0};
    struct otapack_intel_hex_place place = {.base = 0xFFFF0000};
    r.size = 16;
    assert_true(otapack_intel_hex_fits(&place, &r));
    r.size = 17;
    assert_false(otapack_intel_hex_fits(&place, &r));
    place.base = 0xFFFE0000;
    assert_true(otapack_intel_hex_fits(&place, &r));
    r.address = 0xFFFF;
    place.base = 0xFFFF0;
    r.size = 255;
    assert_true(otapack_intel_hex_fits(&place, &r));
}

TEST(what_is_refused)
{
    static const struct {
        const char *text, *field;
        enum otapack_code code;
        uint64_t at;
    } rows[] = {
        {"x", "record", OTAPACK_NOT_THIS, 0},
        {":0000000g00", "digit", OTAPACK_FORBIDDEN, 8},
        {":000000G000", "digit", OTAPACK_FORBIDDEN, 7},
        {":00000/01FF", "digit", OTAPACK_FORBIDDEN, 6},
        {":00000006FA", "type", OTAPACK_FORBIDDEN, 7},
        {":0100000100FE", "size", OTAPACK_FORBIDDEN, 1},
        {":00000002FE", "size", OTAPACK_FORBIDDEN, 1},
        {":00000004FC", "size", OTAPACK_FORBIDDEN, 1},
        {":00000003FD", "size", OTAPACK_FORBIDDEN, 1},
        {":00000005FB", "size", OTAPACK_FORBIDDEN, 1},
    };
    struct otapack_intel_hex_record r;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_status(read_text(rows[i].text, &r), rows[i].code, rows[i].field, rows[i].at);
    }
}

TEST(prefixes_and_failing_reads)
{
    static const char text[] = ":0400000500001234B1\n";
    struct otapack_intel_hex_record r;
    for (size_t n = 0; n + 2 < sizeof(text); n++) {
        struct otapack_source src = otapack_memory((const uint8_t *)text, n);
        assert_int_equal(otapack_intel_hex_read(&src, 0, &r).code, OTAPACK_TRUNCATED);
    }
    for (unsigned i = 1; i <= 11; i++) {
        struct reading from = {.bytes = (const uint8_t *)text,
                               .stored = sizeof(text) - 1,
                               .size = sizeof(text) - 1,
                               .fail_at = i};
        struct otapack_source src = reading_source(&from);
        assert_int_equal(otapack_intel_hex_read(&src, 0, &r).code, OTAPACK_READ_FAILED);
    }
}

UNIT(intel_hex)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back), cmocka_unit_test(what_follows_is_added),
        cmocka_unit_test(what_has_no_address),        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(prefixes_and_failing_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
