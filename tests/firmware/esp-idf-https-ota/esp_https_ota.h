/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_HTTPS_OTA_H
#define STAND_IN_ESP_HTTPS_OTA_H

#include "esp_err.h"
#include <stddef.h>

#define ESP_ERR_HTTPS_OTA_IN_PROGRESS 0x9001

typedef void *esp_https_ota_handle_t;

typedef struct {
    const char *data_in;
    size_t data_in_len;
    char *data_out;
    size_t data_out_len;
} decrypt_cb_arg_t;

typedef esp_err_t (*decrypt_cb_t)(decrypt_cb_arg_t *args, void *user_ctx);

esp_err_t esp_https_ota_perform(esp_https_ota_handle_t handle);

#endif
