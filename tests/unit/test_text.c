// SPDX-License-Identifier: Apache-2.0
//
// text.h: UTF-8 that is none, what a terminal would act on, numbers at the ends of 64 bits, the
// order of versions, guesses.
#include "unit.h"

#include "text.h"

TEST(utf8_is_kept_and_the_rest_escaped)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"},
        {"\x80", "\\x80"},
        {"\xFF\xFE", "\\xff\\xfe"},
        {"\xC3", "\\xc3"},                            // cut off
        {"\xE2\x82", "\\xe2\\x82"},                   // cut off
        {"\xF0\x9F\x98", "\\xf0\\x9f\\x98"},          // cut off
        {"\xC3x", "\\xc3x"},                          // not continued
        {"\xC0\x80", "\\xc0\\x80"},                   // overlong NUL
        {"\xC1\xBF", "\\xc1\\xbf"},                   // overlong
        {"\xE0\x9F\xBF", "\\xe0\\x9f\\xbf"},          // overlong
        {"\xF0\x8F\xBF\xBF", "\\xf0\\x8f\\xbf\\xbf"}, // overlong
        {"\xED\xA0\x80", "\\xed\\xa0\\x80"},          // a surrogate
        {"\xED\x9F\xBF", "\xED\x9F\xBF"},             // the last before them
        {"\xEE\x80\x80", "\xEE\x80\x80"},             // the first behind them
        {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},     // the last of all
        {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, // behind the last of all
        {"\xF5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
        {"a\x1B[31m\n", "a\x1B[31m\n"},
    };
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(text_utf8(&a, rows[i].in, strlen(rows[i].in)), rows[i].out);
    }
    arena_free(&a);
}

TEST(what_a_terminal_acts_on_is_escaped)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"plain \xC3\xA4", "plain \xC3\xA4"},
        {"\x1B[31m", "\\x1b[31m"},
        {"a\nb\tc\r", "a\\x0ab\\x09c\\x0d"},
        {"\x7F", "\\x7f"},
        {"\xC2\x9B", "\\xc2\\x9b"},       // CSI in one character
        {"\xC2\xA0", "\xC2\xA0"},         // a blank that does not break
        {"\xE2\x80\x94", "\xE2\x80\x94"}, // a dash
        {"\xE2\x82\xAC", "\xE2\x82\xAC"}, // a euro
        // Marks of a direction of writing, and the characters beside them.
        {"\xE2\x80\x8D", "\xE2\x80\x8D"},
        {"\xE2\x80\x8E", "\\xe2\\x80\\x8e"},
        {"\xE2\x80\x8F", "\\xe2\\x80\\x8f"},
        {"\xE2\x80\x90", "\xE2\x80\x90"},
        {"\xD8\x9B", "\xD8\x9B"},
        {"\xD8\x9C", "\\xd8\\x9c"},
        {"\xD8\x9D", "\xD8\x9D"},
    };
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(text_printable(&a, rows[i].in), rows[i].out);
    }
    // Those that turn the direction of writing, as numbers: a text would do it here.
    for (unsigned c = 0x202A; c <= 0x2069; c = c == 0x202E ? 0x2066 : c + 1) {
        const char in[] = {(char)0xE2, (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F)),
                           0};
        const char *out = text_printable(&a, in);
        assert_int_equal(strlen(out), 12);
        assert_memory_equal(out, "\\xe2\\x8", 7);
    }
    arena_free(&a);
}

// Is this valid UTF-8? Said once more, by decoding.
static bool is_utf8(const uint8_t *p)
{
    while (*p != 0) {
        size_t more = *p < 0x80 ? 0 : (*p & 0xE0) == 0xC0 ? 1 : (*p & 0xF0) == 0xE0 ? 2 : 3;
        uint32_t least = more == 0 ? 0 : more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
        uint32_t c = more == 0 ? *p : *p & (0x3FU >> more);
        if (*p >= 0x80 && (*p < 0xC0 || *p >= 0xF8)) {
            return false;
        }
        for (p++; more > 0; more--, p++) {
            if ((*p & 0xC0) != 0x80) {
                return false;
            }
            c = c << 6 | (*p & 0x3FU);
        }
        if (c < least || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
            return false;
        }
    }
    return true;
}

