// SPDX-License-Identifier: Apache-2.0
//
// Libraries that are loaded when they are needed, because most who run the program need them never.
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_symbol {
    const char *name;
    size_t at; // of the pointer to it, in a struct of such pointers
};

enum library_answer { LIBRARY_LOADED, LIBRARY_NOT_THERE, LIBRARY_TOO_OLD };

// Loads the first of these (NULL-ended) that is there, and fills a struct of pointers. *missing is
// the symbol that one which is too old does not have.
enum library_answer library_load(const char *const *names, const struct library_symbol *symbols,
                                 size_t count, void *to, const char **missing);

#endif
