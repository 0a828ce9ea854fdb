// SPDX-License-Identifier: Apache-2.0
#ifndef BASE64_H
#define BASE64_H

#include <stdint.h>

#include "arena.h"

// RFC 4648, with padding.
char *base64(struct arena *a, const uint8_t *bytes, size_t n);

#endif
