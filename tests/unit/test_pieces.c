// SPDX-License-Identifier: Apache-2.0
//
// pieces.h: pieces of files, of files that are somebody else's, of memory and filling, reads across
// any number of them, what is asked where they meet, files that cannot be read.
#include "scratch.h"

#include "pieces.h"

static void add_file(struct pieces *l, const char *name, const uint8_t *bytes, size_t n)
{
    struct err e = ERR_NONE;
    file_write(name, bytes, n);
    assert_non_null(pieces_add_file(l, name, &e));
}

TEST(an_empty_layout)
{
    struct arena a = ARENA_EMPTY;
    struct pieces l = PIECES_EMPTY(&a);
    struct otapack_source src = pieces_source(&l);
    uint8_t to;
    struct err e = ERR_NONE;
    assert_int_equal(src.size, 0);
    assert_int_equal(otapack_read(&src, 0, &to, 1, "x").code, OTAPACK_TRUNCATED);
    assert_true(pieces_good(&l, &e));
    assert_null(pieces_file_at(&l, 0));
    pieces_close(&l);
    arena_free(&a);
}

TEST(pieces_follow_one_another)
{
    struct arena a = ARENA_EMPTY;
    struct pieces l = PIECES_EMPTY(&a);
    uint8_t to[12];
    pieces_add_bytes(&l, "one", (const uint8_t *)"abc", 3);
    pieces_add_fill(&l, 2);
    pieces_add_fill(&l, 0);
    add_file(&l, "two", (const uint8_t *)"defg", 4);
    pieces_add_bytes(&l, NULL, (const uint8_t *)"", 0);
    pieces_add_bytes(&l, NULL, (const uint8_t *)"hi", 2);
    struct otapack_source src = pieces_source(&l);
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
        const char *file = pieces_file_at(&l, at);
        assert_int_equal(file == NULL, files[at] == NULL);
        assert_true(file == NULL || strcmp(file, files[at]) == 0);
    }
    pieces_close(&l);
    arena_free(&a);
}

static void random_layout(uint64_t *x, struct pieces *l, uint8_t *copy, size_t *n)
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
            pieces_add_fill(l, size);
            break;
        default:
            pieces_add_bytes(l, NULL, copy + *n, size);
        }
        *n += size;
    }
}

TEST(reads_across_pieces)
{
    uint64_t x = random_seed(__func__);
    for (int turn = 0; turn < 60; turn++) {
        struct arena a = ARENA_EMPTY;
        struct pieces l = PIECES_EMPTY(&a);
        struct err e = ERR_NONE;
        uint8_t copy[40 * 150], to[40 * 150];
        size_t n;
        random_layout(&x, &l, copy, &n);
        struct otapack_source src = pieces_source(&l);
        assert_int_equal(src.size, n);
        for (int i = 0; i < 300; i++) {
            size_t at = (size_t)random_below(&x, n + 2), size = (size_t)random_below(&x, n + 2);
            struct otapack_status s = otapack_read(&src, at, to, size, "x");
            bool inside = at <= n && size <= n - at;
            assert_int_equal(s.code, inside ? OTAPACK_OK : OTAPACK_TRUNCATED);
            assert_true(!inside || memcmp(to, copy + at, size) == 0);
        }
        assert_true(pieces_good(&l, &e));
        pieces_close(&l);
        arena_free(&a);
    }
}

// Three files of 2 GiB, so that the third begins behind 32 bits.
TEST(behind_four_gib)
{
    struct arena a = ARENA_EMPTY;
    struct pieces l = PIECES_EMPTY(&a);
    struct err e = ERR_NONE;
    uint8_t to[4];
    file_write("half", "", 0);
    if (truncate("half", (off_t)1 << 31) != 0) {
        skip();
    }
    for (int i = 0; i < 2; i++) {
        assert_non_null(pieces_add_file(&l, "half", &e));
    }
    pieces_add_bytes(&l, "end", (const uint8_t *)"xyz", 3);
    struct otapack_source src = pieces_source(&l);
    assert_int_equal(src.size, (UINT64_C(1) << 32) + 3);
    assert_int_equal(otapack_read(&src, UINT32_MAX, to, 4, "x").code, OTAPACK_OK);
    assert_memory_equal(to, "\0xyz", 4);
    assert_string_equal(pieces_file_at(&l, UINT64_C(1) << 32), "end");
    pieces_close(&l);
    arena_free(&a);
    (void)unlink("half");
}

