// SPDX-License-Identifier: Apache-2.0
//
// help: the verbs, one verb, the checks, one check, the formats; all of it as JSON.
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "device_log.h"
#include "format.h"
#include "help_json.h"
#include "show.h"
#include "text.h"
#include "verb_hint.h"
#include "verb_list.h"

static void print_wrapped(const char *text, int indent)
{
    show_flow(text, indent, indent);
    putchar('\n');
}

static void print_who(const struct check *check)
{
    struct arena a = ARENA_EMPTY;
    print_wrapped(check_who_text(&a, check), 9);
    arena_free(&a);
}

static void print_check(const struct check *check)
{
    printf("%s  %s%s\n    ", check->id, check_severity_name(check->severity),
           check->allowable ? "" : " *");
    print_wrapped(check->condition, 4);
    printf("    who: ");
    print_who(check);
    printf("    else: ");
    print_wrapped(check->remedy, 10);
    for (size_t i = 0; i < device_log_count; i++) {
        if (&checks[device_logs[i].check] == check) {
            struct arena a = ARENA_EMPTY;
            printf("    log: ");
            print_wrapped(arena_printf(&a, "%s (%s)", device_logs[i].words, device_logs[i].who), 9);
            arena_free(&a);
        }
    }
}

static void print_checks(void)
{
    printf("Checks: what inspect, verify and build look at. After each ID, what happens on a\n"
           "device when it fails: brick (it stops working, or reboots or reflashes for\n"
           "ever), reject (it refuses the update), warn (it takes it, and something is\n"
           "lost), note (nothing). Then who looks at it on a device. --allow ID lets one\n"
           "pass with a warning; those marked * cannot be allowed.\n");
    for (int i = 0; i < CHECK_COUNT; i++) {
        putchar('\n');
        print_check(&checks[i]);
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

// What was probably meant: one of the other verbs, else a topic or a check.
static enum status no_help(const char *name, struct err *e)
{
    const char *names[TOPIC_COUNT + CHECK_COUNT], *verb;
    size_t count = 0;
    for (; count < TOPIC_COUNT; count++) {
        names[count] = topics[count].name;
    }
    for (int i = 0; i < CHECK_COUNT; i++) {
        names[count++] = checks[i].id;
    }
    const char *near = text_nearest(name, names, count);
    (void)cmd_find(verbs, name, &verb);
    if (near != NULL && (verb == NULL || near == text_nearest(name, names, TOPIC_COUNT))) {
        err_set(e, STATUS_CANNOT, "there is no help on '%s'; did you mean '%s'?", name, near);
    } else if (verb != NULL || *verb_hint(name) != '\0') {
        (void)verb_by_name(name, e);
    } else {
        err_set(e, STATUS_CANNOT,
                "there is no help on '%s': it is no verb, no check, and no line of a device's log "
                "that is known; see otapack help",
                name);
    }
    return STATUS_CANNOT;
}

// The checks of which a device speaks so; false: none.
static bool print_logged(const char *line)
{
    bool any = false;
    for (int i = 0; i < CHECK_COUNT; i++) {
        bool fits = false;
        for (size_t k = 0; k < device_log_count; k++) {
            fits = fits || (device_logs[k].check == (enum check_id)i &&
                            device_log_fits(&device_logs[k], line));
        }
        if (fits) {
            printf("%s", any ? "\n" : "");
            print_check(&checks[i]);
        }
        any = any || fits;
    }
    return any;
}

// A topic, a verb or a check by name; a check by what a device logs.
static enum status print_about(const char *name, struct err *e)
{
    for (size_t i = 0; i < TOPIC_COUNT; i++) {
        if (strcmp(name, topics[i].name) == 0) {
            topics[i].print();
            return STATUS_OK;
        }
    }
    const char *near;
    const struct cmd *cmd = cmd_find(verbs, name, &near);
    enum check_id check = check_by_id(name, NULL);
    if (cmd != NULL) {
        args_print_help(cmd);
    } else if (check != CHECK_COUNT) {
        print_check(&checks[check]);
    } else if (!print_logged(name)) {
        return no_help(name, e);
    }
    return STATUS_OK;
}

static enum status help_run(const struct args *args, struct err *e)
{
    bool json = args_value(args, "json") != NULL;
    if (json && args->operand_count > 0) {
        err_set(e, STATUS_CANNOT, "--json is about everything; leave out '%s'", args->operands[0]);
        return STATUS_CANNOT;
    }
    if (args->operand_count > 0) {
        struct arena a = ARENA_EMPTY;
        const char *about = args->operands[0];
        for (size_t i = 1; i < args->operand_count; i++) {
            about = arena_printf(&a, "%s %s", about, args->operands[i]);
        }
        enum status status = print_about(about, e);
        arena_free(&a);
        return status;
    }
    if (json) {
        help_json_print();
    } else {
        print_verbs();
    }
    return STATUS_OK;
}

static const struct opt *const opts[] = {
    OPTS({'j', "json", NULL, "everything that otapack knows of itself, as JSON", false}), NULL};

const struct cmd cmd_help = {
    .name = "help",
    .summary = "what otapack can do; every check; every format",
    .operands = "[VERB | checks | formats | CHECK-ID]\n"
                "'LINE OF A LOG'\n--json",
    .about = "Says what otapack can do, or one verb of it; lists every "
             "check, or every format;\nsays what one check is about, by its ID or "
             "by what a device logs of it.",
    .opts = opts,
    .max = ARGS_MOST,
    .run = help_run};
