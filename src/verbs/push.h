// SPDX-License-Identifier: Apache-2.0
//
// push, as the verb and a script of compat have it: looks at a file, and sends it to a device.
#ifndef PUSH_H
#define PUSH_H

#include "secret.h"
#include "verb_options.h"

struct push {
    const struct args *args; // whose options are about the file
    struct verb_options options;
    const char *file, *host;
    uint16_t port; // 0: that of the core that the file is for
    const char *own_host;
    uint16_t own_port;
    unsigned seconds, retries;
    const char *password_file;
    struct secret password; // SECRET_NONE: from the file, or asked on the terminal
    const char *otherwise;  // how else to give it, where there is no terminal
    const char *filesystem; // the option that says that it is one; NULL: none does
    bool without_md5, quiet;
    bool asked; // the device wanted the password
};

// The password is wiped.
enum status push(struct push *p, struct err *e);

// What --port, --host-port, --timeout and --retry say, as far as the command has them.
bool push_take_numbers(struct push *p, struct err *e);

#endif
