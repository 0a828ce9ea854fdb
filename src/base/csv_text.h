// SPDX-License-Identifier: Apache-2.0
//
// The text of a partitions.csv, as Python reads it for gen_esp32part.py: decoded by its byte order
// mark, cut into lines and fields where Python cuts them, variables replaced.
#ifndef CSV_TEXT_H
#define CSV_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

// A piece of text, in UTF-8; there may be NULs in it.
struct csv_span {
    const char *p;
    size_t n;
};

struct csv_text {
    const uint8_t *p;
    size_t n, at;
    int encoding;
    unsigned line; // that was read last, from 1
};

struct csv_line {
    unsigned number;      // from 1
    uint64_t at, size;    // in the file, with what ends it
    struct csv_span text; // without what ends it
    bool bad;             // the bytes are no text
};

void csv_text_open(struct csv_text *t, const uint8_t *bytes, size_t n);

// The next line, its text in the arena. False behind the last.
bool csv_text_line(struct csv_text *t, struct arena *a, struct csv_line *line);

// What a variable stands for may be long, and it can be used often: no text is longer with them.
enum { CSV_EXPANDED_MOST = 256 * 1024 };

// $NAME and ${NAME} replaced by what `variable` says; where it says NULL (and where `variable` is
// NULL) they stay. Where that is too long, there are no bytes, and only how many they would be.
struct csv_span csv_expand(struct csv_span s, const char *(*variable)(const char *name),
                           struct arena *a);

// Without the blanks around it, of Unicode's kinds too.
struct csv_span csv_trim(struct csv_span s);

// Up to the next comma, which *rest then follows; all of it where there is none.
struct csv_span csv_field(struct csv_span *rest);

bool csv_is(struct csv_span s, const char *word);

// A whole number as Python's int(text, 0) takes it: with a sign, 0x, 0o, 0b and underscores.
// Numbers beyond 2^60 become that.
bool csv_number(struct csv_span s, int64_t *out);

#endif
