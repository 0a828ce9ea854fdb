// SPDX-License-Identifier: Apache-2.0
//
// What sockets are on POSIX. Each system has a header of this name, and sees only that.
#ifndef SYSTEM_SOCKETS_H
#define SYSTEM_SOCKETS_H

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

typedef int system_socket;
typedef size_t system_length; // of what is sent and received

#endif
