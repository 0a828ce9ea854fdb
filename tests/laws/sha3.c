// SPDX-License-Identifier: Apache-2.0
//
// SHA-3 of the fixtures' generator. A file of its own, because the generator has a function fail(),
// and cmocka a macro.
#include "sha3.h"

#include <stdlib.h>
#include <string.h>

// It asks for a growing buffer, of which it needs one function.
#include "../../fixtures/sha3.c" // NOLINT

void put_u32(struct bytes *b, uint32_t v)
{
    for (size_t i = 0; i < 4; i++) {
        b->p[b->n++] = (uint8_t)(v >> 8 * i);
    }
}

void sha3_of(const void *bytes, size_t n, uint8_t *out, size_t size)
{
    struct bytes b = {malloc(n + size), n, n + size};
    if (b.p == NULL) {
        abort();
    }
    memcpy(b.p, bytes, n);
    put_sha3(&b, 0, size); // behind them
    memcpy(out, b.p + n, size);
    free(b.p);
}
