// SPDX-License-Identifier: Apache-2.0
//
// What an image was made of, as a rule for make and ninja.
#ifndef DEPFILE_H
#define DEPFILE_H

#include "output.h"

// Writes `TARGET: INPUT...` for the NULL-ended inputs; "-" is no file and left out. The caller
// commits the output, or abandons it. NULL with `e` set.
struct output *depfile_write(const char *depfile, const char *target, const char **inputs,
                             struct err *e);

#endif
