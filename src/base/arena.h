// SPDX-License-Identifier: Apache-2.0
//
// Memory that lives as long as one job and is freed in one call. Running out of it ends the
// program with status 2: nothing here returns NULL.
#ifndef ARENA_H
#define ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
};

#define ARENA_EMPTY ((struct arena){NULL})

void *arena_alloc(struct arena *a, size_t size); // zeroed, aligned for any type
// Memory of its own that can change its size and then its place, and is not zeroed: `p` is NULL at
// first, and then what this gave before.
void *arena_resize(struct arena *a, void *p, size_t size);

char *arena_copy(struct arena *a, const char *text, size_t n);
char *arena_string(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
void arena_free(struct arena *a);

size_t arena_size(const struct arena *a); // bytes of memory that it has

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
