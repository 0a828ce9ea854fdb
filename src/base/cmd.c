// SPDX-License-Identifier: Apache-2.0
#include "cmd.h"

#include <string.h>

#include "text.h"

enum { CMD_MOST = 32 };

const struct cmd *cmd_find(const struct cmd *const *list, size_t count, const char *name,
                           const char **near)
{
    const char *names[CMD_MOST];
    for (size_t i = 0; i < count; i++) {
        names[i] = list[i]->name;
        if (strcmp(list[i]->name, name) == 0) {
            return list[i];
        }
    }
    *near = text_nearest(name, names, count);
    return NULL;
}

enum status cmd_run_inner(const struct cmd *outer, const struct cmd *const *inner, size_t count,
                          const char *name, size_t argc, char **argv, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct args args = {.cmd = NULL};
    bool help;
    const char *near;
    enum status status = STATUS_CANNOT;
    const struct cmd *cmd = cmd_find(inner, count, name, &near);
    if (cmd == NULL) {
        err_set(e, STATUS_CANNOT, "%s does not know '%s'; %s%s%s%s", outer->name, name,
                near == NULL ? "see otapack " : "did you mean ",
                near == NULL ? (outer->parent == NULL ? "" : outer->parent) : near,
                near == NULL ? outer->name : "", near == NULL ? " --help" : "?");
    } else if (args_read(cmd, (int)argc, argv, &a, &args, &help, e)) {
        if (help) {
            args_print_help(cmd);
        }
        status = help ? STATUS_OK : cmd->run(&args, e);
    }
    arena_free(&a);
    return status;
}
