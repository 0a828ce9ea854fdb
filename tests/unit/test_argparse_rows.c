// SPDX-License-Identifier: Apache-2.0
//
// argparse_rows: options by the rows of a verb, and those with several values (nargs='+'). What is
// expected is what Python's argparse makes of the same.
#include "unit.h"

#include "argparse.h"

static const struct opt *const opts[] = {
    OPTS({'k', "keyfile", OPT_FILE, "", true}, {'o', "output", OPT_FILE, "", true},
         {'a', "append-some", NULL, "", true}, {'x', "hsm", NULL, "", true},
         {0, "hsm-config", OPT_FILE, "", true}, {0, "pub-key", OPT_FILE, "", true}),
    NULL};
static const char *const lists[] = {"keyfile", "pub-key", NULL};

// Words are written with | between them.
static bool read_rows(struct arena *a, const char *words, const char **out, struct err *e)
{
    struct argparse_words *w = ARENA_NEW(a, struct argparse_words);
    struct argparse_words *to = ARENA_NEW(a, struct argparse_words);
    char *rest = arena_string(a, words);
    *e = ERR_NONE;
    to->count = 77; // what was there before does not matter
    while (rest != NULL) {
        w->list[w->count++] = strsep(&rest, "|");
    }
    bool good = argparse_rows(w, opts, lists, a, to, e);
    assert_int_equal(good, e->status == STATUS_OK);
    *out = "";
    for (size_t i = 0; i < to->count; i++) {
        *out = arena_printf(a, "%s[%s]", *out, to->list[i]);
    }
    return good;
}

static void assert_rows(const char *words, const char *expected)
{
    struct arena a = ARENA_EMPTY;
    struct err e;
    const char *out;
    if (!read_rows(&a, words, &out, &e) || strcmp(out, expected) != 0) {
        print_error("%s gives %s %s\n", words, out, e.text);
        fail();
    }
    arena_free(&a);
}

static void assert_needs_value(const char *words, const char *option)
{
    struct arena a = ARENA_EMPTY;
    struct err e;
    const char *out;
    if (read_rows(&a, words, &out, &e) ||
        strcmp(e.text, arena_printf(&a, "%s needs a value: FILE", option)) != 0) {
        print_error("%s gives %s %s\n", words, out, e.text);
        fail();
    }
    assert_int_equal(e.status, STATUS_CANNOT);
    arena_free(&a);
}

TEST(all_words_up_to_the_next_option)
{
    assert_rows("c|-k|1", "[c][--keyfile=1]");
    assert_rows("c|-k|1|2|3", "[c][--keyfile=1][--keyfile=2][--keyfile=3]");
    assert_rows("c|-k|1|2|-o|3|4", "[c][--keyfile=1][--keyfile=2][--output=3][4]");
    assert_rows("c|--keyfile|1|2|-a|3", "[c][--keyfile=1][--keyfile=2][-a][3]");
    assert_rows("c|--pub-key|1|2|--keyfile|3", "[c][--pub-key=1][--pub-key=2][--keyfile=3]");
    assert_rows("c|-k|1|2|--|3", "[c][--keyfile=1][--keyfile=2][--][3]");
    assert_rows("c|-k|1|--nothing|2", "[c][--keyfile=1][--nothing][2]");
    assert_rows("c|-k|1|-|-2|- 3|", "[c][--keyfile=1][--keyfile=-][--keyfile=-2][--keyfile=- 3]"
                                    "[--keyfile=]");
    assert_rows("c|-k|1|-k|2", "[c][--keyfile=1][--keyfile=2]");
}

TEST(a_joined_value_is_the_only_one)
{
    assert_rows("c|-k1|2", "[c][--keyfile=1][2]");
    assert_rows("c|-k=1|2", "[c][--keyfile=1][2]");
    assert_rows("c|--keyfile=1|2", "[c][--keyfile=1][2]");
    assert_rows("c|--keyfile=|2", "[c][--keyfile=][2]");
    assert_rows("c|--keyfile=-x=y|2", "[c][--keyfile=-x=y][2]");
}

TEST(other_options_have_one_value)
{
    assert_rows("c|-o|1|2", "[c][--output=1][2]");
    assert_rows("c|-o1|2", "[c][--output=1][2]");
    assert_rows("c|--output|1|2|3", "[c][--output=1][2][3]");
    assert_rows("c|--output|-|2", "[c][--output=-][2]");
    assert_rows("c|1|-o|2|3", "[c][1][--output=2][3]");
}

