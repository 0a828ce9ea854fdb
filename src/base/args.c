// SPDX-License-Identifier: Apache-2.0
#include "args.h"

#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "text.h"

struct reading {
    struct args *args;
    struct arena *arena;
    size_t *counts; // values per row
    int argc;
    char **argv;
    int at;
    struct err *e;
};

static size_t row_count(const struct opt *opts)
{
    size_t n = 0;
    while (opts[n].name != NULL) {
        n++;
    }
    return n;
}

// The rows whose names begin with these n characters: how many, and the last of them. A row with
// just this name is the only one.
static size_t matching_rows(const struct opt *opts, const char *name, size_t n,
                            const struct opt *matches[2])
{
    size_t count = 0;
    for (const struct opt *o = opts; o->name != NULL; o++) {
        if (strncmp(o->name, name, n) != 0) {
            continue;
        }
        if (o->name[n] == '\0') {
            matches[0] = o;
            return 1;
        }
        matches[count > 0] = o;
        count++;
    }
    return count;
}

// As it is called: "build", "compat ota_image_tool create".
static const char *full_name(struct arena *a, const struct cmd *cmd)
{
    return cmd->parent == NULL ? cmd->name : arena_printf(a, "%s%s", cmd->parent, cmd->name);
}

static const struct opt *no_row(struct reading *rd, const char *word)
{
    const struct cmd *cmd = rd->args->cmd;
    const char *names[64];
    size_t count = 0;
    for (const struct opt *o = cmd->opts; o->name != NULL && count < 64; o++) {
        names[count++] = o->name;
    }
    const char *near = text_nearest(word, names, count);
    err_set(rd->e, STATUS_CANNOT, "%s has no option --%s; %s%s%s", cmd->name, word,
            near == NULL ? "see otapack " : "did you mean --",
            near == NULL ? full_name(rd->arena, cmd) : near, near == NULL ? " --help" : "?");
    return NULL;
}

// The row of a long option, by its whole name or a beginning that no other has.
static const struct opt *long_row(struct reading *rd, const char *name, size_t n)
{
    const struct opt *matches[2] = {NULL, NULL};
    size_t count = matching_rows(rd->args->cmd->opts, name, n, matches);
    if (count > 1) {
        err_set(rd->e, STATUS_CANNOT, "--%.*s could be --%s or --%s; write more of it", (int)n,
                name, matches[0]->name, matches[1]->name);
        return NULL;
    }
    return count == 1 ? matches[0] : no_row(rd, arena_copy(rd->arena, name, n));
}

static const struct opt *short_row(struct reading *rd, char letter)
{
    for (const struct opt *o = rd->args->cmd->opts; o->name != NULL; o++) {
        if (o->letter == letter) {
            return o;
        }
    }
    err_set(rd->e, STATUS_CANNOT, "%s has no option -%c; see otapack %s --help",
            rd->args->cmd->name, letter, full_name(rd->arena, rd->args->cmd));
    return NULL;
}

static bool add_value(struct reading *rd, const struct opt *o, const char *value)
{
    size_t row = (size_t)(o - rd->args->cmd->opts);
    if (rd->counts[row] > 0 && !o->repeats) {
        return err_set(rd->e, STATUS_CANNOT, "--%s is given twice; give it once", o->name);
    }
    if (rd->counts[row] == ARGS_MOST) {
        return err_set(rd->e, STATUS_CANNOT,
                       "--%s is given more than %d times, which is the most; give some of it to "
                       "another run",
                       o->name, ARGS_MOST);
    }
    size_t count = rd->counts[row]++;
    if ((count & (count - 1)) == 0) { // a power of two, or 0: the list is full, with its NULL
        const char **list = arena_alloc(rd->arena, (2 * count + 2) * sizeof(*list));
        if (count > 0) {
            memcpy(list, rd->args->values[row], count * sizeof(*list));
        }
        rd->args->values[row] = list;
    }
    rd->args->values[row][count] = value;
    return true;
}

// The value is joined to the option, or the next word.
static bool take_option(struct reading *rd, const struct opt *o, const char *joined)
{
    if (o->arg == NULL) {
        return joined != NULL ? err_set(rd->e, STATUS_CANNOT, "--%s takes no value", o->name)
                              : add_value(rd, o, "");
    }
    if (joined == NULL) {
        if (rd->at + 1 >= rd->argc) {
            return err_set(rd->e, STATUS_CANNOT, "--%s needs a value: %s", o->name, o->arg);
        }
        joined = rd->argv[++rd->at];
    }
    return add_value(rd, o, joined);
}

static bool take_long(struct reading *rd, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t n = equals == NULL ? strlen(word) : (size_t)(equals - word);
    const struct opt *o = long_row(rd, word, n);
    return o != NULL && take_option(rd, o, equals == NULL ? NULL : equals + 1);
}

static bool take_short(struct reading *rd, const char *word)
{
    for (; *word != '\0'; word++) {
        const struct opt *o = short_row(rd, *word);
        if (o == NULL) {
            return false;
        }
        if (o->arg != NULL) {
            return take_option(rd, o, word[1] == '\0' ? NULL : word + 1);
        }
        if (!take_option(rd, o, NULL)) {
            return false;
        }
    }
    return true;
}

