// SPDX-License-Identifier: Apache-2.0
//
// The JSON Schema (draft 7, which editors know) of recipes, made of the tables of their keys.
#ifndef RECIPE_SCHEMA_H
#define RECIPE_SCHEMA_H

#include "json.h"

json_t *recipe_schema(void); // the caller's

#endif
