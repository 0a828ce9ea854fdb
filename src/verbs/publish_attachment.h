// SPDX-License-Identifier: Apache-2.0
//
// What is attached to published files: an SBOM or an attestation, by what is in it.
#ifndef PUBLISH_ATTACHMENT_H
#define PUBLISH_ATTACHMENT_H

#include "arena.h"
#include "err.h"

struct publish_attachment {
    const char *name; // of its file
    const char *type; // its media type
    const char *text;
};

// False with `e` set where it is none.
bool publish_attachment_read(struct publish_attachment *x, const char *file, struct arena *a,
                             struct err *e);

#endif
