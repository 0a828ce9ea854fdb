// SPDX-License-Identifier: Apache-2.0
//
// Files that are only compared with: in memory, as files are judged on threads.
#ifndef KEPT_H
#define KEPT_H

#include <otapack/base.h>

#include "arena.h"
#include "err.h"

// Bytes that stay when their file is closed. False with `e` set (status 1) where they are too many;
// messages call it `shown`.
bool kept_source(const struct otapack_source *src, const char *shown, struct arena *a,
                 struct otapack_source *kept, struct err *e);

// All of a file. NULL with `e` set (status 2).
const struct otapack_source *kept_file(const char *file, const char *shown, struct arena *a,
                                       struct err *e);

#endif
