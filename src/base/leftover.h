// SPDX-License-Identifier: Apache-2.0
//
// Names of temporary files and folders, which are removed when the process ends before they have
// become what they are for: on exit, and on every signal that can be caught.
#ifndef LEFTOVER_H
#define LEFTOVER_H

#include <stdbool.h>

enum { LEFTOVER_MOST = 4096 };

struct leftover {
    struct leftover *next;
    bool is_folder;
    char path[LEFTOVER_MOST]; // "": nothing
};

// From here on signals are caught, and a file that may not grow is an error of os_write().
void leftover_watch(void);

// While signals are held back, names can come to be, be noted, and go. Held twice, they wait for
// the second release.
void leftover_hold(void);
void leftover_release(void);

// Calls `make` with names FOLDER/.otapack-XXXXXX, beside `path`, until it has made something of
// that name, which is noted. False with errno set. With signals held.
typedef bool leftover_make_fn(void *ctx, const char *name);
bool leftover_make(struct leftover *l, const char *path, leftover_make_fn *make, void *ctx);

// Notes a name that is there now, and forgets it. What was noted last is removed first. With
// signals held.
void leftover_add(struct leftover *l);
void leftover_drop(struct leftover *l); // one that was not noted is no harm

// Removes what has this name, and forgets it.
void leftover_remove(struct leftover *l);

#endif
