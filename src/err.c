// SPDX-License-Identifier: Apache-2.0
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *e, enum status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    e->status = status;
    vsnprintf(e->text, sizeof(e->text), format, args);
    va_end(args);
    return false;
}

// What a user can do about the commonest reasons.
static const char *advice(int reason)
{
    switch (reason) {
    case ENOENT:
        return "; check the path";
    case EACCES:
    case EPERM:
        return "; check the permissions";
    case ENOSPC:
    case EDQUOT:
        return "; make room on that disk";
    case EROFS:
        return "; write somewhere else";
    case ENOTDIR:
        return "; a part of the path is a file, not a folder";
    default:
        return "";
    }
}

bool err_errno(struct err *e, const char *file, const char *doing)
{
    int reason = errno;
    return err_set(e, STATUS_CANNOT, "%s: cannot %s: %s%s", file, doing, strerror(reason),
                   advice(reason));
}

void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("otapack: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

void err_print(const struct err *e)
{
    say("%s", e->text);
}
