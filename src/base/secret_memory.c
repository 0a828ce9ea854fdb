// SPDX-License-Identifier: Apache-2.0
#include "secret_memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

// What is locked of the stack: as much as mbedTLS and the tool use below and above secret_guard().
enum { STACK_BELOW = 96 * 1024, STACK_ABOVE = 32 * 1024 };
// And of the heap: less than what malloc gives back to the system when it is free.
enum { HEAP_AHEAD = 96 * 1024 };

// A store through a volatile pointer is one that must be made.
void wipe(void *bytes, size_t n)
{
    volatile unsigned char *p = bytes;
    while (n-- > 0) {
        *p++ = 0;
    }
}

static size_t page_size(void)
{
    long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? (size_t)size : 4096;
}

static size_t page_up(size_t n)
{
    size_t page = page_size();
    return (n + page - 1) / page * page;
}

// ---- The process --------------------------------------------------------------------------------

// The limit is for dumps to a file. What the system hands to a program (core_pattern with a pipe)
// it asks of the flag alone, and so it does for ptrace and /proc/PID/mem.
static void dump_nothing(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

// The stack has to be there before it can be locked, which a frame of this size sees to. Its last
// pages stay as they are: below a locked page the stack would grow by locked ones only, and where
// the limit is reached, not at all.
__attribute__((noinline)) static void lock_stack(void)
{
    volatile char room[STACK_BELOW];
    size_t page = page_size();
    for (size_t i = 0; i < sizeof(room); i += page < 1024 ? page : 1024) {
        room[i] = 0;
    }
    uintptr_t low = (uintptr_t)room / page * page + 2 * page;
    (void)mlock((const void *)low, (uintptr_t)room + sizeof(room) + STACK_ABOVE - low); // NOLINT
}

#ifdef __linux__
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

// mbedTLS has its numbers in small blocks, which malloc takes from here. There is room for those of
// a key in advance; what the heap grows by beyond that is locked when the next secret comes.
static void lock_heap(void)
{
    static uintptr_t begin, end;
    void *volatile ahead = malloc(HEAP_AHEAD); // a compiler leaves out what nobody uses
    free(ahead);
    begin = begin == 0 ? heap_begin() : begin;
    uintptr_t now = (uintptr_t)sbrk(0);
    if (begin != 0 && now > begin && now != end &&
        mlock((const void *)begin, now - begin) == 0) { // NOLINT
        end = now;
    }
}
#else
static void lock_heap(void)
{
}
#endif

void secret_guard(void)
{
    static bool guarded;
    if (!guarded) {
        guarded = true;
        dump_nothing();
        lock_stack();
    }
    lock_heap();
}

// ---- Pages --------------------------------------------------------------------------------------

// Stands right before the bytes, which end where the pages do.
struct pages {
    char *base;
    size_t size; // without the page that nobody may touch
};

void *secret_pages(size_t n)
{
    size_t size = page_up(sizeof(struct pages) + n), page = page_size();
    if (n > SIZE_MAX / 2) {
        return NULL;
    }
    char *base =
        mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        return NULL;
    }
    struct pages pages = {base, size};
    (void)mlock(base, size); // not where the limit is lower: that is no reason not to sign
    (void)mprotect(base + size, page, PROT_NONE);
#ifdef MADV_DONTDUMP
    (void)madvise(base, size, MADV_DONTDUMP);
#endif
    char *bytes = base + size - n;
    memcpy(bytes - sizeof(pages), &pages, sizeof(pages));
    return bytes;
}

void secret_pages_free(void *bytes)
{
    struct pages pages;
    if (bytes != NULL) {
        memcpy(&pages, (char *)bytes - sizeof(pages), sizeof(pages));
        wipe(pages.base, pages.size);
        (void)munmap(pages.base, pages.size + page_size());
    }
}
