// SPDX-License-Identifier: Apache-2.0
#ifndef RULE_MANIFEST_H
#define RULE_MANIFEST_H

#include "judge.h"
#include "manifest.h"

extern const struct rule rules_manifest[];

// Where each build's files go in flash.
void rule_manifest_places(struct judge *j, const struct manifest *m);

// The version of the first app in a tree that a list with this version must not name; NULL: none.
const char *manifest_other_release(const struct node *n, const char *said);

// Computes the digest of an open file; what it should be is compared with later.
void rule_manifest_digest(struct arena *a, struct manifest_file *f);

#endif
