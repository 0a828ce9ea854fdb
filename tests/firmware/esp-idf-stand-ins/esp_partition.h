/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_PARTITION_H
#define STAND_IN_ESP_PARTITION_H

#include <stdint.h>

typedef struct {
    uint32_t address;
    uint32_t size;
    char label[17];
} esp_partition_t;

#endif
