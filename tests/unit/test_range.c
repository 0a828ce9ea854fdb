// SPDX-License-Identifier: Apache-2.0
//
// serve/range.h: what clients write, the ends of a file and of 64 bits, and what is no range.
#include "unit.h"

#include "range.h"

TEST(ranges_are_read)
{
    static const struct {
        const char *text;
        enum range_answer answer;
        uint64_t at, size;
    } rows[] = {
        {NULL, RANGE_WHOLE, 0, 1000},
        {"bytes=0-0", RANGE_PART, 0, 1},
        {"bytes=0-", RANGE_PART, 0, 1000},
        {"bytes=0-999", RANGE_PART, 0, 1000},
        {"bytes=0-1000", RANGE_PART, 0, 1000}, // one past the file
        {"bytes=900-1000", RANGE_PART, 900, 100},
        {"bytes=999-", RANGE_PART, 999, 1},
        {"bytes=999-18446744073709551616", RANGE_PART, 999, 1},
        {"bytes=1000-", RANGE_BEHIND, 0, 1000},
        {"bytes=18446744073709551615-", RANGE_BEHIND, 0, 1000},
        {"bytes=99999999999999999999999-", RANGE_BEHIND, 0, 1000},
        {"bytes=-1", RANGE_PART, 999, 1},
        {"bytes=-5000", RANGE_PART, 0, 1000},
        {"bytes=-0", RANGE_BEHIND, 1000, 0},
        {"Bytes = 10-19 ", RANGE_PART, 10, 10},
        {"", RANGE_WHOLE, 0, 1000},
        {"bytes", RANGE_WHOLE, 0, 1000},
        {"bytes=", RANGE_WHOLE, 0, 1000},
        {"bytes=-", RANGE_WHOLE, 0, 1000},
        {"bytes=5", RANGE_WHOLE, 0, 1000},
        {"bytes=9-5", RANGE_WHOLE, 0, 1000},
        {"bytes=0-1,5-6", RANGE_WHOLE, 0, 1000},
        {"bytes=0-1x", RANGE_WHOLE, 0, 1000},
        {"bytes=0x0-0x1", RANGE_WHOLE, 0, 1000},
        {"bytes=+1-2", RANGE_WHOLE, 0, 1000},
        {"lines=0-1", RANGE_WHOLE, 0, 1000},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct range out;
        assert_int_equal(range_read(rows[i].text, 1000, &out), rows[i].answer);
        assert_true(out.at == rows[i].at && out.size == rows[i].size);
    }
}

UNIT(range)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
