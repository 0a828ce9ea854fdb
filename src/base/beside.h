// SPDX-License-Identifier: Apache-2.0
//
// The folder that a file lies in, for a file that names others. Nothing outside of it is opened,
// whatever the names say, and only so many files.
#ifndef BESIDE_H
#define BESIDE_H

#include "arena.h"
#include "input.h"
#include "pieces.h"

enum { BESIDE_FILES_MOST = 128 }; // that are open at a time

enum beside_answer {
    BESIDE_IS_THERE,
    BESIDE_IS_MISSING,
    BESIDE_IS_OUTSIDE, // another folder, or an address on the web
    BESIDE_IS_NO_FILE,
    BESIDE_TOO_MANY,
    BESIDE_CANNOT, // it is there, and cannot be opened: see `e`
};

struct beside;
struct beside *beside_new(struct arena *a, const char *file); // `file`: the one that names others
void beside_close(struct beside *b);                          // and all that was opened; or NULL

// Is it there? *path is what it is called, from where the program runs.
enum beside_answer beside_find(struct beside *b, const char *name, const char **path);

// Opens it; it stays open until beside_close, or until it is given back. `in` only where it is
// there.
enum beside_answer beside_open(struct beside *b, const char *name, struct input **in,
                               struct err *e);
void beside_give_back(struct beside *b, struct input *in);

struct pieces *beside_pieces(struct beside *b);          // to put together what is open
bool beside_good(const struct beside *b, struct err *e); // no read has failed

const char *beside_path(const struct beside *b, const char *name);
const char *beside_file(const struct beside *b); // the name of the file itself

#endif
