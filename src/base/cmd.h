// SPDX-License-Identifier: Apache-2.0
//
// A command: what its command line is, and what runs it. Verbs are commands, and so are those of
// the scripts that compat takes.
#ifndef CMD_H
#define CMD_H

#include "args.h"

struct cmd {
    const char *name;
    const char *parent;   // what stands before the name: "compat ", for a script's; else NULL
    const char *summary;  // one line, for `otapack help`
    const char *operands; // for the usage line; may have several lines, one a form
    const char *about;    // what --help says above the options
    const struct cmd *const *inner; // those that its first word names, NULL-ended; NULL: none
    const char *more;               // what --help says below these; NULL: nothing
    const char *examples;           // and below them; NULL: none
    const struct opt *const *opts;  // groups of rows, NULL-ended; NULL: no options
    size_t min, max;                // how many operands
    bool raw; // reads its own command line (compat): args_read only passes it on
    enum status (*run)(const struct args *args, struct err *e);
};

// The command of this name among these; NULL: none, and *near is what was probably meant.
const struct cmd *cmd_find(const struct cmd *const *list, const char *name, const char **near);

// Runs one of these by its name, the first word, with those behind it; `outer` is the command that
// has them.
enum status cmd_run_inner(const struct cmd *outer, const struct cmd *const *inner, size_t count,
                          char **words, struct err *e);

// Runs what the first operand names, of args->cmd->inner.
enum status cmd_run_named(const struct args *args, struct err *e);

#endif
