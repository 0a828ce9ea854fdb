// SPDX-License-Identifier: Apache-2.0
//
// How a file that is being written comes by its name: all at once, over what is there or not, alone
// or with others.
#ifndef OUTPUT_NAME_H
#define OUTPUT_NAME_H

#include "err.h"
#include "leftover.h"

struct output_name {
    char target[LEFTOVER_MOST];  // symbolic links resolved
    char shown[LEFTOVER_MOST];   // in messages
    const char *why_new;         // never over another file: what is said then; or NULL
    struct leftover temporary;   // "": the file has no name
    struct leftover old;         // a second name of what was replaced; "": none
    int fd;                      // -1: not yet
    bool was_new, was_exchanged; // what output_name_undo undoes
};

// Makes an empty file beside the target, for its owner alone. False with `e` set.
bool output_name_make(struct output_name *n, struct err *e);

// All that can fail before the target is touched: the bytes are on the disk.
bool output_name_prepare(struct output_name *n, struct err *e);

// The file is the target, from here on. `undo`: this may have to be undone. With signals held.
bool output_name_take(struct output_name *n, bool undo, struct err *e);
void output_name_undo(struct output_name *n);   // the target is as it was
void output_name_finish(struct output_name *n); // nothing will be undone

#endif
