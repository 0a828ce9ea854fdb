// SPDX-License-Identifier: Apache-2.0
//
// The sums in an ESP image, for who changes bytes of it. The image was read from these bytes.
#ifndef IMAGE_SUMS_H
#define IMAGE_SUMS_H

#include <otapack/esp_image.h>

#include "check.h"

// Who changes an image that is damaged would hide it: false with `e` set (status 1), where a sum
// is not that of the bytes.
bool image_sums_hold(const struct otapack_esp_image *image, const uint8_t *bytes, const char *name,
                     struct err *e);

void image_checksum_redo(const struct otapack_esp_image *image, uint8_t *bytes);
void image_hash_redo(const struct otapack_esp_image *image, uint8_t *bytes); // where it has one

#endif
