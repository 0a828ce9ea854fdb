// SPDX-License-Identifier: Apache-2.0
//
// Secure Boot v2: up to three blocks, with their keys, in a sector behind an image.
#include "kinds.h"
#include "scheme_secure_boot.h"

const struct scheme scheme_secure_boot_v2 = {.name = "secure-boot-v2",
                                             .subject = SIGNS_IMAGE,
                                             .fits = is_esp_image,
                                             .fits_key = key_fits_secure_boot,
                                             .padding = PK_STANDARD,
                                             .sector = true,
                                             .trailing = CHECK_ESP_TRAILING,
                                             .stand_in = secure_boot_stand_in,
                                             SCHEME_SECURE_BOOT};
