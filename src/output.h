// SPDX-License-Identifier: Apache-2.0
//
// Files that are written: whole or not at all. The bytes go into a temporary file beside the
// target, which takes the target's name only in output_commit, after fsync. Until then the target
// is as it was; an interrupt removes the temporary file.
#ifndef OUTPUT_H
#define OUTPUT_H

#include <otapack/base.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct output;
struct input;

// mkdir -p of the target's folder.
bool output_make_folders(const char *target, struct err *e);

// "-" is standard output. NULL with `e` set when the target cannot be written.
struct output *output_open(const char *target, struct err *e);
// The same for a secret: a new file can be read by its owner only.
struct output *output_open_secret(const char *target, struct err *e);
bool output_write(struct output *out, const uint8_t *bytes, size_t n, struct err *e);

// Writes all bytes of a source. False with `e` set where they cannot be read or written.
bool output_copy(struct output *out, const struct otapack_source *src, struct err *e);

// A whole file of a source's bytes, in one call.
bool output_write_file(const char *target, const struct otapack_source *src, struct err *e);

// What has been written so far, to be read back. NULL with `e` set.
struct input *output_read_back(struct output *out, struct err *e);

// Gives the file its name (or sends it to standard output). Frees `out` in every case.
bool output_commit(struct output *out, struct err *e);
void output_abandon(struct output *out); // removes what was written; NULL is allowed

#endif
