// SPDX-License-Identifier: Apache-2.0
//
// How far something is that takes a while, on one line of standard error: on a terminal only, and
// gone again at the end. (No library in C for this is in Debian and in Homebrew.)
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    uint64_t shown_at;
    bool on, shown;
};

// `quiet`: nothing is shown anywhere.
struct progress progress_begin(bool quiet);

// `done` of `total` bytes of what is called so ("sketch.bin"); total 0: it is not known. Takes the
// place of what was shown before, at most ten times a second.
void progress_at(struct progress *p, const char *what, uint64_t done, uint64_t total);
void progress_clear(struct progress *p); // before anything else is printed, and at the end

// The line, without an end: "sketch.bin  [#####     ]  50%  217 KiB". At most `columns` wide.
struct arena;
const char *progress_line(struct arena *a, const char *what, uint64_t done, uint64_t total,
                          int columns);

#endif
