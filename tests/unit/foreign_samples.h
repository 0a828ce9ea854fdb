// SPDX-License-Identifier: Apache-2.0
//
// Files of the kinds that foreign.h names, made by hand.
#ifndef FOREIGN_SAMPLES_H
#define FOREIGN_SAMPLES_H

#include "unit.h"

enum { SAMPLE_ROOM = 96 * 1024 };

struct bytes {
    uint8_t p[SAMPLE_ROOM];
    size_t n;
};

struct sample {
    const char *kind;
    void (*make)(struct bytes *b);
    const char *instead; // is in what is said; NULL: nothing is
};

extern const struct sample foreign_samples[];
extern const size_t foreign_sample_count;

// Behind what there is.
void put_fill(struct bytes *b, uint8_t value, size_t n);
void put_bytes(struct bytes *b, const void *bytes, size_t n);

#endif
