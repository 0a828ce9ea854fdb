// SPDX-License-Identifier: Apache-2.0
//
// A Zigbee OTA file around what is inside: its header, and elements before and behind the image.
#ifndef LAYER_ZIGBEE_H
#define LAYER_ZIGBEE_H

#include "layer.h"
#include "zigbee_field.h"

struct recipe_zigbee {
    struct zigbee_values values;
    const char *version_from; // how file_version follows from the app's version; NULL: not given
    struct recipe_zigbee_element {
        struct recipe_zigbee_element *next;
        const char *where;
        uint16_t tag;
        bool has_tag, has_length;
        uint32_t length;         // so much of it; all where that is not given
        struct recipe_part data; // not given: what is inside
    } * elements;                // NULL: what is inside, alone
};

// Has it all that it needs, and a place for what is inside it, if there is that? False with `e` set
// (status 2).
bool zigbee_is_complete(const struct recipe_zigbee *zigbee, bool has_inner, const char *where,
                        struct err *e);

// What is laid out while lengths are not known yet.
struct zigbee_making {
    const struct layer *layer;
    const struct recipe *recipe;
    struct pieces *l;
    uint64_t from; // where the file begins
    struct err *e;
};

// Bytes of an element's tag and length, to be written once its data are there.
uint8_t *zigbee_add_head(struct zigbee_making *m);

// Does what was laid out so far go into the header's 32 bits? False with m->e set.
bool zigbee_fits(struct zigbee_making *m);

// The layer of such a file that is open, around the part of it that changes.
struct layer zigbee_again(struct arena *a, const struct layer_again *at);

// The elements of a file that is open, behind a header with these values.
void recipe_add_zigbee(struct recipe *recipe, struct arena *a, struct input *input,
                       const struct node *n, const struct zigbee_values *values);

// The recipe's text for a file. NULL with `e` set (status 1) where no recipe makes the same.
const char *recipe_say_zigbee(struct arena *a, const struct node *n, struct err *e);

#endif
