// SPDX-License-Identifier: Apache-2.0
#include "crc.h"

#include <zlib.h>

uint32_t crc_32(uint32_t crc, const uint8_t *bytes, size_t n)
{
    return (uint32_t)crc32_z(crc, bytes, n);
}
