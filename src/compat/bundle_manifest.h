// SPDX-License-Identifier: Apache-2.0
//
// The CSV file in which esp32_multi_ota_tool.py is told the images of a bundle.
#ifndef BUNDLE_MANIFEST_H
#define BUNDLE_MANIFEST_H

#include "layer_matter_bundle.h"

// Its images, by the script's own rules. False with `e` set, in the script's words: status 1 for
// what it refuses, 2 where the file cannot be read.
bool bundle_manifest_read(const char *file, struct arena *a, struct recipe_bundle *out,
                          struct err *e);

#endif
