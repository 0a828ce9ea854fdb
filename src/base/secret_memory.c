// SPDX-License-Identifier: Apache-2.0
#include "secret_memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"

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

static size_t page_up(size_t n)
{
    size_t page = os_page_size();
    return (n + page - 1) / page * page;
}

// ---- The process --------------------------------------------------------------------------------

// The stack has to be there before it can be locked, which a frame of this size sees to. Its last
// pages stay as they are: below a locked page the stack would grow by locked ones only, and where
// the limit is reached, not at all.
__attribute__((noinline)) static void lock_stack(void)
{
    volatile char room[STACK_BELOW];
    size_t page = os_page_size();
    for (size_t i = 0; i < sizeof(room); i += page < 1024 ? page : 1024) {
        room[i] = 0;
    }
    uintptr_t low = (uintptr_t)room / page * page + 2 * page;
    (void)os_lock((const void *)low, (uintptr_t)room + sizeof(room) + STACK_ABOVE - low); // NOLINT
}

// mbedTLS has its numbers in small blocks, which malloc takes from here. There is room for those of
// a key in advance; what the heap grows by beyond that is locked when the next secret comes.
static void lock_heap(void)
{
    static uintptr_t end;
    void *volatile ahead = malloc(HEAP_AHEAD); // a compiler leaves out what nobody uses
    free(ahead);
    uintptr_t begin, now;
    if (os_heap(&begin, &now) && now != end &&
        os_lock((const void *)begin, now - begin)) { // NOLINT
        end = now;
    }
}

void secret_guard(void)
{
    static bool guarded;
    if (!guarded) {
        guarded = true;
        os_dump_nothing();
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
    size_t size = page_up(sizeof(struct pages) + n);
    char *base = n > SIZE_MAX / 2 ? NULL : os_pages(size);
    if (base == NULL) {
        return NULL;
    }
    struct pages pages = {base, size};
    (void)os_lock(base, size); // not where the limit is lower: that is no reason not to sign
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
        os_pages_free(pages.base, pages.size);
    }
}
