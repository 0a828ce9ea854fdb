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

#include "fd.h"

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

static int link_target(const struct output_name *n, const char *to)
{
    return link(n->target, to);
}

typedef int link_fn(const struct output_name *n, const char *to);

// A second name beside the target, which `l` notes. False with errno set.
static bool link_beside(const struct output_name *n, struct leftover *l, link_fn *make)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    int linked = -1;
    for (int i = 0; i < TRIES && linked != 0 && (i == 0 || errno == EEXIST); i++) {
        uint8_t random[6];
        if (!leftover_template(l, n->target) || getentropy(random, sizeof(random)) != 0) {
            break;
        }
        char *end = l->path + strlen(l->path) - sizeof(random);
        for (size_t k = 0; k < sizeof(random); k++) {
            end[k] = letters[random[k] % (sizeof(letters) - 1)];
        }
        linked = make(n, l->path);
    }
    if (linked != 0) {
        l->path[0] = '\0';
        return false;
    }
    leftover_add(l);
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

// File systems without links, and systems that forbid them, as Android does.
static bool no_links(int reason)
{
    return reason == EPERM || reason == EACCES || reason == EOPNOTSUPP || reason == ENOSYS ||
           reason == EMLINK;
}

// Bytes, owner and mode of another file.
static bool copy_of(int from, int to)
{
    uint8_t block[16 * 1024];
    struct stat st;
    off_t at = 0;
    ssize_t got = 0;
    bool good = fstat(from, &st) == 0;
    while (good && (got = pread(from, block, sizeof(block), at)) > 0) {
        good = fd_write(to, block, (size_t)got);
        at += got;
    }
    bool kept = good && fchown(to, st.st_uid, st.st_gid) == 0; // else it is ours
    (void)kept;
    return good && got == 0 && fchmod(to, st.st_mode & 0777) == 0;
}

// What has no name, and can be given none, goes on as a file with a temporary one.
static bool copy_to_named(struct output_name *n, struct err *e)
{
    int nameless = n->fd;
    bool good = make_named(n, e) && ((copy_of(nameless, n->fd) && is_on_disk(n->fd)) || fail(n, e));
    (void)close(nameless);
    return good;
}

// For file systems without links. Some cannot even rename so that nothing is written over: on them
// another's file may come in between.
static int rename_new(const struct output_name *n)
{
    struct stat st;
#ifdef RENAME_NOREPLACE
    if (renameat2(AT_FDCWD, n->temporary.path, AT_FDCWD, n->target, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS) {
        return -1;
    }
#endif
    if (lstat(n->target, &st) == 0) {
        errno = EEXIST;
        return -1;
    }
    return rename(n->temporary.path, n->target);
}

// A new name for what has a temporary one.
static int link_named(struct output_name *n)
{
    if (link(n->temporary.path, n->target) == 0) {
        leftover_remove(&n->temporary);
        return 0;
    }
    if (!no_links(errno) || rename_new(n) != 0) {
        return -1;
    }
    drop_temporary(n);
    return 0;
}

// To undo it, the old file gets the temporary name; or a second one, where names cannot be
// exchanged, as on NFS. Where that cannot be either, it cannot be undone.
static int replace(struct output_name *n, bool undo)
{
#ifdef RENAME_EXCHANGE
    if (undo && renameat2(AT_FDCWD, n->temporary.path, AT_FDCWD, n->target, RENAME_EXCHANGE) == 0) {
        n->was_exchanged = true;
        return 0;
    }
#endif
    if (undo) {
        (void)link_beside(n, &n->old, link_target);
    }
    if (rename(n->temporary.path, n->target) != 0) {
        int reason = errno;
        leftover_remove(&n->old);
        errno = reason;
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
        if (!n->was_new && nameless && no_links(errno)) {
            return copy_to_named(n, e) && output_name_take(n, undo, e);
        }
        if (n->was_new || errno != EEXIST) {
            return n->was_new || fail(n, e);
        }
        if (n->why_new != NULL) {
            return exists(n, e);
        }
        if (!link_beside(n, &n->temporary, link_nameless)) {
            return fail(n, e);
        }
    }
    n->was_new = lstat(n->target, &st) != 0;
    return replace(n, undo && !n->was_new) == 0 || fail(n, e);
}

// An old file that cannot get its name back keeps the other one.
void output_name_undo(struct output_name *n)
{
    struct leftover *old = n->was_exchanged ? &n->temporary : &n->old;
    if (old->path[0] != '\0') {
        (void)rename(old->path, n->target);
        leftover_drop(old);
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
    leftover_remove(&n->old);
    n->was_exchanged = n->was_new = false;
}
