// SPDX-License-Identifier: Apache-2.0
//
// What sockets are on Windows. Each system has a header of this name, and sees only that.
#ifndef SYSTEM_SOCKETS_H
#define SYSTEM_SOCKETS_H

#include <winsock2.h>
#include <ws2tcpip.h>

typedef SOCKET system_socket;
typedef int system_length; // of what is sent and received

#endif
