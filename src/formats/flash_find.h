// SPDX-License-Identifier: Apache-2.0
//
// Finds bootloader and partition table in what may be a merged flash image.
#ifndef FLASH_FIND_H
#define FLASH_FIND_H

#include "flash_layout.h"
#include "read.h"

// True where it is such an image: it has both, or a table and room for a bootloader before it.
bool flash_find(const struct otapack_source *src, const struct read_options *options,
                struct flash_layout *l);

#endif
