// SPDX-License-Identifier: Apache-2.0
//
// secret.h: whole files up to a size, first lines, the environment; wiping.
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>

#include "secret.h"

static void assert_refused(const char *file, size_t most)
{
    struct secret s;
    struct err e = ERR_NONE;
    assert_false(secret_of_file(file, most, &s, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_non_null(strstr(e.text, file));
    assert_null(s.bytes);
    assert_int_equal(s.size, 0);
}

TEST(whole_files)
{
    static const char bytes[] = "a\0b\nc\r\n\xFF";
    const size_t n = sizeof(bytes) - 1;
    struct secret s;
    struct err e = ERR_NONE;
    file_write("file", bytes, n);
    for (size_t most = n; most < n + 3; most++) {
        assert_true(secret_of_file("file", most, &s, &e));
        assert_int_equal(s.size, n);
        assert_memory_equal(s.bytes, bytes, n);
        assert_int_equal(s.bytes[n], 0);
        secret_wipe(&s);
        assert_null(s.bytes);
        assert_int_equal(s.size, 0);
        secret_wipe(&s); // again does no harm
    }
    assert_refused("file", n - 1);
    assert_refused("file", 0);
    assert_refused("missing", 100);
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_refused("folder", 100);
}

TEST(empty_files)
{
    struct secret s;
    struct err e = ERR_NONE;
    file_write("empty", "", 0);
    assert_true(secret_of_file("empty", 10, &s, &e));
    assert_int_equal(s.size, 0);
    assert_string_equal(s.bytes, "");
    secret_wipe(&s);
    assert_true(secret_of_file("/dev/null", 10, &s, &e));
    assert_int_equal(s.size, 0);
    secret_wipe(&s);
    assert_refused("/dev/zero", 1000); // without an end
}

TEST(first_lines)
{
    static const struct {
        const char *text, *line; // NULL: refused
    } rows[] = {
        {"word", "word"},
        {"word\n", "word"},
        {"word\r\n", "word"},
        {"one\ntwo\n", "one"},
        {" with blanks \n", " with blanks "},
        {"\ttab", "\ttab"},
        {"one\r\ntwo", "one"},
        {"\xC3\xA4\n", "\xC3\xA4"},
        {"", NULL},
        {"\n", NULL},
        {"\r\n", NULL},
        {"\nsecond\n", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct secret s;
        struct err e = ERR_NONE;
        file_write("line", rows[i].text, strlen(rows[i].text));
        bool good = secret_line_of_file("line", &s, &e);
        assert_int_equal(good, rows[i].line != NULL);
        if (good) {
            assert_string_equal(s.bytes, rows[i].line);
        } else {
            assert_int_equal(e.status, STATUS_CANNOT);
            assert_non_null(strstr(e.text, "line"));
            assert_null(s.bytes);
        }
        secret_wipe(&s);
    }
}

// Behind the line nothing of the others is left, and secret_wipe still knows how much there was.
TEST(what_follows_a_line_is_wiped)
{
    static const char text[] = "first\nsecond line\n";
    struct secret s;
    struct err e = ERR_NONE;
    file_write("lines", text, sizeof(text) - 1);
    assert_true(secret_line_of_file("lines", &s, &e));
    assert_true(s.size >= strlen("first"));
    for (size_t i = strlen("first"); i < s.size; i++) {
        assert_int_equal(s.bytes[i], 0);
    }
    secret_wipe(&s);
}

TEST(the_environment)
{
    struct secret s;
    assert_int_equal(unsetenv("OTAPACK_UNIT"), 0);
    assert_false(secret_of_environment("OTAPACK_UNIT", &s));
    assert_null(s.bytes);
    assert_int_equal(setenv("OTAPACK_UNIT", "", 1), 0);
    assert_false(secret_of_environment("OTAPACK_UNIT", &s));
    assert_int_equal(setenv("OTAPACK_UNIT", "pass phrase ", 1), 0);
    assert_true(secret_of_environment("OTAPACK_UNIT", &s));
    assert_string_equal(s.bytes, "pass phrase ");
    secret_wipe(&s);
}

TEST(wiping)
{
    uint8_t bytes[100];
    for (size_t n = 0; n < sizeof(bytes); n += 7) {
        memset(bytes, 0xA5, sizeof(bytes));
        wipe(bytes, n);
        for (size_t i = 0; i < sizeof(bytes); i++) {
            assert_int_equal(bytes[i], i < n ? 0 : 0xA5);
        }
    }
}

// Only its owner can read it, and nothing is written over, not even by way of a link.
TEST(new_files)
{
    struct err e = ERR_NONE;
    struct stat st;
    assert_true(secret_to_new_file("new", "secret", 6, &e));
    assert_true(file_is("new", "secret", 6));
    assert_int_equal(stat("new", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(symlink("nothing", "link"), 0);
    assert_false(secret_to_new_file("new", "other", 5, &e));
    assert_non_null(strstr(e.text, "new: is there already, "));
    assert_true(file_is("new", "secret", 6));
    assert_false(secret_to_new_file("link", "other", 5, &e));
    assert_non_null(strstr(e.text, "link: is there already, "));
    assert_int_not_equal(stat("nothing", &st), 0);
    assert_false(secret_to_new_file("nofolder/new", "other", 5, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
}

// It says why, and not that there is no such file: that is so of every new file.
TEST(no_new_file_there)
{
    static const char *const files[] = {"nofolder/new", "file/new", "locked/new", "/sys/new"};
    file_write("file", "", 0);
    assert_int_equal(mkdir("locked", 0500), 0); // which does not stop root
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct err e = ERR_NONE;
        int fd = open(files[i], O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (fd >= 0) {
            assert_int_equal(close(fd), 0);
            assert_int_equal(unlink(files[i]), 0);
            continue;
        }
        const char *reason = strerror(errno);
        assert_false(secret_to_new_file(files[i], "secret", 6, &e));
        assert_non_null(strstr(e.text, reason));
    }
}

// No terminal: a message, and nothing to wipe.
TEST(nobody_to_ask)
{
    struct secret s;
    struct err e = ERR_NONE;
    if (setsid() < 0) {
        skip(); // the leader of a group keeps its terminal
    }
    assert_false(secret_ask("the passphrase of x", "do that instead", &s, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_non_null(strstr(e.text, "the passphrase of x"));
    assert_non_null(strstr(e.text, "; do that instead"));
    assert_null(s.bytes);
}

UNIT(secret)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_files),     cmocka_unit_test(empty_files),
        cmocka_unit_test(first_lines),     cmocka_unit_test(what_follows_a_line_is_wiped),
        cmocka_unit_test(the_environment), cmocka_unit_test(wiping),
        cmocka_unit_test(new_files),       cmocka_unit_test(no_new_file_there),
        cmocka_unit_test(nobody_to_ask),
    };
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
