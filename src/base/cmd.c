// SPDX-License-Identifier: Apache-2.0
#include "cmd.h"

#include <string.h>

#include "text.h"

enum { CMD_MOST = 32, CMD_FEW = 8 };

const struct cmd *cmd_find(const struct cmd *const *list, const char *name, const char **near)
{
    const char *names[CMD_MOST];
    size_t count = 0;
    for (; list[count] != NULL; count++) {
        names[count] = list[count]->name;
        if (strcmp(list[count]->name, name) == 0) {
            return list[count];
        }
    }
    *near = text_nearest(name, names, count);
    return NULL;
}

const char *cmd_advice(const struct cmd *cmd, struct arena *a)
{
    const char *names[CMD_MOST];
    size_t count = 0;
    for (; cmd->inner != NULL && cmd->inner[count] != NULL; count++) {
        names[count] = cmd->inner[count]->name;
    }
    return count > 0 && count <= CMD_FEW
               ? arena_printf(a, "it takes one of: %s", text_list(a, names, count))
               : arena_printf(a, "see otapack %s%s --help", cmd->parent == NULL ? "" : cmd->parent,
                              cmd->name);
}

enum status cmd_run_inner(const struct cmd *outer, const struct cmd *const *inner, size_t count,
                          char **words, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct args args = {.cmd = NULL};
    bool help;
    const char *near;
    enum status status = STATUS_CANNOT;
    const struct cmd *cmd = cmd_find(inner, words[0], &near);
    if (cmd == NULL) {
        err_set(e, STATUS_CANNOT, "%s does not know '%s'; %s%s%s", outer->name, words[0],
                near == NULL ? cmd_advice(outer, &a) : "did you mean ", near == NULL ? "" : near,
                near == NULL ? "" : "?");
    } else if (args_read(cmd, (int)count - 1, words + 1, &a, &args, &help, e)) {
        if (help) {
            args_print_help(cmd);
        }
        status = help ? STATUS_OK : cmd->run(&args, e);
    }
    arena_free(&a);
    return status;
}

enum status cmd_run_named(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    enum status status =
        cmd_run_inner(args->cmd, args->cmd->inner, args->operand_count, args_words(args, &a), e);
    arena_free(&a);
    return status;
}
