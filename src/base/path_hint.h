// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a path that leads nowhere.
#ifndef PATH_HINT_H
#define PATH_HINT_H

// What to do about it, as a message says it; NULL: nothing shows.
const char *path_hint(const char *path);

#endif
