// SPDX-License-Identifier: Apache-2.0
//
// File descriptors, where stdio would hide what went wrong.
#ifndef FD_H
#define FD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Are these two names of one regular file that is there?
bool fd_same_file(const char *one, const char *other);

// The same file, or, where neither is there yet, the same name in the same folder.
bool fd_same_target(const char *one, const char *other);

// Writes all of it. False with errno set.
bool fd_write(int fd, const uint8_t *bytes, size_t n);

#endif
