// SPDX-License-Identifier: Apache-2.0
//
// What a person asks of a file first: what it is, which programs are in it, who signed them, and
// whether it is good. Whoever shows a tree, begins with it.
#ifndef ANSWER_H
#define ANSWER_H

#include "node.h"

struct answer_row {
    struct answer_row *next;
    const char *label; // "version"; of a program inside a file its path, "payload.host"
    const char *text;  // not yet made safe for where it is shown
};

struct answer {
    const char *kind; // "ESP32-C6 app", and with `size` the first line
    uint64_t size;    // of the file
    struct answer_row *rows, **rows_end;
    enum verdict worst; // VERDICT_NOTE counts as a pass
    size_t counts[VERDICT_COUNT];
    size_t unmade;       // checks that were not made, for something that is not known
    const char *verdict; // "89 checks passed, 1 warning"
};

// Of a tree that was judged, and whose signers were named where there are keys.
struct answer answer_of(struct arena *a, const struct node *root);

// What each check needs that could not be made, anywhere in the tree; 0: nothing.
void unmade_needs(const struct node *root, unsigned needs[CHECK_COUNT]);

// What a person is to see of the findings: those that did not pass, those that failed first.
struct complaint {
    struct complaint *next;
    const struct node *node;
    const struct finding *finding;
};
struct complaint *complaints_of(struct arena *a, const struct node *root);

#endif
