// SPDX-License-Identifier: Apache-2.0
//
// Words as Python's shlex.split() has them.
#include "unit.h"

#include "shell_words.h"

// `words` with | behind each; NULL: the line ends before a word does.
static void divides(const char *line, const char *words)
{
    char copy[64], all[64] = "", *rest = copy;
    bool whole = true;
    assert_true(strlen(line) < sizeof(copy));
    (void)strcpy(copy, line);
    for (char *word; whole && (word = shell_word(&rest, &whole)) != NULL;) {
        assert_true(strlen(all) + strlen(word) + 2 <= sizeof(all));
        (void)strcat(strcat(all, word), "|");
    }
    assert_int_equal(whole, words != NULL);
    if (words != NULL) {
        assert_string_equal(all, words);
    }
}

TEST(words_of_a_line)
{
    divides("", "");
    divides(" \t\r\n ", "");
    divides("a  b\tc ", "a|b|c|");
    divides("'a b' \"c d\"", "a b|c d|");
    divides("a'b c'd\" \"e", "ab cd e|");
    divides("'' \"\" x", "||x|");
    divides("a\\ b \\\\ \\'", "a b|\\|'|");
    divides("'a\\b' 'c\\'", "a\\b|c\\|");
    divides("\"a\\\"b\" \"c\\\\\" \"d\\e\"", "a\"b|c\\|d\\e|");
    divides("'it' \"it's\" 'say \"it\"'", "it|it's|say \"it\"|");
    divides("# a", "#|a|");
}

TEST(a_word_that_does_not_end)
{
    divides("a 'b", NULL);
    divides("\"b", NULL);
    divides("\"b\\\"", NULL);
    divides("b\\", NULL);
    divides("'", NULL);
}

UNIT(shell_words)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_a_line),
        cmocka_unit_test(a_word_that_does_not_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
