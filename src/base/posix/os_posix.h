// SPDX-License-Identifier: Apache-2.0
//
// What posix/ asks of linux/ or plain/ beyond os.h.
#ifndef OS_POSIX_H
#define OS_POSIX_H

#include <stdbool.h>

// A file that has no name, and with `for_good` never gets one. -1 with errno set.
int posix_nameless(const char *folder, bool for_good);

#endif
