// SPDX-License-Identifier: Apache-2.0
//
// A toy's header in front of what is inside.
#include <stddef.h>
#include <string.h>

#include "layer.h"

struct recipe_toy {
    const char *last; // what stands behind that
};

static const struct recipe_key keys[] = {
    {"last", &key_text, offsetof(struct recipe_toy, last), "what stands behind all else", NULL},
    {0},
};

static bool compose_toy(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                        struct err *e)
{
    const struct recipe_toy *toy = layer->is;
    uint64_t from = l->size;
    uint8_t *head = arena_alloc(l->arena, 4);
    if (!compose_layer(layer->inner, recipe, l, e)) {
        return false;
    }
    if (toy->last != NULL) {
        pieces_add_bytes(l, NULL, (const uint8_t *)toy->last, strlen(toy->last));
    }
    memcpy(head, "TOY", 3);
    head[3] = (uint8_t)(l->size - from);
    pieces_insert(l, from, head, 4);
    return true;
}

const struct layer_type layer_toy = {.key = {"toy", &key_map, 0, "a toy of what is inside", keys},
                                     .size = sizeof(struct recipe_toy),
                                     .place = PLACE_ENCRYPT,
                                     .compose = compose_toy};
