// SPDX-License-Identifier: Apache-2.0
//
// A folder as a ring of keys: the files in it that are one by their name.
#include <stdlib.h>
#include <string.h>

#include "key_ring_read.h"
#include "os.h"

// "PROD" of "PROD.pub.pem"; NULL: it is no key.
static const char *key_name(struct arena *a, const char *file)
{
    static const char *const endings[] = {".pub.pem", ".pem", ".digest"};
    size_t n = strlen(file);
    for (size_t i = 0; *file != '.' && i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcmp(file + n - m, endings[i]) == 0) {
            return arena_copy(a, file, n - m);
        }
    }
    return NULL;
}

static int in_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The names of the keys' files, as many as a ring has and one, which is one too many.
struct listing {
    struct arena *arena;
    const char *files[RING_KEYS_MOST + 1];
    size_t count;
};

static bool list_file(void *ctx, const char *name)
{
    struct listing *list = ctx;
    if (key_name(list->arena, name) != NULL) {
        list->files[list->count++] = arena_string(list->arena, name);
    }
    return list->count <= RING_KEYS_MOST;
}

bool key_ring_read_folder(struct ring_reading *r, const char *folder)
{
    struct listing list = {.arena = r->arena};
    size_t n = strlen(folder);
    const char *slash = n > 0 && os_is_separator(folder[n - 1]) ? "" : "/";
    if (!os_each_name(folder, list_file, &list)) {
        return err_errno(r->e, folder, "read");
    }
    qsort(list.files, list.count, sizeof(*list.files), in_order);
    for (size_t i = 0; i < list.count; i++) {
        const char *path = arena_printf(r->arena, "%s%s%s", folder, slash, list.files[i]);
        if (!key_ring_add(r, key_name(r->arena, list.files[i]), path, path)) {
            return false;
        }
    }
    return list.count > 0 ||
           err_set(r->e, STATUS_CANNOT,
                   "%s: has no keys in it; put NAME.pub.pem or NAME.digest there", folder);
}
