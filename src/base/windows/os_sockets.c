// SPDX-License-Identifier: Apache-2.0
//
// os.h: the time that waiting takes; and what sockets/ asks of Windows.
#include "os_sockets.h"

#include <errno.h>
#include <stdlib.h>

#include "os.h"

uint64_t os_milliseconds(void)
{
    return GetTickCount64();
}

void os_pause(unsigned milliseconds)
{
    Sleep(milliseconds);
}

// Sockets have errors of their own.
static const struct {
    int error, number;
} errors[] = {
    {WSAEWOULDBLOCK, EAGAIN},
    {WSAETIMEDOUT, ETIMEDOUT},
    {WSAECONNREFUSED, ECONNREFUSED},
    {WSAECONNRESET, ECONNRESET},
    {WSAEADDRINUSE, EADDRINUSE},
    {WSAEADDRNOTAVAIL, EADDRNOTAVAIL},
    {WSAEHOSTUNREACH, EHOSTUNREACH},
    {WSAENETUNREACH, ENETUNREACH},
    {WSAEACCES, EACCES},
};

void sockets_failed(void)
{
    int error = WSAGetLastError();
    errno = EIO;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        errno = errors[i].error == error ? errors[i].number : errno;
    }
}

static void end_sockets(void)
{
    (void)WSACleanup();
}

bool sockets_begin(void)
{
    static bool begun;
    WSADATA data;
    if (!begun && WSAStartup(MAKEWORD(2, 2), &data) == 0) {
        begun = true;
        (void)atexit(end_sockets);
    }
    return begun;
}

bool sockets_are(system_socket s)
{
    return s != INVALID_SOCKET;
}

void sockets_close(system_socket s)
{
    (void)closesocket(s);
}

bool sockets_prepare(system_socket s)
{
    u_long on = 1;
    return ioctlsocket(s, (long)FIONBIO, &on) == 0;
}

// It is so here; the option of this name lets others take a port that is in use.
bool sockets_reuse(system_socket s)
{
    (void)s;
    return true;
}

bool sockets_wait(system_socket s, bool to_read, unsigned milliseconds)
{
    WSAPOLLFD one = {.fd = s, .events = to_read ? POLLRDNORM : POLLWRNORM};
    int ready = WSAPoll(&one, 1, (int)milliseconds);
    if (ready < 0) {
        sockets_failed();
    } else {
        errno = ready > 0 ? 0 : ETIMEDOUT;
    }
    return ready > 0;
}
