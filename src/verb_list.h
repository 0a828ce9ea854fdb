// SPDX-License-Identifier: Apache-2.0
//
// The verbs there are. A verb is cmd_NAME.c, and one word in this list.
#ifndef VERB_LIST_H
#define VERB_LIST_H

#include "cmd.h"

#define VERB_LIST(X)                                                                               \
    X(init)                                                                                        \
    X(build)                                                                                       \
    X(inspect)                                                                                     \
    X(extract)                                                                                     \
    X(edit)                                                                                        \
    X(sign)                                                                                        \
    X(delta)                                                                                       \
    X(verify)                                                                                      \
    X(diff)                                                                                        \
    X(publish)                                                                                     \
    X(simulate)                                                                                    \
    X(push)                                                                                        \
    X(serve)                                                                                       \
    X(key)                                                                                         \
    X(compat)                                                                                      \
    X(help)

#define X(name) extern const struct cmd cmd_##name;
VERB_LIST(X)
#undef X

extern const struct cmd *const verbs[]; // NULL-ended
extern const size_t verb_count;

const struct cmd *verb_by_name(const char *name, struct err *e); // NULL with `e` set

#endif
