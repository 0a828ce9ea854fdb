// SPDX-License-Identifier: Apache-2.0
//
// What verify found out about one file, and the same as a list of items: one for each check,
// expectation and signature. Whoever prints it as a report needs no more.
#ifndef VERIFIED_H
#define VERIFIED_H

#include "err.h"
#include "node.h"
#include "policy.h"
#include "trust.h"

// One --expect.
struct verified_expectation {
    struct verified_expectation *next;
    const char *text;   // as it was given
    const char *wrong;  // why it does not hold; NULL: it does
    enum status status; // that this gives
};

struct verified {
    const char *file;                  // by the name that it was given by
    const struct node *root;           // NULL: it could not be read
    enum status status;                // the file's
    const struct trust_answer *answer; // NULL, or without a part: nothing was asked
    struct verified_expectation *expectations;
    const struct policy_answer *policy; // NULL: no policy was asked
    const char *error;                  // what could not be judged, and why; "": nothing
    const bool *pardoned;               // by enum check_id: what they warn of is no failure
    bool warnings_fail;                 // all others' warnings are
};

enum outcome {
    OUTCOME_PASS,
    OUTCOME_NOTE,
    OUTCOME_WARN,
    OUTCOME_FAIL,
    OUTCOME_SKIPPED, // a check that could not be made, for something that is not known
    OUTCOME_ERROR,   // otapack could not do what was asked
    OUTCOME_COUNT
};

struct verified_item {
    const char *id;            // of the check or the policy's rule; "expectation", "signature", ...
    const struct check *check; // NULL: it is none
    const struct node *node;   // that it is about; NULL: the file
    const char *subject;       // what it asks, where the ID and the node do not tell; NULL: they do
    enum outcome outcome;
    const char *condition; // what must be so
    const char *remedy;    // what to do where it is not; NULL: the text has it
    const char *text;      // what is wrong and what to do; of what passed, what was looked at
};

// Asks each of these expectations (NULL-ended) of the tree. The worst status.
enum status verified_expect(struct verified *v, struct node *root, const char **texts,
                            struct arena *a);

typedef void verified_item_fn(void *ctx, const struct verified_item *item);

// Every item of a file, in the order of its bytes. What they say is in `a`.
void verified_each(const struct verified *v, struct arena *a, verified_item_fn *fn, void *ctx);

// How many warnings fail the file.
size_t verified_failing_warnings(const struct verified *v);

// "pass", "warn", "fail" or "error": the verdict on the file.
const char *verified_verdict(const struct verified *v);

#endif
