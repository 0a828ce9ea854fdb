// SPDX-License-Identifier: Apache-2.0
//
// The fields of a Zigbee OTA file's header, around the same elements.
#include "edit.h"
#include "kinds.h"
#include "layer_zigbee.h"

static bool begin(struct edit *edit, struct arena *a, struct err *e)
{
    const struct node *root = edit->image.root;
    if (root->error != NULL) {
        return check_refuse(e, CHECK_ZIGBEE_HEADER, "%s: not %s, for its header cannot be read: %s",
                            edit->name, edit->done, root->error);
    }
    edit->zigbee = zigbee_values_of(root->parsed, a);
    return true;
}

static bool set(struct edit *edit, const char *name, const char *value, struct err *e)
{
    return zigbee_set(&edit->zigbee, name, value, "--set", e);
}

static bool unset(struct edit *edit, const char *name, struct err *e)
{
    return zigbee_unset(&edit->zigbee, name, "--unset", e);
}

static enum status write(struct edit *edit, struct build b, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct recipe recipe = {.quiet = edit->quiet};
    const char *missing = zigbee_missing(&edit->zigbee);
    enum status status = STATUS_CANNOT;
    recipe_add_zigbee(&recipe, &a, edit->image.input, edit->image.root, &edit->zigbee);
    b.recipe = &recipe;
    if (missing != NULL) {
        err_set(e, STATUS_CANNOT, "--set: %s goes with the other hardware version; set both",
                missing);
    } else {
        status = build_run(&b, e);
    }
    arena_free(&a);
    return status;
}

static const char *optional_field(unsigned i)
{
    for (int id = 0; id < ZIGBEE_FIELD_COUNT; id++) {
        if (zigbee_optional(id) && i-- == 0) {
            return zigbee_fields[id].name;
        }
    }
    return NULL;
}

const struct edit_header edit_zigbee = {.key = "zigbee",
                                        .title = "Zigbee",
                                        .is = is_zigbee,
                                        .begin = begin,
                                        .set = set,
                                        .unset = unset,
                                        .write = write,
                                        .together = zigbee_together,
                                        .optional = optional_field};
