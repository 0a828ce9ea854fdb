// SPDX-License-Identifier: Apache-2.0
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "os.h"
#include "path_hint.h"
#include "text.h"

bool err_set(struct err *e, enum status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    e->status = status;
    vsnprintf(e->text, sizeof(e->text), format, args);
    va_end(args);
    return false;
}

bool err_at(struct err *e, const char *where, const struct err *inner)
{
    return err_set(e, inner->status, "%s: %s", where, inner->text);
}

// What a user can do about the commonest reasons.
static const char *advice(int reason)
{
    if (os_is_full(reason)) {
        return "; make room on that disk";
    }
    switch (reason) {
    case ENOENT:
        return "; check the path";
    case EACCES:
    case EPERM:
        return "; check the permissions";
    case EROFS:
        return "; write somewhere else";
    case EFBIG:
        return "; write somewhere else, or raise the limit (ulimit -f)";
    case ENAMETOOLONG:
        return "; choose a shorter one";
    case ENOTDIR:
        return "; a part of the path is a file, not a folder";
    default:
        return "";
    }
}

bool err_errno(struct err *e, const char *file, const char *doing)
{
    int reason = errno;
    const char *hint = reason == ENOENT ? path_hint(file) : NULL;
    if (reason == EISDIR) {
        return err_set(e, STATUS_CANNOT, "%s: is a folder; name a file in it", file);
    }
    return err_set(e, STATUS_CANNOT, "%s: cannot %s: %s%s%s", file, doing, strerror(reason),
                   hint == NULL ? advice(reason) : "; ", hint == NULL ? "" : hint);
}

bool err_unknown(struct err *e, const char *near, const char *otherwise, const char *format, ...)
{
    struct arena a = ARENA_EMPTY;
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(&a, format, args);
    va_end(args);
    err_set(e, STATUS_CANNOT, near == NULL ? "%s; %s" : "%s; did you mean '%s'?", text,
            near == NULL ? otherwise : near);
    arena_free(&a);
    return false;
}

// Whatever a message quotes, a terminal must not act on.
void say(const char *format, ...)
{
    struct arena a = ARENA_EMPTY;
    va_list args;
    va_start(args, format);
    fprintf(stderr, "otapack: %s\n", text_printable(&a, arena_vprintf(&a, format, args)));
    (void)fflush(stderr); // where it is kept until a line is whole (windows/os_process.c)
    va_end(args);
    arena_free(&a);
}

void err_print(const struct err *e)
{
    say("%s", e->text);
}
