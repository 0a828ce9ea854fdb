// SPDX-License-Identifier: Apache-2.0
//
// os.h: the network, and the time that waiting for it takes.
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

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

static int family(const struct os_address *a)
{
    struct sockaddr any;
    memcpy(&any, a->room, sizeof(any));
    return any.sa_family;
}

// ---- Time ---------------------------------------------------------------------------------------

uint64_t os_milliseconds(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void os_pause(unsigned milliseconds)
{
    (void)poll(NULL, 0, (int)milliseconds);
}

// ---- Addresses ----------------------------------------------------------------------------------

bool os_find_host(const char *host, uint16_t port, struct os_address *out)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    char service[8];
    (void)snprintf(service, sizeof(service), "%u", (unsigned)port);
    *out = (struct os_address){.size = 0};
    if (getaddrinfo(host, service, &hints, &found) == 0 && found->ai_addrlen <= sizeof(out->room)) {
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
    socklen_t size = sizeof(out->room);
    bool good = getsockname((int)s, system_address(out), &size) == 0;
    out->size = size;
    return good;
}

// ---- Sockets ------------------------------------------------------------------------------------

void os_hang_up(os_socket s)
{
    if (s >= 0) {
        (void)close((int)s);
    }
}

// What fails is closed again.
static os_socket made(int s, bool good)
{
    int reason = errno;
    if (s >= 0 && !good) {
        (void)close(s);
        errno = reason;
    }
    return good ? s : -1;
}

// None waits by itself, nor is there for programs that are started.
static bool prepare(int s)
{
    return s >= 0 && fcntl(s, F_SETFL, O_NONBLOCK) == 0 && fcntl(s, F_SETFD, FD_CLOEXEC) == 0;
}

static bool await(os_socket s, short what, unsigned milliseconds)
{
    struct pollfd one = {.fd = (int)s, .events = what};
    uint64_t end = os_milliseconds() + milliseconds, now;
    int ready = -1;
    while (ready < 0 && (now = os_milliseconds()) <= end) {
        ready = poll(&one, 1, (int)(end - now));
        if (ready < 0 && errno != EINTR) {
            return false;
        }
    }
    errno = ready > 0 ? 0 : ETIMEDOUT;
    return ready > 0;
}

os_socket os_talk(const struct os_address *to, const struct os_address *from)
{
    int s = socket(family(to), SOCK_DGRAM, 0);
    bool good = prepare(s) &&
                (from == NULL || bind(s, const_address(from), (socklen_t)from->size) == 0) &&
                connect(s, const_address(to), (socklen_t)to->size) == 0;
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
    const int on = 1;
    set_port(&own, port);
    int s = socket(family(at), SOCK_STREAM, 0);
    bool good = prepare(s) && setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
                bind(s, const_address(&own), (socklen_t)own.size) == 0 && listen(s, 8) == 0;
    return made(s, good);
}

os_socket os_accept(os_socket s, unsigned milliseconds, struct os_address *who)
{
    const int on = 1;
    socklen_t size = sizeof(who->room);
    if (!await(s, POLLIN, milliseconds)) {
        return -1;
    }
    int got = accept((int)s, system_address(who), &size);
    who->size = size;
    return made(got,
                prepare(got) && setsockopt(got, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0);
}

ssize_t os_send(os_socket s, const void *bytes, size_t n, unsigned milliseconds)
{
    return await(s, POLLOUT, milliseconds) ? send((int)s, bytes, n, 0) : -1;
}

ssize_t os_receive(os_socket s, void *to, size_t n, unsigned milliseconds)
{
    return await(s, POLLIN, milliseconds) ? recv((int)s, to, n, 0) : -1;
}
