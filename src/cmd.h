// SPDX-License-Identifier: Apache-2.0
//
// The verbs there are. A verb is cmd_NAME.c and one word in CMD_LIST.
#ifndef CMD_H
#define CMD_H

#include "args.h"

struct cmd {
    const char *name;
    const char *parent;   // what stands before the name: "compat ", for a script's; else NULL
    const char *summary;  // one line, for `otapack help`
    const char *operands; // for the usage line; may have several lines, one a form
    const char *about;    // what --help says above the options
    const char *examples; // and below them; NULL: none
    const struct opt *opts;
    size_t min, max; // how many operands
    bool raw;        // reads its own command line (compat): args_read only passes it on
    enum status (*run)(const struct args *args, struct err *e);
};

#define CMD_LIST(X)                                                                                \
    X(build)                                                                                       \
    X(inspect)                                                                                     \
    X(extract)                                                                                     \
    X(edit)                                                                                        \
    X(sign)                                                                                        \
    X(verify)                                                                                      \
    X(simulate)                                                                                    \
    X(key)                                                                                         \
    X(compat)                                                                                      \
    X(help)

#define X(name) extern const struct cmd cmd_##name;
CMD_LIST(X)
#undef X

extern const struct cmd compat_create_ota_image; // scripts whose command lines compat takes
extern const struct cmd compat_ota_image_tool;
extern const struct cmd compat_espsecure;
extern const struct cmd compat_signing;

extern const struct cmd *const cmds[];
extern const size_t cmd_count;

const struct cmd *cmd_by_name(const char *name, struct err *e); // NULL with `e` set

// Runs one of these by its name, with the words behind it; `outer` is the command that has them.
enum status cmd_run_inner(const struct cmd *outer, const struct cmd *const *inner, size_t count,
                          const char *name, size_t argc, char **argv, struct err *e);

#endif
