/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_PARTITION_H
#define STAND_IN_ESP_PARTITION_H

#include "esp_err.h"
#include <stddef.h>
#include <stdint.h>

typedef enum {
    ESP_PARTITION_SUBTYPE_APP_FACTORY = 0x00,
    ESP_PARTITION_SUBTYPE_APP_OTA_0 = 0x10,
    ESP_PARTITION_SUBTYPE_APP_OTA_1 = 0x11,
} esp_partition_subtype_t;

typedef struct {
    esp_partition_subtype_t subtype;
    uint32_t address;
    uint32_t size;
    char label[17];
} esp_partition_t;

esp_err_t esp_partition_read(const esp_partition_t *partition, size_t from, void *to, size_t size);

#endif
