// SPDX-License-Identifier: Apache-2.0
//
// argparse.h: what stands in @files and what stands for it, the forms of options and of their
// values. What is expected is what Python's argparse makes of the same.
#include "scratch.h"

#include "argparse.h"

// Words as one text: "[first][second]".
static const char *shown(struct arena *a, const struct argparse_words *w)
{
    const char *text = "";
    for (size_t i = 0; i < w->count; i++) {
        text = arena_printf(a, "%s[%s]", text, w->list[i]);
    }
    return text;
}

static void write_text(const char *name, const char *text)
{
    file_write(name, text, strlen(text));
}

// ---- @files ----

static bool expand(struct arena *a, const char **words, size_t count, const char **out,
                   struct err *e)
{
    struct argparse_words *w = ARENA_NEW(a, struct argparse_words);
    *e = ERR_NONE;
    w->count = 77; // what was there before does not matter
    bool good = argparse_expand(words, count, a, w, e);
    assert_int_equal(good, e->status == STATUS_OK);
    *out = shown(a, w);
    return good;
}

static void assert_expands(const char **words, size_t count, const char *expected)
{
    struct arena a = ARENA_EMPTY;
    struct err e;
    const char *out;
    if (!expand(&a, words, count, &out, &e) || strcmp(out, expected) != 0) {
        print_error("%s instead of %s %s\n", out, expected, e.text);
        fail();
    }
    arena_free(&a);
}

static void assert_does_not_expand(const char *word, const char *says)
{
    struct arena a = ARENA_EMPTY;
    struct err e;
    const char *words[] = {"first", word, "last"}, *out;
    if (expand(&a, words, COUNT(words), &out, &e) || strstr(e.text, says) == NULL) {
        print_error("%s gives %s: %s\n", word, out, e.text);
        fail();
    }
    assert_int_equal(e.status, STATUS_CANNOT);
    arena_free(&a);
}

TEST(words_without_files_stay)
{
    const char *words[] = {"create", "-v", "", "a@b", " @x", "--", "-"};
    assert_expands(words, COUNT(words), "[create][-v][][a@b][ @x][--][-]");
    assert_expands(words, 0, "");
}

TEST(each_line_is_an_argument)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"a", "[a]"},
        {"a\n", "[a]"},
        {"a\nb\n", "[a][b]"},
        {"a\nb", "[a][b]"},
        {"a\r\nb\r\n", "[a][b]"},
        {"a\r\nb", "[a][b]"},
        {"a\rb\r", "[a][b]"},
        {"\n", "[]"},
        {"\r\n", "[]"},
        {"\n\n", "[][]"},
        {"a\n\nb\n", "[a][][b]"},
        {"a\r\n\r\nb\r\n", "[a][][b]"},
        {"a\r\r\nb", "[a][][b]"},
        {"a\n\rb", "[a][][b]"},
        {" a b\t\n", "[ a b\t]"},
        {"-vs=a b  c \n", "[-vs=a b  c ]"},
        {"'a'\n\"b\"\n\\c\n", "['a'][\"b\"][\\c]"},
        {"# no comment\n", "[# no comment]"},
        {"a@b\n @b\n", "[a@b][ @b]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = ARENA_EMPTY;
        const char *words[] = {"first", "@file", "last"};
        write_text("file", rows[i][0]);
        assert_expands(words, COUNT(words), arena_printf(&a, "[first]%s[last]", rows[i][1]));
        arena_free(&a);
    }
}

TEST(files_in_files)
{
    const char *twice[] = {"@outer", "x", "@outer"};
    const char *after_dashes[] = {"--", "@inner"};
    assert_int_equal(mkdir("sub", 0777), 0);
    write_text("inner", "in\n");
    write_text("sub/other", "1\n@inner\n2"); // paths are the caller's, not the file's
    write_text("outer", "a\n@inner\n@sub/other\r\nz\n");
    assert_expands(twice, COUNT(twice), "[a][in][1][in][2][z][x][a][in][1][in][2][z]");
    assert_expands(after_dashes, COUNT(after_dashes), "[--][in]");
}

