// SPDX-License-Identifier: Apache-2.0
#include "offers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "asked_path.h"
#include "file_mark.h"
#include "file_path.h"
#include "os.h"
#include "text.h"

enum {
    JUDGED_MOST = 64, // files of which it is known whether they pass
};
#define COPIES_MOST (UINT64_C(1) << 30) // bytes

// What was said of a file, by what told that it is the same.
struct judged {
    struct judged *next; // that was asked for before this one
    char *path;
    struct file_mark mark;
    struct offer *offer; // NULL: `why`
    struct err why;
};

struct root {
    const char *path; // as it was given
    char *real;       // of a folder, without links; NULL: it is a file
};

struct offers {
    struct arena arena;
    struct offer_terms terms;
    struct root *roots;
    size_t count;
    struct judged *newest;
};

// ---- What was judged ----------------------------------------------------------------------------

static void judged_free(struct judged *j)
{
    offer_let_go(j->offer);
    free(j->path);
    free(j);
}

// Takes out what was said of this path; NULL: nothing was.
static struct judged *take_judged(struct offers *o, const char *path)
{
    struct judged **at = &o->newest;
    while (*at != NULL && strcmp((*at)->path, path) != 0) {
        at = &(*at)->next;
    }
    struct judged *j = *at;
    if (j != NULL) {
        *at = j->next;
    }
    return j;
}

// What is too many, or too much, of those that were not asked for lately.
static void forget_oldest(struct offers *o)
{
    uint64_t bytes = 0;
    size_t count = 0;
    for (struct judged **at = &o->newest; *at != NULL;) {
        struct judged *j = *at;
        bytes += j->offer == NULL ? 0 : j->offer->size;
        if (++count == 1 || (count <= JUDGED_MOST && bytes <= COPIES_MOST)) {
            at = &j->next;
        } else {
            *at = j->next;
            judged_free(j);
        }
    }
}

