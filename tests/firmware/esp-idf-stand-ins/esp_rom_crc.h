/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_ROM_CRC_H
#define STAND_IN_ESP_ROM_CRC_H

#include <stdint.h>

uint32_t esp_rom_crc32_le(uint32_t crc, const uint8_t *bytes, uint32_t n);

#endif
