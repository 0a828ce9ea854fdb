// SPDX-License-Identifier: Apache-2.0
//
// YAML as a tree of values that know where they stand and whether somebody took them.
#ifndef YAML_TREE_H
#define YAML_TREE_H

#include <stddef.h>

#include "arena.h"
#include "err.h"

enum value_kind { VALUE_TEXT, VALUE_LIST, VALUE_MAP };

struct value {
    enum value_kind kind;
    const char *where; // "recipe.yaml:12:5", or "--set rcp.build_dir"
    const char *text;  // of VALUE_TEXT
    const char *key;   // in a map, else NULL
    const char *key_where;
    struct value *items, **items_end; // of VALUE_LIST and VALUE_MAP
    size_t count;                     // of these
    struct value *next;
    bool taken; // somebody asked for this key
};

// No recipe is larger; what is, would take its time, for keys are looked for one by one.
enum { VALUES_MOST = 4096, MAP_KEYS_MOST = 64 };

// The one document of `text`; `name` is its file. NULL with `e` set (status 2, FILE:LINE:COLUMN)
// for what is no YAML, has a key twice, uses aliases, or has more values than a recipe can have, or
// nested more deeply.
struct value *yaml_read(const char *name, const char *text, struct arena *a, struct err *e);

// The same of a document whose maps may have more keys: so many.
struct value *yaml_read_wide(const char *name, const char *text, size_t keys_most, struct arena *a,
                             struct err *e);

// Does it begin as each of otapack's files: is it a map with otapack: 1?
bool yaml_is_otapack_1(const struct value *top);

// One value of a --set: everything in it stands at `where`.
struct value *yaml_read_value(const char *where, const char *text, struct arena *a, struct err *e);

struct value *value_find(const struct value *map, const char *key); // NULL: not there

// There is no key like this value's, but these. False with `e` set (status 2).
bool value_no_key(const struct value *v, const char *const *keys, size_t n, struct arena *a,
                  struct err *e);

void value_append(struct value *to, struct value *item); // to a list or a map

// May a key be added to a map? False with `e` set for one that has as many as there can be.
bool value_has_room(const struct value *map, const char *key_where, struct err *e);

#endif
