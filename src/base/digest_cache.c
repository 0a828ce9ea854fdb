// SPDX-License-Identifier: Apache-2.0
#include "digest_cache.h"

#include <stdlib.h>

static void drop(struct kept_digest **place)
{
    struct kept_digest *k = *place;
    *place = k->next;
    digest_free(k->state);
    free(k);
}

void digest_cache_keep(struct digest_cache *c, enum digest_algorithm algorithm, uint64_t base,
                       uint64_t size, const struct digest *state)
{
    struct kept_digest **last = &c->newest;
    struct kept_digest *k = calloc(1, sizeof(*k));
    if (k == NULL) {
        return; // then it is computed again
    }
    *k = (struct kept_digest){c->newest, algorithm, base, size, digest_clone(state)};
    c->newest = k;
    for (size_t i = 0; i < DIGEST_CACHE_MOST && *last != NULL; i++) {
        last = &(*last)->next;
    }
    if (*last != NULL) {
        drop(last);
    }
}

const struct kept_digest *digest_cache_find(const struct digest_cache *c,
                                            enum digest_algorithm algorithm, uint64_t base,
                                            uint64_t size)
{
    const struct kept_digest *best = NULL;
    for (const struct kept_digest *k = c->newest; k != NULL; k = k->next) {
        if (k->algorithm == algorithm && k->base == base && k->size <= size &&
            (best == NULL || k->size > best->size)) {
            best = k;
        }
    }
    return best;
}

void digest_cache_cut(struct digest_cache *c, uint64_t end)
{
    for (struct kept_digest **place = &c->newest; *place != NULL;) {
        if ((*place)->base + (*place)->size > end) {
            drop(place);
        } else {
            place = &(*place)->next;
        }
    }
}

void digest_cache_insert(struct digest_cache *c, uint64_t at, uint64_t by)
{
    for (struct kept_digest **place = &c->newest; *place != NULL;) {
        struct kept_digest *k = *place;
        if (k->base < at && k->base + k->size > at) {
            drop(place);
        } else {
            k->base += k->base >= at ? by : 0;
            place = &k->next;
        }
    }
}

void digest_cache_clear(struct digest_cache *c)
{
    while (c->newest != NULL) {
        drop(&c->newest);
    }
}
