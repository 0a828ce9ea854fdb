// SPDX-License-Identifier: Apache-2.0
#include "output_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fd.h"
#include "os.h"
#include "output.h"
#include "output_name.h"
#include "seen.h"

// A file: still to be named, in a folder in which others may be replaced; or whole in the staging
// folder.
struct file {
    struct file *next;
    const char *shown; // as it will be called
    struct output *out;
    struct output_name name;
};

// In the staging folder, and goes with it.
struct inner_folder {
    struct inner_folder *outer; // the one that was made before
    struct leftover name;
};

struct output_folder {
    struct arena arena;
    const char *target;
    const char *why_new;
    bool is_there;
    struct leftover staging;    // "": there is none
    struct inner_folder *inner; // the last one
    struct file *files, **end;
    size_t count;
};

// ---- Opening ------------------------------------------------------------------------------------

static bool examine(struct output_folder *f, struct err *e)
{
    struct os_info info;
    if (os_info(f->target, &info)) {
        f->is_there = info.kind == OS_FOLDER;
        errno = ENOTDIR;
        return f->is_there || err_errno(e, f->target, "make the folder");
    }
    return !os_info_link(f->target, &info) ||
           err_set(e, STATUS_CANNOT, "%s: is a symbolic link to nothing; name the folder itself",
                   f->target);
}

static bool make_secret_folder(void *ctx, const char *name)
{
    (void)ctx;
    return os_make_folder(name, true);
}

static bool make_staging(struct output_folder *f, struct err *e)
{
    const char *beside = f->is_there ? arena_printf(&f->arena, "%s/", f->target) : f->target;
    f->staging.is_folder = true;
    leftover_hold();
    bool good = leftover_make(&f->staging, beside, make_secret_folder, NULL);
    int reason = errno;
    leftover_release();
    errno = reason;
    return good ||
           err_errno(e, f->target, f->is_there ? "write into the folder" : "make the folder");
}

static char *without_slashes(struct arena *a, const char *target)
{
    size_t n = strlen(target);
    while (n > 1 && n > os_root(target) && os_is_separator(target[n - 1])) {
        n--;
    }
    return arena_copy(a, target, n);
}

