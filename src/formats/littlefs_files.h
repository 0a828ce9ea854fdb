// SPDX-License-Identifier: Apache-2.0
//
// The files in the root folder of a LittleFS file system, as parts of its image.
#ifndef LITTLEFS_FILES_H
#define LITTLEFS_FILES_H

#include <otapack/littlefs.h>

#include "read.h"

// What is wrong with the folder or with one of its files; NULL: nothing.
const char *littlefs_files_add(struct reader *r, struct node *n, const struct otapack_littlefs *fs);

#endif
