// SPDX-License-Identifier: Apache-2.0
#ifndef RULE_MANIFEST_H
#define RULE_MANIFEST_H

#include "judge.h"
#include "manifest.h"

extern const struct rule rules_manifest[];

// Computes the digest of an open file; what it should be is compared with later.
void rule_manifest_digest(struct arena *a, struct manifest_file *f);

#endif
