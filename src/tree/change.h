// SPDX-License-Identifier: Apache-2.0
//
// What differs between two trees, as a list of changes, each with what it is worth and what follows
// from it for devices.
#ifndef CHANGE_H
#define CHANGE_H

#include "node.h"

enum change_kind {
    CHANGE_ADDED,
    CHANGE_DROPPED,
    CHANGE_CHANGED,
    CHANGE_RAISED, // numbers and versions
    CHANGE_LOWERED,
    CHANGE_GROWN, // parts
    CHANGE_SHRUNK,
    CHANGE_MOVED,
    CHANGE_REORDERED,
    CHANGE_BYTES, // code and data, of which no more is said than that they differ
    CHANGE_SAME,  // one that was to be expected, and is not there
    CHANGE_KINDS,
    CHANGE_ANY = CHANGE_KINDS // of a row: all of them
};

// What a change is worth. Of what differs in nothing but noise, a device notices nothing.
enum change_class {
    CLASS_MEANING,
    CLASS_CHECK, // a check says something else
    CLASS_BYTES,
    CLASS_DERIVED, // says again what others say: a sum, a count, an offset
    CLASS_NOISE,   // two builds of the same sources differ in it: dates, hashes, signatures' bytes
    CLASS_COUNT
};

struct change {
    struct change *next;
    enum change_kind kind;
    enum change_class class;
    const struct node *old, *new;    // where it is; NULL: not there
    const char *name;                // the field; NULL: the part itself
    const char *of;                  // the part's name for people, such as a label, or NULL
    const char *old_text, *new_text; // the values; NULL: none
    uint64_t old_number, new_number; // of what grew or shrank: bytes; of what moved: its places
    uint64_t bytes;                  // CHANGE_BYTES: how many differ
    const char *follows;             // for devices, or NULL
    enum check_id check;             // of CLASS_CHECK
    enum verdict old_verdict, new_verdict;
};

// In changes.def, of *.changes beside the formats; the first row that fits counts, and one of the
// format before one of any:
//
// CHANGE(format, name, kind, class, follows)
//   Of a part in that format ("": in any) the field `name`, or the part of that name in it; "": the
//   part itself. A row about BYTES says that the field stands for data. CHANGED is also RAISED and
//   LOWERED, ANY is all kinds. What follows is about the device that takes the file; "": nothing is
//   said.
// SAME(format, part, part_format, field, beside, follows)
//   The field of the part ("": of the format itself) is what it was, although `beside` ("": the
//   whole) changed.
// PLACES(format, origin, follows)
//   In this format it matters where parts lie; the field `origin` is added to their offsets.
// PAIR(format, field)
//   Elements of an array are the same ones where this field is the same; of several rows, one after
//   the other. "": in their order. Without a row, elements are the same ones by their index.
struct change_row {
    const char *format, *name;
    enum change_kind kind;
    enum change_class class;
    const char *follows;
};
struct same_row {
    const char *format, *part, *part_format, *field, *beside, *follows;
};
struct places_row {
    const char *format, *origin, *follows;
};
struct pair_row {
    const char *format, *field;
};

// The row of a field, or of a part in its parent; NULL: none, which is CLASS_MEANING.
const struct change_row *change_row(const char *format, const char *name, enum change_kind kind);

const struct same_row *change_same(size_t i);                       // NULL: there are no more
const struct places_row *change_places(const char *format);         // NULL: they do not matter
const struct pair_row *change_pair(const char *format, unsigned i); // the i-th of a format

const char *change_kind_name(enum change_kind kind); // as the JSON says it
const char *change_class_name(enum change_class class);

#endif
