// SPDX-License-Identifier: Apache-2.0
#include "words.h"

#include "../unit/unit.h"

void words_add(struct words *w, const char *word)
{
    if (w->count == w->room) {
        w->room = w->room == 0 ? 256 : 2 * w->room;
        w->of = realloc(w->of, w->room * sizeof(*w->of));
        assert_non_null(w->of);
    }
    w->of[w->count] = strdup(word);
    assert_non_null(w->of[w->count++]);
}

int words_by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void words_sort(struct words *w)
{
    if (w->count > 0) {
        qsort(w->of, w->count, sizeof(*w->of), words_by_text);
    }
}

void words_free(struct words *w)
{
    for (size_t i = 0; i < w->count; i++) {
        free(w->of[i]);
    }
    free(w->of);
}
