// SPDX-License-Identifier: Apache-2.0
#include "layer.h"

#include <inttypes.h>
#include <string.h>

#define X(name) &layer_##name,
const struct layer_type *const layer_types[] = {LAYER_LIST(X)};
#undef X
enum { TYPE_COUNT = sizeof(layer_types) / sizeof(layer_types[0]) };
const size_t layer_type_count = TYPE_COUNT;

void layer_put_around(struct layer *layer, struct layer **outermost)
{
    layer->inner = *outermost;
    if (*outermost != NULL) {
        (*outermost)->outer = layer;
    }
    *outermost = layer;
}

// ---- From elsewhere -----------------------------------------------------------------------------

void recipe_add(struct recipe *recipe, struct arena *a, struct layer layer)
{
    struct layer *copy = ARENA_NEW(a, struct layer);
    *copy = layer;
    layer_put_around(copy, &recipe->layers);
}

static bool compose_node(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                         struct err *e)
{
    const struct layer_again *at = layer->is;
    (void)recipe;
    (void)e;
    pieces_add_part(l, at->input, at->node->src.base, at->node->src.size);
    return true;
}

struct layer layer_of_node(struct layer_again *node)
{
    static const struct layer_type type = {.compose = compose_node};
    return (struct layer){.type = &type, .where = input_name(node->input), .is = node};
}

void recipe_add_node(struct recipe *recipe, struct arena *a, struct input *input,
                     const struct node *n)
{
    struct layer_again *at = ARENA_NEW(a, struct layer_again);
    *at = (struct layer_again){input, n, NULL};
    recipe_add(recipe, a, layer_of_node(at));
}

bool recipe_add_around(struct recipe *recipe, struct arena *a, struct input *input,
                       const struct node *n, struct err *e)
{
    for (; n->parent != NULL; n = n->parent) {
        struct layer_again again = {input, n->parent, n};
        const struct layer_type *type = layer_type_of(n->parent);
        if (type->again == NULL) {
            return err_set(e, STATUS_CANNOT,
                           "%s: a part of a %s cannot be signed where it is; sign it by itself, "
                           "and build the image again",
                           input_name(input), n->parent->format);
        }
        recipe_add(recipe, a, type->again(a, &again));
    }
    return true;
}

static bool makes(const struct layer_type *type, const struct format *format)
{
    bool any = type->format == format;
    for (const struct format *const *f = type->more_formats; !any && f != NULL && *f != NULL; f++) {
        any = *f == format;
    }
    return any;
}

const struct layer_type *layer_type_of(const struct node *n)
{
    const struct layer_type *any = NULL;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        const struct layer_type *type = layer_types[i];
        if (n->opened != NULL && makes(type, n->opened)) {
            return type;
        }
        any = type->format == NULL && type->say != NULL ? type : any;
    }
    return any;
}

// ---- What they make -----------------------------------------------------------------------------

bool compose_layer(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                   struct err *e)
{
    return layer->type->compose(layer, recipe, l, e);
}

bool compose_part(const struct recipe_part *part, const struct recipe *recipe, struct pieces *l,
                  struct err *e)
{
    return part->content != NULL ? compose_layer(part->content, recipe, l, e)
                                 : pieces_add_file(l, part->file, e) != NULL;
}

const struct layer *layer_further_in(const struct layer *layer)
{
    const struct recipe_part *part =
        layer->type->made_of == NULL ? NULL : layer->type->made_of(layer);
    return layer->inner != NULL ? layer->inner : part == NULL ? NULL : part->content;
}

bool layer_is_signed(const struct layer *layer, const struct recipe *recipe)
{
    bool is_signed = false;
    for (const struct layer *l = layer->outer; l != NULL; l = l->outer) {
        is_signed = is_signed || l->type == &layer_sign;
    }
    const struct layer *l = recipe->layers;
    bool around = false;
    for (; l != NULL && l != layer; l = layer_further_in(l)) {
        around = around || l->type == &layer_sign;
    }
    return is_signed || (around && l == layer);
}

static const struct recipe_part *part_of(const struct layer *layer)
{
    return layer->is;
}

static bool compose_any(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                        struct err *e)
{
    return compose_part(layer->is, recipe, l, e);
}

static const struct layer_type any_part = {.compose = compose_any, .made_of = part_of};

struct layer layer_of_part(struct recipe_part *part)
{
    return (struct layer){.type = &any_part, .where = part->where, .is = part};
}

struct layer layer_of_app(struct recipe_part *part)
{
    return (struct layer){.type = &layer_app, .where = part->where, .is = part};
}

bool layer_part_given(const struct recipe_part *part)
{
    return part->file != NULL || part->content != NULL;
}

bool pieces_fit(const struct pieces *l, uint64_t more, struct err *e)
{
    return l->size + more <= INPUT_MOST ||
           err_set(e, STATUS_CANNOT,
                   "the parts have %" PRIu64 " bytes together, more than the 4 GiB that an "
                   "image may have; leave something out",
                   l->size);
}

bool compose(const struct recipe *recipe, struct pieces *l, struct err *e)
{
    return compose_layer(recipe->layers, recipe, l, e) && pieces_fit(l, 0, e);
}

const struct layer *layer_content(const struct layer *layer)
{
    bool only = layer->type == &layer_app || layer->type == &any_part;
    return only ? ((const struct recipe_part *)layer->is)->content : NULL;
}

const struct layer *layer_innermost(const struct layer *layer)
{
    while (layer->inner != NULL) {
        layer = layer->inner;
    }
    return layer;
}

const char *layer_name(const struct layer *layer)
{
    layer = layer_innermost(layer);
    return layer->type->made_of == NULL ? layer->where
                                        : layer_part_name(layer->type->made_of(layer));
}

const char *layer_part_name(const struct recipe_part *part)
{
    return part->content == NULL ? part->file : layer_name(part->content);
}

const char *layer_part_file(const struct recipe_part *part)
{
    const struct layer *layer = part->content == NULL ? NULL : layer_innermost(part->content);
    return layer == NULL                  ? part->file
           : layer->type->made_of == NULL ? NULL
                                          : layer_part_file(layer->type->made_of(layer));
}

void layers_tell(const struct layer *outermost, struct read_options *options)
{
    if (outermost->inner != NULL) {
        layers_tell(outermost->inner, options);
        options->is_flash = options->flash_offset_given = false; // what is around a flash is none
    }
    if (outermost->type->tell != NULL) {
        outermost->type->tell(outermost, options);
    }
}

void recipe_allow(const struct recipe *recipe, struct read_options *options)
{
    if (recipe->said != NULL) {
        memcpy(options->allow, recipe->said->allow, sizeof(options->allow));
    }
    for (const struct recipe_text *t = recipe->allow; t != NULL; t = t->next) {
        enum check_id check = check_by_id(t->text, NULL);
        if (check < CHECK_COUNT && checks[check].allowable) {
            options->allow[check] = true;
        }
    }
}
