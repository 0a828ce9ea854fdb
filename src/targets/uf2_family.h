// SPDX-License-Identifier: Apache-2.0
//
// What UF2 files call the chips of Espressif.
#ifndef UF2_FAMILY_H
#define UF2_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

const char *uf2_family_name(uint32_t family);                // "esp32c6"; NULL: none of Espressif's
bool uf2_family_by_name(const char *name, uint32_t *family); // as esptool calls a chip
extern const char *const uf2_family_names[];
extern const size_t uf2_family_count;

const char *uf2_family_title(uint32_t family); // "ESP32-S3"; NULL: not known

#endif
