// SPDX-License-Identifier: Apache-2.0
#include "base64.h"

#include <mbedtls/base64.h>

char *base64(struct arena *a, const uint8_t *bytes, size_t n)
{
    size_t room = (n + 2) / 3 * 4 + 1, length = 0;
    char *text = arena_alloc(a, room);
    (void)mbedtls_base64_encode((unsigned char *)text, room, &length, bytes, n);
    return text;
}
