// SPDX-License-Identifier: Apache-2.0
//
// What sockets/ asks of each system.
#ifndef OS_SOCKETS_H
#define OS_SOCKETS_H

#include <stdbool.h>

#include "system_sockets.h"

bool sockets_begin(void);
void sockets_failed(void); // sets errno to what went wrong
bool sockets_are(system_socket s);
void sockets_close(system_socket s);
bool sockets_reuse(system_socket s);   // a port is free again as soon as nobody listens there
bool sockets_prepare(system_socket s); // none waits by itself, nor is there for other programs
// Until there is something to read, or room for what is to be written. ETIMEDOUT.
bool sockets_wait(system_socket s, bool to_read, unsigned milliseconds);

#endif
