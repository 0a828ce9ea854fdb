// SPDX-License-Identifier: Apache-2.0
//
// What verify found out, as reports for programs: each is begun, is given the files one by one, and
// ended. What standard output does not take is main's to say.
#ifndef SHOW_VERIFIED_H
#define SHOW_VERIFIED_H

#include "arena.h"
#include "verified.h"

struct show_verified {
    const char *name;                             // as --format has it
    void (*begin)(struct arena *a, void **state); // `a` and what is kept there live until the end
    void (*file)(struct arena *a, void *state, const struct verified *v); // `a` is the file's
    void (*end)(struct arena *a, void *state);
};

// The version of otapack's JSON; schema: packaging/otapack-verify.schema.json.in.
extern const struct show_verified show_verified_json;
// OASIS SARIF 2.1.0, which code hosts and editors show beside the sources.
extern const struct show_verified show_verified_sarif;
// JUnit's XML, as CI servers read it: a suite for each file, a case for each check of each node.
extern const struct show_verified show_verified_junit;
// Workflow commands of GitHub Actions, which become annotations.
extern const struct show_verified show_verified_github;

#endif
