// SPDX-License-Identifier: Apache-2.0
//
// Apps in a merged flash image: how long the one in a partition is, and which lie elsewhere.
#ifndef FLASH_APP_H
#define FLASH_APP_H

#include "flash_layout.h"

struct flash_app {
    uint64_t at, size; // in the file, with its signature
};

// Is this an app, and no bootloader? It has its description first, or parts mapped from flash.
struct otapack_esp_image;
bool flash_app_is_one(const struct otapack_source *here, const struct otapack_esp_image *image);

// How many bytes the ESP image at `at` has. One that cannot be read to its end: how many it has at
// the least, and *whole is false. 0: there is none.
uint64_t flash_app_length(const struct otapack_source *src, uint64_t at, bool *whole);

// Does something begin with the header of an ESP image where an app partition begins?
bool flash_app_is_there(const struct otapack_source *src, const struct flash_layout *l,
                        const struct otapack_source *table, uint32_t count);

// The apps outside of all app partitions, by their offsets: at most `most`. Those in data count
// where no app partition has its app, and are for the chip of the bootloader.
size_t flash_app_strays(const struct otapack_source *src, const struct flash_layout *l,
                        const struct otapack_source *table, uint32_t count,
                        struct flash_app *strays, size_t most);

#endif
