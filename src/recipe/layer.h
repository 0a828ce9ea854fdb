// SPDX-License-Identifier: Apache-2.0
//
// A recipe is made of layers, each around the one inside it: an app, a signature behind it, a
// Matter header in front of both. A type of layer is one const struct in layer_NAME.c, and one word
// in this list; nobody else knows which there are.
#ifndef LAYER_H
#define LAYER_H

#include "err.h"
#include "node.h"
#include "pieces.h"
#include "read.h"
#include "recipe.h"
#include "recipe_take.h"
#include "scheme.h"

// As keys are listed for people. In a recipe they stand in any order.
#define LAYER_LIST(X)                                                                              \
    X(app)                                                                                         \
    X(image)                                                                                       \
    X(sign)                                                                                        \
    X(rcp)                                                                                         \
    X(flash)                                                                                       \
    X(esp8266)                                                                                     \
    X(hosted)                                                                                      \
    X(compress)                                                                                    \
    X(delta)                                                                                       \
    X(encrypt)                                                                                     \
    X(matter_bundle)                                                                               \
    X(matter)                                                                                      \
    X(zigbee)

// What lies around what, from the inside out.
enum layer_place {
    PLACE_CONTENT, // made of files
    PLACE_SIGN,
    PLACE_COMPRESS,
    PLACE_COMBINED, // a content of its own, or around another content
    PLACE_DELTA,    // what is sent instead of the content
    PLACE_ENCRYPT,
    PLACE_MATTER,
    PLACE_COUNT,
};

// Contents in contents, at most, and how many of these a recipe may have: each is in memory,
// however often it names one file.
enum { LAYER_DEPTH_MOST = 8, LAYER_CONTENTS_MOST = 64 };

struct layer {
    const struct layer_type *type;
    struct layer *inner, *outer; // NULL: there is none
    const char *where;           // in the recipe, for messages
    void *is;                    // the type's own struct
};

// An image that is open, to be laid out again around a part of it that changes.
struct layer_again {
    struct input *input;
    const struct node *node, *changed; // and which of its parts has the change in it
};

struct layer_type {
    struct recipe_key key; // its value goes to the type's own struct
    size_t size;           // of that
    enum layer_place place;
    const struct layer_type *around; // of PLACE_COMBINED: the one content that may be inside it
    const char *own; // a key of it that says what is inside it, in place of a content; NULL: none
    bool is_signed;  // a content: may be signed,
    enum scheme_subject subject; // as this

    // From a recipe. `taken` once the keys are: do they go together? `complete` once all layers
    // are taken, and their files are there. NULL: nothing.
    bool (*taken)(struct schema *s, struct layer *layer);
    bool (*complete)(struct schema *s, struct layer *layer);

    // Adds this layer, with what is inside it, to the pieces; see compose_layer. What is laid out
    // already, before l->size, belongs to others.
    bool (*compose)(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                    struct err *e);

    // Which file it is mostly made of, for messages. NULL: its place in the recipe.
    const struct recipe_part *(*made_of)(const struct layer *layer);

    // What the whole is, for those who judge it; the outer layers come later. NULL: nothing.
    void (*tell)(const struct layer *layer, struct read_options *options);

    // Back from nodes. `format` is that of the nodes which such a layer makes; NULL: any, or none.
    // `say` is the recipe's text for one, without what is inside it; NULL with `e` set (status 1)
    // where no recipe makes the same. `inside` is the part that an inner layer makes; `of_parts`:
    // the recipe names the parts, not the node as a whole.
    const struct format *format;
    const struct format *const *more_formats; // others that it makes, NULL-ended; NULL: none
    bool of_parts;
    const char *(*say)(struct arena *a, const struct node *n, struct err *e);
    const struct node *(*inside)(const struct node *n);
    const char *lacks; // why a node has nothing inside that it is made of; NULL: it says itself

    // The layer that is around a changed part, as it was but for what follows from the change.
    // NULL: no part can be changed where it is.
    struct layer (*again)(struct arena *a, const struct layer_again *again);
};

