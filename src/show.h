// SPDX-License-Identifier: Apache-2.0
//
// Trees on standard output: as text for people, as JSON for programs, as one value.
#ifndef SHOW_H
#define SHOW_H

#include "err.h"
#include "node.h"
#include "path.h"

// The whole tree as text. `colour`: the terminal takes it.
void show_text(struct arena *a, const char *file, const struct node *root, bool colour);

// One value, or the text of the part that the path names.
void show_value(struct arena *a, const struct place_in_tree *place, bool colour);

// The JSON of otapack inspect (its schema: packaging/otapack-inspect.schema.json). Files are added
// one by one, and printed together.
struct show_json;
struct show_json *show_json_new(struct arena *a);
void show_json_add(struct show_json *json, const char *file, const struct node *root);
void show_json_add_error(struct arena *a, struct show_json *json, const char *file,
                         const char *error);
void show_json_print(struct show_json *json);
void show_json_place(const struct place_in_tree *place); // one value or part

#endif
