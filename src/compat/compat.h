// SPDX-License-Identifier: Apache-2.0
//
// The scripts whose command lines compat takes.
#ifndef COMPAT_H
#define COMPAT_H

#include "cmd.h"

// In the order in which --help lists them.
#define COMPAT_LIST(X)                                                                             \
    X(create_ota_image)        /* of esp-thread-br */                                              \
    X(ota_image_tool)          /* of the Matter SDK */                                             \
    X(esp32_multi_ota_tool)    /* of the Matter SDK, too */                                        \
    X(image_builder_tool)      /* of esp-zigbee-sdk */                                             \
    X(espsecure)               /* of esptool */                                                    \
    X(esptool)                 /* what of it needs no device */                                    \
    X(signing)                 /* of the ESP8266's Arduino core */                                 \
    X(esp_enc_img_gen)         /* of esp_encrypted_img */                                          \
    X(esp_delta_ota_patch_gen) /* of esp_delta_ota */                                              \
    X(espota)                  /* of both Arduino cores */

#define X(name) extern const struct cmd compat_##name;
COMPAT_LIST(X)
#undef X

// Runs `inner`, whose command line argparse read: its option rows in Python's forms.
enum status compat_run_rows(const struct args *args, const struct cmd *inner, struct err *e);

// Verbs that take what some of them were told.
extern const struct cmd cmd_inspect, cmd_key, cmd_sign, cmd_delta;

#endif
