// SPDX-License-Identifier: Apache-2.0
//
// What has to be told of Matter images where they are published: to the Distributed Compliance
// Ledger, and to the provider app of the SDK. Every value is taken from the image, so that what is
// told agrees with its header.
#ifndef PUBLISH_H
#define PUBLISH_H

#include "err.h"
#include "read.h"

struct publication {
    const char *const *files;
    size_t count;
    const char *const *urls; // NULL-ended: one a file, or one ending in / for all, or none
    const char *cd_version;  // certification declaration version number; NULL: not given
    const struct read_options *options;
};

// Print JSON, once all images are good: an object for each image, to enter into the ledger; one
// list of candidates for the provider app. What is wrong with an image is said on standard error.
enum status publish_dcl(const struct publication *p, struct err *e);
enum status publish_ota_provider(const struct publication *p, struct err *e);

#endif
