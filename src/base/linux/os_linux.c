// SPDX-License-Identifier: Apache-2.0
//
// os.h: what Linux has beyond POSIX.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os.h"
#include "os_posix.h"

// ---- Files without a name -----------------------------------------------------------------------

enum { LINK_ROOM = 64 };

// By this path a file without a name is linked to one. It needs /proc.
static void path_of_fd(int fd, char path[LINK_ROOM])
{
    (void)snprintf(path, LINK_ROOM, "/proc/self/fd/%d", fd);
}

int posix_nameless(const char *folder, bool for_good)
{
    char path[LINK_ROOM];
    int fd = open(folder, O_TMPFILE | (for_good ? O_EXCL : 0) | O_RDWR | O_CLOEXEC, 0600);
    path_of_fd(fd, path);
    if (fd >= 0 && !for_good && access(path, F_OK) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

bool os_name_nameless(int fd, const char *to)
{
    char path[LINK_ROOM];
    path_of_fd(fd, path);
    return linkat(AT_FDCWD, path, AT_FDCWD, to, AT_SYMLINK_FOLLOW) == 0;
}

// ---- Names --------------------------------------------------------------------------------------

#ifndef RENAME_NOREPLACE // musl has the call under its number only
enum { RENAME_NOREPLACE = 1, RENAME_EXCHANGE = 2 };
static int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    return (int)syscall(SYS_renameat2, a, from, b, to, flags);
}
#endif

bool os_rename_new(const char *from, const char *to)
{
    bool good = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
    errno = good || (errno != EINVAL && errno != EOPNOTSUPP) ? errno : ENOSYS;
    return good;
}

bool os_exchange(const char *one, const char *other)
{
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0;
}

void os_write_behind(int fd)
{
    (void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

// ---- The process --------------------------------------------------------------------------------

bool os_random(void *to, size_t n)
{
    return getentropy(to, n) == 0;
}

const void *os_find(const void *in, size_t size, const void *bytes, size_t n)
{
    return memmem(in, size, bytes, n);
}

// The limit is for dumps to a file. What the system hands to a program (core_pattern with a pipe)
// it asks of the flag alone, and so it does for ptrace and /proc/PID/mem.
void os_dump_nothing(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

// ---- Memory -------------------------------------------------------------------------------------

void *os_pages(size_t size)
{
    size_t page = os_page_size();
    char *base =
        mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        return NULL;
    }
    (void)mprotect(base + size, page, PROT_NONE);
    (void)madvise(base, size, MADV_DONTDUMP);
    return base;
}

void os_pages_free(void *pages, size_t size)
{
    (void)munmap(pages, size + os_page_size());
}

static uintptr_t heap_begin(void)
{
    char line[512];
    unsigned long from = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    while (maps != NULL && from == 0 && fgets(line, sizeof(line), maps) != NULL) {
        if (strstr(line, "[heap]") == NULL || sscanf(line, "%lx-", &from) != 1) { // NOLINT
            from = 0;
        }
    }
    if (maps != NULL) {
        (void)fclose(maps);
    }
    return from;
}

bool os_heap(uintptr_t *begin, uintptr_t *end)
{
    static uintptr_t found;
    found = found == 0 ? heap_begin() : found;
    *begin = found;
    *end = (uintptr_t)sbrk(0);
    return found != 0 && *end > found;
}
