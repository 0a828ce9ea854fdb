// SPDX-License-Identifier: Apache-2.0
//
// SHA-3 as the fixtures have it, which is not otapack's.
#ifndef SHA3_OF_LAWS_H
#define SHA3_OF_LAWS_H

#include <stddef.h>
#include <stdint.h>

void sha3_of(const void *bytes, size_t n, uint8_t *out, size_t size); // 28, 32, 48 or 64 bytes

#endif
