// SPDX-License-Identifier: Apache-2.0
#include "verb_list.h"

const struct cmd *const verbs[] = {
#define X(name) &cmd_##name,
    VERB_LIST(X)
#undef X
        NULL};
const size_t verb_count = sizeof(verbs) / sizeof(verbs[0]) - 1;

const struct cmd *verb_by_name(const char *name, struct err *e)
{
    const char *near;
    const struct cmd *cmd = cmd_find(verbs, name, &near);
    if (cmd == NULL) {
        err_set(e, STATUS_CANNOT, "there is no verb '%s'; %s%s%s", name,
                near == NULL ? "see otapack help" : "did you mean '", near == NULL ? "" : near,
                near == NULL ? "" : "'?");
    }
    return cmd;
}
