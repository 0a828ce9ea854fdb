// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <string.h>

enum { BLOCK = 64 * 1024 };

static size_t block_size(uint64_t left)
{
    return left < BLOCK ? (size_t)left : BLOCK;
}

uint64_t source_difference(const struct otapack_source *a, const struct otapack_source *b)
{
    uint8_t x[BLOCK], y[BLOCK];
    uint64_t size = a->size < b->size ? a->size : b->size;
    for (uint64_t at = 0; at < size; at += sizeof(x)) {
        size_t n = block_size(size - at);
        if (otapack_read(a, at, x, n, "").code != OTAPACK_OK ||
            otapack_read(b, at, y, n, "").code != OTAPACK_OK) {
            return at;
        }
        for (size_t i = 0; memcmp(x, y, n) != 0 && i < n; i++) {
            if (x[i] != y[i]) {
                return at + i;
            }
        }
    }
    return a->size == b->size ? UINT64_MAX : size;
}

uint64_t source_differing(const struct otapack_source *a, const struct otapack_source *b)
{
    uint8_t x[BLOCK], y[BLOCK];
    uint64_t count = 0, size = a->size < b->size ? a->size : b->size;
    for (uint64_t at = 0; at < size; at += sizeof(x)) {
        size_t n = block_size(size - at);
        if (otapack_read(a, at, x, n, "").code != OTAPACK_OK ||
            otapack_read(b, at, y, n, "").code != OTAPACK_OK) {
            return count + (size - at);
        }
        bool same = memcmp(x, y, n) == 0;
        for (size_t i = 0; !same && i < n; i++) {
            count += x[i] != y[i];
        }
    }
    return count;
}

bool source_is_filled(const struct otapack_source *src, uint64_t from, uint64_t to, uint8_t value)
{
    uint8_t block[BLOCK];
    for (; from < to; from += sizeof(block)) {
        size_t n = block_size(to - from);
        if (otapack_read(src, from, block, n, "").code != OTAPACK_OK || block[0] != value ||
            memcmp(block, block + 1, n - 1) != 0) {
            return false;
        }
    }
    return true;
}

uint8_t *source_bytes(struct arena *a, const struct otapack_source *src, uint64_t at, size_t n)
{
    uint8_t *bytes = arena_alloc(a, n + 1);
    if (otapack_read(src, at, bytes, n, "").code != OTAPACK_OK) {
        memset(bytes, 0, n);
    }
    return bytes;
}
