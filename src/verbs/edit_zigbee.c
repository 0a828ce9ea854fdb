// SPDX-License-Identifier: Apache-2.0
#include "edit_zigbee.h"

bool edit_zigbee_begin(const struct edit *edit, struct zigbee_values *values, struct arena *a,
                       struct err *e)
{
    const struct node *root = edit->image.root;
    if (root->error != NULL) {
        return check_refuse(e, CHECK_ZIGBEE_HEADER, "%s: not %s, for its header cannot be read: %s",
                            edit->name, edit->done, root->error);
    }
    *values = zigbee_values_of(root->parsed, a);
    return true;
}

enum status edit_zigbee_write(struct edit *edit, const struct zigbee_values *values, struct build b,
                              struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct recipe recipe = {0};
    const char *missing = zigbee_missing(values);
    enum status status = STATUS_CANNOT;
    recipe_add_zigbee(&recipe, &a, edit->image.input, edit->image.root, values);
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
