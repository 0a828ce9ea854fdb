// SPDX-License-Identifier: Apache-2.0
#include "layer_image.h"

#include "part_file.h"

static const struct recipe_part *made_of(const struct layer *layer)
{
    return &((const struct recipe_image *)layer->is)->part;
}

static bool compose_image(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                          struct err *e)
{
    const struct recipe_image *image = layer->is;
    bool good = compose_part(&image->part, recipe, l, e);
    for (const struct recipe_text *t = image->more; good && t != NULL; t = t->next) {
        good = pieces_add_file(l, t->text, e) != NULL;
    }
    return good;
}

// What it is made of is the image.
static void tell(const struct layer *layer, struct read_options *options)
{
    const struct layer *content = made_of(layer)->content;
    if (content != NULL) {
        layers_tell(content, options);
    }
}

const char *image_part_file(const struct recipe_part *part)
{
    while (part->content != NULL && part->content->type == &layer_image &&
           ((const struct recipe_image *)part->content->is)->more == NULL) {
        part = made_of(part->content);
    }
    return part->content == NULL ? part->file : NULL;
}

static const char *say_image(struct arena *a, const struct node *n, struct err *e)
{
    (void)e;
    return arena_printf(a, "image: %s\n", part_file(a, n));
}

const struct layer_type layer_image = {
    .key = {"image", &key_image, 0, "any one image, as it is", NULL},
    .size = sizeof(struct recipe_image),
    .place = PLACE_CONTENT,
    .is_signed = true,
    .subject = SIGNS_DATA,
    .compose = compose_image,
    .made_of = made_of,
    .tell = tell,
    .say = say_image,
};
