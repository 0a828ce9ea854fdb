// SPDX-License-Identifier: Apache-2.0
//
// Where an update goes that is no app: ESP-IDF from 5.5 on downloads it to a staging partition,
// verifies it there as what its final partition is for, and copies it.
//
// Source of the facts: ESP-IDF, esp_ota_ops.c (esp_ota_set_final_partition, esp_ota_end),
// partition.c (esp_partition_copy), and examples/system/ota/partitions_ota, which registers the
// final partition where the table does not list it.
#ifndef DEVICE_FINAL_H
#define DEVICE_FINAL_H

#include "chip.h"
#include "device.h"
#include "target.h"

struct device_final {
    struct otapack_partition part; // with the label that the example gives it, if it is not listed
    struct otapack_partition table;
    uint32_t bootloader_at;                   // where the table, or else the chip, has it
    const struct otapack_partition *recovery; // where the ROM looks for another one; NULL: nowhere
};

// `chip` is NULL where it is not known: a bootloader that is not listed has a size of 0 then.
// `table_at` is where the table lies that the device has, unless it lists itself.
struct device_final device_final(const struct device *d, enum target_final what,
                                 const struct chip *chip, uint32_t table_at);

// The bootloader's own partition; NULL: the table lists none.
const struct otapack_partition *device_bootloader(const struct device *d);

// The first partition with this label; NULL: there is none.
const struct otapack_partition *device_labelled(const struct device *d, const char *label);

// An app partition of the old table that the new one has not where it was, or smaller; NULL: none.
// Which one the bootloader starts it says by kind: `ota_0`, `factory`.
const struct otapack_partition *device_lost_app(const struct device *old, const struct device *new);

// Any other partition that the new table has not where it was, with its size; NULL: none.
// Searches from `*i` on, and leaves there where to go on.
const struct otapack_partition *device_lost_data(const struct device *old, const struct device *new,
                                                 int *i);

// The same where only the flag for encryption is another one.
const struct otapack_partition *device_lost_flag(const struct device *old, const struct device *new,
                                                 int *i);

// A partition of the new table that lies over the table itself, or over the bootloader before it:
// where its place is not known, from the last on at which any chip has it.
const struct otapack_partition *device_over_table(const struct device *new,
                                                  const struct device_final *f);

#endif
