// SPDX-License-Identifier: Apache-2.0
//
// Commands by their names. Verbs are commands, and so are those of the scripts that compat takes.
#ifndef CMD_H
#define CMD_H

#include "args.h"

// The command of this name among these; NULL: none, and *near is what was probably meant.
const struct cmd *cmd_find(const struct cmd *const *list, const char *name, const char **near);

// Where a message sends who does not know how the command is called: to the few words that it
// takes, or to its help.
const char *cmd_advice(const struct cmd *cmd, struct arena *a);

// Runs one of these by its name, the first word, with those behind it; `outer` is the command that
// has them.
enum status cmd_run_inner(const struct cmd *outer, const struct cmd *const *inner, size_t count,
                          char **words, struct err *e);

// Runs what the first operand names, of args->cmd->inner.
enum status cmd_run_named(const struct args *args, struct err *e);

#endif
