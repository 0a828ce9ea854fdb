// SPDX-License-Identifier: Apache-2.0
//
// argparse.h: numbers. What is expected is what Python's int(text, 0) makes of the same, as far as
// 64 bits hold it.
#include "unit.h"

#include "argparse.h"

static const struct {
    const char *text;
    uint64_t number;
} numbers[] = {
    {"0", 0},
    {"7", 7},
    {"1234567890", 1234567890},
    {"00", 0},
    {"000", 0},
    {"0_0", 0},
    {"1_000", 1000},
    {"1_0_0", 100},
    {"+1", 1},
    {"+0", 0},
    {" 1", 1},
    {"1 ", 1},
    {"\t\n1\r\n", 1},
    {"\v1\f", 1},
    {" +0x10 ", 16},
    {"0x1F", 31},
    {"0X1f", 31},
    {"0xabcdef", 0xABCDEF},
    {"0xABCDEF", 0xABCDEF},
    {"0x0", 0},
    {"0x00ff", 255},
    {"0x_ff", 255},
    {"0xf_f", 255},
    {"0x0b1", 177},
    {"0o17", 15},
    {"0O17", 15},
    {"0o017", 15},
    {"0o_17", 15},
    {"0b101", 5},
    {"0B101", 5},
    {"0b0011", 3},
    {"0b_1", 1},
    {"0b1_0", 2},
    {"18446744073709551615", UINT64_MAX},
    {"18_446_744_073_709_551_615", UINT64_MAX},
    {"0xffffffffffffffff", UINT64_MAX},
    {"0xFFFF_FFFF_FFFF_FFFF", UINT64_MAX},
    {"0x0000000000000000000001", 1},
    {"0o1777777777777777777777", UINT64_MAX},
};

TEST(what_is_a_number)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct arena a = ARENA_EMPTY;
        uint64_t number = 77;
        if (!argparse_number(numbers[i].text, &a, &number) || number != numbers[i].number) {
            print_error("'%s' gives %" PRIu64 "\n", numbers[i].text, number);
            fail();
        }
        arena_free(&a);
    }
}

static void assert_no_number(const char *text)
{
    struct arena a = ARENA_EMPTY;
    uint64_t number = 77;
    if (argparse_number(text, &a, &number)) {
        print_error("'%s' gives %" PRIu64 "\n", text, number);
        fail();
    }
    arena_free(&a);
}

TEST(what_is_no_number)
{
    static const char *const rows[] = {
        "",     " ",   "+",     "-",    "-1",    "-0x1",  "+-1",   "-+1",     "++1",   "+ 1",
        "1+",   "_",   "_1",    "1_",   "1__0",  "+_1",   "0_1",   "01",      "007",   "00001",
        "0x",   "0X",  "0o",    "0b",   "0x_",   "0x__1", "0x1_",  "0x1__2",  "0o8",   "0b2",
        "0b12", "0xg", "0x 1",  "0x+1", "0x-1",  "0 x1",  "1 0",   "1.0",     "1e3",   "0x1p1",
        "one",  "x1",  "o7",    "ff",   "0d1",   "0o0o1", "0x0x1", "0x_0x1",  "0b0b1", "1L",
        "1u",   "1K",  "1,000", "inf",  "1\037", "\0345", "1\001", "\xD9\xA1"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_no_number(rows[i]);
    }
}

TEST(numbers_over_64_bits)
{
    assert_no_number("18446744073709551616");
    assert_no_number("0x10000000000000000");
    assert_no_number("0o2000000000000000000000");
    assert_no_number("99999999999999999999999999");
    assert_no_number("1_8446744073709551616");
}

// Every number in every base comes back.
TEST(random_numbers)
{
    uint64_t x = random_seed(__func__);
    for (int i = 0; i < 20000; i++) {
        struct arena a = ARENA_EMPTY;
        uint64_t n = random_next(&x) >> random_below(&x, 64), got[3];
        assert_true(argparse_number(arena_printf(&a, "%" PRIu64, n), &a, &got[0]));
        assert_true(argparse_number(arena_printf(&a, " 0x%" PRIX64, n), &a, &got[1]));
        assert_true(argparse_number(arena_printf(&a, "+0o_%" PRIo64 " ", n), &a, &got[2]));
        assert_true(got[0] == n && got[1] == n && got[2] == n);
        arena_free(&a);
    }
}

UNIT(argparse_number)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_number),
        cmocka_unit_test(what_is_no_number),
        cmocka_unit_test(numbers_over_64_bits),
        cmocka_unit_test(random_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
