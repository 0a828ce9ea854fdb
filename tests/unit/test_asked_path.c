// SPDX-License-Identifier: Apache-2.0
//
// serve/asked_path.h: what becomes a path below a folder, and all that does not.
#include "unit.h"

#include "asked_path.h"

TEST(paths_are_read)
{
    static const struct {
        const char *target, *path;
    } rows[] = {
        {"/app.bin", "app.bin"},
        {"/a/b/app.bin", "a/b/app.bin"},
        {"//a//app.bin", "a/app.bin"},
        {"/a/", "a"},
        {"/app.bin?version=1&x=../", "app.bin"},
        {"/app.bin#part", "app.bin"},
        {"/an%20app%2Bmore.bin", "an app+more.bin"},
        {"/a%2fapp.bin", "a/app.bin"},
        {"http://host:8070/app.bin", "app.bin"},
        {"/\xC3\xA4.bin", "\xC3\xA4.bin"},
        {"", NULL},
        {"/", NULL},
        {"///", NULL},
        {"app.bin", NULL},
        {"http://host", NULL},
        {"*", NULL},
        {"/..", NULL},
        {"/../app.bin", NULL},
        {"/a/../app.bin", NULL},
        {"/a/..", NULL},
        {"/./app.bin", NULL},
        {"/.git/config", NULL},
        {"/%2e%2e/app.bin", NULL},
        {"/a%2f..%2fapp.bin", NULL},
        {"/..\\app.bin", NULL},
        {"/%5c..%5capp.bin", NULL},
        {"/c:/app.bin", NULL},
        {"/app.bin%00.txt", NULL},
        {"/app.bin%0a", NULL},
        {"/app.bin%7f", NULL},
        {"/app%", NULL},
        {"/app%2", NULL},
        {"/app%2g", NULL},
        {"/app%g2", NULL},
    };
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *path = asked_path(&a, rows[i].target);
        if (rows[i].path == NULL) {
            assert_null(path);
        } else {
            assert_non_null(path);
            assert_string_equal(path, rows[i].path);
        }
    }
    char longest[ASKED_PATH_MOST + 2];
    memset(longest, 'a', sizeof(longest));
    longest[0] = '/';
    longest[ASKED_PATH_MOST] = '\0';
    assert_non_null(asked_path(&a, longest));
    longest[ASKED_PATH_MOST] = 'a';
    longest[ASKED_PATH_MOST + 1] = '\0';
    assert_null(asked_path(&a, longest));
    arena_free(&a);
}

// A name can be asked for where there is a path that is this name alone.
TEST(names_that_have_an_address)
{
    static const char *const names[] = {"app.bin", "an app.bin", "50%.bin", "a?b#c",
                                        "\xc3\xbc.bin"};
    static const char *const others[] = {"", ".app", "c:app.bin", "a\\b", "a\nb"};
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_true(asked_path_is_name(names[i]));
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_false(asked_path_is_name(others[i]));
    }
}

UNIT(asked_path)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_read),
        cmocka_unit_test(names_that_have_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
