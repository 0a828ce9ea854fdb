// SPDX-License-Identifier: Apache-2.0
//
// Recipes with esp8266, for the laws of them. In the scratch folder lie sketch.bin, an image of the
// Arduino core; eboot.bin and app.bin, its halves; copy.bin, whose copy needs much room; and keys.
#ifndef ESP8266_RECIPE_H
#define ESP8266_RECIPE_H

#include "product.h"

#define KEY "rsa2048.pem"
#define PUBLIC "fixtures/keys/rsa2048.pub.pem"
#define SIGN "top:sign: {keys: [" KEY "]}"

int recipe_begin(void **group); // of a group of tests

// recipe.yaml with these lines of the map esp8266, which | divides; what begins with top: goes
// behind it, to the left margin.
void recipe(const char *lines);
// The recipe is built, twice to the same bytes, without warnings, and passes.
void build(const char *file, const char *lines);

#endif
