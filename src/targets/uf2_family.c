// SPDX-License-Identifier: Apache-2.0
//
// Sources: uf2families.json of microsoft/uf2, and UF2_FAMILY_ID of esptool's chips.
#include "uf2_family.h"

#include <stddef.h>
#include <string.h>

#include "chip.h"

static const struct {
    uint32_t family;
    const char *name;
} rows[] = {
    {0x7EAB61ED, "esp8266"}, {0x1C5F21B0, "esp32"},    {0xBFDD4EEE, "esp32s2"},
    {0xC47E5767, "esp32s3"}, {0x2B88D29C, "esp32c2"},  {0xD42BA06C, "esp32c3"},
    {0xF71C0343, "esp32c5"}, {0x540DDF62, "esp32c6"},  {0x77D850C4, "esp32c61"},
    {0x332726F6, "esp32h2"}, {0xB6DD00AF, "esp32h21"}, {0x9E0BAA8A, "esp32h4"},
    {0x3D308E94, "esp32p4"}, {0x3101F7C1, "esp32s31"},
};
enum { COUNT = sizeof(rows) / sizeof(rows[0]) };

const char *uf2_family_name(uint32_t family)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (rows[i].family == family) {
            return rows[i].name;
        }
    }
    return NULL;
}

bool uf2_family_by_name(const char *name, uint32_t *family)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *family = rows[i].family;
            return true;
        }
    }
    return false;
}

const char *uf2_family_title(uint32_t family)
{
    const char *name = uf2_family_name(family);
    const struct chip *chip = name == NULL ? NULL : chip_by_name(name);
    return chip != NULL ? chip->title : name == NULL ? NULL : "ESP8266";
}