// A chain of so many files: chain1 has @chain2 in it, and so on; the last one has `end`.
static void write_chain(int length)
{
    for (int i = 1; i <= length; i++) {
        char name[16], text[16];
        (void)snprintf(name, sizeof(name), "chain%d", i);
        (void)snprintf(text, sizeof(text), i == length ? "end\n" : "@chain%d\n", i + 1);
        write_text(name, text);
    }
}

TEST(nesting_has_an_end)
{
    static const char says[] = "argument files name each other without end";
    const char *words[] = {"@chain1"};
    write_chain(8);
    assert_expands(words, 1, "[end]");
    write_chain(9);
    assert_does_not_expand("@chain1", says);
    assert_does_not_expand("@chain1", "@chain9: ");
    write_text("self", "a\n@self\n");
    assert_does_not_expand("@self", says);
    write_text("ping", "@pong\n");
    write_text("pong", "b\n@ping\n");
    assert_does_not_expand("@ping", says);
    write_text("wide", "@wide\n@wide\n@wide\n@wide\n"); // does not grow before it ends
    assert_does_not_expand("@wide", says);
}

TEST(files_that_cannot_be_read)
{
    assert_int_equal(mkdir("folder", 0777), 0);
    write_text("outer", "a\n@missing\n");
    file_write("nul", "a\nb\0c\n", 6);
    assert_does_not_expand("@missing", "missing: cannot open: ");
    assert_does_not_expand("@outer", "missing: cannot open: ");
    assert_does_not_expand("@folder", "folder: is a folder");
    assert_does_not_expand("@nul", "nul: has NUL bytes");
    assert_does_not_expand("@", "cannot open");
    assert_does_not_expand("@@outer", "@outer: cannot open");
}

TEST(how_large_a_file_may_be)
{
    enum { MOST = 256 * 1024 };
    struct arena a = ARENA_EMPTY;
    struct argparse_words *w = ARENA_NEW(&a, struct argparse_words);
    struct err e = ERR_NONE;
    const char *words[] = {"@large"};
    char *text = arena_alloc(&a, MOST + 1);
    memset(text, 'x', MOST + 1);
    file_write("large", text, MOST);
    assert_true(argparse_expand(words, 1, &a, w, &e));
    assert_int_equal(w->count, 1);
    assert_int_equal(strlen(w->list[0]), MOST);
    file_write("large", text, MOST + 1);
    assert_does_not_expand("@large", "large: is 262145 bytes long");
    arena_free(&a);
}

// One that is named again is read again, and counts again.
TEST(how_large_all_files_may_be)
{
    enum { SIZE = 256 * 1024, MOST = 4 };
    struct arena a = ARENA_EMPTY;
    struct argparse_words *w = ARENA_NEW(&a, struct argparse_words);
    struct err e = ERR_NONE;
    const char *words[] = {"@large", "@large", "@large", "@large", "@large"};
    char *text = arena_alloc(&a, SIZE);
    memset(text, 'x', SIZE);
    file_write("large", text, SIZE);
    assert_true(argparse_expand(words, MOST, &a, w, &e));
    assert_false(argparse_expand(words, MOST + 1, &a, w, &e));
    assert_string_equal(e.text, "@large: argument files have more than 1048576 bytes in all; "
                                "give fewer arguments");
    arena_free(&a);
}

