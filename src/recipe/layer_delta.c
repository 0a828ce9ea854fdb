// SPDX-License-Identifier: Apache-2.0
#include "layer_delta.h"

#include <stddef.h>
#include <stdlib.h>

#include "delta_make.h"
#include "source.h"

static const struct recipe_key keys[] = {
    {"base", &key_input, offsetof(struct recipe_delta, base), "the app that the devices run", NULL},
    {0},
};

static bool has_base(struct schema *s, struct layer *layer)
{
    return ((const struct recipe_delta *)layer->is)->base != NULL ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: delta has no base; name the file of the app that the devices run",
                   layer->where);
}

bool recipe_delta_open(struct recipe_delta *delta, struct arena *a, struct err *e)
{
    return delta->of.src.size > 0 || delta_base_open(&delta->of, delta->base, delta->base, a, e);
}

static bool complete(struct schema *s, struct layer *layer)
{
    return recipe_delta_open(layer->is, s->arena, s->e);
}

// The patch is judged on its base, by the applier that devices have: base and content are there
// once it is composed.
static void tell(const struct layer *layer, struct read_options *options)
{
    const struct recipe_delta *delta = layer->is;
    options->slot = NULL; // is for what is inside
    options->base = &delta->of;
    options->made = &delta->made;
    delta_base_runs(&delta->of, &options->target);
}

static bool make_patch(struct recipe_delta *delta, struct pieces *l, uint64_t from,
                       const char *name, struct err *e)
{
    struct err inner = ERR_NONE;
    struct delta_job job = {
        .base = delta->of.src.bytes,
        .bytes = delta->made.bytes,
        .base_size = (size_t)delta->of.src.size,
        .size = (size_t)delta->made.size,
        .digest = delta->of.sha256,
        .told = delta->told,
        .ctx = delta->ctx,
    };
    uint8_t *patch = delta_make(&job, &delta->size, &inner);
    if (patch == NULL) {
        return err_at(e, name, &inner);
    }
    struct otapack_source src = otapack_memory(patch, delta->size);
    pieces_cut(l, from);
    pieces_note(l, delta->base);
    pieces_add_bytes(l, name, source_bytes(l->arena, &src, 0, delta->size), delta->size);
    free(patch);
    return true;
}

static bool compose_delta(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                          struct err *e)
{
    struct recipe_delta *delta = layer->is;
    const char *name = layer_name(layer);
    uint64_t from = l->size;
    if (!delta_can(e) || !compose_layer(layer->inner, recipe, l, e)) {
        return false;
    }
    struct arena *a = delta->arena == NULL ? l->arena : delta->arena;
    struct otapack_source content = pieces_from(l, from);
    if (content.size == 0) {
        return err_set(e, STATUS_NO, "%s: is empty; give the new app", name);
    }
    if (content.size > DELTA_MOST) {
        return err_set(e, STATUS_NO,
                       "%s: more than 16 MiB, the most that an ESP32 maps; give an app", name);
    }
    delta->made =
        otapack_memory(source_bytes(a, &content, 0, (size_t)content.size), (size_t)content.size);
    return pieces_good(l, e) && recipe_delta_open(delta, a, e) &&
           make_patch(delta, l, from, name, e);
}

struct recipe_delta *recipe_add_delta(struct recipe *recipe, struct arena *a, const char *base)
{
    struct recipe_delta *delta = ARENA_NEW(a, struct recipe_delta);
    delta->base = base;
    delta->arena = a;
    recipe_add(recipe, a, (struct layer){.type = &layer_delta, .is = delta});
    return delta;
}

const struct layer_type layer_delta = {
    .key = {"delta", &key_map, 0, "a patch that makes what is inside of the app that runs", keys},
    .size = sizeof(struct recipe_delta),
    .place = PLACE_DELTA,
    .taken = has_base,
    .complete = complete,
    .compose = compose_delta,
    .tell = tell,
};
