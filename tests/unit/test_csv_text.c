// SPDX-License-Identifier: Apache-2.0
//
// csv_text.h against what Python says: byte order marks, ends of lines, blanks, variables, numbers.
#include "unit.h"

#include "csv_text.h"

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

// The lines of a text, each with '|' behind it; '!' for one that is no text.
static const char *lines_of(struct arena *a, const uint8_t *bytes, size_t n)
{
    struct csv_text t;
    struct csv_line line;
    uint64_t at = 0;
    const char *all = "";
    csv_text_open(&t, bytes, n);
    for (unsigned number = 1; csv_text_line(&t, a, &line); number++) {
        assert_int_equal(line.number, number);
        assert_int_equal(line.at, at); // one behind the other, from 0
        at += line.size;
        all = arena_printf(a, "%s%s%s|", all, line.text.p, line.bad ? "!" : "");
    }
    assert_int_equal(at, n);
    return all;
}

TEST(ends_of_lines)
{
    struct arena a = ARENA_EMPTY;
    assert_string_equal(lines_of(&a, BYTES("")), "");
    assert_string_equal(lines_of(&a, BYTES("a")), "a|");
    assert_string_equal(lines_of(&a, BYTES("a\n")), "a|");
    assert_string_equal(lines_of(&a, BYTES("a\n\nb")), "a||b|");
    assert_string_equal(lines_of(&a, BYTES("a\r\nb\rc\n\rd")), "a|b|c||d|");
    assert_string_equal(lines_of(&a, BYTES("a\vb\fc\x1C"
                                           "d\x1D"
                                           "e\x1E"
                                           "f\x1Fg")),
                        "a|b|c|d|e|f\x1Fg|");
    assert_string_equal(lines_of(&a, BYTES("a\xC2\x85"
                                           "b\xE2\x80\xA8"
                                           "c\xE2\x80\xA9"
                                           "d")),
                        "a|b|c|d|");
    arena_free(&a);
}

TEST(encodings)
{
    struct arena a = ARENA_EMPTY;
    assert_string_equal(lines_of(&a, BYTES("\xEF\xBB\xBF"
                                           "a\nb")),
                        "a|b|");
    assert_string_equal(lines_of(&a, BYTES("\xFF\xFE"
                                           "a\0\r\0\n\0b\0")),
                        "a|b|");
    assert_string_equal(lines_of(&a, BYTES("\xFE\xFF"
                                           "\0a\0\n\0\xFC")),
                        "a|\xC3\xBC|");
    assert_string_equal(lines_of(&a, BYTES("\xFF\xFE\x3D\xD8\x00\xDE")), "\xF0\x9F\x98\x80|");
    assert_string_equal(lines_of(&a, BYTES("\0\0\xFE\xFF\0\0\0a\0\x01\xF6\0")),
                        "a\xF0\x9F\x98\x80|");
    arena_free(&a);
}

TEST(what_is_no_text)
{
    static const struct {
        const char *bytes;
        size_t n;
    } rows[] = {{"\xFF", 1},
                {"\x80", 1},
                {"\xC3", 1},             // cut off
                {"\xC3(", 2},            //
                {"\xC0\x80", 2},         // overlong
                {"\xE0\x80\x80", 3},     //
                {"\xED\xA0\x80", 3},     // a surrogate
                {"\xF4\x90\x80\x80", 4}, // above U+10FFFF
                {"\xF8\x88\x80\x80\x80", 5},
                {"\xFF\xFE"
                 "a",
                 3},                         // half a unit
                {"\xFF\xFE\x3D\xD8", 4},     // half a pair
                {"\xFF\xFE\x00\xDE\0\0", 6}, // the wrong half
                {"\xFF\xFE\x3D\xD8"
                 "a\0",
                 6},
                {"\0\0\xFE\xFF\0\0\0", 7},
                {"\0\0\xFE\xFF\0\x11\0\0", 8},
                {"\0\0\xFE\xFF\0\0\xD8\0", 8}};
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *all = lines_of(&a, (const uint8_t *)rows[i].bytes, rows[i].n);
        if (strstr(all, "!|") == NULL) {
            fail_msg("row %zu is taken for text: %s", i, all);
        }
    }
    arena_free(&a);
}