TEST(names)
{
    assert_rows("c|--key|1|2", "[c][--keyfile=1][--keyfile=2]");
    assert_rows("c|--k=1", "[c][--keyfile=1]");
    assert_rows("c|--app|1", "[c][--append-some][1]");
    assert_rows("c|--append_some|1", "[c][--append-some][1]");
    assert_rows("c|--append_|1", "[c][--append-some][1]");
    assert_rows("c|--pub_key|1", "[c][--pub-key=1]");
    assert_rows("c|--hsm|1", "[c][--hsm][1]"); // a whole name begins another, too
    assert_rows("c|--hsm-c|1|2", "[c][--hsm-config=1][2]");
    assert_rows("c|--hs|1", "[c][--hs][1]"); // of two: left for the option parser
    assert_rows("c|--key_file|1", "[c][--key_file][1]");
    assert_rows("c|--keyfiles|1|2", "[c][--keyfiles][1][2]");
}

TEST(flags_in_one_word)
{
    assert_rows("c|-a|1", "[c][-a][1]");
    assert_rows("c|-ax|1", "[c][-ax][1]");
    assert_rows("c|-ak|1|2", "[c][-a][--keyfile=1][--keyfile=2]");
    assert_rows("c|-axk1|2", "[c][-ax][--keyfile=1][2]");
    assert_rows("c|-axo=1|2", "[c][-ax][--output=1][2]");
    assert_rows("c|-az|1", "[c][-az][1]");
    assert_rows("c|-zk|1", "[c][-zk][1]");
}

TEST(values_that_are_missing)
{
    static const char *const nexts[] = {"", "|-a", "|--", "|--|1", "|-o|1", "|--nothing", "|-z"};
    for (size_t i = 0; i < COUNT(nexts); i++) {
        struct arena a = ARENA_EMPTY;
        assert_needs_value(arena_printf(&a, "c|-k%s", nexts[i]), "--keyfile");
        assert_needs_value(arena_printf(&a, "c|1|--key%s", nexts[i]), "--keyfile");
        assert_needs_value(arena_printf(&a, "c|-axo%s", nexts[i]), "--output");
        assert_needs_value(arena_printf(&a, "c|-k|1|--output%s", nexts[i]), "--output");
        arena_free(&a);
    }
}

TEST(everything_else_stays_where_it_is)
{
    assert_rows("c", "[c]");
    assert_rows("", "[]");
    assert_rows("-k|1", "[-k][1]"); // the first word says what to do
    assert_rows("c|1|-||2", "[c][1][-][][2]");
    assert_rows("c|--|-k|1|2", "[c][--][-k][1][2]");
    assert_rows("c|--help|-h|1", "[c][--help][-h][1]");
    assert_rows("c|--append-some=1", "[c][--append-some=1]"); // args_read refuses it
}

TEST(how_many_words_there_may_be)
{
    struct arena a = ARENA_EMPTY;
    struct argparse_words *w = ARENA_NEW(&a, struct argparse_words);
    struct argparse_words *to = ARENA_NEW(&a, struct argparse_words);
    struct err e = ERR_NONE;
    for (w->count = 0; w->count < ARGS_MOST; w->count++) {
        w->list[w->count] = arena_string(&a, "x");
    }
    assert_true(argparse_rows(w, opts, lists, &a, to, &e));
    assert_int_equal(to->count, ARGS_MOST);
    w->list[1] = arena_string(&a, "-ao1"); // two words
    assert_false(argparse_rows(w, opts, lists, &a, to, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    w->count = 0;
    assert_true(argparse_rows(w, opts, lists, &a, to, &e));
    assert_int_equal(to->count, 0);
    arena_free(&a);
}

UNIT(argparse_rows)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_words_up_to_the_next_option),
        cmocka_unit_test(a_joined_value_is_the_only_one),
        cmocka_unit_test(other_options_have_one_value),
        cmocka_unit_test(names),
        cmocka_unit_test(flags_in_one_word),
        cmocka_unit_test(values_that_are_missing),
        cmocka_unit_test(everything_else_stays_where_it_is),
        cmocka_unit_test(how_many_words_there_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
