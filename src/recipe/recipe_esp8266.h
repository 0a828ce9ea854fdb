// SPDX-License-Identifier: Apache-2.0
//
// The `esp8266` map of a recipe.
#ifndef RECIPE_ESP8266_H
#define RECIPE_ESP8266_H

#include "recipe_take.h"

// False with s->e set.
bool recipe_take_esp8266(struct schema *s, struct value *top);

#endif
