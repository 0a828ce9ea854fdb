// SPDX-License-Identifier: Apache-2.0
#include "fd.h"

#include <string.h>

#include "arena.h"
#include "file_path.h"
#include "os.h"

static bool is_same(const struct os_info *x, const struct os_info *y)
{
    return x->volume == y->volume && x->number == y->number;
}

bool fd_same_file(const char *one, const char *other)
{
    struct os_info x, y;
    return os_info(one, &x) && os_info(other, &y) && x.kind == OS_FILE && is_same(&x, &y);
}

// The folder that a name is in.
static bool look_at_folder(const char *path, struct os_info *out)
{
    struct arena a = ARENA_EMPTY;
    size_t n = (size_t)(file_path_name(path) - path);
    bool good = os_info(n == 0 ? "." : arena_copy(&a, path, n), out);
    arena_free(&a);
    return good;
}

bool fd_same_target(const char *one, const char *other)
{
    struct os_info x, y;
    if (os_info(one, &x) || os_info(other, &y)) {
        return fd_same_file(one, other);
    }
    return strcmp(file_path_name(one), file_path_name(other)) == 0 && look_at_folder(one, &x) &&
           look_at_folder(other, &y) && is_same(&x, &y);
}

bool fd_write(int fd, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t put = os_write(fd, bytes, n);
        if (put < 0) {
            return false;
        }
        bytes += put;
        n -= (size_t)put;
    }
    return true;
}
