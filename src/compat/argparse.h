// SPDX-License-Identifier: Apache-2.0
//
// Command lines as Python's argparse reads them, for the scripts that compat stands in for: brought
// into the form that args.h takes.
#ifndef ARGPARSE_H
#define ARGPARSE_H

#include <stdint.h>

#include "args.h"

// An option with one dash and perhaps several letters, and its long name.
struct argparse_option {
    const char *word, *name;
    const char *use; // what the caller makes of it
};

struct argparse_words {
    char *list[ARGS_MOST];
    size_t count;
};

// Puts the lines of a file in the place of each @FILE, each line an argument. False with `e` set
// (status 2).
bool argparse_expand(const char **words, size_t count, struct arena *a, struct argparse_words *out,
                     struct err *e);

// -vn 2, -vn=2 and, for one letter, -v2 become --version=2, in words that are behind the first one.
// False with `e` set (status 2) where a value is missing.
bool argparse_translate(struct argparse_words *words, const struct argparse_option *options,
                        size_t count, struct arena *a, struct err *e);

// For scripts whose options are those of a verb: each value becomes --NAME=VALUE, and -k A B or
// --key A B, for an option whose values go on to the next option (nargs='+'), one for each of them.
// Names may be shortened, and have _ for -. `lists` has the long names of such options, NULL-ended.
// What is no option of the rows is left for args_read to refuse. False with `e` set (status 2)
// where a value is missing.
bool argparse_rows(const struct argparse_words *words, const struct opt *const *opts,
                   const char *const *lists, struct arena *a, struct argparse_words *out,
                   struct err *e);

// How many of the words behind this one are values, up to the next option.
size_t argparse_values_behind(const struct argparse_words *words, size_t i);

// A whole number as Python's int(text, 0) takes it: 0x, 0o or 0b before it, _ between its digits,
// blanks or a + around it.
bool argparse_number(const char *text, struct arena *a, uint64_t *out);

#endif
