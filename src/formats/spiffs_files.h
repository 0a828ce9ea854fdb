// SPDX-License-Identifier: Apache-2.0
//
// The files of a SPIFFS that a device takes firmware out of, as parts of its image: a border router
// keeps the combined image for its RCP in one (esp_rcp_update).
#ifndef SPIFFS_FILES_H
#define SPIFFS_FILES_H

#include <otapack/spiffs.h>

#include "read.h"

void spiffs_files_add(struct reader *r, struct node *n, const struct otapack_spiffs *fs);

#endif
