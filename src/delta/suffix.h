// SPDX-License-Identifier: Apache-2.0
//
// Where bytes stand in others, by a suffix array, and the only file that knows a library of it.
#ifndef SUFFIX_H
#define SUFFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool suffix_available(void); // false: built without the library

struct suffix {
    const uint8_t *bytes; // stay their owner's
    uint32_t size;
    int32_t *sorted;   // where each suffix begins, in the order of their bytes
    uint32_t *buckets; // where those begin that begin with these two bytes; one more at the end
};

// False: out of memory, or the library is not there. Takes 4 bytes for each of the bytes.
bool suffix_make(struct suffix *s, const uint8_t *bytes, uint32_t n);
void suffix_free(struct suffix *s);

struct suffix_match {
    uint32_t at, length;
};

enum { SUFFIX_LEAST = 4, SUFFIX_MOST = 32 }; // bytes of a match that are looked at

// Places at which the bytes begin as `bytes` do, for at least SUFFIX_LEAST bytes; the longest come
// first on either side of where `bytes` would stand. At most `most`; how many there are.
size_t suffix_find(const struct suffix *s, const uint8_t *bytes, size_t n, struct suffix_match *to,
                   size_t most);

#endif
