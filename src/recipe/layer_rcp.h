// SPDX-License-Identifier: Apache-2.0
//
// The firmware of a border router's co-processor: by itself, or with the border router's own app
// inside, which comes last.
#ifndef LAYER_RCP_H
#define LAYER_RCP_H

#include "layer.h"
#include "recipe_entry.h"

struct recipe_rcp {
    const char *build_dir;  // NULL: every part is named
    const char *flash_args; // NULL: `records` has them
    struct recipe_entry *records;
    struct recipe_part version, bootloader, partition_table, firmware;
    struct recipe_choice seal; // of the host's app
};

// What create_ota_image.py makes of a build folder, and of the host's app; NULL: there is none.
void recipe_add_rcp_build(struct recipe *recipe, struct arena *a, const char *build_dir,
                          const char *app);

// The recipe's text for an image. NULL with `e` set (status 1) where no recipe makes the same.
const char *recipe_say_rcp(struct arena *a, const struct node *n, struct err *e);

#endif
