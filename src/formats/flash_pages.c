// SPDX-License-Identifier: Apache-2.0
#include "flash_pages.h"

#include <string.h>

enum { PAGE = 4096 };

struct flash_pages {
    struct arena *arena;
    uint8_t **pages; // NULL: erased
};

// A part of it, which begins there.
struct view {
    const struct flash_pages *pages;
    uint64_t at;
};

struct flash_pages *flash_pages_new(struct arena *a, uint64_t size)
{
    struct flash_pages *pages = ARENA_NEW(a, struct flash_pages);
    pages->arena = a;
    pages->pages = arena_alloc(a, (size_t)(size / PAGE + 1) * sizeof(*pages->pages));
    return pages;
}

// How many of n bytes at `at` are in the page of the first one.
static size_t in_page(uint64_t at, size_t n)
{
    size_t left = PAGE - (size_t)(at % PAGE);
    return n < left ? n : left;
}

void flash_pages_put(struct flash_pages *pages, uint64_t at, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        uint8_t **page = &pages->pages[at / PAGE];
        size_t some = in_page(at, n);
        if (*page == NULL) {
            *page = arena_alloc(pages->arena, PAGE);
            memset(*page, 0xFF, PAGE);
        }
        memcpy(*page + at % PAGE, bytes, some);
        at += some;
        bytes += some;
        n -= some;
    }
}

static bool read_view(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    const struct view *view = ctx;
    at += view->at;
    while (n > 0) {
        const uint8_t *page = view->pages->pages[at / PAGE];
        size_t some = in_page(at, n);
        if (page == NULL) {
            memset(to, 0xFF, some);
        } else {
            memcpy(to, page + at % PAGE, some);
        }
        at += some;
        to += some;
        n -= some;
    }
    return true;
}

struct otapack_source flash_pages_part(struct flash_pages *pages, uint64_t at, uint64_t size)
{
    struct view *view = ARENA_NEW(pages->arena, struct view);
    *view = (struct view){pages, at};
    return (struct otapack_source){.read = read_view, .ctx = view, .size = size};
}
