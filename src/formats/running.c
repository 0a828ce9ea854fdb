// SPDX-License-Identifier: Apache-2.0
#include "running.h"

#include <string.h>

#include "open_tree.h"
#include "rule.h"

// The first app of a tree, with this name where that is not NULL.
static const struct node *app_of(const struct node *n, const char *name)
{
    if (is_image(n, "app") && image_desc(n) != NULL && !node_is_elsewhere(n) &&
        (name == NULL || (n->name != NULL && strcmp(n->name, name) == 0))) {
        return n;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        const struct node *app = app_of(part, name);
        if (app != NULL) {
            return app;
        }
    }
    return NULL;
}

const struct node *running_app(const struct node *root)
{
    const char *boots = node_text(root, "boot_partition");
    const struct node *app = *boots == '\0' ? NULL : app_of(root, boots);
    return app != NULL ? app : app_of(root, NULL);
}

// Its chip is the device's, unless something else was said of that.
static void take_chip(struct target *target, const struct chip *chip)
{
    if (chip != NULL && (target->known & TARGET_CHIP) == 0) {
        target->known |= TARGET_CHIP;
        target->chip = chip;
    }
}

void running_is(struct target *target, const struct otapack_app_desc *desc)
{
    if ((target->known & TARGET_RUNNING) == 0) {
        target->known |= TARGET_RUNNING;
        target->running = desc;
    }
}

bool running_take(struct target *target, const char *file, struct arena *a, struct err *e)
{
    static const struct read_options plain;
    struct opened image;
    if (file == NULL) {
        return true;
    }
    if (!open_tree(&image, file, &plain, a, e)) {
        return false;
    }
    const struct node *app = running_app(image.root);
    struct otapack_app_desc *desc = ARENA_NEW(a, struct otapack_app_desc);
    bool good = app != NULL &&
                otapack_app_desc_read(&app->src, OTAPACK_APP_DESC_AT, desc).code == OTAPACK_OK;
    if (good) {
        running_is(target, desc);
        take_chip(target, chip_by_id((uint16_t)node_number(app, "chip_id")));
    } else if (image.root != NULL && input_good(image.input, e)) {
        err_set(e, STATUS_CANNOT,
                "--running %s: %s, and what runs is an app with a description; give the app's "
                "image, or an update with it",
                file, image.root->summary);
    }
    open_tree_close(&image);
    return good;
}
