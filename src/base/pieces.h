// SPDX-License-Identifier: Apache-2.0
//
// An image before it is written: pieces, one behind the other, each from a file or from memory. It
// can be read as if it were a file already, so that the ordinary parsers and checks judge it before
// a byte is written.
#ifndef PIECES_H
#define PIECES_H

#include <otapack/base.h>

#include "arena.h"
#include "digest_cache.h"
#include "input.h"

struct piece {
    const char *file;     // to name in messages
    const char *path;     // as it was opened here; NULL: it was not
    struct input *input;  // its bytes, from `from` on; NULL: from `bytes`
    bool borrowed;        // the input is somebody else's to close
    const uint8_t *bytes; // NULL as well: filled with 0xFF
    uint64_t from, at, size;
};

struct pieces {
    struct arena *arena;
    struct piece *pieces;
    size_t count, room;
    uint64_t size;
    struct digest_cache digests; // of what lies in no file alone
};

#define PIECES_EMPTY(a) ((struct pieces){.arena = (a)})

// Each adds a piece at the end. A file is opened here, and closed by pieces_close. What is in
// memory is whole before its digest is asked for: digests are kept.
struct piece *pieces_add_file(struct pieces *l, const char *file, struct err *e); // NULL with `e`
void pieces_add_bytes(struct pieces *l, const char *file, const uint8_t *bytes, size_t size);
void pieces_add_fill(struct pieces *l, uint64_t size);

// The piece that was added last, a file, becomes these bytes, which were made of it.
void pieces_replace_last(struct pieces *l, const uint8_t *bytes, size_t size);

// A part of a file that is open already, and stays its owner's.
void pieces_add_part(struct pieces *l, struct input *in, uint64_t from, uint64_t size);

// Puts bytes before what begins at this offset.
void pieces_insert(struct pieces *l, uint64_t at, const uint8_t *bytes, size_t size);

// Names a file that was read for what is made, and of which nothing goes in. NULL: none.
void pieces_note(struct pieces *l, const char *path);

// Drops everything from this offset on.
void pieces_cut(struct pieces *l, uint64_t size);

void pieces_close(struct pieces *l);

struct otapack_source pieces_source(struct pieces *l); // valid until the layout changes
struct otapack_source pieces_from(struct pieces *l, uint64_t from); // what is there from here on
bool pieces_good(const struct pieces *l, struct err *e);            // no read has failed

// The digests that are known of what a source reads from pieces, NULL: it reads from none.
struct digest_cache *pieces_digests(const struct otapack_source *src);

// The beginning of a source as the file has it that the first byte is from: as far as that piece
// goes. Empty where that is no file, or the source no pieces.
struct otapack_source pieces_inside(const struct otapack_source *src);

// The file that the byte at this offset comes from; NULL: it was made.
const char *pieces_file_at(const struct pieces *l, uint64_t at);
// The file that has no bytes to put there; NULL: there is none.
const char *pieces_empty_file_at(const struct pieces *l, uint64_t at);

#endif
