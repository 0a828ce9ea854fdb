// SPDX-License-Identifier: Apache-2.0
//
// Command lines, read by the option rows of a verb. Usage, --help and shell completion are printed
// from the same rows.
#ifndef ARGS_H
#define ARGS_H

#include "arena.h"
#include "err.h"

struct cmd;

struct opt {
    char letter;      // 0: only the long form
    const char *name; // without the dashes; NULL ends the rows
    const char *arg;  // what the value is called; NULL: takes none
    const char *help;
    bool repeats; // may be given more than once
};
#define OPT_END                                                                                    \
    {                                                                                              \
        0, NULL, NULL, NULL, false                                                                 \
    }

enum { ARGS_MOST = 4096 };

// What was given: for each option row its values, and the operands.
struct args {
    const struct cmd *cmd;
    const char **operands;
    size_t operand_count;
    const char ***values; // one NULL-ended list per row; an option without value has "" in it
};

// False with `e` set (status 2) for what the rows do not allow. `help` is set, and nothing else
// judged, when --help stands anywhere before `--`.
bool args_read(const struct cmd *cmd, int argc, char **argv, struct arena *a, struct args *out,
               bool *help, struct err *e);

// By long name. The last value, or NULL when the option was not given; all of them, NULL-ended.
const char *args_value(const struct args *args, const char *name);
const char **args_values(const struct args *args, const char *name);

void args_print_help(const struct cmd *cmd);

#endif