// Random bytes, of which many begin or continue a character.
TEST(random_bytes_become_utf8)
{
    static const uint8_t likely[] = {0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2,
                                     0xDF, 0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xF0, 0xF4, 0xF5, 'a'};
    uint64_t x = random_seed(__func__);
    for (int turn = 0; turn < 50000; turn++) {
        struct arena a = ARENA_EMPTY;
        uint8_t bytes[13] = {0};
        size_t n = (size_t)random_below(&x, 13);
        for (size_t i = 0; i < n; i++) {
            bytes[i] = likely[random_below(&x, sizeof(likely))];
        }
        const char *out = text_utf8(&a, bytes, n);
        assert_true(is_utf8((const uint8_t *)out));
        assert_int_equal(is_utf8(bytes), strcmp(out, (const char *)bytes) == 0);
        assert_string_equal(text_utf8(&a, out, strlen(out)), out);
        arena_free(&a);
    }
}

TEST(bytes_behind_the_end_are_not_looked_at)
{
    struct arena a = ARENA_EMPTY;
    assert_string_equal(text_utf8(&a, "\xC3\xA4", 1), "\\xc3");
    assert_string_equal(text_utf8(&a, "abc", 2), "ab");
    assert_string_equal(text_utf8(&a, "a\0b", 3), "a"); // a NUL stays one
    arena_free(&a);
}

TEST(hex_counts_and_sizes)
{
    static const struct {
        uint64_t n;
        const char *count, *size;
    } rows[] = {
        {0, "0", "0 bytes"},
        {1, "1", "1 byte"},
        {999, "999", "999 bytes"},
        {1000, "1,000", "1,000 bytes"},
        {1023, "1,023", "1,023 bytes"},
        {1024, "1,024", "1 KiB"},
        {1025, "1,025", "1,025 bytes"},
        {3072, "3,072", "3 KiB"},
        {1048576, "1,048,576", "1 MiB"},
        {1048577, "1,048,577", "1,048,577 bytes"},
        {4294967296, "4,294,967,296", "4096 MiB"},
        {UINT64_MAX, "18,446,744,073,709,551,615", "18,446,744,073,709,551,615 bytes"},
    };
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(text_count(&a, rows[i].n), rows[i].count);
        assert_string_equal(text_size(&a, rows[i].n), rows[i].size);
        uint64_t count = 77, size = 77; // what is printed is understood, too
        assert_true(text_bytes(rows[i].count, &count) && count == rows[i].n);
        assert_true(text_bytes(rows[i].size, &size) && size == rows[i].n);
    }
    assert_string_equal(text_hex(&a, (const uint8_t *)"\x00\x7F\xFF\x0A", 4), "007fff0a");
    assert_string_equal(text_hex(&a, NULL, 0), "");
    arena_free(&a);
}

