// SPDX-License-Identifier: Apache-2.0
//
// Sources: uf2families.json of microsoft/uf2, and UF2_FAMILY_ID of esptool's chips.
#include "uf2_family.h"

#include "chip.h"
#include "text.h"

const char *const uf2_family_names[] = {"esp8266",  "esp32",   "esp32s2", "esp32s3",  "esp32c2",
                                        "esp32c3",  "esp32c5", "esp32c6", "esp32c61", "esp32h2",
                                        "esp32h21", "esp32h4", "esp32p4", "esp32s31"};
static const uint32_t numbers[] = {0x7EAB61ED, 0x1C5F21B0, 0xBFDD4EEE, 0xC47E5767, 0x2B88D29C,
                                   0xD42BA06C, 0xF71C0343, 0x540DDF62, 0x77D850C4, 0x332726F6,
                                   0xB6DD00AF, 0x9E0BAA8A, 0x3D308E94, 0x3101F7C1};
enum { COUNT = sizeof(numbers) / sizeof(numbers[0]) };
const size_t uf2_family_count = COUNT;
_Static_assert(sizeof(uf2_family_names) / sizeof(uf2_family_names[0]) == COUNT,
               "each family has a name");

const char *uf2_family_name(uint32_t family)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (numbers[i] == family) {
            return uf2_family_names[i];
        }
    }
    return NULL;
}

bool uf2_family_by_name(const char *name, uint32_t *family)
{
    size_t i = text_place(name, uf2_family_names, COUNT);
    if (i < COUNT) {
        *family = numbers[i];
    }
    return i < COUNT;
}

const char *uf2_family_title(uint32_t family)
{
    const char *name = uf2_family_name(family);
    const struct chip *chip = name == NULL ? NULL : chip_by_name(name);
    return chip != NULL ? chip->title : name == NULL ? NULL : "ESP8266";
}
