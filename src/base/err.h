// SPDX-License-Identifier: Apache-2.0
//
// What went wrong, and with which exit status. A function that can fail takes a struct err, fills
// it once, and returns false; its caller may say where it happened (err_at) and passes it on.
// Only main prints it, as `otapack: WHERE: what is wrong; what to do`.
#ifndef ERR_H
#define ERR_H

#include <stdbool.h>

#include "status.h"

struct err {
    enum status status;
    char text[1024];
};

#define ERR_NONE ((struct err){STATUS_OK, ""})

// These return false, so that a failing function can end in `return err_set(...)`. Text that does
// not fit is cut off. What comes from outside goes through text_printable first.
bool err_set(struct err *e, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool err_at(struct err *e, const char *where, const struct err *inner); // "WHERE: " before it
bool err_errno(struct err *e, const char *file, const char *doing); // "FILE: cannot DOING: reason"

// The same of a word that is not known: what was probably meant (text_nearest), or, where that is
// NULL, what to do otherwise. Status 2.
bool err_unknown(struct err *e, const char *near, const char *otherwise, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Prints lines on standard error in the tool's form; everything but results goes through these.
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void err_print(const struct err *e);

#endif
