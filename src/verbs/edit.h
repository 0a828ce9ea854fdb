// SPDX-License-Identifier: Apache-2.0
//
// A file with new values in its header: opened, changed by the caller, written.
#ifndef EDIT_H
#define EDIT_H

#include "build.h"
#include "layer_matter_bundle.h"
#include "matter_field.h"
#include "open_tree.h"
#include "zigbee_field.h"

struct edit {
    bool quiet;       // no warnings
    bool only_header; // nothing of the payload follows from it
    const char *done; // "edited", for messages
    const char *name; // of the file, for messages
    struct opened image;
    struct matter_values values;     // of a Matter header
    struct bundle_versions versions; // for the images of its bundle, where it carries one
    struct zigbee_values zigbee;     // of a Zigbee header
};

// A kind of header whose fields can be changed: one const struct each, which `otapack edit` asks.
// All but `is` and the last two return false, or a status, with `e` set.
struct edit_header {
    const char *key;   // of its layer in a recipe, which may stand before a field's name
    const char *title; // of its files: "Matter"
    bool (*is)(const struct node *root);
    bool (*begin)(struct edit *edit, struct arena *a, struct err *e); // the file is open and named
    bool (*set)(struct edit *edit, const char *name, const char *value, struct err *e);
    bool (*unset)(struct edit *edit, const char *name, struct err *e);
    enum status (*write)(struct edit *edit, struct build b, struct err *e);
    bool (*together)(const char *name, const char *other); // has it both or none? NULL: never so
    const char *(*optional)(unsigned i); // fields that --unset takes; NULL: no more
};

extern const struct edit_header edit_matter, edit_zigbee;

// Opens a Matter image whose header can be read and whose payload is what the header says: a new
// header would hide that it was damaged. False with `e` set; to be closed in either case.
bool edit_open(struct edit *edit, const char *file, const struct read_options *options,
               struct arena *a, struct err *e);
void edit_close(struct edit *edit);

// The part of edit_open behind the opening: of an image that is open and named.
bool edit_begin(struct edit *edit, struct arena *a, struct err *e);

// Without --output, the operand of a verb is written over: is it a file? False with `e` set.
bool edit_target_is_file(const struct args *args, struct err *e);

// Judges and writes the payload with its new header; `b` says where to, and how much to say.
enum status edit_write(struct edit *edit, struct build b, struct err *e);

#endif
