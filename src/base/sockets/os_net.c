// SPDX-License-Identifier: Apache-2.0
//
// os.h: the network. POSIX and Windows have the same functions for it, but for what os_sockets.h
// names.
#include "os_sockets.h"

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

// ---- Addresses ----------------------------------------------------------------------------------

// Devices that have both families may hear only one of them.
static const struct addrinfo *best_of(const struct addrinfo *list)
{
    const struct addrinfo *a = list;
    while (a != NULL && a->ai_family != AF_INET) {
        a = a->ai_next;
    }
    return a == NULL ? list : a;
}

static bool find(const char *host, uint16_t port, int flags, struct os_address *out)
{
    const struct addrinfo hints = {
        .ai_flags = flags, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    char service[8];
    (void)snprintf(service, sizeof(service), "%u", (unsigned)port);
    *out = (struct os_address){.size = 0};
    if (sockets_begin() && getaddrinfo(host, service, &hints, &found) == 0) {
        const struct addrinfo *best = best_of(found);
        out->size = (size_t)best->ai_addrlen;
        memcpy(out->room, best->ai_addr, out->size);
        freeaddrinfo(found);
    }
    errno = out->size == 0 ? ENOENT : 0;
    return out->size != 0;
}

bool os_find_host(const char *host, uint16_t port, struct os_address *out)
{
    return find(host, port, 0, out);
}

bool os_read_address(const char *address, uint16_t port, struct os_address *out)
{
    return find(address, port, AI_NUMERICHOST, out);
}

bool os_address_text(const struct os_address *a, char host[OS_HOST_ROOM], uint16_t *port)
{
    char service[8] = "";
    bool good = getnameinfo(const_address(a), (socklen_t)a->size, host, OS_HOST_ROOM, service,
                            sizeof(service), NI_NUMERICHOST | NI_NUMERICSERV) == 0;
    *port = (uint16_t)strtoul(service, NULL, 10);
    return good;
}

static bool address_by(int (*ask)(system_socket, struct sockaddr *, socklen_t *), os_socket s,
                       struct os_address *out)
{
    socklen_t size = sizeof(out->room);
    bool good = ask((system_socket)s, system_address(out), &size) == 0;
    if (!good) {
        sockets_failed();
    }
    out->size = (size_t)size;
    return good;
}

bool os_own_address(os_socket s, struct os_address *out)
{
    return address_by(getsockname, s, out);
}

bool os_other_address(os_socket s, struct os_address *out)
{
    return address_by(getpeername, s, out);
}

static int family(const struct os_address *a)
{
    struct sockaddr any;
    memcpy(&any, a->room, sizeof(any));
    return any.sa_family;
}

// Both families have it at the same place.
static void set_port(struct os_address *a, uint16_t port)
{
    struct sockaddr_in in;
    memcpy(&in, a->room, sizeof(in));
    in.sin_port = htons(port);
    memcpy(a->room, &in, sizeof(in));
}

// ---- Sockets ------------------------------------------------------------------------------------

void os_hang_up(os_socket s)
{
    if (s >= 0) {
        sockets_close((system_socket)s);
    }
}

void os_end_both(os_socket s)
{
    enum { BOTH = 2 }; // which POSIX and Windows name differently
    (void)shutdown((system_socket)s, BOTH);
}

// What fails is closed again.
static os_socket made(system_socket s, bool good)
{
    if (good) {
        return (os_socket)s;
    }
    sockets_failed();
    int reason = errno;
    if (sockets_are(s)) {
        sockets_close(s);
    }
    errno = reason;
    return -1;
}

os_socket os_talk(const struct os_address *to, const struct os_address *from)
{
    system_socket s = socket(family(to), SOCK_DGRAM, 0);
    bool good = sockets_are(s) && sockets_prepare(s) &&
                (from == NULL || bind(s, const_address(from), (socklen_t)from->size) == 0) &&
                connect(s, const_address(to), (socklen_t)to->size) == 0;
    return made(s, good);
}

os_socket os_listen(const struct os_address *at, uint16_t port)
{
    enum { WAITING = 1024 }; // so many may be at the door
    struct os_address own = *at;
    set_port(&own, port);
    system_socket s = socket(family(at), SOCK_STREAM, 0);
    bool good = sockets_are(s) && sockets_prepare(s) && sockets_reuse(s) &&
                bind(s, const_address(&own), (socklen_t)own.size) == 0 && listen(s, WAITING) == 0;
    return made(s, good);
}

os_socket os_accept(os_socket s, unsigned milliseconds, struct os_address *who)
{
    const int on = 1;
    socklen_t size = sizeof(who->room);
    if (!sockets_wait((system_socket)s, true, milliseconds)) {
        return -1;
    }
    system_socket got = accept((system_socket)s, system_address(who), &size);
    who->size = (size_t)size;
    bool good = sockets_are(got) && sockets_prepare(got) &&
                setsockopt(got, IPPROTO_TCP, TCP_NODELAY, (const void *)&on, sizeof(on)) == 0;
    return made(got, good);
}

static ssize_t result(ssize_t n)
{
    if (n < 0) {
        sockets_failed();
    }
    return n;
}

ssize_t os_send(os_socket s, const void *bytes, size_t n, unsigned milliseconds)
{
    return sockets_wait((system_socket)s, false, milliseconds)
               ? result(send((system_socket)s, bytes, (system_length)n, 0))
               : -1;
}

ssize_t os_receive(os_socket s, void *to, size_t n, unsigned milliseconds)
{
    return sockets_wait((system_socket)s, true, milliseconds)
               ? result(recv((system_socket)s, to, (system_length)n, 0))
               : -1;
}
