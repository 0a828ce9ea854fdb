// SPDX-License-Identifier: Apache-2.0
//
// The rules about a merged flash image as a whole: would a chip that is flashed with it start?
#ifndef RULE_FLASH_H
#define RULE_FLASH_H

#include "flash_layout.h"
#include "node.h"
#include "read.h"

enum { FLASH_APPS_MOST = OTAPACK_PARTITION_TABLE_SIZE / OTAPACK_PARTITION_ENTRY_SIZE };
enum { FLASH_LOADERS_MOST = 8 };

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
    bool bootable;    // an app partition has its app
    bool passed_over; // and the bootloader looks at none that has
};

// An app that is longer than its partition: `length` is what it has, or at least has.
void rule_flash_app_size(struct reader *r, struct node *part, uint64_t length, bool whole,
                         uint64_t room);
// An app that is in no app partition.
void rule_flash_misplaced(struct reader *r, struct node *part, const struct flash_image *image);
// All else, once the parts are there.
void rule_flash(struct reader *r, struct node *n, struct flash_image *image);

#endif
