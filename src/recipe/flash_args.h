// SPDX-License-Identifier: Apache-2.0
//
// The `flash_args` file of an ESP-IDF build folder: a line of options, then `ADDRESS PATH` lines.
#ifndef FLASH_ARGS_H
#define FLASH_ARGS_H

#include <otapack/rcp_image.h>

#include "layer_rcp.h"

enum { FLASH_ARGS_MOST = 3 };

struct flash_args {
    struct otapack_rcp_record records[FLASH_ARGS_MOST]; // in the order to flash
    size_t count;
};

// What an RCP is flashed with: from its recipe's list, or from the flash_args file. False with `e`
// set: status 1 [rcp-flash-args] for what an RCP image cannot hold, 2 for what cannot be read.
bool flash_args_read(const struct recipe_rcp *rcp, struct arena *a, struct flash_args *out,
                     struct err *e);

#endif
