// SPDX-License-Identifier: Apache-2.0
//
// A device as its flash has it: which app its bootloader starts, where its next update goes, and
// what the OTA data says once that is to boot. Nothing is read here but a partition table and OTA
// data; what the apps in the partitions are is not known, and each is taken to be one that starts.
//
// Bootloader and app read the table in ways of their own. Of two partitions of a kind the
// bootloader takes the last, the app the first; the bootloader counts every OTA partition, the app
// those up to the first number that is missing. Both count partitions without a byte.
//
// Source of the facts: ESP-IDF, flash_partitions.c, bootloader_utility.c,
// bootloader_common_loader.c, partition.c and esp_ota_ops.c, from 5.1 to 6.2-dev.
#ifndef DEVICE_H
#define DEVICE_H

#include <otapack/ota_data.h>
#include <otapack/partition_table.h>

enum {
    DEVICE_SLOTS = 16,   // ota_0 to ota_15
    DEVICE_FACTORY = -1, // what can stand where a slot is named
    DEVICE_TEST = -2,
    DEVICE_NOTHING = -3,
    DEVICE_PARTITIONS = OTAPACK_PARTITION_TABLE_SIZE / OTAPACK_PARTITION_ENTRY_SIZE - 1,
};

// Which partition of the table is taken for each kind; -1: there is none.
struct device_kinds {
    int slots[DEVICE_SLOTS], factory, test, otadata;
};

struct device {
    struct otapack_partition parts[DEVICE_PARTITIONS]; // in the order of the table
    int count;
    uint64_t end;                      // of the partition that ends last
    struct device_kinds booted, found; // by the bootloader, by the app
    unsigned slot_count;               // as the bootloader counts them
    struct otapack_partition storage;  // the RCP's, rcp_fw; size 0: there is none
    struct otapack_ota_entry entries[2];

    // What device_boot is to know beside; all may stay as device_open leaves it.
    uint64_t flash_size; // as the bootloader's header has it; 0: not known
    bool rollback;       // the bootloader was built with CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
    bool (*starts)(void *ctx, const struct otapack_partition *app); // NULL: every app does
    void *ctx;

    // What device_boot found and did.
    int running;           // a slot or one of the above
    bool first_boot_wrote; // entry 0
    bool aborted[2];       // the app of this entry had not confirmed that it works
    int on_trial;          // the entry of the app that has to confirm now; -1: none has
};

// What becomes of an update that is whole.
struct device_change {
    unsigned entry; // of the OTA data, which is written
    uint32_t ota_seq;
};

// Why nothing boots, or an update takes no effect.
enum device_answer {
    DEVICE_OK,
    DEVICE_BEYOND_FLASH,   // a partition is, so that the bootloader takes no part of the table
    DEVICE_OTA_DATA_SHORT, // less than its two sectors, with which the bootloader starts nothing
    DEVICE_OTA_DATA_FAR,   // behind what any flash has
    DEVICE_NO_APP,         // there is none to start
    DEVICE_NO_SLOT,        // the table has no OTA partition
    DEVICE_SLOT_RUNS,      // the only one is in use
    DEVICE_SLOT_EMPTY,     // the one whose turn it is has no bytes
    DEVICE_SLOT_READ_ONLY, // or may not be written
    DEVICE_UNCONFIRMED,    // the app that runs has not said yet that it works
    DEVICE_NO_OTA_DATA,    // no partition can say which app boots
    DEVICE_OTA_DATA_SIZE,  // it is not of the size that ESP-IDF's tools give it
    DEVICE_OTA_DATA_READ_ONLY,
    DEVICE_SLOTS_BEHIND_TEST, // the app stops while it counts all 16 of them and the test app
    DEVICE_SLOT_NOT_KNOWN,    // the numbers of the OTA partitions have a gap before it
    DEVICE_SEQUENCE_ENDS,     // ota_seq cannot grow any more
    DEVICE_OTA_DATA_TWICE,    // the app writes the first, the bootloader reads the last
    DEVICE_NOT_CHOSEN,        // the bootloader makes another slot of what was written
};

// The answer as a sentence: what is so, and what follows.
const char *device_text(enum device_answer answer);

// Is it only at the next boot that the update turns out to take no effect?
bool device_takes(enum device_answer answer);

// The partitions of a table that was found sound; the OTA data is as erased. False where the table
// cannot be read.
bool device_open(struct device *d, const struct otapack_source *table);

// Takes a dump of the OTA data instead. False where it is too short or cannot be read.
bool device_take_ota_data(struct device *d, const struct otapack_source *dump);

bool device_entry_counts(const struct otapack_ota_entry *entry);
int device_active_entry(const struct device *d); // 0, 1; -1: neither counts

// What the bootloader does: `running` is set, and the OTA data written where it does so. Says why
// nothing runs.
enum device_answer device_boot(struct device *d);

// The app that is on trial says that it works.
void device_confirm(struct device *d);

// What boots: a slot's partition, or that of DEVICE_FACTORY, DEVICE_TEST; NULL: there is none.
const struct otapack_partition *device_partition(const struct device *d, int which);
// What is written: a slot's partition as the app finds it; NULL: there is none.
const struct otapack_partition *device_target(const struct device *d, int slot);
// The app partition that begins at this address; NULL: none does.
bool device_data_at(const struct device *d, uint64_t address); // does a data partition begin there?
const struct otapack_partition *device_app_at(const struct device *d, uint64_t address);
// Where the bootloader reads the OTA data; NULL: there is none.
const struct otapack_partition *device_ota_data(const struct device *d);

// Does ESP-IDF, from 5.2 on, write nothing to it?
bool device_is_read_only(const struct otapack_partition *p);

// Where an update of the app goes (esp_ota_get_next_update_partition, esp_ota_begin).
enum device_answer device_next(const struct device *d, int *slot);

// Makes the slot boot next (esp_ota_set_boot_partition).
enum device_answer device_select(struct device *d, int slot, struct device_change *change);

// Lets a device that comes from the factory have updates, one after the other. How many take
// effect, and in which slots, as bits; why none follows, DEVICE_OK where that goes on for ever.
struct device_outlook {
    unsigned updates;
    uint32_t slots;
    enum device_answer answer;
};
struct device_outlook device_outlook(const struct device *d);

// The smallest of the partitions in which updates take effect; where none does, of all that have a
// size. NULL: there is none.
const struct otapack_partition *device_smallest_slot(const struct device *d,
                                                     const struct device_outlook *o);

// How many bytes files can have in the RCP's storage, a SPIFFS of ESP-IDF's defaults.
uint64_t device_storage_room(const struct otapack_partition *storage);

#endif
