// SPDX-License-Identifier: Apache-2.0
//
// What --help says of a command: its forms, its options, its examples.
#include <stdio.h>
#include <string.h>

#include "args.h"

// "-o, --output FILE", padded by the caller.
static int option_words(const struct opt *o, char *to, size_t size)
{
    char letter[] = {'-', o->letter, ',', ' ', '\0'};
    return snprintf(to, size, "%s--%s%s%s", o->letter == 0 ? "    " : letter, o->name,
                    o->type == NULL ? "" : " ", o->type == NULL ? "" : o->type->arg);
}

static void print_option(const struct opt *o)
{
    enum { HELP_AT = 30 };
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

static void print_options(const struct opt *const *groups)
{
    struct arena a = ARENA_EMPTY;
    const struct opt *const *rows = opt_rows(groups, &a);
    printf("%s", *rows == NULL ? "" : "\n");
    for (; *rows != NULL; rows++) {
        print_option(*rows);
    }
    arena_free(&a);
}

static void print_inner(const struct cmd *const *inner)
{
    size_t widest = 0;
    for (size_t i = 0; inner[i] != NULL; i++) {
        widest = strlen(inner[i]->name) > widest ? strlen(inner[i]->name) : widest;
    }
    printf("\n");
    for (; *inner != NULL; inner++) {
        printf("  %-*s%s\n", (int)(widest + 2) | 3, (*inner)->name, (*inner)->summary);
    }
}

static void print_topics(struct cmd_topic (*topic)(unsigned i))
{
    size_t widest = 0;
    for (unsigned i = 0; topic(i).name != NULL; i++) {
        size_t n = strlen(topic(i).name);
        widest = n > widest ? n : widest;
    }
    for (unsigned i = 0; topic(i).name != NULL; i++) {
        printf("  %-*s%s\n", (int)(widest + 2), topic(i).name, topic(i).text);
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
    if (cmd->inner != NULL) {
        print_inner(cmd->inner);
    }
    if (cmd->more != NULL) {
        printf("\n%s\n", cmd->more);
    }
    if (cmd->topic != NULL) {
        print_topics(cmd->topic);
    }
    print_options(cmd->opts);
    if (cmd->examples != NULL) {
        printf("\nExamples:\n%s\n", cmd->examples);
    }
}
