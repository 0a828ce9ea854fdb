// SPDX-License-Identifier: Apache-2.0
#include "cmd.h"

#include <string.h>

#include "text.h"

const struct cmd *const cmds[] = {
#define X(name) &cmd_##name,
    CMD_LIST(X)
#undef X
};
const size_t cmd_count = sizeof(cmds) / sizeof(cmds[0]);

const struct cmd *cmd_by_name(const char *name, struct err *e)
{
    const char *names[sizeof(cmds) / sizeof(cmds[0])];
    for (size_t i = 0; i < cmd_count; i++) {
        names[i] = cmds[i]->name;
        if (strcmp(cmds[i]->name, name) == 0) {
            return cmds[i];
        }
    }
    const char *near = text_nearest(name, names, cmd_count);
    err_set(e, STATUS_CANNOT, "there is no verb '%s'; %s%s%s", name,
            near == NULL ? "see otapack help" : "did you mean '", near == NULL ? "" : near,
            near == NULL ? "" : "'?");
    return NULL;
}
