// SPDX-License-Identifier: Apache-2.0
//
// Layers from the map of a recipe: which keys of it are layers, whether these can stand together,
// and what ${} finds in them.
#include <string.h>

#include "layer.h"
#include "text.h"

static const char *const keys[] = {LAYER_KEYS};
enum { TYPE_COUNT = sizeof(keys) / sizeof(keys[0]) };

// The next type from the inside out; `at` begins with 0. NULL: there are no more.
static const struct layer_type *next_outwards(size_t *at)
{
    for (; *at < (size_t)PLACE_COUNT * TYPE_COUNT; ++*at) {
        const struct layer_type *type = layer_types[*at % TYPE_COUNT];
        if (type->place == (enum layer_place)(*at / TYPE_COUNT)) {
            ++*at;
            return type;
        }
    }
    return NULL;
}

struct taken_layer {
    struct taken_layer *next;
    struct layer *layer;
};

bool layers_are_in(const struct value *v)
{
    bool any = false;
    for (size_t i = 0; v->kind == VALUE_MAP && i < TYPE_COUNT; i++) {
        any = any || value_find(v, keys[i]) != NULL;
    }
    return any;
}

static bool take_layer(struct schema *s, struct value *v, const struct layer_type *type,
                       struct layer **outermost)
{
    struct layer *layer = ARENA_NEW(s->arena, struct layer);
    struct taken_layer *taken = ARENA_NEW(s->arena, struct taken_layer);
    *layer =
        (struct layer){.type = type, .where = v->where, .is = arena_alloc(s->arena, type->size)};
    layer_put_around(layer, outermost);
    taken->layer = layer;
    *s->layers_end = taken;
    s->layers_end = &taken->next;
    v->taken = true;
    return type->key.kind->take(s, v, &type->key, layer->is) &&
           (type->taken == NULL || type->taken(s, layer));
}

bool take_layer_keys(struct schema *s, struct value *map, struct layer **outermost)
{
    const struct layer_type *type;
    bool good = true;
    for (size_t at = 0; good && (type = next_outwards(&at)) != NULL;) {
        struct value *v = value_find(map, type->key.name);
        good = v == NULL || take_layer(s, v, type, outermost);
    }
    return good;
}

bool take_layers(struct schema *s, struct value *map, struct layer **outermost)
{
    if (s->depth == LAYER_DEPTH_MOST) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: is nested more than %d deep; build what is inside by itself, and name "
                       "its file",
                       map->where, LAYER_DEPTH_MOST);
    }
    if (++s->contents > LAYER_CONTENTS_MOST) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: a recipe makes at most %d parts itself; build some of them before, and "
                       "name their files",
                       map->where, LAYER_CONTENTS_MOST);
    }
    const struct layers_around here = {s->around, outermost};
    s->around = &here;
    s->depth++;
    bool good = take_layer_keys(s, map, outermost) && taken_all(s, map, keys, TYPE_COUNT) &&
                check_layers(s, map, map->where);
    s->depth--;
    s->around = here.next;
    return good;
}

static const char *all_of(struct arena *a, const char *const *words, size_t n, const char *and)
{
    return arena_printf(a, "%s%s%s", text_list(a, words, n - 1), and, words[n - 1]);
}

// "app (with or without rcp), rcp, image, flash or esp8266"
static const char *content_names(struct arena *a, const char * or)
{
    const char *words[2 * TYPE_COUNT];
    size_t n = 0;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        if (layer_types[i]->place == PLACE_CONTENT) {
            words[n++] = keys[i];
        }
        for (size_t k = 0; k < TYPE_COUNT; k++) {
            if (layer_types[k]->around == layer_types[i]) {
                words[n - 1] = arena_printf(a, "%s (with or without %s)", keys[i], keys[k]);
                words[n++] = keys[k];
            }
        }
    }
    return all_of(a, words, n, or);
}

// Does a layer say itself what is inside it?
static bool has_own(const struct value *map)
{
    bool own = false;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        const struct value *v = layer_types[i]->own == NULL ? NULL : value_find(map, keys[i]);
        own = own || (v != NULL && value_find(v, layer_types[i]->own) != NULL);
    }
    return own;
}

bool check_layers(struct schema *s, const struct value *map, const char *where)
{
    const struct layer_type *first = NULL;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        bool combined = layer_types[i]->place == PLACE_COMBINED;
        first = combined && value_find(map, keys[i]) != NULL ? layer_types[i] : first;
    }
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        const struct layer_type *type = layer_types[i];
        const struct value *v = value_find(map, keys[i]);
        if (type->place != PLACE_CONTENT || v == NULL || (first != NULL && first->around == type)) {
            continue;
        }
        if (first != NULL) {
            return err_set(s->e, STATUS_CANNOT,
                           "%s: %s cannot stand beside %s; a recipe builds one thing: %s",
                           v->key_where, keys[i], first->key.name, content_names(s->arena, " or "));
        }
        first = type;
    }
    return first != NULL || has_own(map) ||
           err_set(s->e, STATUS_CANNOT, "%s: says nothing to build; give one of %s", where,
                   content_names(s->arena, ", "));
}

bool complete_layers(struct schema *s)
{
    bool good = true;
    for (const struct taken_layer *t = s->layers; good && t != NULL; t = t->next) {
        good = t->layer->type->complete == NULL || t->layer->type->complete(s, t->layer);
    }
    return good;
}

// A file, or in its place a map that says what to make of other files.
static bool take_part(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct recipe_part *part = to;
    part->where = v->where;
    return layers_are_in(v) ? take_layers(s, v, &part->content)
                            : key_input.take(s, v, key, &part->file);
}

const struct key_kind key_part = {"part", take_part}, key_image = {"part", take_part};

// Behind "KEY." in a dotted name; NULL: it begins with something else.
static const char *behind(const char *name, const char *key)
{
    size_t n = strlen(key);
    return strncmp(name, key, n) == 0 && name[n] == '.' ? name + n + 1 : NULL;
}

const char *layers_input(const struct layer *outermost, const char *name, const char **rest)
{
    const struct layer *layer = outermost;
    while (layer != NULL && (*rest = behind(name, layer->type->key.name)) == NULL) {
        layer = layer_further_in(layer);
    }
    if (layer == NULL) {
        return NULL;
    }
    const struct recipe_key *key = &layer->type->key;
    if (key->kind == &key_image) {
        return layer_part_file(layer->is);
    }
    for (key = key->of; key != NULL && key->name != NULL; key++) {
        if (key->kind == &key_image && behind(*rest, key->name) != NULL) {
            *rest = behind(*rest, key->name);
            return layer_part_file((const void *)((const char *)layer->is + key->at));
        }
    }
    return NULL;
}

const char *layers_input_names(struct arena *a)
{
    const struct layer_type *type;
    const char *words[MAP_KEYS_MOST];
    size_t n = 0;
    for (size_t at = 0; (type = next_outwards(&at)) != NULL;) {
        const struct recipe_key *key = type->key.kind == &key_map ? type->key.of : NULL;
        if (type->key.kind == &key_image) {
            words[n++] = type->key.name;
        }
        for (; key != NULL && key->name != NULL; key++) {
            if (key->kind == &key_image) {
                words[n++] = arena_printf(a, "%s.%s", type->key.name, key->name);
            }
        }
    }
    return all_of(a, words, n, " and ");
}
