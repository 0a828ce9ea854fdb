// SPDX-License-Identifier: Apache-2.0
#include "made_folders.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "leftover.h"
#include "os.h"

struct made_folder {
    struct made_folder *next; // the one that it lies in
    struct leftover name;
};

static bool make_one(struct made_folder **list, const char *path, struct err *e)
{
    struct made_folder *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return err_set(e, STATUS_CANNOT, "out of memory");
    }
    int n = snprintf(made->name.path, sizeof(made->name.path), "%s", path);
    bool fits = (size_t)n < sizeof(made->name.path);
    leftover_hold();
    errno = ENAMETOOLONG;
    bool good = fits && os_make_folder(path, false);
    int reason = errno;
    if (good) {
        made->name.is_folder = true;
        made->next = *list;
        *list = made;
        leftover_add(&made->name);
    } else {
        free(made);
    }
    leftover_release();
    errno = reason;
    return good || reason == EEXIST || err_errno(e, path, "make the folder");
}

bool made_folders_make(struct made_folder **list, const char *target, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    bool good = true;
    char *path = arena_string(&a, target);
    for (char *p = path + os_root(path); good && *p != '\0'; p++) {
        char separator = *p;
        if (os_is_separator(separator)) {
            *p = '\0';
            good = make_one(list, path, e);
            *p = separator;
        }
    }
    arena_free(&a);
    return good;
}

static void end(struct made_folder **list, bool keep)
{
    while (*list != NULL) {
        struct made_folder *made = *list;
        *list = made->next;
        leftover_hold();
        if (keep) {
            leftover_drop(&made->name);
        } else {
            leftover_remove(&made->name);
        }
        leftover_release();
        free(made);
    }
}

void made_folders_keep(struct made_folder **list)
{
    end(list, true);
}

void made_folders_remove(struct made_folder **list)
{
    end(list, false);
}
