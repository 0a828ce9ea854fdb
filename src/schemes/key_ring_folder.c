// SPDX-License-Identifier: Apache-2.0
//
// A folder as a ring of keys: the files in it that are one by their name.
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "key_ring_read.h"

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
static bool list_files(struct ring_reading *r, const char *folder,
                       const char *files[RING_KEYS_MOST + 1], size_t *count)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return err_errno(r->e, folder, "open");
    }
    bool good = true;
    for (bool more = true; more && *count <= RING_KEYS_MOST;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        more = entry != NULL;
        good = more || errno == 0 || err_errno(r->e, folder, "read");
        if (more && key_name(r->arena, entry->d_name) != NULL) {
            files[(*count)++] = arena_string(r->arena, entry->d_name);
        }
    }
    (void)closedir(dir);
    return good;
}

bool key_ring_read_folder(struct ring_reading *r, const char *folder)
{
    const char *files[RING_KEYS_MOST + 1];
    size_t count = 0, n = strlen(folder);
    const char *slash = n > 0 && folder[n - 1] == '/' ? "" : "/";
    if (!list_files(r, folder, files, &count)) {
        return false;
    }
    qsort(files, count, sizeof(*files), in_order);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(r->arena, "%s%s%s", folder, slash, files[i]);
        if (!key_ring_add(r, key_name(r->arena, files[i]), path, path)) {
            return false;
        }
    }
    return count > 0 ||
           err_set(r->e, STATUS_CANNOT,
                   "%s: has no keys in it; put NAME.pub.pem or NAME.digest there", folder);
}
