// SPDX-License-Identifier: Apache-2.0
//
// The tree that bytes become. Every verb works on it; none knows a byte format. A node has a name,
// a format, a span, fields, findings (what each check said) and parts. One arena owns a tree.
//
// Laws, which tests hold it to: the spans of a node's fields and of its parts tile the node's own
// span, and parts do not overlap. An overlay is the exception: a second look at bytes that a
// sibling covers (an app's description lies in its first segment). So is what a sibling unpacks to,
// whose bytes and spans are a space of their own, from 0.
#ifndef NODE_H
#define NODE_H

#include <otapack/base.h>

#include "arena.h"
#include "check.h"

enum field_kind {
    FIELD_UINT,     // a count, a size, a version number: decimal
    FIELD_HEX,      // an address, a magic number, a checksum: hexadecimal
    FIELD_ENUM,     // a number with a name in `text`
    FIELD_REVISION, // major * 100 + minor, "v1.99" in `text`; 65535: "any"
    FIELD_BOOL,
    FIELD_STRING,
    FIELD_BYTES, // hexadecimal digits in `text`
};

struct field {
    struct field *next;
    const char *name;
    enum field_kind kind;
    uint64_t number;  // of the numeric kinds
    const char *text; // how a person writes it; never NULL
    bool has_span;    // false: derived, not stored
    uint64_t at;      // absolute, like all spans of a space
    uint64_t size;
    bool shown; // of interest to a person; the others only in JSON and by path
};

enum verdict { VERDICT_PASS, VERDICT_NOTE, VERDICT_WARN, VERDICT_FAIL, VERDICT_COUNT };

struct finding {
    struct finding *next;
    enum check_id check;
    enum verdict verdict;
    const char *message;
};

// A check that could not be made, for something that is not known.
struct unmade {
    struct unmade *next;
    enum check_id check;
    unsigned needs; // what is not known; see need.h
    unsigned uses;  // all of what it takes
};

struct format;

struct node {
    struct node *next, *parent;
    struct node *parts, **parts_end;
    struct field *fields, **fields_end;
    struct finding *findings, **findings_end;
    struct unmade *unmade, **unmade_end;
    const char *name;            // in its parent; NULL for a root
    int index;                   // in an array of parts with one name; -1: not in an array
    const char *format;          // its name, of every node of a tree that was read
    const struct format *opened; // by which it was read; NULL: it is a part that its parent knows
    const void *parsed;          // what its parser said, as its format keeps it; NULL: nothing
    const char *summary;         // one line for a person, or NULL
    const char *error;           // why it could not be read further, or NULL
    const char *cannot;          // the same where that is not the file's fault, or NULL
    bool overlay;                // lies over a sibling's bytes
    bool unpacked;               // an overlay in a space of its own: what its sibling unpacks to
    bool has_more;               // more parts are in it than are looked at
    unsigned needs;              // what is not known, for which it was left closed; see need.h
    bool partial;                // its bytes go on elsewhere: no sum over them can be made
    bool elsewhere;              // it goes to another device than the one that options are about
    bool record;                 // says where other parts are, and holds nothing itself
    bool compared;               // its signature, which shows nothing by itself, with keys
    struct otapack_source src;   // its bytes; src.base is its absolute offset
};

struct node *node_root(struct arena *a, struct otapack_source src);

// A part of `parent`: the `size` bytes at `at`, relative to the parent. `index` -1: no array.
struct node *node_part(struct arena *a, struct node *parent, const char *name, int index,
                       uint64_t at, uint64_t size);

// The same of bytes that a part stands for, such as what it unpacks to: a space of its own.
struct node *node_unpacked(struct arena *a, struct node *parent, const char *name,
                           struct otapack_source src);

// The children and fields by name; NULL when there is none. `index` -1 takes the first.
struct node *node_find(const struct node *n, const char *name, int index);
struct field *node_field(const struct node *n, const char *name);
const char *node_name(struct arena *a, const struct node *n);   // "signatures[0]"; of no root
const char *node_text(const struct node *n, const char *field); // "" when there is none
uint64_t node_number(const struct node *n, const char *field);  // 0 when there is none

// Keeps a copy of what a parser said (an lvalue) for those who judge the node.
#define NODE_KEEP(a, n, value) ((n)->parsed = node_copy((a), &(value), sizeof(value)))
void *node_copy(struct arena *a, const void *bytes, size_t n);

// What is not known, for which parts of it were left closed; 0: nothing was.
unsigned node_needs(const struct node *n);

// Does it, or what it is in, go to another device than the one that options are about?
bool node_is_elsewhere(const struct node *n);

// "host.segments[0]"; "" for a root.
const char *node_path(struct arena *a, const struct node *n);

// A field's place in its node: where it is stored, in how many bytes, and whether a person cares.
struct place {
    int64_t at; // relative to the node; negative: derived
    uint64_t size;
    bool shown;
};
#define SHOWN(at, size) ((struct place){(at), (size), true})
#define QUIET(at, size) ((struct place){(at), (size), false})
#define DERIVED ((struct place){-1, 0, true})
#define DERIVED_QUIET ((struct place){-1, 0, false})

void node_uint(struct arena *a, struct node *n, const char *name, uint64_t v, struct place p);
void node_hex(struct arena *a, struct node *n, const char *name, uint64_t v, struct place p);
void node_enum(struct arena *a, struct node *n, const char *name, uint64_t v, const char *text,
               struct place p); // text NULL: only the number
void node_revision(struct arena *a, struct node *n, const char *name, uint64_t v, struct place p);
void node_bool(struct arena *a, struct node *n, const char *name, bool v, struct place p);
void node_string(struct arena *a, struct node *n, const char *name, const char *bytes, size_t size,
                 struct place p); // ends at a NUL or at size
void node_bytes(struct arena *a, struct node *n, const char *name, const uint8_t *bytes,
                size_t size, struct place p);

#endif
