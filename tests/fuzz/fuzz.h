// SPDX-License-Identifier: Apache-2.0
//
// What the harnesses share: laws, which hold for whatever bytes there are, and a source that is
// read through a function, to compare with the one that is a buffer.
#ifndef FUZZ_H
#define FUZZ_H

#include <otapack/base.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define LAW(holds) ((holds) ? (void)0 : law_broken(#holds, __FILE__, __LINE__))

static inline void law_broken(const char *law, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, law);
    abort();
}

struct hooked {
    const uint8_t *data;
    size_t size;
    unsigned reads, fail_at; // the read that fails, from 1; 0: none
};

static inline bool hooked_read(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    struct hooked *h = (struct hooked *)ctx;
    LAW(at <= h->size && n <= h->size - at); // the promise of struct otapack_source
    memcpy(to, h->data + at, n);
    return ++h->reads != h->fail_at;
}

static inline struct otapack_source hooked_source(struct hooked *h)
{
    struct otapack_source src = {NULL, hooked_read, h, 0, h->size};
    return src;
}

static inline void law_same(struct otapack_status a, struct otapack_status b)
{
    LAW(a.code == b.code && strcmp(a.field, b.field) == 0);
    LAW(a.at == b.at && a.value == b.value && a.limit == b.limit);
}

// A refusal points into the source: not behind its end, but for a checksum that is cut off together
// with up to 15 bytes of padding before it.
static inline void law_points_into(struct otapack_status s, size_t size)
{
    LAW(s.at <= size || (strstr(s.field, "checksum") != NULL && s.at - size < 16));
    LAW(s.code != OTAPACK_TRUNCATED || (s.limit == size && s.value > size));
}

#endif
