// SPDX-License-Identifier: Apache-2.0
//
// What extract writes: files beside each other in a folder, none over what was read, nor over what
// is there unless that was named.
#ifndef EXTRACT_H
#define EXTRACT_H

#include "args.h"
#include "open_tree.h"
#include "output_folder.h"

#define EXTRACT_NOT_OVER "; name another place, or remove it"

struct extract {
    const struct args *args;
    const struct read_options *options;
    struct arena arena;
    struct opened image;
    const char *name; // of the file, for messages
    struct err *e;
};

struct extract_part {
    const char *name; // of its file
    struct otapack_source src;
};

// What goes into a folder.
struct extract_parts {
    const char *folder;
    struct extract_part *list;
    size_t count;
};

typedef bool extract_takes_fn(const struct node *part);

// The parts of a node that it takes, with room for a file more.
struct extract_parts extract_parts_of(struct extract *x, const struct node *parent,
                                      extract_takes_fn *takes, const char *folder);

// Its name as files in it are named: without the / behind it.
const char *extract_folder(struct arena *a, const char *name);

// Is it none of the files that are read? And one that is not there? False with x->e set.
bool extract_is_no_input(struct extract *x, const char *file);
bool extract_is_new(struct extract *x, const char *file);

// Are all of them free so? `new_too`: and not there.
bool extract_are_free(struct extract *x, const struct extract_parts *parts, bool new_too);

// Puts all of them into a folder that is being written, and names them there, one line each.
bool extract_add(struct extract *x, struct output_folder *f, const struct extract_parts *parts);
bool extract_commit(struct extract *x, struct output_folder *f, const struct extract_parts *parts);

// extract --recipe: the parts, and the recipe that puts them together again.
bool extract_recipe(struct extract *x, const char *folder);

#endif
