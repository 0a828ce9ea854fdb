// SPDX-License-Identifier: Apache-2.0
//
// The parts of an RCP image by name: the words of paths, recipes and messages.
#ifndef RCP_PART_H
#define RCP_PART_H

#include <otapack/rcp_image.h>

#include "node.h"

// "firmware" for OTAPACK_RCP_FIRMWARE; NULL for a tag that devices do not know.
const char *rcp_part_name(uint32_t tag);

// The tag of a name; OTAPACK_RCP_TABLE when there is none.
uint32_t rcp_part_tag(const char *name);

// Where an ESP-IDF build folder has it: "bootloader/bootloader.bin". NULL for the host and others.
const char *rcp_part_build_path(uint32_t tag);

// Is this one of the three parts that are flashed to the co-processor?
bool rcp_part_is_flashed(uint32_t tag);

// Is it the host of an image that lies in the flash of a border router, or in a file system there?
// What is stored is what comes before the host, which is installed.
bool rcp_part_is_not_stored(const struct node *image, const struct otapack_rcp_entry *e);

#endif
