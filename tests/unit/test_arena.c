// SPDX-License-Identifier: Apache-2.0
//
// arena.h: memory is zeroed and aligned whatever was there before, and texts are whole wherever in
// a block they come to lie.
#include "unit.h"

#include "arena.h"

enum { LONGEST = 3000 };

static void assert_zeroed(struct arena *a, size_t size)
{
    const unsigned char *p = arena_alloc(a, size);
    assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(p[i], 0);
    }
}

static void assert_text(const char *text, const char *longest, size_t n)
{
    assert_int_equal((uintptr_t)text % _Alignof(max_align_t), 0);
    assert_int_equal(strlen(text), n);
    assert_memory_equal(text, longest, n);
}

// Behind `before` bytes of an arena, which are in use; all that is asked for afterwards is zeroed.
static void print_behind(size_t before, const char *longest, size_t n)
{
    struct arena a = ARENA_EMPTY;
    char *first = before == 0 ? NULL : memset(arena_alloc(&a, before), 'f', before);
    const char *text = arena_printf(&a, "%.*s", (int)n, longest);
    const char *again = arena_printf(&a, "%.*s", (int)n, longest);
    for (size_t size = 1; size < 600; size = 2 * size + 1) {
        assert_zeroed(&a, size);
    }
    assert_text(text, longest, n);
    assert_text(again, longest, n);
    for (size_t i = 0; i < before; i++) {
        assert_int_equal(first[i], 'f');
    }
    arena_free(&a);
}

TEST(texts_of_any_length_anywhere)
{
    char longest[LONGEST];
    memset(longest, 't', sizeof(longest));
    for (size_t n = 0; n < LONGEST; n += n < 40 ? 1 : 331) {
        for (size_t before = 0; before <= 1024; before += before < 960 ? 320 : 1) {
            print_behind(before, longest, n);
        }
    }
}

// What arena_resize gives may have any size, and the blocks behind it are made by it.
TEST(texts_behind_what_was_resized)
{
    char longest[LONGEST];
    memset(longest, 't', sizeof(longest));
    for (size_t size = 500; size < 540; size++) {
        struct arena a = ARENA_EMPTY;
        char *resized = arena_resize(&a, NULL, size);
        memset(resized, 'r', size);
        for (size_t left = 0; left < 40; left++) {
            assert_text(arena_printf(&a, "%.*s", (int)left, longest), longest, left);
        }
        assert_zeroed(&a, 50);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(resized[i], 'r');
        }
        arena_free(&a);
    }
}

UNIT(arena)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_any_length_anywhere),
        cmocka_unit_test(texts_behind_what_was_resized),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