static struct judged *judge(struct offers *o, const char *path, const char *shown,
                            const struct os_info *info, struct err *e)
{
    struct judged *j = calloc(1, sizeof(*j));
    char *copy = j == NULL ? NULL : strdup(path);
    if (copy == NULL) {
        free(j);
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    *j = (struct judged){.path = copy, .mark = file_mark_of(info), .why = ERR_NONE};
    j->offer = offer_make(&o->terms, path, shown, &j->why);
    if (j->offer != NULL) {
        j->offer->modified = info->modified;
    }
    // What could not be found out could be found out the next time.
    j->mark.settled = j->mark.settled && j->why.status != STATUS_CANNOT;
    return j;
}

static struct offer *find_file(struct offers *o, const char *path, const char *shown, struct err *e)
{
    struct os_info info;
    if (!os_info(path, &info)) {
        (void)err_errno(e, shown, "open");
        e->status = STATUS_NO; // it is gone
        return NULL;
    }
    if (info.kind != OS_FILE) {
        err_set(e, STATUS_NO, "%s: is no file", shown);
        return NULL;
    }
    struct judged *j = take_judged(o, path);
    if (j != NULL && !file_mark_is(&j->mark, &info)) {
        judged_free(j);
        j = NULL;
    }
    j = j == NULL ? judge(o, path, shown, &info, e) : j;
    if (j == NULL) {
        return NULL;
    }
    j->next = o->newest;
    o->newest = j;
    if (j->offer == NULL) {
        *e = j->why;
    }
    struct offer *found = j->offer == NULL ? NULL : offer_keep(j->offer);
    forget_oldest(o);
    return found;
}

struct offer *offers_of_file(struct offers *o, const char *file, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct offer *found = find_file(o, file, text_printable(&a, file), e);
    arena_free(&a);
    return found;
}

// ---- Where it lies ------------------------------------------------------------------------------

// Is it in this folder, and not only reached through it?
static bool lies_in(const char *folder, const char *path)
{
    size_t n = strlen(folder);
    n -= n > 0 && os_is_separator(folder[n - 1]); // the root of the system
    return strncmp(folder, path, n) == 0 && os_is_separator(path[n]);
}

// False with `e` set where it is not there, or a link leads elsewhere.
static bool find_in(const struct root *root, const char *path, struct arena *a, const char **real,
                    const char **shown, struct err *e)
{
    if (root->real == NULL) {
        *real = *shown = root->path;
        return strcmp(file_path_name(root->path), path) == 0 ||
               err_set(e, STATUS_NO, "%s: is none of the files that are served",
                       text_printable(a, path));
    }
    *shown = text_printable(a, arena_printf(a, "%s/%s", root->path, path));
    char *found = os_real_path(arena_printf(a, "%s/%s", root->real, path));
    if (found == NULL) {
        (void)err_errno(e, *shown, "open");
        e->status = STATUS_NO;
        return false;
    }
    *real = arena_string(a, found);
    free(found);
    return lies_in(root->real, *real) ||
           err_set(e, STATUS_NO, "%s: is a link that leads out of the folder; put the file there",
                   *shown);
}

// Files of a list lie beside it; of one that was named alone, they are not served.
static struct offer *with_its_files(const struct offers *o, struct offer *found,
                                    const struct root *root, struct err *e)
{
    if (found == NULL || !found->is_list || root->real != NULL || o->count > 1) {
        return found;
    }
    err_set(e, STATUS_NO,
            "%s: is a list, and the files that it names are not served with it; serve the folder "
            "that they are in",
            root->path);
    offer_let_go(found);
    return NULL;
}

struct offer *offers_find(struct offers *o, const char *path, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct offer *found = NULL;
    const char *real, *shown;
    const struct root *root = NULL;
    for (size_t i = 0; root == NULL && i < o->count; i++) {
        root = find_in(&o->roots[i], path, &a, &real, &shown, e) ? &o->roots[i] : NULL;
    }
    if (root != NULL) {
        *e = ERR_NONE;
        found = with_its_files(o, find_file(o, real, shown, e), root, e);
    }
    arena_free(&a);
    return found;
}

// ---- From the first to the last -----------------------------------------------------------------

static bool take_root(struct offers *o, const char *path, struct err *e)
{
    struct os_info info;
    struct root *root = &o->roots[o->count];
    struct arena *a = &o->arena;
    if (!os_info(path, &info)) {
        return err_errno(e, text_printable(a, path), "serve it");
    }
    *root = (struct root){.path = path};
    if (info.kind == OS_FOLDER) {
        root->real = os_real_path(path);
        if (root->real == NULL) {
            return err_errno(e, text_printable(a, path), "serve it");
        }
    }
    if (root->real == NULL && !asked_path_is_name(file_path_name(path))) {
        return err_set(e, STATUS_CANNOT,
                       "%s: no device could ask for a file of this name; rename it",
                       text_printable(a, path));
    }
    for (size_t i = 0; root->real == NULL && i < o->count; i++) {
        const struct root *other = &o->roots[i];
        if (other->real == NULL && strcmp(file_path_name(other->path), file_path_name(path)) == 0) {
            return err_set(e, STATUS_CANNOT,
                           "%s: %s has the same name, and a device could not tell them apart; "
                           "rename one, or serve the folder that both are in",
                           text_printable(a, path), text_printable(a, other->path));
        }
    }
    o->count++;
    return true;
}

struct offers *offers_open(const char *const *paths, size_t count, const struct offer_terms *terms,
                           struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct offers *o = ARENA_NEW(&a, struct offers);
    *o = (struct offers){.terms = *terms};
    o->roots = arena_alloc(&a, count * sizeof(*o->roots));
    o->arena = a;
    for (size_t i = 0; i < count; i++) {
        if (!take_root(o, paths[i], e)) {
            offers_close(o);
            return NULL;
        }
    }
    return o;
}

void offers_close(struct offers *o)
{
    if (o == NULL) {
        return;
    }
    while (o->newest != NULL) {
        struct judged *j = o->newest;
        o->newest = j->next;
        judged_free(j);
    }
    for (size_t i = 0; i < o->count; i++) {
        free(o->roots[i].real);
    }
    struct arena a = o->arena; // which has them all
    arena_free(&a);
}
