// SPDX-License-Identifier: Apache-2.0
//
// The fields of a Matter header, and of a bundle behind it.
#include <string.h>

#include "edit.h"
#include "kinds.h"
#include "path.h"
#include "text.h"

// The version in a bundle's table that a path names; NULL: it names something else.
static const struct node *version_at(struct edit *edit, const char *path)
{
    struct err inner = ERR_NONE;
    struct place_in_tree place;
    if (!path_find(NULL, edit->image.root, path, &place, &inner) || place.field == NULL) {
        return NULL;
    }
    bool entry = place.node->record && is_matter_bundle(place.node->parent);
    return entry && strcmp(place.field->name, "version") == 0 ? place.node : NULL;
}

// A field of the payload, by its path from the file: of these, the versions in a bundle's table can
// be set.
static bool set_inside(struct edit *edit, const char *path, const char *value, struct err *e)
{
    const struct node *entry = version_at(edit, path);
    uint64_t version;
    if (entry == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "--set: %s is a field of the payload; edit changes the Matter header's, and "
                       "of a bundle payload.table[0].version, so build the payload again",
                       path);
    }
    if (!text_number(value, &version) || version > UINT32_MAX) {
        return err_set(e, STATUS_CANNOT,
                       "--set: %s: '%s' is no number up to 0xffffffff; correct it", path, value);
    }
    edit->versions.given[entry->index] = true;
    edit->versions.of[entry->index] = (uint32_t)version;
    return true;
}

static bool set(struct edit *edit, const char *name, const char *value, struct err *e)
{
    return strchr(name, '.') != NULL ? set_inside(edit, name, value, e)
                                     : matter_set(&edit->values, name, value, "--set", e);
}

static bool unset(struct edit *edit, const char *name, struct err *e)
{
    return matter_unset(&edit->values, name, "--unset", e);
}

static const char *optional_field(unsigned i)
{
    for (int tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        if (!matter_fields[tag].needed && !matter_fields[tag].computed && i-- == 0) {
            return matter_fields[tag].name;
        }
    }
    return NULL;
}

const struct edit_header edit_matter = {.key = "matter",
                                        .title = "Matter",
                                        .is = is_matter,
                                        .begin = edit_begin,
                                        .set = set,
                                        .unset = unset,
                                        .write = edit_write,
                                        .optional = optional_field};