static bool take_words(struct reading *rd)
{
    bool operands_only = false;
    for (; rd->at < rd->argc; rd->at++) {
        const char *word = rd->argv[rd->at];
        bool good = true;
        if (operands_only || word[0] != '-' || word[1] == '\0') {
            rd->args->operands[rd->args->operand_count++] = word;
        } else if (strcmp(word, "--") == 0) {
            operands_only = true;
        } else {
            good = word[1] == '-' ? take_long(rd, word + 2) : take_short(rd, word + 1);
        }
        if (!good) {
            return false;
        }
    }
    return true;
}

static bool asks_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

static bool count_operands(const struct args *args, struct arena *a, struct err *e)
{
    const struct cmd *cmd = args->cmd;
    if (args->operand_count < cmd->min) {
        return err_set(e, STATUS_CANNOT, "%s needs %s; see otapack %s --help", cmd->name,
                       cmd->raw       ? "to be told what to do"
                       : cmd->min > 1 ? "more files"
                                      : "a file",
                       full_name(a, cmd));
    }
    if (args->operand_count > cmd->max && cmd->max == ARGS_MOST) {
        return err_set(e, STATUS_CANNOT,
                       "%s takes at most %d files; give the others to another run", cmd->name,
                       ARGS_MOST);
    }
    if (args->operand_count > cmd->max) {
        return err_set(e, STATUS_CANNOT,
                       "%s does not know what to do with '%s'; see otapack %s --help", cmd->name,
                       args->operands[cmd->max], full_name(a, cmd));
    }
    return true;
}

bool args_read(const struct cmd *cmd, int argc, char **argv, struct arena *a, struct args *out,
               bool *help, struct err *e)
{
    size_t rows = row_count(cmd->opts);
    struct reading rd = {out, a, arena_alloc(a, (rows + 1) * sizeof(size_t)), argc, argv, 0, e};
    out->cmd = cmd;
    out->operands = arena_alloc(a, ((size_t)argc + 1) * sizeof(*out->operands));
    out->operand_count = 0;
    out->values = arena_alloc(a, (rows + 1) * sizeof(*out->values));
    *help = asks_help(argc, argv) && !(cmd->raw && argc > 0 && argv[0][0] != '-');
    if (*help) {
        return true;
    }
    if (cmd->raw) {
        for (int i = 0; i < argc; i++) {
            out->operands[out->operand_count++] = argv[i];
        }
        return count_operands(out, a, e);
    }
    return take_words(&rd) && count_operands(out, a, e);
}

const char **args_values(const struct args *args, const char *name)
{
    static const char *none[] = {NULL};
    for (size_t i = 0; args->cmd->opts[i].name != NULL; i++) {
        if (strcmp(args->cmd->opts[i].name, name) == 0 && args->values[i] != NULL) {
            return args->values[i];
        }
    }
    return none;
}

const char *args_value(const struct args *args, const char *name)
{
    const char *last = NULL;
    for (const char **v = args_values(args, name); *v != NULL; v++) {
        last = *v;
    }
    return last;
}

// "-o, --output FILE", padded by the caller.
static int option_words(const struct opt *o, char *to, size_t size)
{
    char letter[] = {'-', o->letter, ',', ' ', '\0'};
    return snprintf(to, size, "%s--%s%s%s", o->letter == 0 ? "    " : letter, o->name,
                    o->arg == NULL ? "" : " ", o->arg == NULL ? "" : o->arg);
}

static void print_options(const struct opt *opts)
{
    enum { HELP_AT = 30 };
    for (const struct opt *o = opts; o->name != NULL; o++) {
        char words[80];
        int n = option_words(o, words, sizeof(words));
        const char *help = o->help;
        printf("  %s%*s", words, n + 2 < HELP_AT ? HELP_AT - n - 2 : 0, "");
        if (n + 2 >= HELP_AT) {
            printf("\n%*s", HELP_AT, "");
        }
        for (const char *end; (end = strchr(help, '\n')) != NULL; help = end + 1) {
            printf("%.*s\n%*s", (int)(end - help), help, HELP_AT, "");
        }
        printf("%s\n", help);
    }
}

void args_print_help(const struct cmd *cmd)
{
    const char *form = cmd->operands;
    const char *lead = "usage:";
    for (const char *end; form != NULL; form = end == NULL ? NULL : end + 1, lead = "      ") {
        end = strchr(form, '\n');
        printf("%s otapack %s%s %.*s\n", lead, cmd->parent == NULL ? "" : cmd->parent, cmd->name,
               end == NULL ? (int)strlen(form) : (int)(end - form), form);
    }
    printf("\n%s\n", cmd->about);
    if (cmd->opts[0].name != NULL) {
        printf("\n");
        print_options(cmd->opts);
    }
    if (cmd->examples != NULL) {
        printf("\nExamples:\n%s\n", cmd->examples);
    }
}
