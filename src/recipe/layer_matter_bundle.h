// SPDX-License-Identifier: Apache-2.0
//
// A Matter bundle: images for several processors of a device, the application last.
#ifndef LAYER_MATTER_BUNDLE_H
#define LAYER_MATTER_BUNDLE_H

#include "layer.h"
#include "matter_bundle_tree.h"
#include "recipe_take.h"

struct bundle_image {
    struct bundle_image *next;
    const char *where; // in the recipe, for messages
    uint32_t id;
    uint32_t version;
    bool has_version; // the application's may be the Matter header's
    struct recipe_part part;
    struct recipe_choice seal; // of the application: whether it vouches for the other images
};

struct recipe_bundle {
    struct bundle_image *images; // in the order in which they were given
};

extern const struct key_kind key_bundle;            // a list of images, as struct recipe_bundle
extern const struct recipe_key bundle_image_keys[]; // of each, beside its layers

bool matter_bundle_has_application(const struct recipe_bundle *bundle);

// The list of a recipe that makes the same bundle, each line behind `indent`; NULL with `e` set
// (status 1) where none does.
const char *bundle_text(struct arena *a, const struct node *bundle, const char *indent,
                        struct err *e);

// New versions for the images of a bundle that is open, by their place in its table.
struct bundle_versions {
    bool given[OTAPACK_BUNDLE_MAX_IMAGES];
    uint32_t of[OTAPACK_BUNDLE_MAX_IMAGES];
};

// A bundle that is open, with these versions. Where its application has that of the Matter header
// around it, it has that of the new one then, too.
void recipe_add_bundle(struct recipe *recipe, struct arena *a, struct input *input,
                       const struct node *bundle, const struct bundle_versions *versions);

#endif
