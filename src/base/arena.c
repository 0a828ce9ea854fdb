// SPDX-License-Identifier: Apache-2.0
#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "status.h"

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    max_align_t bytes[];
};

// The first block is small, as many arenas hold but a line; each next one is twice as large.
enum { BLOCK_LEAST = 1024, BLOCK_MOST = 32 * 1024, ALIGN = _Alignof(max_align_t) };

static void out_of_memory(void)
{
    fputs("otapack: out of memory\n", stderr);
    exit(STATUS_CANNOT);
}

static struct arena_block *block_new(size_t size)
{
    struct arena_block *b = calloc(1, sizeof(*b) + size);
    if (b == NULL) {
        out_of_memory();
    }
    b->size = size;
    return b;
}

// Of a block that is to hold `size` bytes.
static size_t room_for(const struct arena *a, size_t size)
{
    size_t room = a->blocks == NULL ? BLOCK_LEAST : 2 * a->blocks->size;
    room = room > BLOCK_MOST ? BLOCK_MOST : room;
    return size > room ? size : room;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2) {
        out_of_memory();
    }
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (a->blocks == NULL || size > a->blocks->size - a->blocks->used) {
        struct arena_block *b = block_new(room_for(a, size));
        b->next = a->blocks;
        a->blocks = b;
    }
    void *p = (char *)a->blocks->bytes + a->blocks->used;
    a->blocks->used += size;
    return p;
}

void *arena_resize(struct arena *a, void *p, size_t size)
{
    struct arena_block **at = &a->blocks;
    while (p != NULL && (void *)(*at)->bytes != p) {
        at = &(*at)->next;
    }
    struct arena_block *old = p == NULL ? NULL : *at, *next = p == NULL ? *at : old->next;
    struct arena_block *b = size > SIZE_MAX / 2 ? NULL : realloc(old, sizeof(*b) + size);
    if (b == NULL) {
        out_of_memory();
    }
    *b = (struct arena_block){.next = next, .used = size, .size = size};
    *at = b;
    return b->bytes;
}

char *arena_copy(struct arena *a, const char *text, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    memcpy(copy, text, n);
    return copy;
}

char *arena_string(struct arena *a, const char *text)
{
    return arena_copy(a, text, strlen(text));
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0) {
        out_of_memory();
    }
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}

void arena_free(struct arena *a)
{
    while (a->blocks != NULL) {
        struct arena_block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
}

size_t arena_size(const struct arena *a)
{
    size_t size = 0;
    for (const struct arena_block *b = a->blocks; b != NULL; b = b->next) {
        size += sizeof(*b) + b->size;
    }
    return size;
}
