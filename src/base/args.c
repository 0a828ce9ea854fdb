// SPDX-License-Identifier: Apache-2.0
#include "args.h"

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

// The rows whose names begin with these n characters: how many, and two of them. A row with just
// this name is the only one.
static size_t matching_rows(const struct opt *const *rows, const char *name, size_t n,
                            const struct opt *const *matches[2])
{
    size_t count = 0;
    for (; *rows != NULL; rows++) {
        if (strncmp((*rows)->name, name, n) != 0) {
            continue;
        }
        if ((*rows)->name[n] == '\0') {
            matches[0] = rows;
            return 1;
        }
        matches[count > 0] = rows;
        count++;
    }
    return count;
}

static const struct opt *const *no_row(struct reading *rd, const char *word)
{
    const struct cmd *cmd = rd->args->cmd;
    const char *names[64];
    size_t count = 0;
    for (; count < 64 && rd->args->rows[count] != NULL; count++) {
        names[count] = rd->args->rows[count]->name;
    }
    const char *near = text_nearest(word, names, count);
    err_set(rd->e, STATUS_CANNOT, "%s has no option --%s; %s%s%s", cmd->name, word,
            near == NULL ? cmd_advice(cmd, rd->arena) : "did you mean --", near == NULL ? "" : near,
            near == NULL ? "" : "?");
    return NULL;
}

// NULL name: the letter counts.
static const struct opt_habit *habit_of(const struct cmd *cmd, const char *name, size_t n,
                                        char letter)
{
    const struct opt_habit *h = cmd->habits;
    for (; h != NULL && h->name != NULL; h++) {
        bool is = name == NULL ? h->letter == letter
                               : strlen(h->name) == n && memcmp(h->name, name, n) == 0;
        if (is) {
            return h;
        }
    }
    return NULL;
}

static const struct opt *const *no_habit(struct reading *rd, const struct opt_habit *h,
                                         const char *option)
{
    err_set(rd->e, STATUS_CANNOT, "%s has no option %s; %s", rd->args->cmd->name, option, h->todo);
    return NULL;
}

// The row of a long option, by its whole name or a beginning that no other has.
static const struct opt *const *long_row(struct reading *rd, const char *name, size_t n)
{
    const struct opt *const *matches[2] = {NULL, NULL};
    size_t count = matching_rows(rd->args->rows, name, n, matches);
    const struct opt_habit *habit = habit_of(rd->args->cmd, name, n, 0);
    if (habit != NULL) {
        return no_habit(rd, habit, arena_printf(rd->arena, "--%s", habit->name));
    }
    if (count > 1) {
        err_set(rd->e, STATUS_CANNOT, "--%.*s could be --%s or --%s; write more of it", (int)n,
                name, (*matches[0])->name, (*matches[1])->name);
        return NULL;
    }
    return count == 1 ? matches[0] : no_row(rd, arena_copy(rd->arena, name, n));
}

static const struct opt *const *short_row(struct reading *rd, char letter)
{
    for (const struct opt *const *row = rd->args->rows; *row != NULL; row++) {
        if ((*row)->letter == letter) {
            return row;
        }
    }
    const struct opt_habit *habit = habit_of(rd->args->cmd, NULL, 0, letter);
    if (habit != NULL) {
        return no_habit(rd, habit, arena_printf(rd->arena, "-%c", letter));
    }
    err_set(rd->e, STATUS_CANNOT, "%s has no option -%c; %s", rd->args->cmd->name, letter,
            cmd_advice(rd->args->cmd, rd->arena));
    return NULL;
}

static bool add_value(struct reading *rd, const struct opt *const *at, const char *value)
{
    const struct opt *o = *at;
    size_t row = (size_t)(at - rd->args->rows);
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

// What takes another's command line takes an empty text where that one does.
static bool is_of_a_script(const struct cmd *cmd)
{
    static const char compat[] = "compat ";
    return cmd->parent != NULL && strncmp(cmd->parent, compat, sizeof(compat) - 1) == 0;
}

// A variable of those who call was not set. No file or folder has an empty name, and what an option
// of ours is given means something.
static bool says_nothing(const struct cmd *cmd, const struct opt *o, const char *value)
{
    static const char *const kinds[] = {"file", "folder"};
    enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };
    return *value == '\0' && !o->type->may_be_empty &&
           (!is_of_a_script(cmd) || text_place(o->type->kind, kinds, KINDS) < KINDS);
}

// The value is joined to the option, or the next word.
static bool take_option(struct reading *rd, const struct opt *const *row, const char *joined)
{
    const struct opt *o = *row;
    if (o->type == NULL) {
        return joined != NULL ? err_set(rd->e, STATUS_CANNOT,
                                        "--%s takes no value; write it without the =", o->name)
                              : add_value(rd, row, "");
    }
    if (joined == NULL) {
        if (rd->at + 1 >= rd->argc) {
            return err_set(rd->e, STATUS_CANNOT, "--%s needs a value: %s", o->name, o->type->arg);
        }
        joined = rd->argv[++rd->at];
    }
    if (says_nothing(rd->args->cmd, o, joined)) {
        return err_set(rd->e, STATUS_CANNOT, "--%s is empty; give it a value", o->name);
    }
    return add_value(rd, row, joined);
}

static bool take_long(struct reading *rd, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t n = equals == NULL ? strlen(word) : (size_t)(equals - word);
    const struct opt *const *row = long_row(rd, word, n);
    return row != NULL && take_option(rd, row, equals == NULL ? NULL : equals + 1);
}

