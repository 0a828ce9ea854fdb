// SPDX-License-Identifier: Apache-2.0
//
// The JSON Schema (draft 7, which editors know) of recipes, made of the tables of their keys.
#ifndef RECIPE_SCHEMA_H
#define RECIPE_SCHEMA_H

#include "json.h"
#include "opt.h"

struct recipe_key;

json_t *recipe_schema(void); // the caller's

// What it is made of, for who has keys of his own: a document with these properties, which are then
// its own; a key; one of these words, or ${NAME}; how a kind of value is written.
json_t *schema_document(const char *name, const char *about, json_t *properties);
json_t *schema_key(const struct recipe_key *key);
json_t *schema_choice(const struct opt_type *type);
void schema_put_types(json_t *schema, const char *kind);

#endif
