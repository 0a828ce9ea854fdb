// SPDX-License-Identifier: Apache-2.0
//
// layout.h: pieces of files, memory and filling, reads across any number of them, what is asked
// where they meet, files that cannot be read.
#include "scratch.h"

#include "layout.h"

static void add_file(struct layout *l, const char *name, const uint8_t *bytes, size_t n)
{
    struct err e = ERR_NONE;
    file_write(name, bytes, n);
    assert_non_null(layout_add_file(l, name, &e));
}

TEST(an_empty_layout)
{
    struct arena a = ARENA_EMPTY;
    struct layout l = LAYOUT_EMPTY(&a);
    struct otapack_source src = layout_source(&l);
    uint8_t to;
    struct err e = ERR_NONE;
    assert_int_equal(src.size, 0);
    assert_int_equal(otapack_read(&src, 0, &to, 1, "x").code, OTAPACK_TRUNCATED);
    assert_true(layout_good(&l, &e));
    assert_null(layout_file_at(&l, 0));
    layout_close(&l);
    arena_free(&a);
}

TEST(pieces_follow_one_another)
{
    struct arena a = ARENA_EMPTY;
    struct layout l = LAYOUT_EMPTY(&a);
    uint8_t to[12];
    layout_add_bytes(&l, "one", (const uint8_t *)"abc", 3);
    layout_add_fill(&l, 2);
    layout_add_fill(&l, 0);
    add_file(&l, "two", (const uint8_t *)"defg", 4);
    layout_add_bytes(&l, NULL, (const uint8_t *)"", 0);
    layout_add_bytes(&l, NULL, (const uint8_t *)"hi", 2);
    struct otapack_source src = layout_source(&l);
    assert_int_equal(src.size, 11);
    assert_int_equal(otapack_read(&src, 0, to, 11, "x").code, OTAPACK_OK);
    assert_memory_equal(to,
                        "abc\xFF\xFF"
                        "defghi",
                        11);
    assert_int_equal(otapack_read(&src, 11, to, 1, "x").code, OTAPACK_TRUNCATED);
    static const char *const files[] = {"one", "one", "one", NULL, NULL, "two",
                                        "two", "two", "two", NULL, NULL, NULL};
    for (size_t at = 0; at < COUNT(files); at++) {
        const char *file = layout_file_at(&l, at);
        assert_int_equal(file == NULL, files[at] == NULL);
        assert_true(file == NULL || strcmp(file, files[at]) == 0);
    }
    layout_close(&l);
    arena_free(&a);
}

static void random_layout(uint64_t *x, struct layout *l, uint8_t *copy, size_t *n)
{
    unsigned count = (unsigned)random_below(x, 40);
    *n = 0;
    for (unsigned i = 0; i < count; i++) {
        size_t size = (size_t)random_below(x, 4) * (size_t)random_below(x, 50);
        char name[16];
        random_bytes(x, copy + *n, size);
        switch (random_below(x, 4)) {
        case 0:
            (void)snprintf(name, sizeof(name), "file%u", i);
            add_file(l, name, copy + *n, size);
            break;
        case 1:
            memset(copy + *n, 0xFF, size);
            layout_add_fill(l, size);
            break;
        default:
            layout_add_bytes(l, NULL, copy + *n, size);
        }
        *n += size;
    }
}

TEST(reads_across_pieces)
{
    uint64_t x = random_seed(__func__);
    for (int turn = 0; turn < 60; turn++) {
        struct arena a = ARENA_EMPTY;
        struct layout l = LAYOUT_EMPTY(&a);
        struct err e = ERR_NONE;
        uint8_t copy[40 * 150], to[40 * 150];
        size_t n;
        random_layout(&x, &l, copy, &n);
        struct otapack_source src = layout_source(&l);
        assert_int_equal(src.size, n);
        for (int i = 0; i < 300; i++) {
            size_t at = (size_t)random_below(&x, n + 2), size = (size_t)random_below(&x, n + 2);
            struct otapack_status s = otapack_read(&src, at, to, size, "x");
            bool inside = at <= n && size <= n - at;
            assert_int_equal(s.code, inside ? OTAPACK_OK : OTAPACK_TRUNCATED);
            assert_true(!inside || memcmp(to, copy + at, size) == 0);
        }
        assert_true(layout_good(&l, &e));
        layout_close(&l);
        arena_free(&a);
    }
}

// Three files of 2 GiB, so that the third begins behind 32 bits.
TEST(behind_four_gib)
{
    struct arena a = ARENA_EMPTY;
    struct layout l = LAYOUT_EMPTY(&a);
    struct err e = ERR_NONE;
    uint8_t to[4];
    file_write("half", "", 0);
    if (truncate("half", (off_t)1 << 31) != 0) {
        skip();
    }
    for (int i = 0; i < 2; i++) {
        assert_non_null(layout_add_file(&l, "half", &e));
    }
    layout_add_bytes(&l, "end", (const uint8_t *)"xyz", 3);
    struct otapack_source src = layout_source(&l);
    assert_int_equal(src.size, (UINT64_C(1) << 32) + 3);
    assert_int_equal(otapack_read(&src, UINT32_MAX, to, 4, "x").code, OTAPACK_OK);
    assert_memory_equal(to, "\0xyz", 4);
    assert_string_equal(layout_file_at(&l, UINT64_C(1) << 32), "end");
    layout_close(&l);
    arena_free(&a);
    (void)unlink("half");
}

TEST(a_file_that_shrinks)
{
    struct arena a = ARENA_EMPTY;
    struct layout l = LAYOUT_EMPTY(&a);
    struct err e = ERR_NONE;
    uint8_t to[4];
    add_file(&l, "file", (const uint8_t *)"abcd", 4);
    assert_true(layout_good(&l, &e));
    assert_int_equal(truncate("file", 2), 0);
    struct otapack_source src = layout_source(&l);
    assert_int_equal(otapack_read(&src, 0, to, 4, "x").code, OTAPACK_READ_FAILED);
    assert_false(layout_good(&l, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    layout_close(&l);
    arena_free(&a);
}

TEST(a_file_that_is_not_there)
{
    struct arena a = ARENA_EMPTY;
    struct layout l = LAYOUT_EMPTY(&a);
    struct err e = ERR_NONE;
    assert_null(layout_add_file(&l, "missing", &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_int_equal(l.count, 0);
    layout_close(&l);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_layout),     cmocka_unit_test(pieces_follow_one_another),
        cmocka_unit_test(reads_across_pieces), cmocka_unit_test(behind_four_gib),
        cmocka_unit_test(a_file_that_shrinks), cmocka_unit_test(a_file_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
