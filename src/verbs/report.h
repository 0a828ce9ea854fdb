// SPDX-License-Identifier: Apache-2.0
//
// Findings as lines on standard error: `otapack: FILE: PATH: what is wrong; what to do [ID]`.
#ifndef REPORT_H
#define REPORT_H

#include "arena.h"
#include "err.h"
#include "node.h"

// The file to name for a finding in this node; a build names the part's own file.
typedef const char *report_file_fn(const void *ctx, const struct node *n);

// For verbs that look at one file, whose name is the ctx.
const char *report_one_file(const void *ctx, const struct node *n);

// Does an expectation hold? Where not, says so after `where`; `e` is why, and the status.
bool report_expected(struct node *root, const char *where, const char *expression, struct err *e);

// One line per finding that is not a pass. Returns how many failed.
size_t report_findings(struct arena *a, const struct node *root, report_file_fn *file,
                       const void *ctx, bool warnings);

// "12 checks passed, 1 warning, 2 notes", of what tree_verdict counted.
const char *report_counts(struct arena *a, const size_t counts[VERDICT_COUNT]);

#endif
