/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_ROM_MD5_H
#define STAND_IN_ESP_ROM_MD5_H

#include <stdint.h>

typedef struct {
    uint32_t state[4];
    uint32_t size;
    uint8_t block[64];
} md5_context_t;

void esp_rom_md5_init(md5_context_t *md5);
void esp_rom_md5_update(md5_context_t *md5, const void *bytes, uint32_t n);
void esp_rom_md5_final(uint8_t *digest, md5_context_t *md5);

#endif
