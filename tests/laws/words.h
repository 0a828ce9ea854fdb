// SPDX-License-Identifier: Apache-2.0
//
// A list of texts that grows.
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

struct words {
    char **of;
    size_t count, room;
};

void words_add(struct words *w, const char *word); // a copy
void words_sort(struct words *w);
void words_free(struct words *w);
int words_by_text(const void *a, const void *b); // for qsort() and bsearch() of texts

#endif