#define X(name) extern const struct layer_type layer_##name;
LAYER_LIST(X)
#undef X
#define LAYER_KEY(name) #name,
#define LAYER_KEYS LAYER_LIST(LAYER_KEY) // "app", "image", ...

extern const struct layer_type *const layer_types[];
extern const size_t layer_type_count;

// ---- From a recipe ------------------------------------------------------------------------------

extern const struct key_kind key_part, // struct recipe_part
    key_image;                         // likewise, whose values ${} may ask for

bool layers_are_in(const struct value *v); // is it a map with the key of a layer?

// Takes all layers of a map; *outermost is around the others. The keys must be those of layers.
bool take_layers(struct schema *s, struct value *map, struct layer **outermost);

// The same of the recipe's own map, whose other keys and files are looked at in between: first all
// but `complete`; false for what cannot stand together; the last step.
bool take_layer_keys(struct schema *s, struct value *map, struct layer **outermost);
bool check_layers(struct schema *s, const struct value *map, const char *where);
bool complete_layers(struct schema *s);

// The input that the first words of a dotted name stand for, "rcp.firmware.": of the layers, or of
// those that they are mostly made of; *rest is what is behind them. NULL: none.
const char *layers_input(const struct layer *outermost, const char *name, const char **rest);
const char *layers_input_names(struct arena *a); // "app, image, ... and rcp.firmware"

// Makes it the outermost one.
void layer_put_around(struct layer *layer, struct layer **outermost);

// ---- From elsewhere -----------------------------------------------------------------------------

// A layer around all that the recipe has so far.
void recipe_add(struct recipe *recipe, struct arena *a, struct layer layer);

// What lies at a node of an image that is open.
void recipe_add_node(struct recipe *recipe, struct arena *a, struct input *input,
                     const struct node *n);

// The same layer for who lays it out at once; what it is of must outlive it.
struct layer layer_of_node(struct layer_again *node);

// All that lies around that node in its image. False with `e` set (status 2) where one of these can
// not be made anew.
bool recipe_add_around(struct recipe *recipe, struct arena *a, struct input *input,
                       const struct node *n, struct err *e);

// The type of the layers that make such nodes, or the one that takes any file.
const struct layer_type *layer_type_of(const struct node *n);

// ---- What they make -----------------------------------------------------------------------------

// Adds a layer, and what it is around, at the end of the pieces. A layer that changes what is
// inside it notes where that begins, composes it, reads it (pieces_source, from there on), cuts it
// off and adds its own bytes; or it puts a header before it (pieces_insert). False with `e` set.
bool compose_layer(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                   struct err *e);
bool compose_part(const struct recipe_part *part, const struct recipe *recipe, struct pieces *l,
                  struct err *e);

// Is there room for what was laid out, and so much more? False with `e` set.
bool pieces_fit(const struct pieces *l, uint64_t more, struct err *e);

// What a recipe names, or says how to make, as a layer: whatever it is, or an app; `part` must
// outlive it.
struct layer layer_of_part(struct recipe_part *part);
struct layer layer_of_app(struct recipe_part *part);

// The next layer inside of this one, or in what it is mostly made of. NULL: there is none.
const struct layer *layer_further_in(const struct layer *layer);

// Does a layer of signatures lie around this one, or around what it is the content of?
bool layer_is_signed(const struct layer *layer, const struct recipe *recipe);

bool layer_part_given(const struct recipe_part *part);
const char *layer_name(const struct layer *layer);           // for messages
const char *layer_part_name(const struct recipe_part *part); // likewise
const char *
layer_part_file(const struct recipe_part *part); // the file that it is made of; NULL: several

// Of a layer that is nothing but what it is made of, that; NULL: it is made of a file, or more.
const struct layer *layer_content(const struct layer *layer);

// What is inside all others.
const struct layer *layer_innermost(const struct layer *layer);

void layers_tell(const struct layer *outermost, struct read_options *options);

// What recipe and command line allow, for layers that judge what is inside them.
void recipe_allow(const struct recipe *recipe, struct read_options *options);

#endif
