// SPDX-License-Identifier: Apache-2.0
//
// Where secrets are while a process has them: in no core dump, not to be read by other processes of
// the same user, and, as far as the system's limit of locked memory allows it, in no swap file.
#ifndef SECRET_MEMORY_H
#define SECRET_MEMORY_H

#include <stddef.h>

// From now on to its end, the process dumps no core, cannot be attached to, and has its stack and
// heap locked, where mbedTLS computes. To be called before a secret is there; again does no harm.
void secret_guard(void);

// n zero bytes on pages of their own, locked, and in no core dump either. Right behind them is a
// page that nobody may touch. NULL where there is no memory.
void *secret_pages(size_t n);
void secret_pages_free(void *bytes); // wipes them; NULL is allowed

void wipe(void *bytes, size_t n); // also where a compiler sees that nobody reads them any more

#endif
