// SPDX-License-Identifier: Apache-2.0
//
// Files and standard output: read and written as a whole, or a part of them.
#ifndef FILE_H
#define FILE_H

#include "data.h"

#include <sys/types.h>

struct data read_all(int from, const char *name);
struct data load(const char *name);
struct data load_part(const char *name, off_t at, size_t n); // as much of it as there is

void print(const void *p, size_t n);
void save(const char *name, struct data d);
void overwrite(const char *name, off_t at, const void *p, size_t n); // all else stays

#endif