struct output_folder *output_folder_open(const char *target, const char *why_new, struct err *e)
{
    struct output_folder *f = calloc(1, sizeof(*f));
    if (f == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    f->target = without_slashes(&f->arena, target);
    f->why_new = why_new;
    f->end = &f->files;
    if (!examine(f, e) || ((why_new != NULL || !f->is_there) && !make_staging(f, e))) {
        output_folder_abandon(f);
        return NULL;
    }
    return f;
}

const char *output_folder_staging(const struct output_folder *f)
{
    return f->staging.path;
}

// ---- Files --------------------------------------------------------------------------------------

static struct file *new_file(struct output_folder *f, const char *shown)
{
    struct file *file = ARENA_NEW(&f->arena, struct file);
    file->shown = shown;
    *f->end = file;
    f->end = &file->next;
    f->count++;
    return file;
}

static bool stage(struct output_folder *f, const char *name, const char *shown,
                  const struct otapack_source *src, struct err *e)
{
    struct file *file = new_file(f, shown);
    struct output_name *n = &file->name;
    const char *path = arena_printf(&f->arena, "%s/%s", f->staging.path, name);
    int t = snprintf(n->temporary.path, sizeof(n->temporary.path), "%s", path);
    int s = snprintf(n->target, sizeof(n->target), "%s", shown);
    (void)snprintf(n->shown, sizeof(n->shown), "%s", shown);
    if ((size_t)t >= sizeof(n->temporary.path) || (size_t)s >= sizeof(n->target)) {
        n->temporary.path[0] = '\0';
        errno = ENAMETOOLONG;
        return err_errno(e, shown, "write");
    }
    n->why_new = f->why_new;
    leftover_hold();
    leftover_add(&n->temporary); // before it is there, which is no harm
    leftover_release();
    struct output *out = output_open_inside(path, shown, e);
    if (out == NULL || !output_copy(out, src, e)) {
        output_abandon(out);
        return false;
    }
    return output_commit_inside(out, e);
}

bool output_folder_add(struct output_folder *f, const char *name, const struct otapack_source *src,
                       struct err *e)
{
    const char *shown = arena_printf(&f->arena, "%s/%s", f->target, name);
    if (f->staging.path[0] != '\0') {
        return stage(f, name, shown, src, e);
    }
    struct file *file = new_file(f, shown);
    file->out = output_open(shown, e);
    return file->out != NULL && output_copy(file->out, src, e);
}

bool output_folder_add_folder(struct output_folder *f, const char *name, struct err *e)
{
    struct inner_folder *inner = ARENA_NEW(&f->arena, struct inner_folder);
    const char *shown = arena_printf(&f->arena, "%s/%s", f->target, name);
    int n = snprintf(inner->name.path, sizeof(inner->name.path), "%s/%s", f->staging.path, name);
    inner->name.is_folder = true;
    errno = ENAMETOOLONG;
    leftover_hold();
    bool made =
        n > 0 && (size_t)n < sizeof(inner->name.path) && os_make_folder(inner->name.path, false);
    int reason = errno;
    if (made) {
        leftover_add(&inner->name);
        inner->outer = f->inner;
        f->inner = inner;
    }
    leftover_release();
    errno = reason;
    return made || err_errno(e, shown, "make the folder");
}

// ---- Names --------------------------------------------------------------------------------------

static bool name_staged(struct output_folder *f, struct err *e)
{
    bool good = true;
    leftover_hold();
    for (struct file *file = f->files; good && file != NULL; file = file->next) {
        good = output_name_take(&file->name, true, e);
    }
    for (struct file *file = f->files; file != NULL; file = file->next) {
        (good ? output_name_finish : output_name_undo)(&file->name);
    }
    leftover_release();
    return good;
}

// The staging folder becomes the folder, and all that is in it has its name. Where somebody else
// has made the folder meanwhile, the files go into that.
static bool name_folder(struct output_folder *f, struct err *e)
{
    os_share_folder(f->staging.path);
    leftover_hold();
    bool good = os_rename(f->staging.path, f->target);
    int reason = errno;
    if (good) {
        for (struct file *file = f->files; file != NULL; file = file->next) {
            leftover_drop(&file->name.temporary);
        }
        for (struct inner_folder *inner = f->inner; inner != NULL; inner = inner->outer) {
            leftover_drop(&inner->name);
        }
        leftover_drop(&f->staging);
    }
    leftover_release();
    if (!good && (reason == ENOTEMPTY || reason == EEXIST)) {
        return name_staged(f, e);
    }
    errno = reason;
    return good || err_errno(e, f->target, "make the folder");
}

// Where files may be replaced, a link may lead to another one of them.
static bool are_apart(struct output_folder *f, struct err *e)
{
    for (const struct file *file = f->files; file != NULL; file = file->next) {
        struct os_info info;
        bool is_link = os_info_link(file->shown, &info) && info.kind == OS_LINK;
        for (const struct file *other = f->files; is_link && other != NULL; other = other->next) {
            if (other != file && fd_same_file(file->shown, other->shown)) {
                return err_set(e, STATUS_CANNOT,
                               "%s: is a link to %s, which is written as well; remove the link",
                               file->shown, other->shown);
            }
        }
    }
    return true;
}

static bool name_outputs(struct output_folder *f, struct err *e)
{
    if (!are_apart(f, e)) {
        return false;
    }
    struct output **outs = arena_alloc(&f->arena, (f->count + 1) * sizeof(struct output *));
    size_t n = 0;
    for (struct file *file = f->files; file != NULL; file = file->next) {
        outs[n++] = file->out;
        file->out = NULL;
    }
    return output_commit_all(outs, n, e);
}

bool output_folder_commit(struct output_folder *f, struct err *e)
{
    bool staged = f->staging.path[0] != '\0';
    bool good = !staged           ? name_outputs(f, e)
                : !seen_settle(e) ? false
                : f->is_there     ? name_staged(f, e)
                                  : name_folder(f, e);
    output_folder_abandon(f);
    return good;
}

void output_folder_abandon(struct output_folder *f)
{
    if (f == NULL) {
        return;
    }
    for (struct file *file = f->files; file != NULL; file = file->next) {
        output_abandon(file->out);
        leftover_remove(&file->name.temporary);
    }
    for (struct inner_folder *inner = f->inner; inner != NULL; inner = inner->outer) {
        leftover_remove(&inner->name);
    }
    leftover_remove(&f->staging);
    arena_free(&f->arena);
    free(f);
}
