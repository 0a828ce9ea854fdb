// SPDX-License-Identifier: Apache-2.0
//
// What goes into an image, as a recipe or a command line says it: layers, and what is to be so of
// the whole. Nothing is read here but the recipe itself; compose() lays it out, build.c makes the
// image.
#ifndef RECIPE_H
#define RECIPE_H

#include "input.h"
#include "partition_csv.h"
#include "pieces.h"

struct layer;
struct read_options;

struct recipe_text {
    struct recipe_text *next;
    const char *where; // for messages
    const char *text;
};

// What stands where a file is named: the file, or a content with layers of its own.
struct recipe_part {
    const char *where;
    const char *file; // NULL: a content, or not given
    struct layer *content;
};

// Paths are as they can be opened from the working directory. NULL: not given.
struct recipe {
    const char *file;
    const char *output;
    struct layer *layers; // the outermost one
    const char *host_table;
    const struct partition_csv_options *csv; // how a partitions.csv is read; NULL: as always
    struct recipe_text *allow, *expect;
    const struct read_options *said; // by the command line, as well; NULL: nothing
    const char **modules; // of PKCS#11, NULL-ended: what the command line allows; NULL: none
    const struct read_options *read; // what is known of the device; NULL: nothing
    bool quiet;                      // no warnings
};

// What the command line adds: -D NAME=VALUE and --set KEY=VALUE, NULL-ended.
struct recipe_words {
    const char **defines, **sets;
};

// False with `e` set (status 2, FILE:LINE:COLUMN) for whatever is wrong with it; status 1 where an
// input of which it takes a value is another than it says.
bool recipe_read(const char *file, const struct recipe_words *words, struct arena *a,
                 struct recipe *out, struct err *e);

// The same of a text that will be that file: what it names is beside it.
bool recipe_read_text(const char *file, const char *text, const struct recipe_words *words,
                      struct arena *a, struct recipe *out, struct err *e);

// Lays a recipe out in empty pieces. False with `e` set: status 1 where the inputs cannot become
// such an image, 2 where one of them cannot be read.
bool compose(const struct recipe *recipe, struct pieces *l, struct err *e);

#endif
