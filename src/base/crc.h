// SPDX-License-Identifier: Apache-2.0
//
// CRC-32 as zlib and the chips' ROMs count it.
#ifndef CRC_H
#define CRC_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc_32(uint32_t crc, const uint8_t *bytes, size_t n); // an otapack_crc32_fn

#endif
