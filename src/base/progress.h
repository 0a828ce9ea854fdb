// SPDX-License-Identifier: Apache-2.0
//
// How far something is that takes a while, on one line of standard error: on a terminal only, and
// gone again at the end. Nothing else may be printed meanwhile. (No library in C for this is in
// Debian and in Homebrew.)
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; // "sketch.bin"
    uint64_t total;   // bytes; 0: not known
    uint64_t shown_at;
    bool on, shown;
};

// `quiet`: nothing is shown anywhere.
struct progress progress_begin(const char *what, uint64_t total, bool quiet);
void progress_at(struct progress *p, uint64_t done);
void progress_end(struct progress *p);

// The line, without an end: "sketch.bin  [#####     ]  50%  217 KiB". At most `columns` wide.
struct arena;
const char *progress_line(struct arena *a, const struct progress *p, uint64_t done, int columns);

#endif
