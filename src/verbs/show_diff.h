// SPDX-License-Identifier: Apache-2.0
//
// What differs between two files, on standard output.
#ifndef SHOW_DIFF_H
#define SHOW_DIFF_H

#include "diff.h"

struct shown_diff {
    const char *old, *new; // the files, by the names that they were given by
    const struct diff *diff;
};

typedef void show_diff_fn(struct arena *a, const struct shown_diff *s);

show_diff_fn show_diff_text;     // for a terminal, in 80 columns
show_diff_fn show_diff_json;     // its schema: packaging/otapack-diff.schema.json
show_diff_fn show_diff_markdown; // for a pull request
show_diff_fn show_diff_html;     // a page, old and new side by side

#endif
