// SPDX-License-Identifier: Apache-2.0
//
// What is packed in a file becomes what it unpacks to: how, apart from the formats that have it. A
// format names the transform of its content; here, for all of them, it is counted, kept and shown.
#ifndef TRANSFORM_H
#define TRANSFORM_H

#include "read.h"

// What became of something packed.
struct unpacked {
    struct otapack_source content; // in the reader's arena
    uint64_t packed;               // how many bytes that took
    const char *fault;             // what is wrong with these; NULL: nothing
    bool too_large;                // that fault: it would be more than may be
    unsigned check;                // that fault: by which check of the format
    const char *cannot;            // why it could not be tried, which is no fault of the bytes
    uint64_t cost;                 // how many bytes were unpacked, also where they are of no use
    unsigned needs; // what is not known, of enum need: nothing was tried, and all bytes are taken
};

struct transform {
    const char *name;  // of what is packed, as the JSON says it: "deflate"
    const char *title; // as a person says it: "deflated data"
    const char *part;  // what the part with it is called: "compressed"
    unsigned needs;    // of enum need, without which nobody unpacks it

    // A few packed bytes can be any number of them: they count for UNPACKED_MOST. Others are no
    // more than the packed ones.
    bool expands;

    // Unpacks what begins at `at` of `src`, to at most `most` bytes. `u` is empty so far. What
    // unpacking takes beside the bytes, reading was given: see read_options.
    void (*open)(const struct reader *r, const struct otapack_source *src, uint64_t at,
                 uint64_t most, struct unpacked *u);
};

// Unpacks what begins at `at` of `src`, once in a file, whoever asks: what was unpacked is kept,
// and counts for the whole file, also where it cannot be unpacked to its end.
const struct unpacked *transform_unpack(struct reader *r, const struct transform *t,
                                        const struct otapack_source *src, uint64_t at);

// What stands behind packed data: so many bytes, and what is said where they are missing.
struct packed_end {
    uint64_t size;
    const char *missing; // "no CRC and length follow"
};

// Adds three parts: what is packed from `at` on, as the node's format has it; "content", what that
// unpacks to (closed, where something is not known that it needs); and "trailing", what follows
// behind the end. Returns the second one, and where the packed data end. NULL: see read_failed.
const struct node *read_content(struct reader *r, struct node *n, uint64_t at,
                                const struct packed_end *end, uint64_t *end_at);

// The node cannot be unpacked: shows the bytes from `at` on as they are.
void read_failed(struct reader *r, struct node *n, uint64_t at, const char *error);

#endif
