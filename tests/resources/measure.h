// SPDX-License-Identifier: Apache-2.0
//
// Runs of otapack, in a process of their own or in this one, what they take, and the laws of that.
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>

enum { SIZES = 3 };
enum { MEMORY, PRINTED, WORK, QUANTITIES };

struct measuring {
    const char *otapack; // NULL: in this process, whose instructions callgrind counts
    bool verbose;
    unsigned broken, runs;
};

extern struct measuring measuring;

// The words of a command line, which blanks keep apart.
void begin_words(const char *first);
void add_words(const char *more);
double words_size(void); // bytes

// Runs that command line. `first` and `last` of those whose instructions are counted together.
void run(double cost[QUANTITIES], bool first, bool last);

int remove_folder(const char *name);

// What three sizes of an input have cost, against the laws. `opened`: how many files the largest of
// the runs opens. `packed`: so many times what a byte may cost, where it is packed anew.
struct allowed {
    double opened, packed;
};
void judge(int what, const char *name, const char *verb, struct allowed allowed,
           const double size[SIZES], const double cost[SIZES]);

#endif
