// SPDX-License-Identifier: Apache-2.0
#include "suffix.h"

#include <stdlib.h>
#include <string.h>

#ifdef OTAPACK_HAVE_DIVSUFSORT
#include <divsufsort.h>
#endif

enum { BUCKETS = 65536 };

bool suffix_available(void)
{
#ifdef OTAPACK_HAVE_DIVSUFSORT
    return true;
#else
    return false;
#endif
}

static bool sort(const uint8_t *bytes, int32_t *sorted, uint32_t n)
{
#ifdef OTAPACK_HAVE_DIVSUFSORT
    return divsufsort(bytes, sorted, (saidx_t)n) == 0;
#else
    (void)bytes;
    (void)sorted;
    (void)n;
    return false;
#endif
}

// The last suffix is one byte: it stands before all others that begin so.
static unsigned bucket_of(const uint8_t *bytes, size_t n)
{
    return (unsigned)bytes[0] << 8 | (n > 1 ? bytes[1] : 0U);
}

static void fill_buckets(struct suffix *s)
{
    for (uint32_t i = 0; i < s->size; i++) {
        s->buckets[bucket_of(s->bytes + i, s->size - i) + 1]++;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        s->buckets[i + 1] += s->buckets[i];
    }
}

bool suffix_make(struct suffix *s, const uint8_t *bytes, uint32_t n)
{
    *s = (struct suffix){.bytes = bytes, .size = n};
    s->sorted = malloc(((size_t)n + 1) * sizeof(*s->sorted));
    s->buckets = calloc(BUCKETS + 1, sizeof(*s->buckets));
    if (n > INT32_MAX || s->sorted == NULL || s->buckets == NULL || !sort(bytes, s->sorted, n)) {
        suffix_free(s);
        return false;
    }
    fill_buckets(s);
    return true;
}

void suffix_free(struct suffix *s)
{
    free(s->sorted);
    free(s->buckets);
    s->sorted = NULL;
    s->buckets = NULL;
}

static uint32_t common(const struct suffix *s, uint32_t rank, const uint8_t *bytes, size_t n)
{
    uint32_t at = (uint32_t)s->sorted[rank];
    size_t most = s->size - at < n ? s->size - at : n;
    uint32_t i = 0;
    while (i < most && s->bytes[at + i] == bytes[i]) {
        i++;
    }
    return i;
}

// The first suffix of the bucket that does not stand before `bytes`.
static uint32_t rank_of(const struct suffix *s, const uint8_t *bytes, size_t n)
{
    unsigned bucket = bucket_of(bytes, n);
    uint32_t low = s->buckets[bucket], high = s->buckets[bucket + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, at = (uint32_t)s->sorted[middle];
        uint32_t same = common(s, middle, bytes, n);
        bool before = same < n && (at + same == s->size || s->bytes[at + same] < bytes[same]);
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low;
}

size_t suffix_find(const struct suffix *s, const uint8_t *bytes, size_t n, struct suffix_match *to,
                   size_t most)
{
    n = n < SUFFIX_MOST ? n : SUFFIX_MOST;
    if (n < SUFFIX_LEAST) {
        return 0;
    }
    unsigned bucket = bucket_of(bytes, n);
    uint32_t rank = rank_of(s, bytes, n), first = s->buckets[bucket], end = s->buckets[bucket + 1];
    size_t count = 0;
    for (uint32_t i = rank; i < end && count < (most + 1) / 2; i++) {
        uint32_t length = common(s, i, bytes, n);
        if (length < SUFFIX_LEAST) {
            break;
        }
        to[count++] = (struct suffix_match){(uint32_t)s->sorted[i], length};
    }
    for (uint32_t i = rank; i > first && count < most; i--) {
        uint32_t length = common(s, i - 1, bytes, n);
        if (length < SUFFIX_LEAST) {
            break;
        }
        to[count++] = (struct suffix_match){(uint32_t)s->sorted[i - 1], length};
    }
    return count;
}
