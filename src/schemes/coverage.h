// SPDX-License-Identifier: Apache-2.0
//
// What a signature says of a file: of each byte, whether it is signed, is what the format wants
// there and nothing else, or is nobody's word. The spans tile the whole file, so that no byte is
// forgotten.
#ifndef COVERAGE_H
#define COVERAGE_H

#include "node.h"

enum coverage {
    COVERAGE_SIGNED, // a signature that counts is made over it
    COVERAGE_SEALED, // one is made over its digest, the seal of what is signed
    COVERAGE_FIXED,  // the signature itself, and 0xFF as erased flash is
    COVERAGE_NONE    // anything else
};

struct coverage_span {
    struct coverage_span *next;
    enum coverage kind;
    uint64_t at, size;
    const char *part; // path of the part that it is, or is of; "" for the file itself
    const char *what; // what it is, in a few words
    // Of COVERAGE_NONE: the check by which somebody who signs would not have it there, and devices
    // write it all the same. CHECK_COUNT: it is what the format has there, or the device needs.
    enum check_id check;
};

// The file of this root, of which a part is signed: an image or data with its `signatures`, or a
// whole ESP8266 update. `counting` has a bit for each signature that counts.
struct coverage_span *coverage_of(struct arena *a, const struct node *root, const struct node *part,
                                  unsigned counting);

// The first span from here on that nobody who signed wants there; NULL: none. `allow` by enum
// check_id, or NULL: what is let pass.
const struct coverage_span *coverage_loose(const struct coverage_span *spans, const bool *allow);

// "the Matter header, payload.version": what is not signed, each once; "" where all is.
const char *coverage_text(struct arena *a, const struct coverage_span *spans);

#endif
