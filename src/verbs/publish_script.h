// SPDX-License-Identifier: Apache-2.0
//
// publish.sh: the requests to a server, for people to read and run. Whatever comes from a file is
// in JSON beside it: in the script stand only names that publish_copy takes, and digests.
#ifndef PUBLISH_SCRIPT_H
#define PUBLISH_SCRIPT_H

#include "publish.h"

struct publish_script {
    const char *tools;  // that it calls
    const char *call;   // how it is called
    const char *words;  // takes its arguments; secrets are in files, never in a command line
    const char *secret; // which of these is the path of a file; NULL: none is
    const char *body;   // what a step calls
};

// One line for each file.
void publish_step(struct publishing *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

bool publish_script(struct publishing *p, const struct publish_script *s);

// Runs it, once the folder is there, with these words up to NULL.
bool publish_run_script(struct publishing *p, const char *const *words);

#endif
