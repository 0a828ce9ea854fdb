// SPDX-License-Identifier: Apache-2.0
//
// The rules that judge a node once it is open: each says its finding with found(). What one
// structure shows by itself is in rule_FORMAT.c beside its format; what two parts must agree on is
// in rule_pair.c.
#ifndef RULE_H
#define RULE_H

#include <otapack/app_desc.h>
#include <otapack/esp_image.h>
#include <otapack/matter.h>
#include <otapack/partition_table.h>
#include <otapack/rcp_image.h>
#include <otapack/secure_boot.h>

#include "chip.h"
#include "device.h"
#include "judge.h"
#include "node.h"

// What lies where an app's description belongs, whatever it is; false: cannot be read.
bool app_desc_there(const struct node *n, struct otapack_app_desc *out);
bool efuse_revisions_fit(uint16_t min, uint16_t max); // is there a chip with one of these?
// An app and the one that is said to run there.
void rule_running(struct judge *j, struct node *n);
const char *rule_flash_mode(struct judge *j, unsigned mode); // as descriptions count them, from 1
bool partition_table_is_damaged(
    const struct node *table); // its MD5 does not fit, or it was not opened
void rule_signature_block(struct judge *j, struct node *n, const uint8_t *raw,
                          const struct otapack_sb_block *b);
// All signatures of an image of this length. True where one lies where no device looks for it.
bool rule_signatures(struct judge *j, struct node *n, uint64_t image_length);
// What the image's chip, and ESP-IDF on it, make of their schemes.
void rule_signatures_chip(struct judge *j, struct node *n);
// The same of data with a signature of their own.
void rule_signed_data(struct judge *j, struct node *n, uint64_t data_size);
extern const struct rule rules_matter[], rules_rcp_table[], rules_rcp_parts[], rules_rcp_flash[],
    rules_rcp_version[], rules_host[], rules_host_app[], rules_partition_table[],
    rules_final_bootloader[], rules_final_table[], rules_flash[], rules_zigbee[],
    rules_file[];                                        // of a file as a whole
void rule_matter_sizes(struct judge *j, struct node *n); // part of it
bool rule_is_no_update(const struct node *payload);      // is it nothing that any device takes?
// Can a device be updated with it? `n` is what it is in: a Matter image, or the bundle of one.
void rule_update(struct judge *j, struct node *n, struct node *update);
// Does this app go into a partition of the device's table?
bool rule_goes_into_table(const struct node *n);
// That table, and what is wrong with it; false: the verb has refused it already.
bool rule_host_table(struct judge *j, struct node *n, struct device *d);
// Can an update of the app take effect on a device with this table, and one after it?
void rule_host_update(struct judge *j, struct node *host, const struct device *d);
// A combined image, and the app of the border router that it is for.
void rule_rcp_host(struct judge *j, struct node *rcp, const struct node *host);

// What parts of one device must agree on. Either node may be NULL or unreadable: no finding then.
bool is_image(const struct node *n, const char *type); // a readable ESP image; type NULL: any
const struct node *image_desc(const struct node *n);   // what it says of itself, or NULL
const struct chip *image_chip(const struct node *n);   // NULL: none that otapack knows
const char *image_idf_release(struct arena *a, const struct node *image); // "5.4.1"; NULL: none
const char *idf_release(struct arena *a, const char *version); // of "v5.4.1-dirty" the same
const char *target_idf_release(struct judge *j);               // the device's, where it is said
uint64_t image_flash_size(const struct node *n); // what its header says; 0: nothing known
void rule_slot(struct judge *j, struct node *n, const char *type); // "app", "bootloader", table
void rule_chip_match(struct judge *j, struct node *bootloader, struct node *app);
void rule_revision_match(struct judge *j, struct node *bootloader, struct node *app);
// A partition for an app that is larger than the chip maps. Chip NULL: not known.
bool partition_is_too_large(struct judge *j, const struct chip *chip, uint64_t size);
void rule_partition_large(struct judge *j, struct node *app, const struct chip *chip,
                          const char *label, uint64_t size);
void rule_idf_order(struct judge *j, struct node *bootloader, struct node *app);
void rule_flash_size(struct judge *j, struct node *bootloader, struct node *table);

#endif