TEST(a_file_that_shrinks)
{
    struct arena a = ARENA_EMPTY;
    struct pieces l = PIECES_EMPTY(&a);
    struct err e = ERR_NONE;
    uint8_t to[4];
    add_file(&l, "file", (const uint8_t *)"abcd", 4);
    assert_true(pieces_good(&l, &e));
    assert_int_equal(truncate("file", 2), 0);
    struct otapack_source src = pieces_source(&l);
    assert_int_equal(otapack_read(&src, 0, to, 4, "x").code, OTAPACK_READ_FAILED);
    assert_false(pieces_good(&l, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    pieces_close(&l);
    arena_free(&a);
}

TEST(a_file_that_is_not_there)
{
    struct arena a = ARENA_EMPTY;
    struct pieces l = PIECES_EMPTY(&a);
    struct err e = ERR_NONE;
    assert_null(pieces_add_file(&l, "missing", &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_int_equal(l.count, 0);
    pieces_close(&l);
    arena_free(&a);
}

// ---- Parts of a file that is open already ----

static struct input *open_file(const char *name, const char *text)
{
    struct err e = ERR_NONE;
    file_write(name, text, strlen(text));
    struct input *in = input_open(name, &e);
    assert_non_null(in);
    return in;
}

// All bytes of a layout, and those of every range in it.
static void assert_layout_is(struct pieces *l, const char *text)
{
    struct otapack_source src = pieces_source(l);
    assert_int_equal(src.size, strlen(text));
    for (size_t at = 0; at <= src.size; at++) {
        for (size_t n = 0; n <= src.size - at; n++) {
            uint8_t to[64] = {0};
            assert_int_equal(otapack_read(&src, at, to, n, "x").code, OTAPACK_OK);
            assert_memory_equal(to, text + at, n);
        }
    }
}

static void assert_file_at(const struct pieces *l, uint64_t at, const char *file)
{
    const char *found = pieces_file_at(l, at);
    assert_int_equal(found == NULL, file == NULL);
    assert_true(file == NULL || strcmp(found, file) == 0);
}

TEST(parts_of_an_open_file)
{
    struct arena a = ARENA_EMPTY;
    struct pieces l = PIECES_EMPTY(&a);
    struct err e = ERR_NONE;
    struct input *in = open_file("open", "0123456789");
    pieces_add_part(&l, in, 7, 3);
    pieces_add_fill(&l, 1);
    pieces_add_part(&l, in, 0, 2);
    pieces_add_part(&l, in, 4, 0);
    pieces_add_bytes(&l, NULL, (const uint8_t *)"xy", 2);
    pieces_add_part(&l, in, 2, 1);
    assert_layout_is(&l, "789\xFF"
                         "01xy2");
    static const char *const files[] = {"open", "open", "open", NULL,   "open",
                                        "open", NULL,   NULL,   "open", NULL};
    for (size_t at = 0; at < COUNT(files); at++) {
        assert_file_at(&l, at, files[at]);
    }
    assert_null(l.pieces[0].path); // it was not opened here
    assert_true(pieces_good(&l, &e));
    pieces_close(&l);
    input_close(in);
    arena_free(&a);
}

// pieces_close leaves an input to its owner, beside others that it closes.
// The descriptor that the next file would get.
static int next_descriptor(void)
{
    int fd = dup(STDERR_FILENO);
    assert_true(fd >= 0);
    (void)close(fd);
    return fd;
}

TEST(a_borrowed_file_stays_open)
{
    struct arena a = ARENA_EMPTY;
    struct pieces l = PIECES_EMPTY(&a);
    struct err e = ERR_NONE;
    uint8_t to[4];
    struct input *in = open_file("open", "abcd");
    int before = next_descriptor();
    add_file(&l, "own", (const uint8_t *)"x", 1);
    pieces_add_part(&l, in, 1, 2);
    assert_true(next_descriptor() > before);
    pieces_close(&l);
    pieces_close(&l); // again: nothing is left to close
    assert_int_equal(next_descriptor(), before);
    struct otapack_source src = input_source(in);
    assert_int_equal(otapack_read(&src, 0, to, 4, "x").code, OTAPACK_OK);
    assert_memory_equal(to, "abcd", 4);
    assert_true(input_good(in, &e));
    input_close(in);
    arena_free(&a);
}

TEST(a_part_that_its_file_does_not_have)
{
    static const uint64_t froms[] = {1, 4, 5, UINT64_MAX};
    for (size_t i = 0; i < COUNT(froms); i++) {
        struct arena a = ARENA_EMPTY;
        struct pieces l = PIECES_EMPTY(&a);
        uint8_t to[4];
        struct input *in = open_file("open", "abcd");
        pieces_add_part(&l, in, froms[i], 4);
        struct otapack_source src = pieces_source(&l);
        assert_int_equal(otapack_read(&src, 0, to, 4, "x").code, OTAPACK_READ_FAILED);
        pieces_close(&l);
        input_close(in);
        arena_free(&a);
    }
}

TEST(a_borrowed_file_that_shrinks)
{
    struct arena a = ARENA_EMPTY;
    struct pieces l = PIECES_EMPTY(&a);
    struct err e = ERR_NONE;
    uint8_t to[2];
    struct input *in = open_file("open", "abcd");
    pieces_add_part(&l, in, 2, 2);
    assert_int_equal(truncate("open", 3), 0);
    struct otapack_source src = pieces_source(&l);
    assert_int_equal(otapack_read(&src, 0, to, 2, "x").code, OTAPACK_READ_FAILED);
    assert_false(pieces_good(&l, &e));
    assert_memory_equal(e.text, "open: changed while it was read; ", 33);
    pieces_close(&l);
    input_close(in);
    arena_free(&a);
}

// ---- Before all that is there ----

TEST(bytes_that_are_put_first)
{
    struct arena a = ARENA_EMPTY;
    struct pieces l = PIECES_EMPTY(&a);
    struct input *in = open_file("open", "0123456789");
    pieces_insert(&l, 0, (const uint8_t *)"", 0);
    add_file(&l, "own", (const uint8_t *)"ab", 2);
    pieces_add_part(&l, in, 5, 3);
    pieces_insert(&l, 0, (const uint8_t *)"head", 4);
    assert_layout_is(&l, "headab567");
    pieces_add_bytes(&l, "end", (const uint8_t *)"z", 1); // still behind all
    pieces_insert(&l, 0, (const uint8_t *)"!", 1);
    assert_layout_is(&l, "!headab567z");
    static const char *const files[] = {NULL,  NULL,   NULL,   NULL,   NULL,  "own",
                                        "own", "open", "open", "open", "end", NULL};
    for (size_t at = 0; at < COUNT(files); at++) {
        assert_file_at(&l, at, files[at]);
    }
    pieces_close(&l);
    input_close(in);
    arena_free(&a);
}

// However many pieces there are when the first one comes.
TEST(put_first_before_any_number)
{
    for (size_t count = 0; count < 40; count++) {
        struct arena a = ARENA_EMPTY;
        struct pieces l = PIECES_EMPTY(&a);
        char expected[64] = "<>";
        for (size_t i = 0; i < count; i++) {
            expected[2 + i] = (char)('A' + i);
            pieces_add_bytes(&l, NULL, (const uint8_t *)&expected[2 + i], 1);
        }
        pieces_insert(&l, 0, (const uint8_t *)"<>", 2);
        assert_int_equal(l.count, count + 1);
        assert_layout_is(&l, expected);
        pieces_close(&l);
        arena_free(&a);
    }
}

UNIT(pieces)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_layout),
        cmocka_unit_test(pieces_follow_one_another),
        cmocka_unit_test(reads_across_pieces),
        cmocka_unit_test(behind_four_gib),
        cmocka_unit_test(a_file_that_shrinks),
        cmocka_unit_test(a_file_that_is_not_there),
        cmocka_unit_test(parts_of_an_open_file),
        cmocka_unit_test(a_borrowed_file_stays_open),
        cmocka_unit_test(a_part_that_its_file_does_not_have),
        cmocka_unit_test(a_borrowed_file_that_shrinks),
        cmocka_unit_test(bytes_that_are_put_first),
        cmocka_unit_test(put_first_before_any_number),
    };
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
