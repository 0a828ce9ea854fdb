// SPDX-License-Identifier: Apache-2.0
#include "output_name.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "fd.h"
#include "file_path.h"
#include "os.h"

static bool fail(const struct output_name *n, struct err *e)
{
    return err_errno(e, n->shown, "write");
}

static bool exists(const struct output_name *n, struct err *e)
{
    return err_set(e, STATUS_CANNOT, "%s: is there already%s", n->shown, n->why_new);
}

// ---- A file without a name ----------------------------------------------------------------------

static bool make_nameless(struct output_name *n)
{
    char folder[LEFTOVER_MOST];
    int length = (int)(file_path_name(n->target) - n->target);
    (void)snprintf(folder, sizeof(folder), "%.*s", length, n->target);
    n->fd = os_create_nameless(length == 0 ? "." : folder);
    return n->fd >= 0;
}

static bool link_nameless(void *ctx, const char *to)
{
    const struct output_name *n = ctx;
    return os_name_nameless(n->fd, to);
}

static bool link_target(void *ctx, const char *to)
{
    const struct output_name *n = ctx;
    return os_link(n->target, to);
}

// ---- A file with a temporary name ---------------------------------------------------------------

static bool create(void *ctx, const char *name)
{
    struct output_name *n = ctx;
    n->fd = os_create(name);
    return n->fd >= 0;
}

static bool make_named(struct output_name *n, struct err *e)
{
    leftover_hold();
    bool good = leftover_make(&n->temporary, n->target, create, n);
    int reason = errno;
    leftover_release();
    errno = reason;
    return good || err_errno(e, n->shown, reason == ENOENT ? "write into its folder" : "write");
}

bool output_name_make(struct output_name *n, struct err *e)
{
    return make_nameless(n) || make_named(n, e);
}

// ---- Names --------------------------------------------------------------------------------------

// What closing would have to say, it says of a copy, while the target is as it was.
static bool closes(int fd)
{
    int copy = os_dup(fd);
    return copy >= 0 && os_close(copy);
}

bool output_name_prepare(struct output_name *n, struct err *e)
{
    return (os_sync(n->fd) && closes(n->fd)) || fail(n, e);
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
    uint64_t at = 0;
    ssize_t got = 0;
    bool good = true;
    while (good && (got = os_read_at(from, block, sizeof(block), at)) > 0) {
        good = fd_write(to, block, (size_t)got);
        at += (uint64_t)got;
    }
    return good && got == 0 && os_copy_access(from, to);
}

// What has no name, and can be given none, goes on as a file with a temporary one.
static bool copy_to_named(struct output_name *n, struct err *e)
{
    int nameless = n->fd;
    bool good = make_named(n, e) && ((copy_of(nameless, n->fd) && os_sync(n->fd)) || fail(n, e));
    (void)os_close(nameless);
    return good;
}

// For file systems without links. Some cannot even rename so that nothing is written over: on them
// another's file may come in between.
static bool rename_new(const struct output_name *n)
{
    struct os_info info;
    if (os_rename_new(n->temporary.path, n->target)) {
        return true;
    }
    if (errno != ENOSYS) {
        return false;
    }
    if (os_info_link(n->target, &info)) {
        errno = EEXIST;
        return false;
    }
    return os_rename(n->temporary.path, n->target);
}

// A new name for what has a temporary one.
static bool link_named(struct output_name *n)
{
    if (os_link(n->temporary.path, n->target)) {
        leftover_remove(&n->temporary);
        return true;
    }
    if (!no_links(errno) || !rename_new(n)) {
        return false;
    }
    drop_temporary(n);
    return true;
}

// To undo it, the old file gets the temporary name; or a second one, where names cannot be
// exchanged, as on NFS. Where that cannot be either, it cannot be undone.
static bool replace(struct output_name *n, bool undo)
{
    if (undo && os_exchange(n->temporary.path, n->target)) {
        n->was_exchanged = true;
        return true;
    }
    if (undo) {
        (void)leftover_make(&n->old, n->target, link_target, n);
    }
    if (!os_rename(n->temporary.path, n->target)) {
        int reason = errno;
        leftover_remove(&n->old);
        errno = reason;
        return false;
    }
    drop_temporary(n);
    return true;
}

bool output_name_take(struct output_name *n, bool undo, struct err *e)
{
    bool nameless = n->temporary.path[0] == '\0';
    struct os_info info;
    if (nameless || n->why_new != NULL) {
        n->was_new = nameless ? link_nameless(n, n->target) : link_named(n);
        if (!n->was_new && nameless && no_links(errno)) {
            return copy_to_named(n, e) && output_name_take(n, undo, e);
        }
        if (n->was_new || errno != EEXIST) {
            return n->was_new || fail(n, e);
        }
        if (n->why_new != NULL) {
            return exists(n, e);
        }
        if (!leftover_make(&n->temporary, n->target, link_nameless, n)) {
            return fail(n, e);
        }
    }
    n->was_new = !os_info_link(n->target, &info);
    return replace(n, undo && !n->was_new) || fail(n, e);
}

// An old file that cannot get its name back keeps the other one.
void output_name_undo(struct output_name *n)
{
    struct leftover *old = n->was_exchanged ? &n->temporary : &n->old;
    if (old->path[0] != '\0') {
        (void)os_rename(old->path, n->target);
        leftover_drop(old);
    } else if (n->was_new) {
        (void)os_remove(n->target);
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
