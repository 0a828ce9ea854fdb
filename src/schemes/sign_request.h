// SPDX-License-Identifier: Apache-2.0
//
// What has to be signed elsewhere, and how: for people and scripts that have the key where otapack
// is not.
#ifndef SIGN_REQUEST_H
#define SIGN_REQUEST_H

#include "sign.h"

struct sign_request {
    const struct scheme *scheme;
    const struct pk_public *key;
    const char *key_name;  // as the user wrote it
    const char *file;      // whose part is signed
    const char *part;      // its path, or NULL
    const char *data;      // where the data were written, or NULL
    const uint8_t *digest; // of the data
    uint64_t size;         // of the data
    uint64_t image_length; // what is behind that is padding
};

// As lines for a person.
const char *sign_request_text(struct arena *a, const struct sign_request *r);

#endif
