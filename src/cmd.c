// SPDX-License-Identifier: Apache-2.0
#include "cmd.h"

#include <string.h>

#include "text.h"

const struct cmd *const cmds[] = {
#define X(name) &cmd_##name,
    CMD_LIST(X)
#undef X
};
enum { CMD_MOST = 32 };
const size_t cmd_count = sizeof(cmds) / sizeof(cmds[0]);

// By name, among these; *near is what was probably meant.
static const struct cmd *find(const struct cmd *const *list, size_t count, const char *name,
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

const struct cmd *cmd_by_name(const char *name, struct err *e)
{
    const char *near;
    const struct cmd *cmd = find(cmds, cmd_count, name, &near);
    if (cmd == NULL) {
        err_set(e, STATUS_CANNOT, "there is no verb '%s'; %s%s%s", name,
                near == NULL ? "see otapack help" : "did you mean '", near == NULL ? "" : near,
                near == NULL ? "" : "'?");
    }
    return cmd;
}

enum status cmd_run_inner(const struct cmd *outer, const struct cmd *const *inner, size_t count,
                          const char *name, size_t argc, char **argv, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct args args = {.cmd = NULL};
    bool help;
    const char *near;
    enum status status = STATUS_CANNOT;
    const struct cmd *cmd = find(inner, count, name, &near);
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
