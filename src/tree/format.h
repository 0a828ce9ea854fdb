// SPDX-License-Identifier: Apache-2.0
//
// What a format is to those who read and judge: one const struct. It turns the structures of its
// header in include/otapack/ into nodes. Which there are, formats/format_list.h says.
#ifndef FORMAT_H
#define FORMAT_H

#include "node.h"

struct judge;
struct read_options;
struct reader;
struct rule;
struct target;
struct transform;

enum { FORMAT_RULES = 10 }; // tables of them, at most

// A field that a person asks for first: its own, or of the part that is named.
struct first_fact {
    const char *label, *part, *field;
};

// Of a table that says what lies where in a memory: the fields by which its parts say it.
struct layout {
    const char *memory; // what the table describes, to a person
    const char *part, *label, *at, *size, *type, *subtype;
};

struct format {
    const char *name;  // as the JSON says it
    const char *title; // as a person says it

    // Do these bytes look like it? NULL: never guessed, only opened where a slot says so.
    bool (*probe)(const struct otapack_source *src);

    // The same, in place of probe, where that takes to unpack what is in it.
    bool (*find)(struct reader *r, const struct otapack_source *src);

    // In a part, it is offered the bytes before all others: what others look for behind what is
    // packed, they would have to unpack it for.
    bool first;

    // What options say that a file is, whatever it looks like: `looks` is what was found so far.
    const struct format *(*said)(const struct read_options *options,
                                 const struct otapack_source *src, const struct format *looks);

    // How many bytes at the start of `src` are the thing itself, where more may follow. NULL: all.
    uint64_t (*extent)(const struct otapack_source *src);

    // Fills fields and parts of a node whose format this is.
    void (*open)(struct reader *r, struct node *n);

    // How its content is packed, for read_content. NULL: it is not.
    const struct transform *content;

    // A container holds others that are smaller than itself, and no more of its own kind: 0 is
    // none.
    int container;

    // Of a container, and of what is packed: the part that the device starts, or looks on for it.
    // NULL: it has none, or has several.
    const char *application;

    // Only what eboot or an updater is sent itself: in a container, nobody unpacks or verifies it.
    bool outermost;

    const char *closed; // what it is called where it is left closed; NULL: its title
    const char *ending; // of a part as a file: "txt"; NULL: "bin"

    // What one is called where the title says too little. NULL, or an answer of NULL: the title.
    const char *(*kind)(struct arena *a, const struct node *n);

    bool signable; // one by itself can be signed, and has its signatures as parts then

    // What a person asks of it first, in this order, up to a row without a label; NULL: nothing.
    const struct first_fact *first_facts;

    // NULL: it is no table of what lies where.
    const struct layout *layout;

    // What can be wrong with it, asked once its parts are judged, in this order.
    const struct rule *rules[FORMAT_RULES];

    // What the file itself says of the device that is to have a part. NULL: as options say.
    const struct target *(*device_of)(struct judge *j, const struct node *n,
                                      const struct node *part);
};

enum {
    CONTAINER_RCP = 1,
    CONTAINER_FLASH,
    CONTAINER_DELTA,
    CONTAINER_ENCRYPTED,
    CONTAINER_BUNDLE,
    CONTAINER_MATTER,
    CONTAINER_FLASH_FILE
};

// All formats, which the program supplies.
struct format_set {
    const struct format *const *list; // in the order in which they are offered bytes; the last one
    size_t count;                     // takes everything
    const struct rule *file_rules;    // what can be wrong with a file as a whole, asked last

    // Is a check made on the device that a node goes to? See enum check_when.
    bool (*applies)(enum check_when when, const struct node *n, const struct target *target);
};
extern const struct format_set formats;

// The format of a part, which read_part finds where it is given none; that of a whole file is for
// read_tree alone to find. Whether it is opened where it is, read_part decides.
const struct format *format_of_part(struct reader *r, const struct otapack_source *src);

const struct format *format_last(void); // of what no other takes

bool node_is(const struct node *n, const struct format *f); // NULL is no node: false
bool node_is_known(const struct node *n); // some format took it, other than the last one

// What a node is, in a few words: "merged flash image", "ESP32-C6 app".
const char *format_kind(struct arena *a, const struct node *n);

// What a person asks of it first (first_facts): NULL where it has none, or its format nothing.
const struct field *format_fact(const struct node *n, size_t i);

#endif
