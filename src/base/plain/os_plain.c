// SPDX-License-Identifier: Apache-2.0
//
// os.h: what linux/ does, by POSIX alone, or not at all: macOS, the BSDs.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "os.h"
#include "os_posix.h"

static bool cannot(void)
{
    errno = ENOSYS;
    return false;
}

int posix_nameless(const char *folder, bool for_good)
{
    (void)folder;
    (void)for_good;
    (void)cannot();
    return -1;
}

bool os_name_nameless(int fd, const char *to)
{
    (void)fd;
    (void)to;
    return cannot();
}

bool os_rename_new(const char *from, const char *to)
{
    (void)from;
    (void)to;
    return cannot();
}

bool os_exchange(const char *one, const char *other)
{
    (void)one;
    (void)other;
    return cannot();
}

void os_write_behind(int fd)
{
    (void)fd;
}

bool os_random(void *to, size_t n)
{
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && os_read(fd, to, n) == (ssize_t)n;
    if (fd >= 0) {
        (void)close(fd);
    }
    return good;
}

void os_dump_nothing(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
}

void *os_pages(size_t size)
{
    size_t page = os_page_size();
    void *base = NULL;
    if (posix_memalign(&base, page, size + page) != 0) {
        return NULL;
    }
    memset(base, 0, size);
    (void)mprotect((char *)base + size, page, PROT_NONE);
    return base;
}

void os_pages_free(void *pages, size_t size)
{
    (void)mprotect((char *)pages + size, os_page_size(), PROT_READ | PROT_WRITE);
    (void)munlock(pages, size);
    free(pages);
}

bool os_heap(uintptr_t *begin, uintptr_t *end)
{
    *begin = *end = 0;
    return cannot();
}
