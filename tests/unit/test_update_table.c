// SPDX-License-Identifier: Apache-2.0
//
// serve/update_table.h: patterns, in which a * may have to take in more than once. (What tables
// say, and how devices fit them, is in tests/cli/serve-arduino.sh.)
#include "unit.h"

#include "update_table.h"

TEST(patterns_fit)
{
    static const struct {
        const char *pattern, *text;
        bool fits;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "", false},
        {"*", "", true},
        {"*", "abc", true},
        {"abc", "abc", true},
        {"abc", "aBC", true},
        {"abc", "abcd", false},
        {"abcd", "abc", false},
        {"a*", "abc", true},
        {"*c", "abc", true},
        {"*c", "abcb", false},
        {"*bc", "abcbc", true},
        {"a*c", "ac", true},
        {"a*b*c", "a-b-b-c", true},
        {"a*b*c", "a-c-b", false},
        {"**", "x", true},
        {"a**", "a", true},
        {"5C:CF:7F:*", "5c:cf:7f:00:00:01", true},
        {"5C:CF:7F:*", "5c:cf:7e:00:00:01", false},
        {"1.*", "1.", true},
        {"?", "a", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(update_table_fits(rows[i].pattern, rows[i].text), rows[i].fits);
    }
}

// The work is bounded by the product of both lengths, and not by how many * there are.
TEST(many_stars_end)
{
    enum { STARS = 200, TEXT = 4000 };
    char pattern[STARS * 2 + 2], text[TEXT + 1];
    for (size_t i = 0; i < STARS; i++) {
        pattern[2 * i] = '*';
        pattern[2 * i + 1] = 'a';
    }
    memcpy(pattern + (size_t)STARS * 2, "b", 2);
    memset(text, 'a', TEXT);
    text[TEXT] = '\0';
    assert_false(update_table_fits(pattern, text));
}

UNIT(update_table)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_fit),
        cmocka_unit_test(many_stars_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
