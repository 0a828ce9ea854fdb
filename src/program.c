// SPDX-License-Identifier: Apache-2.0
#include "program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os.h"
#include "seen.h"
#include "verb_list.h"

static bool is_one_of(const char *word, const char *a, const char *b)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

// A file where the verb belongs is inspected; with a verb behind it, the two were exchanged.
static const struct cmd *cmd_of_file(int argc, char **argv, struct err *e)
{
    const char *near;
    const struct cmd *second = argc > 2 ? cmd_find(verbs, argv[2], &near) : NULL;
    if (second != NULL) {
        err_set(e, STATUS_CANNOT, "%s: is a file; put the verb first: otapack %s %s", argv[1],
                argv[2], argv[1]);
        return NULL;
    }
    return verb_by_name("inspect", e);
}

static enum status run_verb(int argc, char **argv, struct arena *a, struct err *e)
{
    bool help;
    struct args args = {.cmd = NULL};
    if (argc < 2) {
        err_set(e, STATUS_CANNOT, "no verb given; see otapack help");
        return STATUS_CANNOT;
    }
    if (is_one_of(argv[1], "--version", "-V")) {
        printf("otapack %s\n", OTAPACK_VERSION);
        return STATUS_OK;
    }
    const char *verb = is_one_of(argv[1], "--help", "-h") ? "help" : argv[1], *near;
    struct os_info info;
    bool is_file = cmd_find(verbs, verb, &near) == NULL && os_info(verb, &info);
    const struct cmd *cmd = is_file ? cmd_of_file(argc, argv, e) : verb_by_name(verb, e);
    int from = is_file ? 1 : 2;
    if (cmd == NULL || !args_read(cmd, argc - from, argv + from, a, &args, &help, e)) {
        return STATUS_CANNOT;
    }
    if (help) {
        args_print_help(cmd);
        return STATUS_OK;
    }
    return cmd->run(&args, e);
}

int program_run(int argc, char **argv)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    seen_begin();
    enum status status = run_verb(argc, argv, &a, &e);
    seen_end();
    if (e.text[0] != '\0') {
        err_print(&e);
    }
    // A result that could not be written is no result.
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && errno != EPIPE) {
        err_errno(&e, "standard output", "write");
        err_print(&e);
        status = STATUS_CANNOT;
    }
    arena_free(&a);
    return (int)status;
}
