// SPDX-License-Identifier: Apache-2.0
//
// The key `partition_csv` of a recipe: what gen_esp32part.py is told beside a partitions.csv.
#ifndef RECIPE_CSV_H
#define RECIPE_CSV_H

#include "recipe_take.h"

bool recipe_take_csv(struct schema *s, struct value *top);

#endif
