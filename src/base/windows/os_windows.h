// SPDX-License-Identifier: Apache-2.0
//
// What the files of windows/ have in common: texts are UTF-8 in the program, UTF-16 in the system.
#ifndef OS_WINDOWS_H
#define OS_WINDOWS_H

#include <stdbool.h>
#include <stdint.h>
#include <wchar.h>

// To be freed; NULL with errno set.
wchar_t *windows_wide(const char *text);
char *windows_utf8(const wchar_t *text);

// As os_now() counts, of the two halves of a FILETIME.
int64_t windows_time(uint32_t high, uint32_t low);

// Sets errno to what the system's last error means. False.
bool windows_failed(void);

#endif
