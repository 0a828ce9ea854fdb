// SPDX-License-Identifier: Apache-2.0
//
// os.h and file_path.h, whichever system answers: bytes among others, names that are taken, kinds
// of files, paths.
#include "unit.h"

#include "file_path.h"
#include "os.h"
#include "scratch.h"

TEST(bytes_among_others)
{
    static const char in[] = "abcabdab";
    static const struct {
        const char *bytes;
        int at; // -1: nowhere
    } rows[] = {{"a", 0},    {"abc", 0},      {"abd", 3},        {"bd", 4}, {"dab", 5},  {"ab", 0},
                {"abe", -1}, {"abcabdab", 0}, {"abcabdabc", -1}, {"x", -1}, {"dabx", -1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *hit = os_find(in, sizeof(in) - 1, rows[i].bytes, strlen(rows[i].bytes));
        assert_int_equal(hit == NULL ? -1 : hit - in, rows[i].at);
    }
    assert_null(os_find(in, 0, "a", 1));
    assert_ptr_equal(os_find(in, 7, "a", 0), in);
    assert_null(os_find(in, 7, "dab", 3)); // which the eighth would end
}

TEST(random_bytes_differ)
{
    uint8_t one[16] = {0}, other[16] = {0};
    assert_true(os_random(one, sizeof(one)) && os_random(other, sizeof(other)));
    assert_memory_not_equal(one, other, sizeof(one));
}

TEST(what_has_a_name)
{
    struct os_info info, again;
    int fd = os_create("one");
    assert_true(fd >= 0);
    assert_int_equal(os_create("one"), -1);
    assert_int_equal(os_write(fd, "abc", 3), 3);
    assert_true(os_info_fd(fd, &info) && info.kind == OS_FILE && info.size == 3);
    assert_false(info.for_others);
    assert_true(os_link("one", "two") && os_info("two", &again));
    assert_true(info.volume == again.volume && info.number == again.number);
    assert_true(os_make_folder("folder", false) && os_info("folder", &info));
    assert_true(info.kind == OS_FOLDER && info.number != again.number);
    assert_false(os_rename_new("one", "two")); // it is there, or the system cannot
    assert_true(os_rename("one", "folder/three") && !os_info("one", &info));
    char bytes[4] = "";
    assert_int_equal(os_read_at(fd, bytes, sizeof(bytes), 1), 2);
    assert_string_equal(bytes, "bc");
    assert_int_equal(os_position(fd), 3);
    assert_true(os_close(fd) && os_remove("two") && os_remove("folder/three"));
    assert_true(os_remove_folder("folder") && !os_may_read("folder"));
}

TEST(paths)
{
    static const struct {
        const char *path, *name, *beside; // of `x`, in a file of this path
    } rows[] = {{"a", "a", "x"}, {"a/b", "b", "a/x"},         {"a/", "", "a/x"}, {"/a", "a", "/x"},
                {"/", "", "/x"}, {"../a//b", "b", "../a//x"}, {"", "", "x"}};
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(file_path_name(rows[i].path), rows[i].name);
        assert_string_equal(file_path_beside(&a, rows[i].path, "x"), rows[i].beside);
        assert_string_equal(file_path_beside(&a, rows[i].path, "/x"), "/x");
    }
    assert_true(file_path_is_absolute("/a") && !file_path_is_absolute("a/b"));
    assert_true(file_path_is_name("a.b") && file_path_is_name(""));
    assert_false(file_path_is_name("a/b") || file_path_is_name("/a") || file_path_is_name("a/"));
    arena_free(&a);
}

UNIT(os)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_among_others),
        cmocka_unit_test(random_bytes_differ),
        cmocka_unit_test(what_has_a_name),
        cmocka_unit_test(paths),
    };
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
