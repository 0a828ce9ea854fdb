// SPDX-License-Identifier: Apache-2.0
//
// Files that are read, as sources for the parsers. Nothing is held in memory but a few windows, and
// a fingerprint of each block that was read (seen.h): a 256th of the file. What cannot be read at
// random (a pipe) is copied into an unnamed temporary file first.
#ifndef INPUT_H
#define INPUT_H

#include <otapack/base.h>

#include "err.h"

struct input;

#define INPUT_MOST (UINT64_C(1) << 32) // bytes of a file, and of what is made of files

// `name` "-" is standard input. NULL with `e` set (status 2) for what cannot be opened, is a
// directory, a device or a terminal, or is larger than 4 GiB.
struct input *input_open(const char *name, struct err *e);
// A file that we write ourselves, to be read back; takes the descriptor over.
struct input *input_of_fd(const char *name, int fd, struct err *e);
void input_close(struct input *in);

const char *input_name(const struct input *in); // for messages: "standard input" for "-"
struct otapack_source input_source(struct input *in);

// The digests that are known of the file that a source reads from, NULL: it reads from none. Of a
// file that is opened more than once they are the same ones (seen.h).
struct digest_cache;
struct digest_cache *input_digests(const struct otapack_source *src);

// Which file it is: of two names of one it is the same.
struct input_identity {
    uint64_t volume, number;
};
struct input_identity input_identity(const struct input *in);

// False with `e` set when a read has failed since the input was opened, or found other bytes than
// an earlier one (seen.h): what the parsers said of it is then not to be trusted.
bool input_good(const struct input *in, struct err *e);

// Would writing to this name write over the input? True with `e` set (status 2).
bool input_is_named(const struct input *in, const char *name, struct err *e);

// The whole of a small text file, NUL-ended, or NULL with `e` set.
struct arena;
char *input_text(const char *name, size_t most, struct arena *a, struct err *e);

#endif