TEST(how_many_words_there_may_be)
{
    struct arena a = ARENA_EMPTY;
    struct argparse_words *w = ARENA_NEW(&a, struct argparse_words);
    struct err e = ERR_NONE;
    const char *words[] = {"@lines", "last"};
    char *lines = arena_alloc(&a, ARGS_MOST);
    memset(lines, '\n', ARGS_MOST);
    file_write("lines", lines, ARGS_MOST - 1);
    assert_true(argparse_expand(words, 2, &a, w, &e));
    assert_int_equal(w->count, ARGS_MOST);
    assert_string_equal(w->list[ARGS_MOST - 1], "last");
    file_write("lines", lines, ARGS_MOST);
    assert_true(argparse_expand(words, 1, &a, w, &e));
    assert_false(argparse_expand(words, 2, &a, w, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_string_equal(e.text, "there are more than 4096 arguments; give fewer");
    arena_free(&a);
}

// ---- Options ----

static const struct argparse_option options[] = {
    {"-v", "vendor-id", "v"},     {"-p", "product-id", "p"},      {"-vn", "version", "vn"},
    {"-vs", "version-str", "vs"}, {"-da", "digest", "da"},        {"-mi", "min-version", "mi"},
    {"-ma", "max-version", "ma"}, {"-rn", "release-notes", "rn"},
};

// Words are written with | between them.
static bool translate(struct arena *a, const char *words, const char **out, struct err *e)
{
    struct argparse_words *w = ARENA_NEW(a, struct argparse_words);
    char *rest = arena_string(a, words);
    *e = ERR_NONE;
    while (rest != NULL) {
        w->list[w->count++] = strsep(&rest, "|");
    }
    bool good = argparse_translate(w, options, COUNT(options), a, e);
    assert_int_equal(good, e->status == STATUS_OK);
    *out = shown(a, w);
    return good;
}

static void assert_translates(const char *words, const char *expected)
{
    struct arena a = ARENA_EMPTY;
    struct err e;
    const char *out;
    if (!translate(&a, words, &out, &e) || strcmp(out, expected) != 0) {
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
    if (translate(&a, words, &out, &e) ||
        strcmp(e.text, arena_printf(&a, "%s needs a value; write it behind", option)) != 0) {
        print_error("%s gives %s %s\n", words, out, e.text);
        fail();
    }
    assert_int_equal(e.status, STATUS_CANNOT);
    arena_free(&a);
}

TEST(every_option_apart_from_its_value_and_joined)
{
    for (size_t i = 0; i < COUNT(options); i++) {
        const char *word = options[i].word, *name = options[i].name;
        struct arena a = ARENA_EMPTY;
        const char *expected = arena_printf(&a, "[c][--%s=value][x]", name);
        assert_translates(arena_printf(&a, "c|%s|value|x", word), expected);
        assert_translates(arena_printf(&a, "c|%s=value|x", word), expected);
        assert_translates(arena_printf(&a, "c|%s=|x", word),
                          arena_printf(&a, "[c][--%s=][x]", name));
        assert_translates(arena_printf(&a, "c|%s||x", word),
                          arena_printf(&a, "[c][--%s=][x]", name));
        assert_needs_value(arena_printf(&a, "c|x|%s", word), word);
        arena_free(&a);
    }
}

TEST(joined_to_one_letter)
{
    assert_translates("c|-v1", "[c][--vendor-id=1]");
    assert_translates("c|-p0x10|x", "[c][--product-id=0x10][x]");
    assert_translates("c|-v-1", "[c][--vendor-id=-1]");
    assert_translates("c|-v-", "[c][--vendor-id=-]");
    assert_translates("c|-vx=y", "[c][--vendor-id=x=y]");
    // Only a whole name of two letters is one.
    assert_translates("c|-vn3", "[c][--vendor-id=n3]");
    assert_translates("c|-vns|3", "[c][--vendor-id=ns][3]");
    assert_translates("c|-pn|3", "[c][--product-id=n][3]");
}

TEST(joined_by_an_equals_sign)
{
    assert_translates("c|-vs=-x", "[c][--version-str=-x]");
    assert_translates("c|-vs=--", "[c][--version-str=--]");
    assert_translates("c|-vs=a=b", "[c][--version-str=a=b]");
    assert_translates("c|-vs==", "[c][--version-str==]");
    assert_translates("c|-vs=a b", "[c][--version-str=a b]");
    assert_translates("c|-v=-p=1|-p=2", "[c][--vendor-id=-p=1][--product-id=2]");
}

TEST(beginnings_of_options)
{
    assert_translates("c|-d|sha256", "[c][--digest=sha256]");
    assert_translates("c|-r|u", "[c][--release-notes=u]");
    assert_needs_value("c|-d", "-da");
    assert_translates("c|-v|1", "[c][--vendor-id=1]"); // a whole name begins others, too
    assert_translates("c|-m|1", "[c][-m][1]");         // of two: left for the option parser
    assert_translates("c|-m=1", "[c][-m=1]");
    assert_translates("c|-mx", "[c][-mx]");
    assert_translates("c|-rnu|x", "[c][-rnu][x]"); // a beginning has no value joined to it
    assert_translates("c|-dax|x", "[c][-dax][x]");
    assert_translates("c|-x|1", "[c][-x][1]");
}

TEST(what_looks_like_an_option_is_no_value)
{
    static const char *const nexts[] = {"-v",  "-vn",   "-vn=1", "-p1",   "-d",
                                        "-m",  "-x",    "-xyz",  "--",    "--version",
                                        "--x", "--x=y", "-v x",  "-p=x y"};
    for (size_t i = 0; i < COUNT(nexts); i++) {
        struct arena a = ARENA_EMPTY;
        assert_needs_value(arena_printf(&a, "c|-vs|%s|x", nexts[i]), "-vs");
        assert_needs_value(arena_printf(&a, "c|-v|1|-d|%s", nexts[i]), "-da");
        arena_free(&a);
    }
}

TEST(what_is_a_value_all_the_same)
{
    static const char *const nexts[] = {"-1",   "-0",  "-12",   "-1.5",       "-.5", "-",
                                        "-a b", "- 1", "--x y", "x-v",        "=",   "=-v",
                                        " -v",  "a b", "@x",    "--version x"};
    for (size_t i = 0; i < COUNT(nexts); i++) {
        struct arena a = ARENA_EMPTY;
        assert_translates(arena_printf(&a, "c|-vs|%s|x", nexts[i]),
                          arena_printf(&a, "[c][--version-str=%s][x]", nexts[i]));
        arena_free(&a);
    }
}

TEST(everything_else_stays_where_it_is)
{
    assert_translates("c", "[c]");
    assert_translates("", "[]");
    assert_translates("-v|1", "[-v][1]"); // the first word says what to do
    assert_translates("-v|-p|1", "[-v][--product-id=1]");
    assert_translates("c|a|-||b|-1", "[c][a][-][][b][-1]");
    assert_translates("c|--vendor-id|1|--x=-v", "[c][--vendor-id][1][--x=-v]");
    assert_translates("c|-v|1|--|a|b", "[c][--vendor-id=1][--][a][b]");
    assert_translates("c|--|-v|1", "[c][--][-v][1]"); // -- ends the options
    assert_translates("c|-v|1|--|-v", "[c][--vendor-id=1][--][-v]");
    assert_translates("c|--help|-v|1", "[c][--help][--vendor-id=1]");
    assert_needs_value("c|--release-notes|-p|2", "--release-notes");
    assert_needs_value("c|--release-notes", "--release-notes");
    assert_translates("c|a|-v|1|b|-v|2|d", "[c][a][--vendor-id=1][b][--vendor-id=2][d]");
}

TEST(no_words_at_all)
{
    struct arena a = ARENA_EMPTY;
    struct argparse_words *w = ARENA_NEW(&a, struct argparse_words);
    struct err e = ERR_NONE;
    assert_true(argparse_translate(w, options, COUNT(options), &a, &e));
    assert_int_equal(w->count, 0);
    arena_free(&a);
}

UNIT(argparse)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_without_files_stay),
        cmocka_unit_test(each_line_is_an_argument),
        cmocka_unit_test(files_in_files),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(how_large_a_file_may_be),
        cmocka_unit_test(how_large_all_files_may_be),
        cmocka_unit_test(how_many_words_there_may_be),
        cmocka_unit_test(every_option_apart_from_its_value_and_joined),
        cmocka_unit_test(joined_to_one_letter),
        cmocka_unit_test(joined_by_an_equals_sign),
        cmocka_unit_test(beginnings_of_options),
        cmocka_unit_test(what_looks_like_an_option_is_no_value),
        cmocka_unit_test(what_is_a_value_all_the_same),
        cmocka_unit_test(everything_else_stays_where_it_is),
        cmocka_unit_test(no_words_at_all),
    };
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
