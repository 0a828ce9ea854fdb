// SPDX-License-Identifier: Apache-2.0
//
// What an image was made of, as a rule for make and ninja.
#ifndef DEPFILE_H
#define DEPFILE_H

#include "build.h"
#include "layout.h"

// Writes `TARGET: INPUT...` to b->depfile. False with `e` set.
bool depfile_write(const struct build *b, const struct layout *l, struct arena *a, struct err *e);

#endif
