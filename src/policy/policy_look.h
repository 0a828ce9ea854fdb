// SPDX-License-Identifier: Apache-2.0
//
// What the rules of a policy look at, and how they say what they found.
#ifndef POLICY_LOOK_H
#define POLICY_LOOK_H

#include "policy.h"

// A file, with what several rules ask of it. NULL: it has none.
struct policy_file {
    struct node *root;
    const struct read_options *read;
    const struct node *app;                    // the one with a description that it brings
    const struct node *desc;                   // what that says of itself, or the file
    const struct node *table;                  // the partition table, of the device or in the file
    const struct otapack_source *table_source; // its bytes
};

struct policy_look {
    const struct policy_question *question;
    const struct policy_rules *asked;
    struct policy_file release, baseline;
    struct arena *arena;
    const char *name;               // of what is looked at in a list; else NULL
    const char *path;               // that is looked at, of a rule that has several; else NULL
    const struct policy_rule *rule; // that is looked at now
    struct policy_answer **end;
};

// Each rule says at least one of these. A no goes on with the rule's remedy, or with the one given.
void policy_say_yes(struct policy_look *look, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void policy_say_no(struct policy_look *look, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void policy_say_no_but(struct policy_look *look, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void policy_say_unmade(struct policy_look *look, const char *needs);

// These bytes, which stayed closed, were to be looked at.
void policy_say_unread(struct policy_look *look, unsigned release, unsigned baseline);

// What opens a file of which nothing could be looked at; 0: nothing is missing.
unsigned policy_closed(const struct policy_file *file);

// The rules that have a file of their own.
void policy_growth(struct policy_look *look);
void policy_headroom(struct policy_look *look);
void policy_partitions(struct policy_look *look);
void policy_key_set(struct policy_look *look);
void policy_zigbee_version(struct policy_look *look);
void policy_unchanged(struct policy_look *look);

extern const struct key_kind key_policy_paths;   // of a list of paths in a tree
extern const struct key_kind key_zigbee_version; // const char *, for zigbee_version_of()

// Which words a choice of the policy has.
enum policy_version { VERSION_NEWER = 1, VERSION_NOT_OLDER };
enum policy_secure_version { SECURE_VERSION_SAME = 1, SECURE_VERSION_MAY_RISE };
enum policy_key_sets { KEY_SET_SAME = 1, KEY_SET_SUPERSET, KEY_SET_COMMON };

#endif
