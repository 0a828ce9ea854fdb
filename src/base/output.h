// SPDX-License-Identifier: Apache-2.0
//
// Files that are written: whole or not at all. The bytes go into a file beside the target that has
// no name, or, where the file system knows no such files, a temporary one. It takes the target's
// name in output_commit, after fsync, and after all that was read has been seen to be still the
// same (seen.h). Until then the target is as it was. An interrupt removes the temporary name;
// SIGKILL leaves one only where there is no other way, or in the moment in which a file is
// replaced.
#ifndef OUTPUT_H
#define OUTPUT_H

#include <otapack/base.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct output;
struct input;

// "-" is standard output. NULL with `e` set when the target cannot be written.
struct output *output_open(const char *target, struct err *e);
// The same, and the target's folders are made, as mkdir -p does.
struct output *output_open_deep(const char *target, struct err *e);
// The same for a secret: a new file can be read by its owner only.
struct output *output_open_secret(const char *target, struct err *e);
// The same, and never over another file, nor through a link: "TARGET: is there already", `why`.
struct output *output_open_new(const char *target, const char *why, struct err *e);
struct output *output_open_new_secret(const char *target, const char *why, struct err *e);
// A new file that messages call otherwise: its folder is a temporary one (output_folder.h).
struct output *output_open_inside(const char *target, const char *shown, struct err *e);

bool output_write(struct output *out, const uint8_t *bytes, size_t n, struct err *e);

// Writes all bytes of a source. False with `e` set where they cannot be read or written.
bool output_copy(struct output *out, const struct otapack_source *src, struct err *e);

// A whole file of a source's bytes, in one call.
bool output_write_file(const char *target, const struct otapack_source *src, struct err *e);

// What has been written so far, to be read back. NULL with `e` set.
struct input *output_read_back(struct output *out, struct err *e);

// Gives the file its name (or sends it to standard output). Frees `out` in every case.
bool output_commit(struct output *out, struct err *e);
// The same of several, of which NULL are none: all get their names, or none does.
bool output_commit_all(struct output *const *outs, size_t count, struct err *e);
// The same of what output_open_inside opened: its folder is what gets its name.
bool output_commit_inside(struct output *out, struct err *e);
// Of a verb that runs another one several times: what these commit waits, and gets its names with
// the others, or not at all where `good` is false. Frees all of it.
void output_together_begin(void);
bool output_together_end(bool good, struct err *e);

void output_abandon(struct output *out); // removes what was written; NULL is allowed

#endif
