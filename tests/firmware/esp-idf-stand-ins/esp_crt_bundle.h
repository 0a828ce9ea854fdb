/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_CRT_BUNDLE_H
#define STAND_IN_ESP_CRT_BUNDLE_H

#include "esp_err.h"

esp_err_t esp_crt_bundle_attach(void *conf);

#endif
