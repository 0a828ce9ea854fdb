// SPDX-License-Identifier: Apache-2.0
//
// Several files in one folder. Where the folder is not there yet, it appears with all of them, or
// not at all. In one that is there, all files get their names one after the other, or none does;
// who kills the process meanwhile finds some of them, each whole.
#ifndef OUTPUT_FOLDER_H
#define OUTPUT_FOLDER_H

#include <otapack/base.h>

#include "err.h"

struct output_folder;

// `why_new`: nothing in the folder is written over, and this is said of it; NULL: it may be. NULL
// with `e` set.
struct output_folder *output_folder_open(const char *target, const char *why_new, struct err *e);

// A file in it, with the bytes of a source.
bool output_folder_add(struct output_folder *f, const char *name, const struct otapack_source *src,
                       struct err *e);

// A folder in it, for files whose names begin so ("blobs/"); of a folder that is not there yet.
bool output_folder_add_folder(struct output_folder *f, const char *name, struct err *e);

// Where the files are meanwhile; with `why_new` only.
const char *output_folder_staging(const struct output_folder *f);

// Gives folder and files their names. Frees `f` in every case.
bool output_folder_commit(struct output_folder *f, struct err *e);
void output_folder_abandon(struct output_folder *f); // NULL is allowed

#endif
