// SPDX-License-Identifier: Apache-2.0
#include "output_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINK_ROOM = 64, TRIES = 100 };

static bool fail(const struct output_name *n, struct err *e)
{
    return err_errno(e, n->shown, "write");
}

static bool exists(const struct output_name *n, struct err *e)
{
    return err_set(e, STATUS_CANNOT, "%s: is there already%s", n->shown, n->why_new);
}

// ---- A file without a name ----------------------------------------------------------------------

// By this path a file without a name is linked to one. It needs /proc.
static void path_of_fd(const struct output_name *n, char path[LINK_ROOM])
{
    (void)snprintf(path, LINK_ROOM, "/proc/self/fd/%d", n->fd);
}

static bool make_nameless(struct output_name *n)
{
#ifdef O_TMPFILE
    char path[LINK_ROOM], folder[LEFTOVER_MOST] = ".";
    const char *slash = strrchr(n->target, '/');
    if (slash != NULL) {
        size_t length = slash == n->target ? 1 : (size_t)(slash - n->target);
        memcpy(folder, n->target, length);
        folder[length] = '\0';
    }
    n->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    path_of_fd(n, path);
    if (n->fd >= 0 && access(path, F_OK) != 0) {
        (void)close(n->fd);
        n->fd = -1;
    }
#endif
    return n->fd >= 0;
}

static int link_nameless(const struct output_name *n, const char *to)
{
    char path[LINK_ROOM];
    path_of_fd(n, path);
    return linkat(AT_FDCWD, path, AT_FDCWD, to, AT_SYMLINK_FOLLOW);
}

// A temporary name for it, so that it can replace another file.
static bool name_nameless(struct output_name *n)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    int linked = -1;
    for (int i = 0; i < TRIES && linked != 0 && (i == 0 || errno == EEXIST); i++) {
        uint8_t random[6];
        if (!leftover_template(&n->temporary, n->target) ||
            getentropy(random, sizeof(random)) != 0) {
            break;
        }
        char *end = n->temporary.path + strlen(n->temporary.path) - sizeof(random);
        for (size_t k = 0; k < sizeof(random); k++) {
            end[k] = letters[random[k] % (sizeof(letters) - 1)];
        }
        linked = link_nameless(n, n->temporary.path);
    }
    if (linked != 0) {
        n->temporary.path[0] = '\0';
        return false;
    }
    leftover_add(&n->temporary);
    return true;
}

// ---- A file with a temporary name ---------------------------------------------------------------

static bool make_named(struct output_name *n, struct err *e)
{
    if (!leftover_template(&n->temporary, n->target)) {
        return fail(n, e);
    }
    leftover_hold();
    n->fd = mkostemp(n->temporary.path, O_CLOEXEC);
    int reason = errno;
    if (n->fd < 0) {
        n->temporary.path[0] = '\0';
    } else {
        leftover_add(&n->temporary);
    }
    leftover_release();
    errno = reason;
    return n->fd >= 0 ||
           err_errno(e, n->shown, reason == ENOENT ? "write into its folder" : "write");
}

bool output_name_make(struct output_name *n, struct err *e)
{
    return make_nameless(n) || make_named(n, e);
}

// ---- Names --------------------------------------------------------------------------------------

static bool is_on_disk(int fd)
{
    int status;
    do {
        status = fsync(fd);
    } while (status != 0 && errno == EINTR);
    return status == 0;
}

// What close() would have to say, it says of a copy, while the target is as it was. One that is
// interrupted has closed.
static bool closes(int fd)
{
    int copy = dup(fd);
    return copy >= 0 && (close(copy) == 0 || errno == EINTR);
}

bool output_name_prepare(struct output_name *n, struct err *e)
{
    return (is_on_disk(n->fd) && closes(n->fd)) || fail(n, e);
}

static void drop_temporary(struct output_name *n)
{
    leftover_drop(&n->temporary);
}

// A new name for what has a temporary one. File systems without links can rename all the same.
static int link_named(struct output_name *n)
{
    if (link(n->temporary.path, n->target) == 0) {
        leftover_remove(&n->temporary);
        return 0;
    }
#ifdef RENAME_NOREPLACE
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK) {
        if (renameat2(AT_FDCWD, n->temporary.path, AT_FDCWD, n->target, RENAME_NOREPLACE) == 0) {
            drop_temporary(n);
            return 0;
        }
    }
#endif
    return -1;
}

static int replace(struct output_name *n, bool undo)
{
#ifdef RENAME_EXCHANGE
    if (undo && renameat2(AT_FDCWD, n->temporary.path, AT_FDCWD, n->target, RENAME_EXCHANGE) == 0) {
        n->was_exchanged = true; // the temporary name is the old file's
        return 0;
    }
#endif
    (void)undo;
    if (rename(n->temporary.path, n->target) != 0) {
        return -1;
    }
    drop_temporary(n);
    return 0;
}

bool output_name_take(struct output_name *n, bool undo, struct err *e)
{
    bool nameless = n->temporary.path[0] == '\0';
    struct stat st;
    if (nameless || n->why_new != NULL) {
        n->was_new = (nameless ? link_nameless(n, n->target) : link_named(n)) == 0;
        if (n->was_new || errno != EEXIST) {
            return n->was_new || fail(n, e);
        }
        if (n->why_new != NULL) {
            return exists(n, e);
        }
        if (!name_nameless(n)) {
            return fail(n, e);
        }
    }
    n->was_new = lstat(n->target, &st) != 0;
    return replace(n, undo && !n->was_new) == 0 || fail(n, e);
}

void output_name_undo(struct output_name *n)
{
    if (n->was_exchanged && rename(n->temporary.path, n->target) == 0) {
        drop_temporary(n);
    } else if (n->was_new) {
        (void)unlink(n->target);
    }
    n->was_exchanged = n->was_new = false;
}

void output_name_finish(struct output_name *n)
{
    if (n->was_exchanged) {
        leftover_remove(&n->temporary);
    }
    n->was_exchanged = n->was_new = false;
}
