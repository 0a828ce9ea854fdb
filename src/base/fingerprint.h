// SPDX-License-Identifier: Apache-2.0
//
// A value by which a block of bytes is known again. Not a digest that others could check: it costs
// a fraction of one, and depends on numbers that each process draws for itself, so that nobody can
// choose bytes whose change would not show. Of two blocks that differ, one pair in 2^63 looks the
// same.
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FINGERPRINT_BLOCK = 4096 }; // the most that one is made of

struct fingerprint {
    uint64_t sums[2]; // never both 0: that is no fingerprint yet
};

// The numbers, once, before there are threads; otherwise the first block draws them.
void fingerprint_draw_key(void);

struct fingerprint fingerprint_of(const uint8_t *bytes, size_t n);
bool fingerprint_is_none(const struct fingerprint *f);
bool fingerprint_same(const struct fingerprint *a, const struct fingerprint *b);

#endif
