// SPDX-License-Identifier: Apache-2.0
//
// --set KEY=VALUE: a recipe's value replaced or added from the command line.
#ifndef RECIPE_SET_H
#define RECIPE_SET_H

#include "yaml_tree.h"

// `set` is "rcp.build_dir=FOLDER": the key is a path of keys, the value is YAML, so that lists can
// be given too. False with `e` set (status 2).
bool recipe_set(struct value *top, const char *set, struct arena *a, struct err *e);

#endif
