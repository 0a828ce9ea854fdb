// SPDX-License-Identifier: Apache-2.0
//
// A text as it stands in a recipe that otapack writes: what a stranger's file says is read again as
// it was, and is nothing else than text. Names of files need none of this: they are of letters,
// digits, '_', '-' and '.'.
#ifndef RECIPE_TEXT_H
#define RECIPE_TEXT_H

#include "arena.h"

// In quotes: double ones where it has characters that YAML takes for none, or that mislead a
// reader.
const char *recipe_quoted(struct arena *a, const char *text);

#endif
