// SPDX-License-Identifier: Apache-2.0
//
// Any one image, as it is.
#ifndef LAYER_IMAGE_H
#define LAYER_IMAGE_H

#include "layer.h"

struct recipe_image {
    struct recipe_part part;
    struct recipe_text *more; // files that follow it, as ota_image_tool.py joins them
};

// The file that a part is, be it named as an image: {image: FILE}. NULL: it is made of more.
const char *image_part_file(const struct recipe_part *part);

#endif
