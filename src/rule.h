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
#include "node.h"
#include "read.h"

// `desc` is an app's description, or NULL.
void rule_esp_image(struct reader *r, struct node *n, const struct otapack_esp_image *image,
                    const struct otapack_app_desc *desc);
// `desc` NULL: there is none. Chip NULL: none that otapack knows.
void rule_app_desc(struct reader *r, struct node *n, const struct chip *chip,
                   const struct otapack_esp_image *image, const struct otapack_app_desc *desc);
// What lies where an app's description belongs, whatever it is; false: cannot be read.
bool app_desc_there(const struct node *n, struct otapack_app_desc *out);
// A bootloader's description, where it has one.
void rule_bootloader_desc(struct reader *r, struct node *n, const struct chip *chip);
void rule_esp_revision(struct reader *r, struct node *n, const struct otapack_esp_header *h,
                       const struct otapack_app_desc *desc);
bool efuse_revisions_fit(uint16_t min, uint16_t max); // is there a chip with one of these?
// An image and the device that it is said to be for.
void rule_device(struct reader *r, struct node *n, const struct otapack_esp_header *h,
                 const struct otapack_app_desc *desc);
// An app and the one that is said to run there.
void rule_running(struct reader *r, struct node *n, const struct otapack_app_desc *desc);
const char *rule_flash_mode(struct reader *r, unsigned mode); // as descriptions count them, from 1
// Where the segments of an app go: what the bootloader takes, and what only the chip would notice.
void rule_esp_load(struct reader *r, struct node *n, const struct otapack_esp_image *image,
                   const struct chip *chip);
void rule_partition_table(struct reader *r, struct node *n,
                          const struct otapack_partition_table *table);
void rule_signature_block(struct reader *r, struct node *n, const uint8_t *raw,
                          const struct otapack_sb_block *b);
// All signatures of an image of this length. True where one lies where no device looks for it.
bool rule_signatures(struct reader *r, struct node *n, uint64_t image_length);
// What the image's chip, and ESP-IDF on it, make of their schemes.
void rule_signatures_chip(struct reader *r, struct node *n);
// The same of data with a signature of their own.
void rule_signed_data(struct reader *r, struct node *n, uint64_t data_size);
void rule_matter(struct reader *r, struct node *n, const struct otapack_matter *m);
void rule_rcp_table(struct reader *r, struct node *n, const struct otapack_rcp_image *image);
void rule_rcp_parts(struct reader *r, struct node *n, const struct otapack_rcp_image *image);
void rule_rcp_flash(struct reader *r, struct node *n);
void rule_rcp_version(struct reader *r, struct node *version, struct node *firmware);
// The host firmware and the host's partition table. `image` NULL: the node itself is the firmware.
void rule_host(struct reader *r, struct node *n, const struct otapack_rcp_image *image);

// What parts of one device must agree on. Either node may be NULL or unreadable: no finding then.
bool is_image(const struct node *n, const char *type); // a readable ESP image; type NULL: any
bool is_of_rcp(const struct node *n); // what a border router flashes its RCP with: another device
const struct node *image_desc(const struct node *n); // what it says of itself, or NULL
const struct chip *image_chip(const struct node *n); // NULL: none that otapack knows
const char *image_idf_release(struct reader *r, const struct node *image); // "5.4.1"; NULL: none
const char *target_idf_release(struct reader *r); // the device's, where it is said
uint64_t image_flash_size(const struct node *n);  // what its header says; 0: nothing known
void rule_slot(struct reader *r, struct node *n, const char *type); // "app", "bootloader", table
void rule_chip_match(struct reader *r, struct node *bootloader, struct node *app);
void rule_revision_match(struct reader *r, struct node *bootloader, struct node *app);
// A partition for an app that is larger than the chip maps. Chip NULL: not known.
bool partition_is_too_large(struct reader *r, const struct chip *chip, uint64_t size);
void rule_partition_large(struct reader *r, struct node *app, const struct chip *chip,
                          const char *label, uint64_t size);
void rule_idf_order(struct reader *r, struct node *bootloader, struct node *app);
void rule_flash_size(struct reader *r, struct node *bootloader, struct node *table);

#endif
