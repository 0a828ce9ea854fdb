// SPDX-License-Identifier: Apache-2.0
//
// The names of the chips' memories. Each table ends with a row without a name.
#ifndef CHIP_MEMORY_H
#define CHIP_MEMORY_H

#include "chip.h"

extern const struct chip_memory chip_memory_esp32[], chip_memory_esp32s2[], chip_memory_esp32c3[],
    chip_memory_esp32s3[], chip_memory_esp32c2[], chip_memory_esp32c6[], chip_memory_esp32p4[],
    chip_memory_esp32c61[], chip_memory_esp32c5[], chip_memory_esp32h4[], chip_memory_esp32e22[],
    chip_memory_esp32s31[];
extern const struct chip_memory esp8266_memory[]; // esp8266.c

#endif
