// SPDX-License-Identifier: Apache-2.0
//
// The formats there are. A format is one const struct in format_NAME.c, and one word in this list.
#ifndef FORMAT_LIST_H
#define FORMAT_LIST_H

#include "format.h"
#include "judge.h"

// In the order in which they are offered bytes; the last one takes everything.
#define FORMAT_LIST(X)                                                                             \
    X(manifest)                                                                                    \
    X(matter)                                                                                      \
    X(matter_bundle)                                                                               \
    X(zigbee)                                                                                      \
    X(compressed_image)                                                                            \
    X(rcp_image)                                                                                   \
    X(esp8266_signed)                                                                              \
    X(littlefs)                                                                                    \
    X(spiffs)                                                                                      \
    X(esp8266_arduino)                                                                             \
    X(esp8266_flash)                                                                               \
    X(flash)                                                                                       \
    X(esp8266_v2)                                                                                  \
    X(esp8266_image)                                                                               \
    X(esp_image)                                                                                   \
    X(signed_data)                                                                                 \
    X(esp_encrypted_img)                                                                           \
    X(delta)                                                                                       \
    X(gzip)                                                                                        \
    X(zlib)                                                                                        \
    X(uf2)                                                                                         \
    X(intel_hex)                                                                                   \
    X(secure_boot)                                                                                 \
    X(partition_table)                                                                             \
    X(ota_data)                                                                                    \
    X(partition_csv)                                                                               \
    X(flash_args)                                                                                  \
    X(text)                                                                                        \
    X(raw)

#define X(name) extern const struct format format_##name;
FORMAT_LIST(X)
#undef X

#endif
