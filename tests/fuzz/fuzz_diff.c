// SPDX-License-Identifier: Apache-2.0
//
// Any two files compared: the input cut in two, and each half with the other half's beginning.
// Laws: what is not the same has a change, each change has a place, the other way there are as
// many, and what people are shown can be said.
#include "fuzz.h"

#include "diff_words.h"
#include "format.h"
#include "judge.h"
#include "signers.h"

static void law_change(struct arena *a, const struct diff *d, const struct change *c)
{
    LAW(c->old != NULL || c->new != NULL);
    LAW(c->kind < CHANGE_KINDS && c->class < CLASS_COUNT);
    LAW(c->kind != CHANGE_ADDED || c->class == CLASS_CHECK || c->new_text != NULL);
    LAW(c->kind != CHANGE_DROPPED || c->class == CLASS_CHECK || c->old_text != NULL);
    LAW(c->kind != CHANGE_SAME || c->follows != NULL);
    LAW(strlen(diff_place_words(a, c)) > 0);
    (void)diff_old_words(a, c);
    (void)diff_new_words(a, c);
    (void)diff_is_shown(d, c);
}

static size_t law_diff(const uint8_t *old, size_t old_size, const uint8_t *new, size_t new_size)
{
    static const struct read_options plain;
    struct arena a = ARENA_EMPTY;
    const struct node *x = read_and_judge(&a, &plain, otapack_memory(old, old_size));
    const struct node *y = read_and_judge(&a, &plain, otapack_memory(new, new_size));
    const struct diff *d = diff_trees(&a, x, y, &signers_look);
    bool same = old_size == new_size && memcmp(old, new, old_size) == 0;
    size_t count = 0;
    for (const struct change *c = d->first; c != NULL; c = c->next, count++) {
        law_change(&a, d, c);
    }
    LAW(d->identical == same && same == (count == 0));
    LAW((diff_result(d) == DIFF_IDENTICAL) == same);
    arena_free(&a);
    return count;
}

static void law_both_ways(const uint8_t *x, size_t n, const uint8_t *y, size_t m)
{
    size_t there = law_diff(x, n, y, m);
    LAW(there == law_diff(y, m, x, n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t half = size / 2;
    law_both_ways(data, half, data + half, size - half);
    law_both_ways(data, size, data, half);
    uint8_t *other = malloc(size + 1);
    LAW(other != NULL);
    memcpy(other, data, size);
    for (size_t at = half; at < size; at += 1 + size / 4) {
        other[at] ^= 1;
    }
    law_both_ways(data, size, other, size);
    free(other);
    return 0;
}
