// SPDX-License-Identifier: Apache-2.0
//
// NH of UMAC (RFC 4418, 5.2), twice with keys that are shifted against each other.
#include "fingerprint.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = FINGERPRINT_BLOCK / 4, SHIFT = 4 };

static uint32_t key[WORDS + SHIFT];

// SplitMix64: a row of numbers from one that nobody knows.
static uint64_t next_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static void draw_key(void)
{
    uint64_t seed[2];
    if (getentropy(seed, sizeof(seed)) != 0) { // a kernel of long ago: hard to guess all the same
        struct timespec now = {0};
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        seed[0] = (uint64_t)now.tv_nsec;
        seed[1] = (uint64_t)(uintptr_t)&now ^ (uint64_t)getpid();
    }
    for (size_t i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
        key[i] = (uint32_t)(next_number(&seed[i % 2]) >> 32);
    }
    key[0] |= 1; // drawn
}

// Adds the sums over two words at a time, of which `first` is the first one's number in the block:
// each product depends on two words and two numbers of the key.
static void add_words(struct fingerprint *f, const uint8_t *bytes, size_t first, size_t words)
{
    const uint32_t *k = key + first;
    for (size_t i = 0; i < words; i += 2) {
        uint32_t w[2];
        memcpy(w, bytes + 4 * i, sizeof(w));
        f->sums[0] += (uint64_t)(w[0] + k[i]) * (w[1] + k[i + 1]);
        f->sums[1] += (uint64_t)(w[0] + k[i + SHIFT]) * (w[1] + k[i + SHIFT + 1]);
    }
}

struct fingerprint fingerprint_of(const uint8_t *bytes, size_t n)
{
    struct fingerprint f = {{n, 0}};
    size_t whole = n / 8 * 8;
    if (key[0] == 0) {
        draw_key();
    }
    add_words(&f, bytes, 0, whole / 4);
    if (whole < n) {
        uint8_t last[8] = {0};
        memcpy(last, bytes + whole, n - whole);
        add_words(&f, last, whole / 4, 2);
    }
    f.sums[1] |= 1;
    return f;
}

bool fingerprint_is_none(const struct fingerprint *f)
{
    return f->sums[1] == 0;
}

bool fingerprint_same(const struct fingerprint *a, const struct fingerprint *b)
{
    return a->sums[0] == b->sums[0] && a->sums[1] == b->sums[1];
}
