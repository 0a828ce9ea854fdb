// SPDX-License-Identifier: Apache-2.0
//
// A policy: what a release must be. A file in YAML says it once for all command lines: the options
// of verify, with '_' for '-', and rules that compare a file with the release before it, its
// baseline.
#ifndef POLICY_H
#define POLICY_H

#include "err.h"
#include "policy_amount.h"
#include "read.h"
#include "recipe_take.h"

// What the keys of `rules` say, each only where it was given.
struct policy_rules {
    struct recipe_choice version, version_order, project, chip, secure_version, key_set, partitions;
    struct policy_range growth;
    struct policy_amount headroom;
    const char *zigbee_version;
    struct recipe_text *unchanged; // paths
};

// An option of verify that the policy gives.
struct policy_option {
    struct policy_option *next;
    const struct opt *row;
    const char **values; // NULL-ended
    size_t count;
};

enum { POLICY_RULES_MOST = 16 };

struct policy {
    const char *file;           // by which messages call it
    const char *baseline;       // a path as it can be opened; NULL: none is named
    const char *baseline_table; // likewise, the partition table of the devices that run it
    bool needs_baseline;
    struct policy_rules rules;
    bool asks[POLICY_RULES_MOST]; // by the place in policy_rules[]
    struct policy_option *options;
};

// ---- The rules ----------------------------------------------------------------------------------

// What a rule looks at, where the file is a list of files: each app that it brings, or the list.
enum policy_scope { POLICY_OF_EACH, POLICY_OF_THE_PART, POLICY_OF_THE_FILE };

enum policy_need { POLICY_NEEDS_NOTHING, POLICY_NEEDS_BASELINE };

struct policy_look;

// A rule, or (id NULL) a key that says more of one.
struct policy_rule {
    const char *id;        // "policy-version"
    struct recipe_key key; // in `rules`; its help is what must be so
    enum policy_need needs;
    const char *remedy;
    void (*run)(struct policy_look *look);
    enum policy_scope scope; // of the part: of the file where one is named, else of each
    bool looks;              // finds out itself whether what it asks of could be read
};

extern const struct policy_rule policy_rules[]; // ended by one without a key
extern const struct recipe_key policy_keys[];   // beside `rules` and the options

// ---- Reading ------------------------------------------------------------------------------------

// Of what `text`, of this file, says; `groups` are the options that it may give. False with `e` set
// (status 2, FILE:LINE:COLUMN). All of it lives in the arena.
bool policy_read(const char *file, const char *text, const struct opt *const *groups,
                 struct arena *a, struct policy *out, struct err *e);

// Is an option of verify one that a policy may give?
bool policy_has_option(const struct opt *row);

// ---- Judging ------------------------------------------------------------------------------------

// Not checked: something is not known. Not read: what it asks of is in bytes that stayed closed, so
// that nobody can tell.
enum policy_outcome { POLICY_HOLDS, POLICY_SAYS_NO, POLICY_NOT_CHECKED, POLICY_NOT_READ };

struct policy_answer {
    struct policy_answer *next;
    const struct policy_rule *rule;
    enum policy_outcome outcome;
    const char
        *about;       // which of those that the rule is asked of: an app of a list, a path; or NULL
    const char *text; // what was found; of a no, with what to do; what is missing for the check
    unsigned needs;   // of what was not read: what opens the file, as of a node
};

// A file that is compared: its tree, judged, and what it was read with.
struct policy_side {
    struct node *root; // NULL: there is none
    const struct read_options *read;
};

struct policy_question {
    const struct policy *policy;
    struct policy_side release, baseline;
    const char *part; // whose signatures are compared; NULL: the application's
};

// What each rule says, in the order of their table. The answers live as long as the trees and `a`.
struct policy_answer *policy_judge(const struct policy_question *q, struct arena *a);

#endif
