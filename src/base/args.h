// SPDX-License-Identifier: Apache-2.0
//
// Command lines, read by the option rows of a verb. Usage, --help and shell completion are printed
// from the same rows.
#ifndef ARGS_H
#define ARGS_H

#include "arena.h"
#include "err.h"
#include "opt.h"

enum {
    ARGS_MOST = 4096,        // values of an option, and words
    ARGS_FILES_MOST = 65536, // files of a verb that looks at each by itself
};

struct args;

// A word and what it stands for, in a line of --help.
struct cmd_topic {
    const char *name, *text;
};

// A command: what its command line is, and what runs it.
struct cmd {
    const char *name;
    const char *parent;   // what stands before the name: "compat ", for a script's; else NULL
    const char *summary;  // one line, for `otapack help`
    const char *operands; // for the usage line; may have several lines, one a form
    const char *about;    // what --help says above the options
    const struct cmd *const *inner; // those that its first word names, NULL-ended; NULL: none
    const char *more;               // what --help says below these; NULL: nothing
    struct cmd_topic (*topic)(unsigned i); // lines behind that, up to one without a name; NULL
    const char *examples;                  // and below them; NULL: none
    const struct opt *const *opts;         // groups of rows, NULL-ended; NULL: no options
    const struct opt_habit *habits;        // NULL: none
    size_t min, max;                       // how many operands
    bool raw; // reads its own command line (compat): args_read only passes it on
    enum status (*run)(const struct args *args, struct err *e);
};

// What was given: for each option row its values, and the operands.
struct args {
    const struct cmd *cmd;
    const char **operands;
    size_t operand_count;
    const struct opt *const *rows; // NULL-ended
    const char ***values; // one NULL-ended list per row; an option without value has "" in it
};

// False with `e` set (status 2) for what the rows do not allow. `help` is set, and nothing else
// judged, when --help stands anywhere before `--`.
bool args_read(const struct cmd *cmd, int argc, char **argv, struct arena *a, struct args *out,
               bool *help, struct err *e);

// By long name. The last value, or NULL when the option was not given; all of them, NULL-ended.
const char *args_value(const struct args *args, const char *name);
const char **args_values(const struct args *args, const char *name);

// Which of its choices is an option's last value: its place among them; `usual` where it is not
// given. -1 with `e` set (status 2): none.
int args_choice(const struct args *args, const char *name, int usual, struct err *e);

char **args_words(const struct args *args, struct arena *a); // the operands, to be read once more

void args_print_help(const struct cmd *cmd);

#endif
