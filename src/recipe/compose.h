// SPDX-License-Identifier: Apache-2.0
//
// From a recipe to a layout: what each format puts around its parts.
#ifndef COMPOSE_H
#define COMPOSE_H

#include "pieces.h"
#include "recipe.h"

// Fills an empty layout. False with `e` set: status 1 when flash_args cannot be held, 2 when
// a file cannot be read.
bool compose(const struct recipe *recipe, struct pieces *l, struct err *e);

// The app of a recipe, signed where the recipe says so.
bool compose_app(const struct recipe *recipe, struct pieces *l, struct err *e);

// A file that may be a partitions.csv, as the table that is made of it; `table_at` is where it
// goes, and `bootloader_at` where the bootloader does, -1: nowhere.
bool compose_table(const struct recipe *recipe, const char *file, uint32_t table_at,
                   int64_t bootloader_at, struct pieces *l, struct err *e);

bool compose_esp8266(const struct recipe *recipe, struct pieces *l, struct err *e);
bool compose_rcp_image(const struct recipe *recipe, struct pieces *l, struct err *e);
bool compose_matter(const struct recipe *recipe, struct pieces *l,
                    struct err *e); // around the rest
bool compose_tree(const struct recipe *recipe, struct pieces *l, struct err *e);
bool compose_flash(const struct recipe *recipe, struct pieces *l, struct err *e);

// A combined image again, whose parts `compose_part` lays out; offsets and sizes follow from them.
typedef bool compose_part_fn(const void *ctx, const struct node *part, struct pieces *l,
                             struct err *e);
bool compose_rcp_again(const struct node *image, compose_part_fn *compose_part, const void *ctx,
                       struct pieces *l, struct err *e);

#endif
