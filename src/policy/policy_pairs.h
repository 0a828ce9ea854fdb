// SPDX-License-Identifier: Apache-2.0
//
// What of a release is compared with what of its baseline: a list of files brings an app for each
// kind of device, and each has its own history.
#ifndef POLICY_PAIRS_H
#define POLICY_PAIRS_H

#include "policy.h"

struct policy_pair {
    struct policy_pair *next;
    const char *name;      // of what is in a list: "builds[1].flash (ESP32-C6)"; else NULL
    struct node *is, *was; // NULL: there is none
    const char *wrong;     // nothing can be compared; the answer is no, whatever is asked
    bool said;             // that it is
    const char *unmade;    // what is missing to compare it with; else NULL
};

// At least one. They live as long as the trees and `a`.
struct policy_pair *policy_pairs(const struct policy_question *q, struct arena *a);

#endif
