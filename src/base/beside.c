// SPDX-License-Identifier: Apache-2.0
#include "beside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file_path.h"
#include "os.h"

struct laid_out {
    struct laid_out *next;
    struct pieces pieces;
};

struct beside {
    struct arena *arena;
    const char *file;
    char *folder; // as the system has it, without links; NULL: it was not asked yet
    struct input *open[BESIDE_FILES_MOST];
    size_t count;
    struct laid_out *laid_out;
};

struct beside *beside_new(struct arena *a, const char *file)
{
    struct beside *b = ARENA_NEW(a, struct beside);
    b->arena = a;
    b->file = arena_string(a, file);
    return b;
}

void beside_close(struct beside *b)
{
    if (b == NULL) {
        return;
    }
    for (struct laid_out *l = b->laid_out; l != NULL; l = l->next) {
        pieces_close(&l->pieces);
    }
    for (size_t i = 0; i < b->count; i++) {
        input_close(b->open[i]);
    }
    free(b->folder);
    b->folder = NULL;
    b->count = 0;
    b->laid_out = NULL;
}

const char *beside_path(const struct beside *b, const char *name)
{
    return file_path_beside(b->arena, b->file, name);
}

const char *beside_file(const struct beside *b)
{
    return file_path_name(b->file);
}

// Does a part of the path lead upwards?
static bool leads_up(const char *name)
{
    while (*name != '\0') {
        size_t n = 0;
        while (name[n] != '\0' && !os_is_separator(name[n])) {
            n++;
        }
        if (n == 2 && name[0] == '.' && name[1] == '.') {
            return true;
        }
        name += n + (name[n] != '\0');
    }
    return false;
}

// Links are followed: where they lead is what counts.
static bool is_inside(struct beside *b, const char *path)
{
    char *real = os_real_path(path);
    if (b->folder == NULL) {
        size_t length = (size_t)(file_path_name(b->file) - b->file);
        b->folder = os_real_path(length == 0 ? "." : arena_copy(b->arena, b->file, length));
    }
    size_t n = b->folder == NULL ? 0 : strlen(b->folder);
    bool inside = real != NULL && n > 0 && strncmp(real, b->folder, n) == 0 &&
                  (os_is_separator(real[n]) || os_is_separator(b->folder[n - 1]));
    free(real);
    return inside;
}

enum beside_answer beside_find(struct beside *b, const char *name, const char **path)
{
    struct os_info info;
    if (strstr(name, "://") != NULL || file_path_is_absolute(name) || leads_up(name)) {
        return BESIDE_IS_OUTSIDE;
    }
    *path = beside_path(b, name);
    if (*name == '\0' || !os_info(*path, &info)) {
        return *name == '\0' || errno == ENOENT || errno == ENOTDIR ? BESIDE_IS_MISSING
                                                                    : BESIDE_CANNOT;
    }
    return !is_inside(b, *path)   ? BESIDE_IS_OUTSIDE
           : info.kind != OS_FILE ? BESIDE_IS_NO_FILE
                                  : BESIDE_IS_THERE;
}

enum beside_answer beside_open(struct beside *b, const char *name, struct input **in, struct err *e)
{
    const char *path = name;
    enum beside_answer answer = beside_find(b, name, &path);
    if (answer == BESIDE_CANNOT) {
        err_errno(e, path, "open");
    }
    if (answer != BESIDE_IS_THERE) {
        return answer;
    }
    if (b->count == BESIDE_FILES_MOST) {
        return BESIDE_TOO_MANY;
    }
    *in = input_open(path, e);
    if (*in == NULL) {
        return BESIDE_CANNOT;
    }
    b->open[b->count++] = *in;
    return BESIDE_IS_THERE;
}

void beside_give_back(struct beside *b, struct input *in)
{
    for (size_t i = 0; i < b->count; i++) {
        if (b->open[i] == in) {
            b->open[i] = b->open[--b->count];
            input_close(in);
            return;
        }
    }
}

struct pieces *beside_pieces(struct beside *b)
{
    struct laid_out *l = ARENA_NEW(b->arena, struct laid_out);
    l->pieces = PIECES_EMPTY(b->arena);
    l->next = b->laid_out;
    b->laid_out = l;
    return &l->pieces;
}

bool beside_good(const struct beside *b, struct err *e)
{
    for (size_t i = 0; b != NULL && i < b->count; i++) {
        if (!input_good(b->open[i], e)) {
            return false;
        }
    }
    return true;
}
