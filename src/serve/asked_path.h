// SPDX-License-Identifier: Apache-2.0
//
// What a request asks for, as a path below a folder that cannot lead out of it.
#ifndef ASKED_PATH_H
#define ASKED_PATH_H

#include <stdbool.h>

#include "arena.h"

enum { ASKED_PATH_MOST = 1024 }; // bytes

// "a/b c.bin" of "/a/b%20c.bin?x=y", or of the same with "http://host" in front. NULL: it is no
// path to a file that is served: a step up, a hidden name, a character that names cannot have, too
// long, or none.
const char *asked_path(struct arena *a, const char *target);

// Is there an address by which a file of this name can be asked for?
bool asked_path_is_name(const char *name);

#endif
