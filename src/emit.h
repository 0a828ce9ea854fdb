// SPDX-License-Identifier: Apache-2.0
//
// From a recipe to a layout: what each format puts around its parts.
#ifndef EMIT_H
#define EMIT_H

#include "layout.h"
#include "recipe.h"

// Fills an empty layout. False with `e` set: status 1 when flash_args cannot be held, 2 when
// a file cannot be read.
bool emit(const struct recipe *recipe, struct layout *l, struct err *e);

// The app of a recipe, signed where the recipe says so.
bool emit_app(const struct recipe *recipe, struct layout *l, struct err *e);

// A file that may be a partitions.csv, as the table that is made of it; `table_at` is where it
// goes, and `bootloader_at` where the bootloader does, -1: nowhere.
bool emit_table(const struct recipe *recipe, const char *file, uint32_t table_at,
                int64_t bootloader_at, struct layout *l, struct err *e);

bool emit_esp8266(const struct recipe *recipe, struct layout *l, struct err *e);
bool emit_rcp_image(const struct recipe *recipe, struct layout *l, struct err *e);
bool emit_matter(const struct recipe *recipe, struct layout *l, struct err *e); // around the rest
bool emit_tree(const struct recipe *recipe, struct layout *l, struct err *e);
bool emit_flash(const struct recipe *recipe, struct layout *l, struct err *e);

// A combined image again, whose parts `emit_part` lays out; offsets and sizes follow from them.
typedef bool emit_part_fn(const void *ctx, const struct node *part, struct layout *l,
                          struct err *e);
bool emit_rcp_again(const struct node *image, emit_part_fn *emit_part, const void *ctx,
                    struct layout *l, struct err *e);

#endif
