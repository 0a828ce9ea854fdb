// SPDX-License-Identifier: Apache-2.0
//
// Paths, as the system writes them.
#ifndef FILE_PATH_H
#define FILE_PATH_H

#include <stdbool.h>

#include "arena.h"

// What stands behind the last separator: "b" of "a/b", "" of "a/".
const char *file_path_name(const char *path);

bool file_path_is_absolute(const char *path);
bool file_path_is_name(const char *text); // has no separator: it names nothing in another folder

// The path as it is meant that stands in a file: relative to that file's folder.
const char *file_path_beside(struct arena *a, const char *file, const char *path);

#endif
