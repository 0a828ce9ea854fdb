// SPDX-License-Identifier: Apache-2.0
//
// Secure Boot v2 of what is no image, for a partition of its own, as ESP-IDF 6.0 verifies it.
#include "format_list.h"
#include "scheme_secure_boot.h"

static bool is_signed_data(const struct node *part)
{
    return node_is(part, &format_signed_data);
}

// None of the images that say what they are.
static bool is_data(const struct node *n)
{
    static const struct format *const others[] = {
        &format_matter,          &format_rcp_image,  &format_flash,         &format_esp8266_signed,
        &format_esp8266_arduino, &format_esp8266_v2, &format_esp8266_image, &format_esp_image};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (node_is(n, others[i])) {
            return false;
        }
    }
    // The bootloader counts from behind the app's header, which goes in front of what is signed.
    return !node_is(n, &format_compressed_image) || node_find(n, "app_header", -1) == NULL;
}

const struct scheme scheme_secure_boot_v2_data = {.name = "secure-boot-v2-data",
                                                  .subject = SIGNS_DATA,
                                                  .fits = is_signed_data,
                                                  .takes = is_data,
                                                  .fits_key = key_fits_signed_data,
                                                  .padding = PK_STANDARD,
                                                  .sector = true,
                                                  .trailing = CHECK_DATA_TRAILING,
                                                  .stand_in = secure_boot_stand_in,
                                                  SCHEME_SECURE_BOOT};
