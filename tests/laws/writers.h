// SPDX-License-Identifier: Apache-2.0
//
// Command lines that write files, one for each way that a verb has to do it; and whether what they
// wrote is whole.
#ifndef WRITERS_H
#define WRITERS_H

#include "run.h"

#include "err.h"

// How it is known that what was written is whole.
enum whole {
    SAME,      // the same bytes as in the first run
    SIGNED,    // `verify` with the key passes
    ENCRYPTED, // `verify` with the key to decrypt it passes
    PRIVATE,   // a private key: it has a public part
    SIZED,     // random bytes, as many as in the first run
};

// Into the folder w, where an older file is in the place of each in one of two rounds.
enum { TARGETS_MOST = 8 };
struct writer {
    const char *words;
    const char *targets[TARGETS_MOST];
    enum whole whole;
    const char *inside;         // a folder that is there before, with other files in it; or NULL
    bool only_new;              // writes over nothing
    bool is_another;            // writes as another row does
    bool makes_folders;         // w/a/b, where they are not there
    bool (*can)(struct err *e); // false: built without what it takes; NULL: it can
};

// Those that this otapack can, from writers_set_up on.
extern struct writer writers[];
extern size_t writer_count;

// A loop over `target`.
#define EACH_TARGET(row)                                                                           \
    for (const char *const *at = (row)->targets, *target; (target = *at) != NULL; at++)

// Set-up of a group of tests: their inputs.
int writers_set_up(void **state);

// The folder w, as it is before; `old`: with older files in the place of the targets.
void writer_begin(const struct writer *row, bool old);

// Runs it with nothing in its way. What it writes is kept: it is what is whole.
void writer_keep_first(const struct writer *row);

bool writer_is_folder(const char *name);
bool writer_is_whole(const struct writer *row, const char *target);
bool writer_is_old(const char *target, bool old); // not `old`: there is none

// How many names in this folder, and those in it, are temporary.
unsigned writer_leftovers(const char *folder);

#endif
