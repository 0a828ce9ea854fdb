// SPDX-License-Identifier: Apache-2.0
//
// The fields of a Matter header, by their tags: how they are named and shown, and what can be set.
#ifndef MATTER_FIELD_H
#define MATTER_FIELD_H

#include <otapack/matter.h>

#include "err.h"
#include "node.h"

enum { MATTER_FIELD_COUNT = OTAPACK_MATTER_IMAGE_DIGEST + 1 };

extern const struct matter_field {
    const char *name;
    enum field_kind kind;
    uint64_t most;         // of a number; of a text, how many bytes
    bool needed, computed; // in every header; not a user's to set
    enum check_id check;   // that judges it
} matter_fields[MATTER_FIELD_COUNT];

const struct matter_field *matter_field_by_name(const char *name); // NULL: there is none

// The names of those that can be set, NULL-ended.
extern const char *const matter_field_names[];

// Values for the fields of a header that is to be written.
struct matter_values {
    struct matter_value {
        bool given;
        uint64_t number;
        const char *text;
        size_t size; // of the text, which an image may have a NUL in
    } of[MATTER_FIELD_COUNT];
};

// Sets a field by its name. False with `e` set (status 2), beginning with `where`, for a value that
// the field cannot have, or a name that is none. The value must outlive the values.
bool matter_set(struct matter_values *v, const char *name, const char *value, const char *where,
                struct err *e);

// Takes an optional field out.
bool matter_unset(struct matter_values *v, const char *name, const char *where, struct err *e);

// The name of a needed field that is missing, or NULL.
const char *matter_missing(const struct matter_values *v);

// The values of an image whose header can be read.
struct matter_values matter_values_of(const struct otapack_source *image, struct arena *a);

#endif