TEST(numbers)
{
    static const struct {
        const char *text;
        bool good;
        uint64_t value;
    } rows[] = {
        {"0", true, 0},
        {"10", true, 10},
        {"010", true, 10}, // not octal
        {"0x10", true, 16},
        {"0X1f", true, 31},
        {"0xabcDEF", true, 0xABCDEF},
        {"4294967296", true, 4294967296},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"0xffffffffffffffff", true, UINT64_MAX},
        {"0x10000000000000000", false, 0},
        {"99999999999999999999999999", false, 0},
        {"", false, 0},
        {" ", false, 0},
        {"x", false, 0},
        {"0x", false, 0},
        {"0xg", false, 0},
        {"0x-1", false, 0},
        {"0x+1", false, 0},
        {"0x 1", false, 0},
        {"0x0x1", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1\n", false, 0},
        {"1a", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"ff", false, 0},
        {"1,000", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t value = 77;
        assert_int_equal(text_number(rows[i].text, &value), rows[i].good);
        assert_true(!rows[i].good || value == rows[i].value);
    }
}

TEST(numbers_of_bytes)
{
    static const struct {
        const char *text;
        bool good;
        uint64_t value;
    } rows[] = {
        {"4MB", true, 4194304},
        {"4M", true, 4194304},
        {"64KB", true, 65536},
        {"64K", true, 65536},
        {"0x400000", true, 4194304},
        {"512", true, 512},
        {"0K", true, 0},
        {"17592186044415M", true, UINT64_C(17592186044415) << 20},
        {"17592186044416M", false, 0},
        {"18446744073709551616K", false, 0},
        {"99999999999999999999999999M", false, 0},
        {"0x4MB", false, 0},
        {"4GB", false, 0},
        {"4mb", false, 0},
        {"MB", false, 0},
        {"4MBB", false, 0},
        {"4 MB", true, 4194304},
        {"4MiB", true, 4194304},
        {"4 MiB", true, 4194304},
        {"20KiB", true, 20480},
        {"1,024 KiB", true, 1048576},
        {"1,024", true, 1024},
        {"12,288 bytes", true, 12288},
        {"1 byte", true, 1},
        {"1,02", false, 0},
        {"1,0240", false, 0},
        {"1024,000", false, 0},
        {",024", false, 0},
        {"1,,024", false, 0},
        {"1024,", false, 0},
        {"4 M", false, 0},
        {"4  MiB", false, 0},
        {"4 ", false, 0},
        {" 4", false, 0},
        {"4kB", false, 0},
        {"4KiBi", false, 0},
        {"4bytes", false, 0},
        {"0x10 KiB", false, 0},
        {"-4M", false, 0},
        {"", false, 0},
        {"4B", false, 0},
        {"4.5M", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t value = 77;
        bool good = text_bytes(rows[i].text, &value);
        if (good != rows[i].good || (good && value != rows[i].value)) {
            print_error("'%s': %d, %" PRIu64 "\n", rows[i].text, good, value);
            fail();
        }
    }
}

TEST(what_a_version_is)
{
    static const char *const good[] = {"1.10", "v5.4.1", "V2.0", "0.0", "1.2-rc1", "10.20.30 x"};
    static const char *const bad[] = {"",   "v",   "v1",  "1",    "1.",        ".1",
                                      "v.", "a.b", "v v", "v1.x", "esp32h2.1", "-1.2"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(text_is_version(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(text_is_version(bad[i]));
    }
}

static void compare_rows(const char *const *row, const char *const *other, int expected)
{
    for (size_t m = 0; m < 4 && row[m] != NULL; m++) {
        for (size_t n = 0; n < 4 && other[n] != NULL; n++) {
            int is = text_compare_versions(row[m], other[n]);
            if (is != expected) {
                print_error("'%s' to '%s': %d\n", row[m], other[n], is);
            }
            assert_int_equal(is, expected);
        }
    }
}

// Each row stands in order; texts of one row rank as equal.
TEST(the_order_of_versions)
{
    static const char *const rows[][4] = {
        {"0.9"},
        {"1.2-alpha"},
        {"1.2-beta"},
        {"1.2-beta2"},
        {"1.2-beta10"},
        {"v1.2-dev"},
        {"1.2-rc1", "v1.2-rc1"},
        {"1.2-rc1-3-gabcdef0"},
        {"1.2-rc2"},
        {"1.2", "v1.2", "V1.2", "01.02"},
        {"1.2-3-gabcdef0"},
        {"1.2-10-gabcdef0"},
        {"1.2-dirty", "v1.2-dirty"},
        {"1.2.1"},
        {"1.9"},
        {"1.10", "v1.10", "1.010"},
        {"1.10.1"},
        {"1.99999999999999999999999998"},
        {"1.99999999999999999999999999"},
        {"v5.4"},
        {"v5.4.1"},
        {"v5.4.1-dirty", "5.4.1-dirty"},
        {"v10.0"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t k = 0; k < COUNT(rows); k++) {
            compare_rows(rows[i], rows[k], i < k ? -1 : i > k);
        }
    }
}

static void random_version(uint64_t *x, char *to, size_t n)
{
    static const char letters[] = "0011299..--vadrty+";
    size_t length = (size_t)random_below(x, n);
    for (size_t i = 0; i < length; i++) {
        to[i] = letters[random_below(x, sizeof(letters) - 1)];
    }
    to[length] = '\0';
    if (random_below(x, 4) == 0 && length + 7 < n) {
        memcpy(to + length, "-dirty", 7);
    }
}

TEST(random_versions_have_one_order)
{
    uint64_t x = random_seed(__func__);
    for (int i = 0; i < 300000; i++) {
        char a[14], b[14], c[14];
        random_version(&x, a, sizeof(a));
        random_version(&x, b, sizeof(b));
        random_version(&x, c, sizeof(c));
        int ab = text_compare_versions(a, b);
        int bc = text_compare_versions(b, c);
        int ac = text_compare_versions(a, c);
        assert_int_equal(text_compare_versions(a, a), 0);
        assert_int_equal(ab, -text_compare_versions(b, a));
        if (ab <= 0 && bc <= 0 && ac != (ab < bc ? ab : bc)) {
            print_error("'%s' '%s' '%s': %d %d %d\n", a, b, c, ab, bc, ac);
            fail();
        }
    }
}

TEST(what_was_probably_meant)
{
    static const char *const names[] = {"bootloader", "partition_table", "firmware", "host"};
    static const struct {
        const char *word, *near;
    } rows[] = {
        {"firmware", "firmware"},
        {"frimware", "firmware"},
        {"firmwar", "firmware"},
        {"firmwares", "firmware"},
        {"bootlaoder", "bootloader"},
        {"partition-table", "partition_table"},
        {"hots", "host"},
        {"part", "partition_table"}, // the only one that begins so
        {"bo", NULL},
        {"fir", "firmware"},
        {"zebra", NULL},
        {"", NULL},
        {"flash_args", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *near = text_nearest(rows[i].word, names, COUNT(names));
        if (rows[i].near == NULL) {
            assert_null(near);
        } else {
            assert_non_null(near);
            assert_string_equal(near, rows[i].near);
        }
    }
    assert_null(text_nearest("x", names, 0));
    static const char *const alike[] = {"generate", "generality"};
    assert_null(text_nearest("gen", alike, COUNT(alike))); // of which one?
}

TEST(long_words_are_compared_too)
{
    char word[5000], candidate[200];
    memset(word, 'a', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    memset(candidate, 'a', sizeof(candidate) - 1);
    candidate[sizeof(candidate) - 1] = '\0';
    const char *names[] = {candidate, "abc"};
    assert_null(text_nearest(candidate, names, 1)); // more than any name has
    (void)text_nearest(word, names, COUNT(names));
}

TEST(words_in_a_list)
{
    static const char *const words[] = {"one", "two", "three"};
    struct arena a = ARENA_EMPTY;
    assert_string_equal(text_list(&a, words, 0), "");
    assert_string_equal(text_list(&a, words, 1), "one");
    assert_string_equal(text_list(&a, words, 3), "one, two, three");
    arena_free(&a);
}

// Of two digests that differ in one byte, wherever that is, a message shows two texts.
TEST(digests_beside_each_other)
{
    static const size_t sizes[] = {16, 20, 32, 48, 64};
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (size_t at = 0; at < sizes[i]; at++) {
            uint8_t one[64] = {0}, two[64] = {0};
            two[at] = 1;
            const char *x = text_hex(&a, one, sizes[i]), *y = text_hex(&a, two, sizes[i]);
            assert_string_not_equal(text_beside(&a, x, y), text_beside(&a, y, x));
            assert_true(strlen(text_beside(&a, x, y)) == (at < 8 ? 19 : 2 * sizes[i]));
        }
    }
    assert_string_equal(text_beside(&a, "0123456789abcdef", "x"), "0123456789abcdef");
    assert_string_equal(text_beside(&a, "0123456789abcdef0", "x"), "0123456789abcdef...");
    assert_string_equal(text_beside(&a, "0123456789abcdef0", "0123456789abcdef"),
                        "0123456789abcdef0");
    arena_free(&a);
}

UNIT(text)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_in_a_list),
        cmocka_unit_test(digests_beside_each_other),
        cmocka_unit_test(utf8_is_kept_and_the_rest_escaped),
        cmocka_unit_test(what_a_terminal_acts_on_is_escaped),
        cmocka_unit_test(random_bytes_become_utf8),
        cmocka_unit_test(bytes_behind_the_end_are_not_looked_at),
        cmocka_unit_test(hex_counts_and_sizes),
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_of_bytes),
        cmocka_unit_test(what_a_version_is),
        cmocka_unit_test(the_order_of_versions),
        cmocka_unit_test(random_versions_have_one_order),
        cmocka_unit_test(what_was_probably_meant),
        cmocka_unit_test(long_words_are_compared_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
