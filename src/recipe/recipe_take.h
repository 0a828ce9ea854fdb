// SPDX-License-Identifier: Apache-2.0
//
// How the keys of a recipe are taken: each map has a table of its keys, each key a kind, which
// knows how a value is written. What stands in no table is an error. All of these return false with
// s->e set (status 2, FILE:LINE:COLUMN).
#ifndef RECIPE_TAKE_H
#define RECIPE_TAKE_H

#include "recipe.h"
#include "yaml_tree.h"

struct recipe_key;

// The layers of a map that is being taken, and around it those of the maps that it is in.
struct layers_around {
    const struct layers_around *next;
    struct layer *const *outermost;
};

struct schema {
    struct recipe *recipe;
    const char *page;     // of the manual, that explains its keys
    const char **defines; // NULL: ${} is only of the environment
    struct arena *arena;
    struct err *e;
    struct needed *needed, **needed_end;      // files to look for once everything else is right
    struct taken_layer *layers, **layers_end; // to be completed then
    const struct layers_around *around;       // where ${} looks first; NULL: the recipe itself
    int depth;                                // of contents in contents
    int contents;                             // how many of these there were
    size_t uses, brought;     // how many ${} there were, and the bytes that these stood for
    struct looked_into *into; // the inputs whose values were asked for
};

// How a value is written. Takes `v`, which is there, into `to`.
struct key_kind {
    const char *name; // "file"; "map" where `of` of a row is a table of keys
    bool (*take)(struct schema *s, struct value *v, const struct recipe_key *key, void *to);
};

// What may be written in a map: a table of these ends with one without a name.
struct recipe_key {
    const char *name;
    const struct key_kind *kind;
    size_t at;        // where it goes, in the struct of its map
    const char *help; // in a few words
    const void *of;   // what else its kind wants: a map's table, a choice's opt_type
};

struct recipe_choice {
    unsigned number; // its place among the words + 1; 0: not given
    const char *where;
};

extern const struct recipe_key recipe_keys[]; // of a recipe, beside its layers

extern const struct key_kind key_text, // const char *, with ${} expanded
    key_path,                          // likewise, as it can be opened from the working directory
    key_input,                         // of a file that must be there
    key_folder,                        // likewise
    key_texts,                         // struct recipe_text *
    key_choice,                        // struct recipe_choice, of the choices that are `of`
    key_bool,                          // bool: true or false
    key_map,                           // a struct, whose keys are `of`
    key_version;                       // of the file, which is called as `of` says: it is 1

// Takes a key of a map into its struct, if it is there; or all of them, of which each must be in
// the table.
bool take_map_key(struct schema *s, const struct value *map, const struct recipe_key *key,
                  void *to);
bool take_map_keys(struct schema *s, const struct value *map, const struct recipe_key *keys,
                   void *to);

// The value must be of this kind.
bool take_kind(struct schema *s, const struct value *v, enum value_kind kind);

// The text of a value, with ${} expanded; NULL with s->e set.
const char *take_text(struct schema *s, const struct value *v);

// Paths are relative to the recipe, those of --set too: it says the same thing elsewhere.
const char *take_relative(struct schema *s, const char *path);

// Notes a file to look for, and looks for all that were noted.
void take_needed(struct schema *s, const char *where, const char *key, const char *file);
bool taken_files(struct schema *s);

// Has every key of the map been taken? `names` is what "did you mean" chooses from.
bool taken_all(struct schema *s, const struct value *map, const char *const *names, size_t count);

#endif
