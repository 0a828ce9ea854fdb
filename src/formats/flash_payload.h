// SPDX-License-Identifier: Apache-2.0
//
// What lies in a data partition of a flash, or in a file of a file system in one, and is taken from
// there by a device: by this one's bootloader, or by the app for another chip. Source of the facts:
// ESP-Hosted-MCU, esp-thread-br (esp_rcp_update), bootloader_support_plus of esp-iot-solution.
#ifndef FLASH_PAYLOAD_H
#define FLASH_PAYLOAD_H

#include <otapack/partition_table.h>

#include "format.h"

enum { FLASH_COMPRESSED_SUBTYPE = 0x22 }; // BOOTLOADER_CUSTOM_OTA_PARTITION_SUBTYPE

// As what a partition is opened; NULL: whatever it holds is for whoever put it there.
const struct format *flash_payload(const struct otapack_partition *p,
                                   const struct otapack_source *bytes);

// The same of a file.
const struct format *flash_payload_file(const struct otapack_source *bytes);

// Does it go to another device than the one whose flash it lies in?
bool flash_payload_is_elsewhere(const struct node *part);

#endif
