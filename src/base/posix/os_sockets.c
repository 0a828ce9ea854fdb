// SPDX-License-Identifier: Apache-2.0
//
// os.h: the time that waiting takes; and what sockets/ asks of POSIX.
#include "os_sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "os.h"

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

bool sockets_begin(void)
{
    return true;
}

void sockets_failed(void)
{
}

bool sockets_are(system_socket s)
{
    return s >= 0;
}

void sockets_close(system_socket s)
{
    (void)close(s);
}

bool sockets_prepare(system_socket s)
{
    return fcntl(s, F_SETFL, O_NONBLOCK) == 0 && fcntl(s, F_SETFD, FD_CLOEXEC) == 0;
}

bool sockets_reuse(system_socket s)
{
    const int on = 1;
    return setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0;
}

bool sockets_wait(system_socket s, bool to_read, unsigned milliseconds)
{
    struct pollfd one = {.fd = s, .events = to_read ? POLLIN : POLLOUT};
    uint64_t end = os_milliseconds() + milliseconds, now;
    int ready = -1;
    errno = ETIMEDOUT;
    while (ready < 0 && (now = os_milliseconds()) <= end) {
        ready = poll(&one, 1, (int)(end - now));
        if (ready < 0 && errno != EINTR) {
            return false;
        }
    }
    errno = ready > 0 ? 0 : ETIMEDOUT;
    return ready > 0;
}