static struct csv_span span(const char *text)
{
    return (struct csv_span){text, strlen(text)};
}

static const char *text_of(struct arena *a, struct csv_span s)
{
    return arena_copy(a, s.p, s.n);
}

TEST(blanks_and_fields)
{
    struct arena a = ARENA_EMPTY;
    struct csv_span rest = span("a, b ,,c");
    assert_string_equal(text_of(&a, csv_trim(span(" \t\r\n\v\f\x1C\x1F x y\xC2\xA0\xE2\x80\x80"
                                                  "\xE3\x80\x80"))),
                        "x y");
    assert_int_equal(csv_trim(span("   ")).n, 0);
    assert_string_equal(text_of(&a, csv_trim(span("\xE2\x80\x8B"))), "\xE2\x80\x8B"); // no blank
    assert_string_equal(text_of(&a, csv_field(&rest)), "a");
    assert_string_equal(text_of(&a, csv_field(&rest)), " b ");
    assert_string_equal(text_of(&a, csv_field(&rest)), "");
    assert_string_equal(text_of(&a, csv_field(&rest)), "c");
    assert_int_equal(csv_field(&rest).n, 0);
    assert_int_equal(rest.n, 0);
    assert_true(csv_is(span("app"), "app"));
    assert_false(csv_is(span("app"), "ap"));
    arena_free(&a);
}

static const char *variable(const char *name)
{
    return strcmp(name, "SIZE") == 0    ? "24K"
           : strcmp(name, "NONE") == 0  ? ""
           : strcmp(name, "AGAIN") == 0 ? "$SIZE"
           : strcmp(name, "a b") == 0   ? "blank"
                                        : NULL;
}

TEST(variables)
{
    static const char *const rows[][2] = {{"no", "no"},
                                          {"$SIZE", "24K"},
                                          {"x$SIZE,${SIZE}y", "x24K,24Ky"},
                                          {"$SIZES", "$SIZES"},
                                          {"${SIZE", "${SIZE"},
                                          {"$", "$"},
                                          {"$$SIZE", "$24K"},
                                          {"${}", "${}"},
                                          {"$NONE$NONE", ""},
                                          {"$AGAIN", "$SIZE"}, // once is enough
                                          {"${a b}", "blank"},
                                          {"$other$SIZE", "$other24K"},
                                          {"$SIZE\xC3\xBC", "24K\xC3\xBC"}};
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(text_of(&a, csv_expand(span(rows[i][0]), variable, &a)), rows[i][1]);
        assert_string_equal(text_of(&a, csv_expand(span(rows[i][0]), NULL, &a)), rows[i][0]);
    }
    arena_free(&a);
}

TEST(numbers)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"000", 0},
                {"0_0", 0},
                {"1", 1},
                {"4096", 4096},
                {"0x1000", 4096},
                {"0X1f", 31},
                {"0b101", 5},
                {"0o17", 15},
                {"-5", -5},
                {"+5", 5},
                {"-0x10", -16},
                {"1_000", 1000},
                {"0x_10_00", 4096},
                {" 7 ", 7},
                {"0xFFFFFFFF", UINT32_MAX},
                {"99999999999999999999", INT64_C(1) << 58}};
    static const char *const bad[] = {"",    "-",    "x",   "0x",   "010",         "09000",
                                      "1.5", "1e3",  "0b2", "0o8",  "0xg",         "- 5",
                                      "1 0", "1__0", "_1",  "1_",   "0x_",         "24K",
                                      "0_1", "00x1", "--1", "0x1_", "\xEF\xBC\x91"};
    int64_t value;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(csv_number(span(good[i].text), &value));
        assert_int_equal(value, good[i].value);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (csv_number(span(bad[i]), &value)) {
            fail_msg("'%s' is taken for %" PRId64, bad[i], value);
        }
    }
}

UNIT(csv_text)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_of_lines),   cmocka_unit_test(encodings),
        cmocka_unit_test(what_is_no_text), cmocka_unit_test(blanks_and_fields),
        cmocka_unit_test(variables),       cmocka_unit_test(numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
