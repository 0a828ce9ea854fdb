// SPDX-License-Identifier: Apache-2.0
//
// The scripts whose command lines compat takes.
#ifndef COMPAT_H
#define COMPAT_H

#include "cmd.h"

extern const struct cmd compat_create_ota_image;     // of esp-thread-br
extern const struct cmd compat_ota_image_tool;       // of the Matter SDK
extern const struct cmd compat_esp32_multi_ota_tool; // of the Matter SDK, too
extern const struct cmd compat_image_builder_tool;   // of esp-zigbee-sdk
extern const struct cmd compat_espsecure;            // of esptool
extern const struct cmd compat_signing;              // of the ESP8266's Arduino core
extern const struct cmd compat_esp_enc_img_gen;      // of esp_encrypted_img
extern const struct cmd compat_espota;               // of both Arduino cores

// Runs `inner`, whose command line argparse read: its option rows in Python's forms.
enum status compat_run_rows(const struct args *args, const struct cmd *inner, struct err *e);

extern const struct cmd cmd_key, cmd_sign; // verbs that take what some of them were told

#endif
