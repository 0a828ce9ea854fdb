// SPDX-License-Identifier: Apache-2.0
//
// How the schema of a recipe takes values: each key is asked for by name and kind, and marked; what
// nobody asked for is an error. All of these return false with s->e set (status 2,
// FILE:LINE:COLUMN).
#ifndef RECIPE_TAKE_H
#define RECIPE_TAKE_H

#include "recipe.h"
#include "yaml_tree.h"

// A file that the recipe names, and where: looked for once everything else is right.
struct needed {
    struct needed *next;
    const char *where, *key, *file;
};

struct schema {
    struct recipe *recipe;
    const char **defines;
    struct arena *arena;
    struct err *e;
    struct needed *needed, **needed_end;
    size_t uses, brought;     // how many ${} there were, and the bytes that these stood for
    struct looked_into *into; // the inputs whose values were asked for
};

// A key's value of this kind; *out is NULL when the key is not there.
bool take_value(struct schema *s, struct value *map, const char *key, enum value_kind kind,
                struct value **out);

// A text with ${} expanded; a path as it can be opened from the working directory; a path of
// something that must be there; a list of texts. NULL when the key is not there.
bool take_text(struct schema *s, struct value *map, const char *key, const char **out);
bool take_path(struct schema *s, struct value *map, const char *key, const char **out);
bool take_input(struct schema *s, struct value *map, const char *key, const char **out);
bool take_texts(struct schema *s, struct value *map, const char *key, struct recipe_text **out);

// Paths are relative to the recipe, those of --set too: it says the same thing elsewhere.
const char *take_relative(struct schema *s, const char *path);

// Notes a file to look for, and looks for all that were noted, once everything else is right.
void take_needed(struct schema *s, const char *where, const char *key, const char *file);
bool taken_files(struct schema *s);

// Has every key of the map been taken? `keys`, NULL-ended, is what "did you mean" chooses from.
bool taken_all(struct schema *s, const struct value *map, const char *const *keys);

#endif
