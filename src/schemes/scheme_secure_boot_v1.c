// SPDX-License-Identifier: Apache-2.0
//
// Secure Boot v1, of the ESP32: one signature right behind an image, which does not hold its key.
#include "kinds.h"
#include "scheme_secure_boot.h"

static void stand_in(struct pieces *l)
{
    pieces_add_fill(l, OTAPACK_SB_V1_SIZE);
}

const struct scheme scheme_secure_boot_v1 = {.name = "secure-boot-v1",
                                             .subject = SIGNS_IMAGE,
                                             .fits = is_esp_image,
                                             .fits_key = key_fits_secure_boot_v1,
                                             .padding = PK_STANDARD,
                                             .trailing = CHECK_ESP_TRAILING,
                                             .stand_in = stand_in,
                                             SCHEME_SECURE_BOOT};
