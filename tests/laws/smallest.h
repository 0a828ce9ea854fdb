// SPDX-License-Identifier: Apache-2.0
//
// The border of each check: one file, made with two values of the one thing that the check looks
// at, and everything else redone (sums, digests, sizes), so that nothing but the rule decides. Of
// the first value no check says anything; of the second this one does, alone.
#ifndef SMALLEST_H
#define SMALLEST_H

#include "image.h"

enum border_says { BORDER_NOTE, BORDER_WARN, BORDER_FAIL };

struct border {
    const char *id;
    enum border_says says; // of the second
    uint32_t good, bad;
    struct image (*make)(const struct border *b, uint32_t value);
    const char *words; // more for the command line, # is the value; NULL: none
    // For makers that change a file in one place:
    const char *file;
    size_t at;
    unsigned width;    // bytes
    const char *also;  // is said of the first all the same, and may be of the second; NULL: nothing
    const char *takes; // what run_lacks() knows; NULL: what every otapack can
};

// All of a table; fails in the end with all that is wrong.
void borders_hold(const struct border *rows, size_t count);

// The value in its place, as it is.
struct image border_poked(const struct border *b, uint32_t value);
// In an app or a bootloader, whose checksum and hash are made right again.
struct image border_summed(const struct border *b, uint32_t value);
// One bit of the byte in its place is another, or none; no sum is made right.
struct image border_flipped(const struct border *b, uint32_t bits);
// So many bytes are missing at its end.
struct image border_cut(const struct border *b, uint32_t bytes);

// All that is behind the segments of an app or bootloader, anew.
void border_close(struct image *im);

// The tables, borders_of_NAME in law_smallest_NAME.c; law_smallest.c looks whether every check is
// in one.
struct border_table {
    const struct border *rows;
    size_t count;
};
#define BORDERS(name) extern const struct border_table borders_of_##name;
#include "borders.h" // by CMake: a line for each law_smallest_NAME.c
#undef BORDERS

#endif
