// SPDX-License-Identifier: Apache-2.0
//
// Makes a delta patch of two images, for devices with esp_delta_ota.
#ifndef DELTA_MAKE_H
#define DELTA_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define DELTA_MOST (UINT32_C(1) << 24) // bytes of an image: as many as an ESP32 maps

struct delta_job {
    const uint8_t *base, *bytes; // the base, and the new image
    size_t base_size, size;
    const uint8_t *digest; // 32 bytes: the SHA-256 that is appended to the base
    void (*told)(void *ctx, uint64_t done, uint64_t total); // NULL: nobody
    void *ctx;
};

bool delta_can(struct err *e); // false with `e` set: built without the library that it takes

// The patch, in memory that is freed with free(): the same one from the same images. Meanwhile it
// takes 4 bytes of memory for each of the base, 8 for each of the new image, and 1 MiB; both
// images are in memory already. NULL with `e` set.
uint8_t *delta_make(const struct delta_job *job, size_t *size, struct err *e);

#endif
