// SPDX-License-Identifier: Apache-2.0
//
// Judging a tree that was read: each node by the rules of its format, parts before the whole, each
// rule saying its finding with found(). Nobody judges who only reads: reading a file to sign it, or
// to take a value from it, says nothing of it.
#ifndef JUDGE_H
#define JUDGE_H

#include "node.h"
#include "read.h"
#include "target.h"

// How many signature blocks of one file are verified, each of which takes milliseconds: those of
// all the apps that a flash can have, and more. What is behind them does not pass.
enum { SIGNATURES_MOST = 64 };

struct judge {
    struct arena *arena;
    const struct read_options *options;
    const struct target *implied; // the device as the file itself has it; NULL: as options say
    int signatures_left;          // of SIGNATURES_MOST
};
#define JUDGE_OF(a, o)                                                                             \
    {                                                                                              \
        .arena = (a), .options = (o), .signatures_left = SIGNATURES_MOST                           \
    }

// A rule of a format: a condition, or a few that belong together. A table of them ends with a row
// without `run`.
struct rule {
    void (*run)(struct judge *j, struct node *n);
    bool (*concerns)(const struct node *n); // NULL: every node of the format
    unsigned needs; // of enum target_fact and need: it is run only where all of that is known
    bool unread;    // it is also about what could not be read
    const enum check_id *says; // of one that has needs: its checks, up to CHECK_COUNT
};
#define RULE_SAYS(...) ((const enum check_id[]){__VA_ARGS__, CHECK_COUNT})

// Adds its findings to a tree that has none yet. What they say is in `a`.
void judge_tree(struct arena *a, const struct read_options *options, struct node *root);

// Judges a part with what is in it, as judge_tree() does.
void judge_node(struct judge *j, struct node *n);

// Judges a node by one table of rules, which may be another format's.
void judge_by(struct judge *j, struct node *n, const struct rule *rules);

// Do the bytes of a node, or of what it is a part of, go on elsewhere? No sum over them can be
// made.
bool is_partial(const struct node *n);

// read_tree() and judge_tree() in one.
struct node *read_and_judge(struct arena *a, const struct read_options *options,
                            struct otapack_source src);

// What is known of the device that a node goes to: nothing, of a border router's RCP, for the
// options are about the device that takes the update.
const struct target *target_for(const struct judge *j, const struct node *n);

// Says what a check found. The message is for a failure: what is wrong, without the remedy.
void found(struct judge *j, struct node *n, enum check_id check, bool good, const char *message,
           ...) __attribute__((format(printf, 5, 6)));

// The same for a check that found nothing wrong.
void passed(struct judge *j, struct node *n, enum check_id check);

// What this check said of a node where it did not pass; NULL: it passed, or was not made.
const struct finding *finding_against(const struct node *n, enum check_id check);

// Did each check that was made of a node itself pass?
bool passes_all(const struct node *n);

// The first finding in a tree that fails; NULL: none does.
struct finding *first_failure(const struct node *n);

const char *verdict_name(enum verdict v); // "pass", "note", "warn", "fail"
const char *verdict_word(enum verdict v); // the same for people: "ok", "note", "warn", "FAIL"

// The worst verdict in a tree, and how many findings of each verdict it has.
enum verdict tree_verdict(const struct node *n, size_t counts[VERDICT_COUNT]);

#endif
