// SPDX-License-Identifier: Apache-2.0
//
// A device as its flash has it: which app its bootloader starts, where its next update goes, and
// what the OTA data says once that is to boot. Nothing is read here but a partition table and OTA
// data; what the apps in the partitions are is not known, and each is taken to be one that starts.
//
// Source of the facts: ESP-IDF, bootloader_utility.c, bootloader_common.c and esp_ota_ops.c.
#ifndef DEVICE_H
#define DEVICE_H

#include <otapack/ota_data.h>
#include <otapack/partition_table.h>

enum {
    DEVICE_SLOTS = 16,   // ota_0 to ota_15
    DEVICE_FACTORY = -1, // what can stand where a slot is named
    DEVICE_TEST = -2,
    DEVICE_NOTHING = -3,
};

struct device {
    struct otapack_partition slots[DEVICE_SLOTS]; // by number; size 0: there is none
    struct otapack_partition factory, test;       // likewise
    struct otapack_partition otadata, storage;    // likewise; storage is the RCP's, rcp_fw
    unsigned slot_count;
    struct otapack_ota_entry entries[2];
    bool first_boot_wrote; // device_boot has done so
    int running;           // a slot or one of the above, from device_boot on
};

// What becomes of an update that is whole.
struct device_change {
    unsigned entry; // of the OTA data, which is written
    uint32_t ota_seq;
};

enum device_answer {
    DEVICE_OK,
    DEVICE_NO_SLOT,        // the table has no OTA partition
    DEVICE_SLOT_RUNS,      // the only one is in use
    DEVICE_UNCONFIRMED,    // the app that runs has not said yet that it works
    DEVICE_NO_OTA_DATA,    // no partition can say which app boots
    DEVICE_SLOT_NOT_KNOWN, // the numbers of the OTA partitions have a gap before it
};

// The partitions of a table that was found sound; the OTA data is as erased. False where the table
// cannot be read.
bool device_open(struct device *d, const struct otapack_source *table);

// Takes a dump of the OTA data instead. False where it is too short or cannot be read.
bool device_take_ota_data(struct device *d, const struct otapack_source *dump);

bool device_entry_counts(const struct otapack_ota_entry *entry);
int device_active_entry(const struct device *d); // 0, 1; -1: neither counts

// What the bootloader does: `running` is set, and the first entry written where it does so.
void device_boot(struct device *d);

// A slot's partition, or that of DEVICE_FACTORY, DEVICE_TEST; NULL: there is none.
const struct otapack_partition *device_partition(const struct device *d, int which);

// Where an update of the app goes (esp_ota_get_next_update_partition, esp_ota_begin).
enum device_answer device_next(const struct device *d, int *slot);

// Makes the slot boot next (esp_ota_set_boot_partition).
enum device_answer device_select(struct device *d, int slot, struct device_change *change);

// How many bytes files can have in the RCP's storage, a SPIFFS of ESP-IDF's defaults.
uint64_t device_storage_room(const struct otapack_partition *storage);

#endif
