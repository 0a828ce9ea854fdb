// SPDX-License-Identifier: Apache-2.0
//
// What fills a ring: the files of a folder, or the lines of a file.
#ifndef KEY_RING_READ_H
#define KEY_RING_READ_H

#include "key_ring.h"

struct ring_reading {
    struct key_ring *ring;
    const struct key_options *options;
    struct arena *arena;
    struct err *e;
};

// These add what they find. False with the error set.
bool key_ring_read_folder(struct ring_reading *r, const char *folder);
bool key_ring_read_file(struct ring_reading *r, const char *file);

// One more key. `said` as in struct ring_key; `source` is a file with a key, a pkcs11: URI, a file
// with a digest, whose name says so, or a digest.
bool key_ring_add(struct ring_reading *r, const char *name, const char *said, const char *source);

#endif
