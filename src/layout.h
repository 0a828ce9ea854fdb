// SPDX-License-Identifier: Apache-2.0
//
// An image before it is written: pieces, one behind the other, each from a file or from memory. It
// can be read as if it were a file already, so that the ordinary parsers and checks judge it before
// a byte is written.
#ifndef LAYOUT_H
#define LAYOUT_H

#include <otapack/base.h>

#include "arena.h"
#include "input.h"

struct piece {
    const char *file;     // to name in messages
    const char *path;     // as it was opened here; NULL: it was not
    struct input *input;  // its bytes, from `from` on; NULL: from `bytes`
    bool borrowed;        // the input is somebody else's to close
    const uint8_t *bytes; // NULL as well: filled with 0xFF
    uint64_t from, at, size;
};

struct layout {
    struct arena *arena;
    struct piece *pieces;
    size_t count, room;
    uint64_t size;
};

#define LAYOUT_EMPTY(a) ((struct layout){.arena = (a)})

// Each adds a piece at the end. A file is opened here, and closed by layout_close.
struct piece *layout_add_file(struct layout *l, const char *file, struct err *e); // NULL with `e`
void layout_add_bytes(struct layout *l, const char *file, const uint8_t *bytes, size_t size);
void layout_add_fill(struct layout *l, uint64_t size);

// The piece that was added last, a file, becomes these bytes, which were made of it.
void layout_replace_last(struct layout *l, const uint8_t *bytes, size_t size);

// A part of a file that is open already, and stays its owner's.
void layout_add_part(struct layout *l, struct input *in, uint64_t from, uint64_t size);

// Puts bytes before all that is there.
void layout_put_first(struct layout *l, const uint8_t *bytes, size_t size);

// Drops everything from this offset on.
void layout_cut(struct layout *l, uint64_t size);

void layout_close(struct layout *l);

struct otapack_source layout_source(struct layout *l);   // valid until the layout changes
bool layout_good(const struct layout *l, struct err *e); // no read has failed

// The file that the byte at this offset comes from; NULL: it was made.
const char *layout_file_at(const struct layout *l, uint64_t at);

#endif