static bool take_short(struct reading *rd, const char *word)
{
    for (; *word != '\0'; word++) {
        const struct opt *const *row = short_row(rd, *word);
        if (row == NULL) {
            return false;
        }
        if ((*row)->type != NULL) {
            return take_option(rd, row, word[1] == '\0' ? NULL : word + 1);
        }
        if (!take_option(rd, row, NULL)) {
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

// Of a command that has its own under it, and divides its words itself, what stands behind one of
// these is about that.
static bool asks_help(const struct cmd *cmd, int argc, char **argv)
{
    const char *near;
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (cmd->raw &&
            (i == 0 ? argv[i][0] != '-'
                    : cmd->inner != NULL && cmd_find(cmd->inner, argv[i], &near) != NULL)) {
            return false;
        }
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

// What is too much is mostly meant as the file to write.
static bool too_many(const struct args *args, struct arena *a, struct err *e)
{
    const struct opt *const *matches[2];
    bool writes = matching_rows(args->rows, "output", strlen("output"), matches) == 1;
    return err_set(e, STATUS_CANNOT, "%s does not know what to do with '%s'; %s%s", args->cmd->name,
                   args->operands[args->cmd->max],
                   writes ? "if it is the file to write, put -o before it, else " : "",
                   cmd_advice(args->cmd, a));
}

// A variable of a script that is not set leaves an empty word: no file, nor a path in one, is
// meant.
static bool are_named(const struct args *args, struct err *e)
{
    bool good = true;
    for (size_t i = 0; good && i < args->operand_count; i++) {
        good = *args->operands[i] != '\0' ||
               err_set(e, STATUS_CANNOT,
                       "%s is given an empty word; name what is meant, or leave "
                       "it out",
                       args->cmd->name);
    }
    return good;
}

static bool count_operands(const struct args *args, struct arena *a, struct err *e)
{
    const struct cmd *cmd = args->cmd;
    if (args->operand_count < cmd->min) {
        const char *form = arena_copy(a, cmd->operands, strcspn(cmd->operands, "\n"));
        return err_set(e, STATUS_CANNOT, "%s needs %s; %s", cmd->name,
                       cmd->raw       ? "to be told what to do"
                       : cmd->min > 1 ? form
                                      : "a file",
                       cmd_advice(cmd, a));
    }
    if (args->operand_count > cmd->max && cmd->max >= ARGS_MOST) {
        return err_set(e, STATUS_CANNOT,
                       "%s takes at most %zu files; give the others to another run", cmd->name,
                       cmd->max);
    }
    return args->operand_count <= cmd->max || too_many(args, a, e);
}

bool args_read(const struct cmd *cmd, int argc, char **argv, struct arena *a, struct args *out,
               bool *help, struct err *e)
{
    size_t rows = 0;
    out->cmd = cmd;
    out->rows = opt_rows(cmd->opts, a);
    while (out->rows[rows] != NULL) {
        rows++;
    }
    struct reading rd = {out, a, arena_alloc(a, (rows + 1) * sizeof(size_t)), argc, argv, 0, e};
    out->operands = arena_alloc(a, ((size_t)argc + 1) * sizeof(*out->operands));
    out->operand_count = 0;
    out->values = arena_alloc(a, (rows + 1) * sizeof(*out->values));
    *help = asks_help(cmd, argc, argv);
    if (*help) {
        return true;
    }
    if (cmd->raw) {
        for (int i = 0; i < argc; i++) {
            out->operands[out->operand_count++] = argv[i];
        }
        return count_operands(out, a, e);
    }
    return take_words(&rd) && are_named(out, e) && count_operands(out, a, e);
}

const char **args_values(const struct args *args, const char *name)
{
    static const char *none[] = {NULL};
    for (size_t i = 0; args->rows[i] != NULL; i++) {
        if (strcmp(args->rows[i]->name, name) == 0 && args->values[i] != NULL) {
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

char **args_words(const struct args *args, struct arena *a)
{
    char **words = arena_alloc(a, (args->operand_count + 1) * sizeof(*words));
    for (size_t i = 0; i < args->operand_count; i++) {
        words[i] = arena_string(a, args->operands[i]);
    }
    return words;
}

// "auto, always or never"
static const char *choices_text(struct arena *a, const struct opt_type *type)
{
    const char *list = opt_choice(type, 0), *choice;
    for (unsigned i = 1; (choice = opt_choice(type, i)) != NULL; i++) {
        list = arena_printf(a, "%s%s%s", list, opt_choice(type, i + 1) == NULL ? " or " : ", ",
                            choice);
    }
    return list;
}

int args_choice(const struct args *args, const char *name, int usual, struct err *e)
{
    const char *value = args_value(args, name), *choice;
    const struct opt *const *row = args->rows;
    if (value == NULL) {
        return usual;
    }
    while (strcmp((*row)->name, name) != 0) {
        row++;
    }
    for (unsigned i = 0; (choice = opt_choice((*row)->type, i)) != NULL; i++) {
        if (strcmp(choice, value) == 0) {
            return (int)i;
        }
    }
    struct arena a = ARENA_EMPTY;
    err_set(e, STATUS_CANNOT, "--%s %s is not known; write %s", name, value,
            choices_text(&a, (*row)->type));
    arena_free(&a);
    return -1;
}
