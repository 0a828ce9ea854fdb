// SPDX-License-Identifier: Apache-2.0
//
// help: the verbs, one verb, the checks, the formats.
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "format.h"
#include "text.h"
#include "verb_list.h"

// Prints text in lines of at most 80 columns, each indented by `indent`; the first is begun.
static void print_wrapped(const char *text, int indent)
{
    int column = indent;
    while (*text != '\0') {
        int n = (int)strcspn(text, " ");
        if (column > indent && column + n + 1 > 80) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        column += printf("%s%.*s", column > indent ? " " : "", n, text);
        text += n + (text[n] == ' ');
    }
    printf("\n");
}

// "the bootloader, eboot; looked at only on ...".
static void print_who(const struct check *check)
{
    struct arena a = ARENA_EMPTY;
    const char *names[CHECK_WHO_COUNT];
    size_t n = 0;
    for (unsigned i = 0; i < CHECK_WHO_COUNT; i++) {
        if ((check->who >> i & 1) != 0) {
            names[n++] = check_actors[i].title;
        }
    }
    const char *who = n == 0 ? "nobody but a tool" : text_list(&a, names, n);
    const char *follows = check->follows;
    if (check->when != WHEN_ALWAYS) {
        const struct check_condition *when = &check_conditions[check->when];
        who = arena_printf(&a, "%s, only %s (elsewhere: %s)", who, when->text,
                           check_severity_name(when->otherwise));
    }
    print_wrapped(arena_printf(&a, "%s%s%s", who, *follows == '\0' ? "" : ": ", follows), 9);
    arena_free(&a);
}

static void print_checks(void)
{
    printf("Checks: what inspect, verify and build look at. After each ID, what happens on a\n"
           "device when it fails: brick (it stops working, or reboots or reflashes for\n"
           "ever), reject (it refuses the update), warn (it takes it, and something is\n"
           "lost), note (nothing). Then who looks at it on a device. --allow ID lets one\n"
           "pass with a warning; those marked * cannot be allowed.\n");
    for (int i = 0; i < CHECK_COUNT; i++) {
        printf("\n%s  %s%s\n    ", checks[i].id, check_severity_name(checks[i].severity),
               checks[i].allowable ? "" : " *");
        print_wrapped(checks[i].condition, 4);
        printf("    who: ");
        print_who(&checks[i]);
        printf("    else: ");
        print_wrapped(checks[i].remedy, 10);
    }
}

static void print_formats(void)
{
    for (size_t i = 0; i < formats.count; i++) {
        printf("%-16s  %s\n", formats.list[i]->name, formats.list[i]->title);
    }
}

static void print_verbs(void)
{
    printf("usage: otapack VERB [OPTIONS] [FILES]\n\n"
           "Packages and inspects over-the-air firmware images of Espressif devices.\n\n");
    for (size_t i = 0; i < verb_count; i++) {
        printf("  %-10s  %s\n", verbs[i]->name, verbs[i]->summary);
    }
    printf("\n  otapack VERB --help says more; otapack help checks lists every check.\n"
           "  Exit status: 0 done, and every check passed; 1 the answer is no; 2 otapack\n"
           "  could not do it.\n");
}

static const struct {
    const char *name;
    void (*print)(void);
} topics[] = {{"checks", print_checks}, {"formats", print_formats}};
enum { TOPIC_COUNT = sizeof(topics) / sizeof(topics[0]) };

// A verb or a topic by name; what was probably meant, otherwise.
static enum status print_about(const char *name, struct err *e)
{
    const char *names[TOPIC_COUNT];
    struct err ignored;
    for (size_t i = 0; i < TOPIC_COUNT; i++) {
        names[i] = topics[i].name;
        if (strcmp(name, names[i]) == 0) {
            topics[i].print();
            return STATUS_OK;
        }
    }
    const struct cmd *cmd = verb_by_name(name, &ignored);
    const char *near = text_nearest(name, names, TOPIC_COUNT);
    if (cmd != NULL) {
        args_print_help(cmd);
        return STATUS_OK;
    }
    if (near != NULL) {
        err_set(e, STATUS_CANNOT, "there is no help on '%s'; did you mean '%s'?", name, near);
        return STATUS_CANNOT;
    }
    (void)verb_by_name(name, e);
    return STATUS_CANNOT;
}

static enum status help_run(const struct args *args, struct err *e)
{
    if (args->operand_count > 0) {
        return print_about(args->operands[0], e);
    }
    print_verbs();
    return STATUS_OK;
}

const struct cmd cmd_help = {.name = "help",
                             .summary = "what otapack can do; every check; every format",
                             .operands = "[VERB | checks | formats]",
                             .about = "Says what otapack can do, or one verb of it; lists every "
                                      "check, or every format.",
                             .max = 1,
                             .run = help_run};
