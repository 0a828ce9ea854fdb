// SPDX-License-Identifier: Apache-2.0
//
// JSON against a JSON Schema (draft 2020-12), as far as packaging/*.schema.json use it: a keyword
// that is not known here fails the test rather than pass for one that holds. tests/docs has the
// reference validator look at a few documents as well.
#ifndef SCHEMA_H
#define SCHEMA_H

#include <jansson.h>

struct schema;
struct schema *schema_load(const char *file);
void schema_free(struct schema *s);

// NULL: it is valid. Otherwise what is wrong, good until the next call.
const char *schema_fault(struct schema *s, const json_t *document);

#endif
