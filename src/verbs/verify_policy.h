// SPDX-License-Identifier: Apache-2.0
//
// --policy and --baseline: what a policy says becomes the command line's options, whether the verb
// has them by themselves or not, and its rules are asked of each file.
#ifndef VERIFY_POLICY_H
#define VERIFY_POLICY_H

#include "args.h"
#include "open_tree.h"
#include "policy.h"
#include "verb_options.h"
#include "verified.h"

struct verify_policy {
    bool alone; // may go without the baseline that it requires: set before it is taken
    bool given; // else nothing is asked
    struct policy policy;
    const struct cmd *verb;      // that is run
    struct args args;            // of the command line and the policy together
    struct verb_options options; // of the baseline
    struct opened baseline;      // that is compared with; no root: none was named
};

// Reads the policy that the command line names; with a baseline alone, the one that init writes.
// False with `e` set (status 2). All of it lives in the arena, the baseline's tree too.
bool verify_policy_take(struct verify_policy *p, const struct args *args, struct arena *a,
                        struct err *e);

// Opens the baseline, with what `o` has for reading it.
bool verify_policy_open(struct verify_policy *p, const struct verb_options *o, struct arena *a,
                        struct err *e);

// Asks each rule of a file; `v` has the answers then. `part` is the one whose signatures are
// compared.
enum status verify_policy_ask(const struct verify_policy *p, const struct read_options *read,
                              struct node *root, const char *part, struct arena *a,
                              struct verified *v);

// Something for which a policy does not let a file through.
struct policy_refusal {
    struct policy_refusal *next;
    enum status status; // 2: nobody could tell
    const char *by;     // "policy-version", "expect", "warnings"; of several rules, a list
    const char *text;   // a line that stands behind the file's name
};

// All of them, of a file that passes its checks; NULL: it is let through, by the rules, by what is
// expected, by its warnings, as long as verify_policy_good() says so, too.
struct policy_refusal *verify_policy_refuse(const struct verify_policy *p,
                                            const struct read_options *read, struct node *root,
                                            struct arena *a);

// Are there rules that no file is asked, for want of a baseline?
bool verify_policy_lacks_baseline(const struct verify_policy *p);

// Says each no; and with `told`, on standard output, "FILE: POLICY: 6 comparisons hold; not
// checked: policy-headroom needs --partition-table".
void verify_policy_say(const struct verify_policy *p, const struct policy_answer *answers,
                       const char *name, bool told);

bool verify_policy_good(const struct verify_policy *p, struct err *e); // as input_good()
void verify_policy_close(struct verify_policy *p);

// The options that verify has: a policy's are among them.
extern const struct opt *const verify_opts[];
extern const struct cmd cmd_verify;
extern const struct opt opt_policy[]; // --policy and --baseline

#endif
