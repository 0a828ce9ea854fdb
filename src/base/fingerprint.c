// SPDX-License-Identifier: Apache-2.0
//
// NH of UMAC (RFC 4418, 5.2) with words of 64 bits, as VMAC has it; where the processor has no such
// products, with 32 bits, twice, with keys that are shifted against each other.
#include "fingerprint.h"

#include <string.h>
#include <time.h>

#include "os.h"

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 sum;
typedef uint64_t word;
#else
typedef uint64_t sum;
typedef uint32_t word;
#endif

enum { PAIR = 2 * sizeof(word), WORDS = FINGERPRINT_BLOCK / sizeof(word), SHIFT = 4 };

static word key[WORDS + SHIFT];

// SplitMix64: a row of numbers from one that nobody knows.
static uint64_t next_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

void fingerprint_draw_key(void)
{
    uint64_t seed[2];
    if (key[0] != 0) {
        return;
    }
    if (!os_random(seed, sizeof(seed))) { // a system of long ago: hard to guess all the same
        seed[0] = (uint64_t)time(NULL) << 32 ^ (uint64_t)clock();
        seed[1] = (uint64_t)(uintptr_t)&seed;
    }
    for (size_t i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
        uint64_t number = next_number(&seed[i % 2]);
        key[i] = (word)(number >> (64 - 8 * sizeof(word)));
    }
    key[0] |= 1; // drawn
}

static sum product_of(const uint8_t *bytes, const word *k)
{
    word w[2];
    memcpy(w, bytes, sizeof(w));
    return (sum)(word)(w[0] + k[0]) * (word)(w[1] + k[1]);
}

// The sum over two words at a time: each product depends on two words and two numbers of the key.
// Two sums are added up beside each other, which a processor does at once.
static sum sum_of_pairs(const uint8_t *bytes, size_t pairs, const word *k)
{
    sum all = 0, others = 0;
    size_t i = 0;
    for (; i + 4 <= pairs; i += 4, bytes += (size_t)4 * PAIR, k += 8) {
        all += product_of(bytes, k);
        others += product_of(bytes + PAIR, k + 2);
        all += product_of(bytes + (size_t)2 * PAIR, k + 4);
        others += product_of(bytes + (size_t)3 * PAIR, k + 6);
    }
    for (; i < pairs; i++, bytes += PAIR, k += 2) {
        all += product_of(bytes, k);
    }
    return all + others;
}

static sum sum_of(const uint8_t *bytes, size_t n, const word *k)
{
    size_t pairs = n / PAIR, rest = n % PAIR;
    sum all = sum_of_pairs(bytes, pairs, k);
    if (rest > 0) {
        uint8_t last[PAIR] = {0};
        memcpy(last, bytes + PAIR * pairs, rest);
        all += sum_of_pairs(last, 1, k + 2 * pairs);
    }
    return all;
}

struct fingerprint fingerprint_of(const uint8_t *bytes, size_t n)
{
    fingerprint_draw_key();
    sum all = sum_of(bytes, n, key);
#ifdef __SIZEOF_INT128__
    return (struct fingerprint){{n + (uint64_t)all, (uint64_t)(all >> 64) | 1}};
#else
    return (struct fingerprint){{n + all, sum_of(bytes, n, key + SHIFT) | 1}};
#endif
}

bool fingerprint_is_none(const struct fingerprint *f)
{
    return f->sums[1] == 0;
}

bool fingerprint_same(const struct fingerprint *a, const struct fingerprint *b)
{
    return a->sums[0] == b->sums[0] && a->sums[1] == b->sums[1];
}
