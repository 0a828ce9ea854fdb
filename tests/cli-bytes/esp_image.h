// SPDX-License-Identifier: Apache-2.0
//
// Where the parts of an ESP image lie in its file.
#ifndef ESP_IMAGE_H
#define ESP_IMAGE_H

#include "data.h"

#include <stdbool.h>

struct walk {
    size_t before, last, data_end, checksum_at, end; // last: the header of the last segment
    bool hashed;
};

// Of an image that begins at 0. Segments and hash may end behind the file's end.
struct walk walk(struct data d, const char *name);

#endif
