// SPDX-License-Identifier: Apache-2.0
//
// A partitions.csv where a recipe names a partition table.
#ifndef RECIPE_CSV_H
#define RECIPE_CSV_H

#include "recipe_take.h"

// The key `partition_csv`: what gen_esp32part.py is told beside such a file. Its value goes to a
// pointer to what is told.
extern const struct key_kind key_csv;
extern const struct recipe_key csv_keys[];

// A part that may be such a file, as the table that is made of it; `table_at` is where it goes, and
// `bootloader_at` where the bootloader does, -1: nowhere.
bool compose_table(const struct recipe_part *part, const struct recipe *recipe, uint32_t table_at,
                   int64_t bootloader_at, struct pieces *l, struct err *e);

// What a recipe says to have such a file read so, ""; NULL is as always.
const char *csv_say(struct arena *a, const struct partition_csv_options *csv);

#endif
