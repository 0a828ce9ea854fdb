// SPDX-License-Identifier: Apache-2.0
//
// Merged flash images, put together of the fixtures: parts at flash addresses, in a file that
// begins at one of them.
#ifndef FLASH_H_OF_LAWS
#define FLASH_H_OF_LAWS

#include "image.h"

struct flash {
    struct image file;
    uint32_t from; // the flash address of its first byte
    uint8_t fill;
};

// As the images of a good flash lie: what a test does not say is as in this one.
#define ESP32_BOOTLOADER "fixtures/esp_image/good-bootloader-esp32.bin"
#define ESP32_APP "fixtures/esp_image/good-app-esp32.bin"
#define H2_BOOTLOADER "fixtures/esp_image/good-bootloader-esp32h2.bin"
#define H2_APP "fixtures/esp_image/good-app-esp32h2.bin"

struct flash flash_new(uint32_t from, uint8_t fill);
void flash_put(struct flash *f, uint32_t address, const struct image *part); // grows as it must
void flash_put_file(struct flash *f, uint32_t address, const char *name);
void flash_fill_to(struct flash *f, uint32_t address);
void flash_save(struct flash *f, const char *name); // and frees it

// A table with NVS, and one factory partition of 1 MiB here.
struct image flash_table(uint32_t app_at);

#endif
