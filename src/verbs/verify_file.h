// SPDX-License-Identifier: Apache-2.0
//
// All that verify finds out about one file, on whatever thread: nothing is said here.
#ifndef VERIFY_FILE_H
#define VERIFY_FILE_H

#include "open_tree.h"
#include "trust_options.h"
#include "verb_options.h"
#include "verified.h"
#include "verify_policy.h"

// What is the same for every file.
struct verify_how {
    const struct args *args;
    const struct verb_options *options;
    const struct verify_policy *policy;
    const struct trust_options *trust;
    bool names_signers; // in the tree, by which keys the signatures are
    bool warnings_fail;
};

struct verify_file {
    struct arena arena;
    struct opened image; // without a root: it could not be read
    const char *name;    // for messages
    struct verb_options options;
    struct trusted *trusted; // of this file: see trust_for_file()
    unsigned used;           // of what is known of the device, by the checks
    struct trust_answer answer;
    struct verified verified; // with the file's status
    struct err e;             // what could not be judged; text "": nothing
};

void verify_file_judge(const struct verify_how *how, const char *file, struct verify_file *f);
void verify_file_close(struct verify_file *f);

#endif
