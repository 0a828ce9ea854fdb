// SPDX-License-Identifier: Apache-2.0
//
// The rules about a merged flash image as a whole: would a chip that is flashed with it start?
#ifndef RULE_FLASH_H
#define RULE_FLASH_H

#include "flash_layout.h"
#include "judge.h"
#include "node.h"

enum { FLASH_APPS_MOST = OTAPACK_PARTITION_TABLE_SIZE / OTAPACK_PARTITION_ENTRY_SIZE };
enum { FLASH_LOADERS_MOST = 8 };

// An app that is longer than its partition: `length` is what it has, or at least has.
struct flash_long_app {
    struct node *part;
    uint64_t length, room;
    bool whole; // it could be read
};

// What was found, as the image is opened.
struct flash_image {
    struct flash_layout layout;
    struct otapack_source source; // of the table, and how many partitions it has
    uint32_t count;
    struct node *bootloader, *table;    // NULL: none
    struct node *apps[FLASH_APPS_MOST]; // of the app partitions, what they hold
    uint32_t room[FLASH_APPS_MOST];     // how large their partitions are
    size_t app_count;
    struct node *loaders[FLASH_LOADERS_MOST]; // likewise of bootloader partitions but the first
    bool recovery[FLASH_LOADERS_MOST];        // is it for the one that recovers the first?
    size_t loader_count;
    struct flash_long_app longs[FLASH_APPS_MOST];
    size_t long_count;
    struct node *boot; // what the partition holds that is booted; NULL: it is not known which
    bool bootable;     // an app partition has its app
    bool passed_over;  // and the bootloader looks at none that has
};

// The apps of the image are started by the bootloader that is in it: its ESP-IDF is the device's.
// NULL: it does not say which it has, or the user does.
const struct target *rule_flash_device(struct judge *j, const struct flash_image *image);

#endif
