// SPDX-License-Identifier: Apache-2.0
//
// A file as it is drawn: stretches of bytes, one behind the other, without a gap. What a file
// unpacks to is a picture of its own. Of a table that says what lies where, that is drawn, and not
// the bytes of the table.
#ifndef PICTURE_H
#define PICTURE_H

#include "node.h"

enum stretch_kind {
    STRETCH_PART,   // a part that has a name
    STRETCH_FIELDS, // bytes that a format keeps for itself: a header, a checksum
    STRETCH_UNUSED, // what no part and no field covers
    STRETCH_LISTED, // what a table says to lie there; where it is wrong, over others
};

struct stretch {
    struct stretch *next;
    enum stretch_kind kind;
    const struct node *node; // the part; of fields, whose they are; the entry of a table
    const char *name;        // path of the part; of fields "header" or their names; a label
    const char *what;        // in a few words; NULL: nothing to say
    uint64_t at, size;       // never 0
};

struct picture {
    struct picture *next;
    const struct node *space; // the root, or what a part unpacks to
    const char *memory;       // what a table describes; NULL: these are the space's own bytes
    uint64_t at, size;        // of the space, or of the memory
    struct stretch *stretches, **end;
};

// The picture of one node, such as a program inside a file: its parts, and those of containers in
// it. Of an image its segments and signatures are the stretches.
struct picture *picture_of(struct arena *a, const struct node *n);

// The pictures of a file: its own, and one for each space that is unpacked inside.
struct picture *pictures_of(struct arena *a, const struct node *root);

#endif
