// SPDX-License-Identifier: Apache-2.0
#include "verb_list.h"

#include <string.h>

#include "path_hint.h"
#include "verb_hint.h"

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
    const char *hint = verb_hint(name);
    bool known = *hint != '\0';
    if (cmd == NULL && !known && near == NULL && strpbrk(name, "./\\") != NULL) {
        const char *path = path_hint(name);
        err_set(e, STATUS_CANNOT, "%s: there is no such file, and no such verb; %s", name,
                path == NULL ? "see otapack help" : path);
    } else if (cmd == NULL && name[0] == '-') {
        err_set(e, STATUS_CANNOT,
                "there is no option %s before a verb; put options behind it: otapack VERB --help "
                "has them",
                name);
    } else if (cmd == NULL) {
        err_unknown(e, known ? NULL : near, known ? hint : "see otapack help",
                    "there is no verb '%s'", name);
    }
    return cmd;
}
