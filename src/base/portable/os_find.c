// SPDX-License-Identifier: Apache-2.0
//
// os.h: os_find, where the system has no memmem().
#include <string.h>

#include "os.h"

const void *os_find(const void *in, size_t size, const void *bytes, size_t n)
{
    const unsigned char *at = in, *first = bytes;
    while (n > 0 && size >= n) {
        const unsigned char *hit = memchr(at, *first, size - n + 1);
        if (hit == NULL || memcmp(hit, bytes, n) == 0) {
            return hit;
        }
        size -= (size_t)(hit + 1 - at);
        at = hit + 1;
    }
    return n == 0 ? in : NULL;
}
