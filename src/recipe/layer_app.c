// SPDX-License-Identifier: Apache-2.0
//
// An app image, as its build wrote it.
#include "app_slot.h"

static const struct recipe_part *made_of(const struct layer *layer)
{
    return layer->is;
}

static bool compose_app(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                        struct err *e)
{
    uint64_t from = l->size;
    return compose_part(layer->is, recipe, l, e) && app_slot_holds(recipe, layer->is, l, from, e);
}

static void tell(const struct layer *layer, struct read_options *options)
{
    (void)layer;
    options->slot = "app";
}

const struct layer_type layer_app = {
    .key = {"app", &key_image, 0, "an app image", NULL},
    .size = sizeof(struct recipe_part),
    .place = PLACE_CONTENT,
    .is_signed = true,
    .subject = SIGNS_IMAGE,
    .compose = compose_app,
    .made_of = made_of,
    .tell = tell,
};
