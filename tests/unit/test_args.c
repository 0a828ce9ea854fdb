// SPDX-License-Identifier: Apache-2.0
//
// args.h: long options and their beginnings, values joined and apart, bundles of letters, `--`,
// what is given twice, how many operands.
#include "unit.h"

#include "args.h"
#include "verb_list.h"

static const struct opt more[] = {
    {'p', "partition-table", OPT_FILE, "the host's", false},
    {0, "partition-size", OPT_NUMBER("N"), "how large", false},
    {0, "output", OPT_TEXT("TWICE"), "another group has this one before", true},
    {0, "partition", NULL, "a whole name that others begin with", false},
    {0, "when", OPT_WORDS("WHEN", "auto", "always", "never"), "of words", false},
    {0, "how", OPT_WORDS("HOW", "first"), "of one word", false},
    OPT_END,
};
static const struct opt *const opts[] = {
    OPTS({'o', "output", OPT_FILE, "where to", false},
         {'s', "set", OPT_TEXT("KEY=VALUE"), "change a key", true},
         {'q', "quiet", NULL, "say less", false}, {'v', "verbose", NULL, "say more", true}),
    more, NULL};

static const struct cmd cmd = {.name = "verb",
                               .summary = "",
                               .operands = "FILE...",
                               .about = "",
                               .opts = opts,
                               .min = 0,
                               .max = 3};

struct given {
    struct arena arena;
    struct args args;
    struct err e;
    bool help, good;
};

// Reads the words of a line. Words are parted by one blank; `\0` by "" is not possible this way.
static struct given *read_line(const struct cmd *verb, const char *line)
{
    static struct given g;
    char *argv[32];
    int argc = 0;
    g = (struct given){.arena = ARENA_EMPTY};
    char *rest = arena_string(&g.arena, line);
    for (char *word; (word = strsep(&rest, " ")) != NULL && argc < 32;) {
        if (line[0] != '\0') {
            argv[argc++] = word;
        }
    }
    g.good = args_read(verb, argc, argv, &g.arena, &g.args, &g.help, &g.e);
    assert_int_equal(g.good, g.e.status == STATUS_OK);
    return &g;
}

// The values of one option with commas between; "-" for none.
static const char *values(struct given *g, const char *name)
{
    const char *all = "-";
    for (const char **v = args_values(&g->args, name); *v != NULL; v++) {
        all = v == args_values(&g->args, name) ? *v : arena_printf(&g->arena, "%s,%s", all, *v);
    }
    return all;
}

