// SPDX-License-Identifier: Apache-2.0
//
// A Matter image with new values in its header: opened, changed by the caller, written.
#ifndef EDIT_H
#define EDIT_H

#include "build.h"
#include "layer_matter_bundle.h"
#include "matter_field.h"
#include "open_tree.h"

struct edit {
    bool quiet;       // no warnings
    bool only_header; // nothing of the payload follows from it
    const char *done; // "edited", for messages
    const char *name; // of the file, for messages
    struct opened image;
    struct matter_values values;
    struct bundle_versions versions; // for the images of its bundle, where it carries one
};

// Opens an image whose header can be read and whose payload is what the header says: a new header
// would hide that it was damaged. False with `e` set; to be closed in either case.
bool edit_open(struct edit *edit, const char *file, const struct read_options *options,
               struct arena *a, struct err *e);
void edit_close(struct edit *edit);

// The part of edit_open behind the opening: of an image that is open and named.
bool edit_begin(struct edit *edit, struct arena *a, struct err *e);

// Sets a field of the payload, by its path from the file. False with `e` set (status 2) for one
// that cannot be set: of a payload these are the versions in a bundle's table.
bool edit_set_inside(struct edit *edit, const char *path, const char *value, struct err *e);

// Without --output, the operand of a verb is written over: is it a file? False with `e` set.
bool edit_target_is_file(const struct args *args, struct err *e);

// Judges and writes the payload with its new header; `b` says where to, and how much to say.
enum status edit_write(struct edit *edit, struct build b, struct err *e);

#endif
