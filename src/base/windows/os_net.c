// SPDX-License-Identifier: Apache-2.0
//
// os.h: the network, and the time that waiting for it takes.
#include <winsock2.h>
#include <ws2tcpip.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"

_Static_assert(sizeof(struct sockaddr_storage) <= sizeof(((struct os_address *)0)->room),
               "an address has room");

static struct sockaddr *system_address(struct os_address *a)
{
    return (struct sockaddr *)a->room;
}

static const struct sockaddr *const_address(const struct os_address *a)
{
    return (const struct sockaddr *)a->room;
}

// Sockets have errors of their own.
static const struct {
    int error, number;
} errors[] = {
    {WSAEWOULDBLOCK, EAGAIN},          {WSAETIMEDOUT, ETIMEDOUT},
    {WSAECONNREFUSED, ECONNREFUSED},   {WSAECONNRESET, ECONNRESET},
    {WSAEADDRINUSE, EADDRINUSE},       {WSAEACCES, EACCES},
    {WSAEADDRNOTAVAIL, EADDRNOTAVAIL}, {WSAEHOSTUNREACH, EHOSTUNREACH},
    {WSAENETUNREACH, ENETUNREACH},
};

static bool failed(void)
{
    int error = WSAGetLastError();
    errno = EIO;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        errno = errors[i].error == error ? errors[i].number : errno;
    }
    return false;
}

static void end_sockets(void)
{
    (void)WSACleanup();
}

static bool begin_sockets(void)
{
    static bool begun;
    WSADATA data;
    if (!begun && WSAStartup(MAKEWORD(2, 2), &data) == 0) {
        begun = true;
        (void)atexit(end_sockets);
    }
    return begun || failed();
}

static int family(const struct os_address *a)
{
    struct sockaddr any;
    memcpy(&any, a->room, sizeof(any));
    return any.sa_family;
}

// ---- Time ---------------------------------------------------------------------------------------

uint64_t os_milliseconds(void)
{
    return GetTickCount64();
}

void os_pause(unsigned milliseconds)
{
    Sleep(milliseconds);
}

// ---- Addresses ----------------------------------------------------------------------------------

bool os_find_host(const char *host, uint16_t port, struct os_address *out)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    char service[8];
    (void)snprintf(service, sizeof(service), "%u", (unsigned)port);
    *out = (struct os_address){.size = 0};
    if (begin_sockets() && getaddrinfo(host, service, &hints, &found) == 0 &&
        found->ai_addrlen <= sizeof(out->room)) {
        out->size = found->ai_addrlen;
        memcpy(out->room, found->ai_addr, out->size);
    }
    if (found != NULL) {
        freeaddrinfo(found);
    }
    errno = out->size == 0 ? ENOENT : 0;
    return out->size != 0;
}

bool os_address_text(const struct os_address *a, char host[OS_HOST_ROOM], uint16_t *port)
{
    char service[8] = "";
    bool good = getnameinfo(const_address(a), (socklen_t)a->size, host, OS_HOST_ROOM, service,
                            sizeof(service), NI_NUMERICHOST | NI_NUMERICSERV) == 0;
    *port = (uint16_t)strtoul(service, NULL, 10);
    return good;
}

bool os_own_address(os_socket s, struct os_address *out)
{
    int size = sizeof(out->room);
    bool good = getsockname((SOCKET)s, system_address(out), &size) == 0 || failed();
    out->size = (size_t)size;
    return good;
}

// ---- Sockets ------------------------------------------------------------------------------------

void os_hang_up(os_socket s)
{
    if (s >= 0) {
        (void)closesocket((SOCKET)s);
    }
}

// What fails is closed again.
static os_socket made(SOCKET s, bool good)
{
    if (!good) {
        (void)failed();
        os_hang_up((os_socket)s);
    }
    return good ? (os_socket)s : -1;
}

static bool prepare(SOCKET s)
{
    u_long on = 1;
    return s != INVALID_SOCKET && ioctlsocket(s, (long)FIONBIO, &on) == 0;
}

static bool await(os_socket s, short what, unsigned milliseconds)
{
    WSAPOLLFD one = {.fd = (SOCKET)s, .events = what};
    int ready = WSAPoll(&one, 1, (int)milliseconds);
    if (ready < 0) {
        return failed();
    }
    errno = ready > 0 ? 0 : ETIMEDOUT;
    return ready > 0;
}

os_socket os_talk(const struct os_address *to, const struct os_address *from)
{
    SOCKET s = socket(family(to), SOCK_DGRAM, 0);
    bool good = prepare(s) &&
                (from == NULL || bind(s, const_address(from), (int)from->size) == 0) &&
                connect(s, const_address(to), (int)to->size) == 0;
    return made(s, good);
}

// Both families have it at the same place.
static void set_port(struct os_address *a, uint16_t port)
{
    struct sockaddr_in in;
    memcpy(&in, a->room, sizeof(in));
    in.sin_port = htons(port);
    memcpy(a->room, &in, sizeof(in));
}

os_socket os_listen(const struct os_address *at, uint16_t port)
{
    struct os_address own = *at;
    set_port(&own, port);
    SOCKET s = socket(family(at), SOCK_STREAM, 0);
    bool good = prepare(s) && bind(s, const_address(&own), (int)own.size) == 0 && listen(s, 8) == 0;
    return made(s, good);
}

os_socket os_accept(os_socket s, unsigned milliseconds, struct os_address *who)
{
    const BOOL on = TRUE;
    int size = sizeof(who->room);
    if (!await(s, POLLRDNORM, milliseconds)) {
        return -1;
    }
    SOCKET got = accept((SOCKET)s, system_address(who), &size);
    who->size = (size_t)size;
    return made(got, prepare(got) && setsockopt(got, IPPROTO_TCP, TCP_NODELAY, (const char *)&on,
                                                sizeof(on)) == 0);
}

ssize_t os_send(os_socket s, const void *bytes, size_t n, unsigned milliseconds)
{
    int sent = await(s, POLLWRNORM, milliseconds) ? send((SOCKET)s, bytes, (int)n, 0) : 0;
    if (sent < 0) {
        (void)failed();
    }
    return sent > 0 ? sent : -1;
}

ssize_t os_receive(os_socket s, void *to, size_t n, unsigned milliseconds)
{
    if (!await(s, POLLRDNORM, milliseconds)) {
        return -1;
    }
    int got = recv((SOCKET)s, to, (int)n, 0);
    if (got < 0) {
        (void)failed();
    }
    return got;
}