TEST(what_is_taken)
{
    static const struct {
        const char *line, *output, *set, *quiet, *table, *operands;
    } rows[] = {
        {"", "-", "-", "-", "-", ""},
        {"a b", "-", "-", "-", "-", "a,b"},
        {"--output x", "x", "-", "-", "-", ""},
        {"--output=x", "x", "-", "-", "-", ""},
        {"--output=a=b", "a=b", "-", "-", "-", ""},
        {"--out x", "x", "-", "-", "-", ""},
        {"--o=x", "x", "-", "-", "-", ""},
        {"-o x", "x", "-", "-", "-", ""},
        {"-ox", "x", "-", "-", "-", ""},
        {"-o=x", "=x", "-", "-", "-", ""}, // a letter's value begins right behind it
        {"-o -", "-", "-", "-", "-", ""},
        {"-o --", "--", "-", "-", "-", ""},
        {"-o -q", "-q", "-", "-", "-", ""},
        {"--quiet", "-", "-", "", "-", ""},
        {"-q", "-", "-", "", "-", ""},
        {"-qvox", "x", "-", "", "-", ""},
        {"-qo x", "x", "-", "", "-", ""},
        {"-vv a", "-", "-", "-", "-", "a"},
        {"a -q b", "-", "-", "", "-", "a,b"},
        {"-s a=1 --set=b=2 -sc=3 --se d=4", "-", "a=1,b=2,c=3,d=4", "-", "-", ""},
        {"-- -q --output", "-", "-", "-", "-", "-q,--output"},
        {"a -- -- b", "-", "-", "-", "-", "a,--,b"},
        {"- a", "-", "-", "-", "-", "-,a"},
        {"--partition-t x", "-", "-", "-", "x", ""},
        {"-p x", "-", "-", "-", "x", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct given *g = read_line(&cmd, rows[i].line);
        if (!g->good) {
            print_error("%s: %s\n", rows[i].line, g->e.text);
            fail();
        }
        assert_string_equal(values(g, "output"), rows[i].output);
        assert_string_equal(values(g, "set"), rows[i].set);
        assert_string_equal(values(g, "quiet"), rows[i].quiet);
        assert_string_equal(values(g, "partition-table"), rows[i].table);
        const char *operands = "";
        for (size_t k = 0; k < g->args.operand_count; k++) {
            operands =
                arena_printf(&g->arena, "%s%s%s", operands, k > 0 ? "," : "", g->args.operands[k]);
        }
        assert_string_equal(operands, rows[i].operands);
        assert_false(g->help);
        arena_free(&g->arena);
    }
}

TEST(what_is_not)
{
    static const char *const rows[][2] = {
        {"--zebra", "verb has no option --zebra; see otapack verb --help"},
        {"--outptu x", "verb has no option --outptu; did you mean --output?"},
        {"--outputs=x", "verb has no option --outputs; did you mean --output?"},
        {"-z", "verb has no option -z"},
        {"-qz", "verb has no option -z"},
        {"-q-", "verb has no option --"},
        {"--output", "--output needs a value: FILE"},
        {"-o", "--output needs a value: FILE"},
        {"--output=", "--output is empty; give it a value"},
        {"-qo", "--output needs a value: FILE"},
        {"--quiet=yes", "--quiet takes no value"},
        {"--quiet=", "--quiet takes no value"},
        {"-o a -o b", "--output is given twice"},
        {"--output a -ob", "--output is given twice"},
        {"-qq", "--quiet is given twice"},
        {"--partition- x", "--partition- could be --partition-table or --partition-size"},
        {"a b c d", "verb does not know what to do with 'd'"},
        {"--=x", "--"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct given *g = read_line(&cmd, rows[i][0]);
        if (g->good || strstr(g->e.text, rows[i][1]) == NULL) {
            print_error("%s: %s\n", rows[i][0], g->e.text);
            fail();
        }
        assert_int_equal(g->e.status, STATUS_CANNOT);
        arena_free(&g->arena);
    }
}

// --partition is a row of its own, though two rows before it begin with it as well.
TEST(a_whole_name_wins_wherever_its_row_is)
{
    struct given *g = read_line(&cmd, "--partition");
    if (!g->good) {
        print_error("%s\n", g->e.text);
    }
    assert_true(g->good);
    assert_string_equal(values(g, "partition"), "");
    arena_free(&g->arena);
}

TEST(how_many_operands)
{
    struct cmd one = cmd;
    one.min = one.max = 1;
    struct given *g = read_line(&one, "-q");
    assert_false(g->good);
    assert_non_null(strstr(g->e.text, "verb needs a file"));
    arena_free(&g->arena);
    g = read_line(&one, "a -q");
    assert_true(g->good);
    arena_free(&g->arena);
    one.min = one.max = 2;
    g = read_line(&one, "a");
    assert_false(g->good);
    arena_free(&g->arena);
}

TEST(help_is_asked_for)
{
    static const struct {
        const char *line;
        bool help;
    } rows[] = {{"--help", true},         {"-h", true},         {"a --zebra --help", true},
                {"a b c d --help", true}, {"-- --help", false}, {"a", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct given *g = read_line(&cmd, rows[i].line);
        assert_true(g->good);
        assert_int_equal(g->help, rows[i].help);
        arena_free(&g->arena);
    }
}

TEST(a_raw_verb_reads_its_own_line)
{
    struct cmd raw = cmd;
    raw.raw = true;
    raw.max = ARGS_MOST;
    struct given *g = read_line(&raw, "create --zebra -x -- --help");
    assert_true(g->good && !g->help);
    assert_int_equal(g->args.operand_count, 5);
    assert_string_equal(g->args.operands[1], "--zebra");
    arena_free(&g->arena);
    g = read_line(&raw, "--help");
    assert_true(g->good && g->help);
    arena_free(&g->arena);
}

TEST(the_last_value_counts)
{
    struct given *g = read_line(&cmd, "-s a=1 -s a=2");
    assert_string_equal(args_value(&g->args, "set"), "a=2");
    assert_null(args_value(&g->args, "output"));
    assert_null(args_value(&g->args, "zebra"));
    arena_free(&g->arena);
}

// Of the real verbs: letters and names are unique, everything has a help text, and each name and
// each of its beginnings that no other has finds it.
TEST(the_rows_of_every_verb)
{
    for (size_t i = 0; i < verb_count; i++) {
        struct err e = ERR_NONE;
        assert_ptr_equal(verb_by_name(verbs[i]->name, &e), verbs[i]);
        assert_true(verbs[i]->summary[0] != '\0' && verbs[i]->min <= verbs[i]->max);
        assert_null(strchr(verbs[i]->summary, '\n'));
        struct arena a = ARENA_EMPTY;
        const struct opt *const *rows = opt_rows(verbs[i]->opts, &a);
        for (size_t k = 0; rows[k] != NULL; k++) {
            const struct opt *o = rows[k];
            assert_true(o->help[0] != '\0' && strncmp(o->name, "--", 2) != 0);
            assert_true(o->type == NULL || (o->type->arg != NULL && o->type->kind != NULL));
            for (size_t other = 0; other < k; other++) {
                assert_true(o->letter == 0 || o->letter != rows[other]->letter);
                assert_string_not_equal(o->name, rows[other]->name);
            }
            if (!verbs[i]->raw) {
                struct given *g = read_line(verbs[i], "");
                const char *line =
                    arena_printf(&g->arena, "--%s%s", o->name, o->type == NULL ? "" : "=x");
                struct arena keep = g->arena;
                g = read_line(verbs[i], line);
                assert_string_equal(values(g, o->name), o->type == NULL ? "" : "x");
                arena_free(&g->arena);
                arena_free(&keep);
            }
        }
        arena_free(&a);
    }
}

TEST(one_of_its_choices)
{
    static const struct {
        const char *line, *option;
        int usual, choice;
        const char *text;
    } rows[] = {
        {"", "when", 7, 7, ""},
        {"--when auto", "when", 7, 0, ""},
        {"--when never", "when", 7, 2, ""},
        {"--when Never", "when", 7, -1, "--when Never is not known; write auto, always or never"},
        {"--how first", "how", 7, 0, ""},
        {"--how firs", "how", 7, -1, "--how firs is not known; write first"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct given *g = read_line(&cmd, rows[i].line);
        struct err e = ERR_NONE;
        assert_int_equal(args_choice(&g->args, rows[i].option, rows[i].usual, &e), rows[i].choice);
        assert_string_equal(e.text, rows[i].text);
        arena_free(&g->arena);
    }
}

TEST(verbs_that_there_are_not)
{
    struct err e = ERR_NONE;
    assert_null(verb_by_name("inspcet", &e));
    assert_non_null(strstr(e.text, "did you mean 'inspect'?"));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_null(verb_by_name("zebra", &e));
    assert_null(verb_by_name("", &e));
}

// Of an option that repeats, too: the lists do not grow by being copied for each value, and end.
TEST(how_many_values)
{
    static char set[] = "--set", value[] = "a=b";
    enum { MOST = 40000 };
    char **argv = calloc(2 * MOST, sizeof(*argv));
    for (size_t i = 0; i < MOST; i++) {
        argv[2 * i] = set;
        argv[2 * i + 1] = value;
    }
    for (int count = ARGS_MOST; count <= MOST; count += MOST - ARGS_MOST) {
        struct given g = {.arena = ARENA_EMPTY};
        g.good = args_read(&cmd, 2 * count, argv, &g.arena, &g.args, &g.help, &g.e);
        size_t n = 0;
        while (args_values(&g.args, "set")[n] != NULL) {
            n++;
        }
        assert_int_equal(g.good, count == ARGS_MOST);
        assert_int_equal(n, ARGS_MOST);
        assert_true(g.good || strstr(g.e.text, "more than 4096 times") != NULL);
        assert_true(arena_size(&g.arena) <
                    6 * sizeof(char *) * ARGS_MOST + 2 * sizeof(char *) * MOST);
        arena_free(&g.arena);
    }
    free(argv);
}

TEST(how_many_files)
{
    static const struct cmd many = {
        .name = "verb", .summary = "", .operands = "", .about = "", .opts = opts, .max = ARGS_MOST};
    static char file[] = "a.bin";
    char **argv = calloc(ARGS_MOST + 1, sizeof(*argv));
    for (size_t i = 0; i <= ARGS_MOST; i++) {
        argv[i] = file;
    }
    for (int count = ARGS_MOST; count <= ARGS_MOST + 1; count++) {
        struct given g = {.arena = ARENA_EMPTY};
        g.good = args_read(&many, count, argv, &g.arena, &g.args, &g.help, &g.e);
        assert_int_equal(g.good, count == ARGS_MOST);
        assert_true(g.good || strstr(g.e.text, "takes at most 4096 files") != NULL);
        arena_free(&g.arena);
    }
    free(argv);
}

UNIT(args)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken),
        cmocka_unit_test(what_is_not),
        cmocka_unit_test(a_whole_name_wins_wherever_its_row_is),
        cmocka_unit_test(how_many_operands),
        cmocka_unit_test(how_many_values),
        cmocka_unit_test(how_many_files),
        cmocka_unit_test(help_is_asked_for),
        cmocka_unit_test(a_raw_verb_reads_its_own_line),
        cmocka_unit_test(the_last_value_counts),
        cmocka_unit_test(the_rows_of_every_verb),
        cmocka_unit_test(one_of_its_choices),
        cmocka_unit_test(verbs_that_there_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
