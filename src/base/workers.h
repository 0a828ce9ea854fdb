// SPDX-License-Identifier: Apache-2.0
//
// Jobs on several threads, whose results are taken one by one and in order: whoever takes them need
// not know how many threads there are. Only a few are held that nobody has taken yet.
#ifndef WORKERS_H
#define WORKERS_H

#include <stddef.h>

enum {
    WORKERS_MOST = 256, // threads
    WORKERS_AHEAD = 4,  // results for each thread that are not taken yet
};

struct workers {
    size_t count;     // of jobs
    unsigned at_once; // 0: as many as the machine has cores
    size_t result;    // bytes of one
    void *ctx;
    // Job `i`, on any thread, into a result of zeros. What others use as well it only reads.
    void (*work)(void *ctx, size_t i, void *result);
    // On the caller's thread: all of them, from the first to the last.
    void (*take)(void *ctx, size_t i, void *result);
};

void workers_run(const struct workers *w);

#endif
