// SPDX-License-Identifier: Apache-2.0
//
// input.h: files, empty ones and large ones, pipes, what is no file, a file that shrinks while it
// is read, text files.
#include "scratch.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "arena.h"
#include "input.h"

enum { SIZE = 20000 };

static uint8_t pattern[SIZE];

static int set_up(void **state)
{
    for (size_t i = 0; i < SIZE; i++) {
        pattern[i] = (uint8_t)(i * 7 + i / 251);
    }
    return scratch_make(state);
}

// Random reads give what a plain pointer gives.
static void check_reads(struct input *in, const uint8_t *bytes, size_t n, uint64_t *x)
{
    struct otapack_source src = input_source(in);
    assert_int_equal(src.size, n);
    for (int i = 0; i < 3000; i++) {
        uint8_t to[6000];
        uint64_t at = random_below(x, n + 10);
        size_t size = (size_t)random_below(x, random_below(x, 4) == 0 ? sizeof(to) : 40);
        struct otapack_status s = otapack_read(&src, at, to, size, "x");
        bool inside = at <= n && size <= n - at;
        assert_int_equal(s.code, inside ? OTAPACK_OK : OTAPACK_TRUNCATED);
        assert_true(!inside || memcmp(to, bytes + at, size) == 0);
    }
}

TEST(a_file_is_read_anywhere)
{
    uint64_t x = random_seed(__func__);
    static const size_t sizes[] = {1, 2, 1024, 1025, 4095, 4096, 4097, 8192, SIZE};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct err e = ERR_NONE;
        file_write("file", pattern, sizes[i]);
        struct input *in = input_open("file", &e);
        assert_non_null(in);
        assert_string_equal(input_name(in), "file");
        check_reads(in, pattern, sizes[i], &x);
        assert_true(input_good(in, &e));
        input_close(in);
    }
}

TEST(an_empty_file)
{
    struct err e = ERR_NONE;
    uint8_t to;
    file_write("empty", "", 0);
    struct input *in = input_open("empty", &e);
    assert_non_null(in);
    struct otapack_source src = input_source(in);
    assert_int_equal(src.size, 0);
    assert_int_equal(otapack_read(&src, 0, &to, 1, "x").code, OTAPACK_TRUNCATED);
    assert_true(input_good(in, &e));
    input_close(in);
}

// A process that writes the pattern in pieces.
static pid_t feed(int from, int to)
{
    pid_t child = fork();
    if (child != 0) {
        (void)close(to);
        return child;
    }
    (void)close(from);
    for (size_t at = 0; at < SIZE;) {
        size_t n = SIZE - at < 777 ? SIZE - at : 777;
        ssize_t put = write(to, pattern + at, n);
        at = put < 0 ? SIZE : at + (size_t)put;
    }
    _exit(0);
}

static void read_stream(int from, int to)
{
    uint64_t x = random_seed(__func__);
    struct err e = ERR_NONE;
    pid_t feeder = feed(from, to);
    assert_true(feeder > 0);
    struct input *in = input_of_fd("stream", from, &e);
    assert_int_equal(waitpid(feeder, NULL, 0), feeder);
    assert_non_null(in);
    check_reads(in, pattern, SIZE, &x);
    input_close(in);
}

TEST(a_pipe_is_read_anywhere)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    read_stream(ends[0], ends[1]);
}

TEST(a_socket_is_read_anywhere)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    read_stream(ends[0], ends[1]);
}

TEST(an_empty_pipe)
{
    int ends[2];
    struct err e = ERR_NONE;
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[1]);
    struct input *in = input_of_fd("pipe", ends[0], &e);
    assert_non_null(in);
    assert_int_equal(input_source(in).size, 0);
    input_close(in);
}

TEST(a_file_without_a_size)
{
    struct err e = ERR_NONE;
    struct stat st;
    if (stat("/proc/self/cmdline", &st) != 0 || st.st_size != 0) {
        skip();
    }
    struct input *in = input_open("/proc/self/cmdline", &e);
    assert_non_null(in);
    assert_true(input_source(in).size > 0);
    input_close(in);
}

TEST(what_cannot_be_opened)
{
    static const char *const rows[][2] = {
        {"missing", "missing: cannot open: "},
        {"missing/file", "missing/file: cannot open: "},
        {".", ".: is a folder"},
        {"/dev/null", "/dev/null: is a device"},
        {"/dev/zero", "/dev/zero: is a device"},
        {"", ": cannot open: "},
        {"file/file", "file/file: cannot open: "},
        {"a\x1B[31m\n", "a\\x1b[31m\\x0a: cannot open: "},
    };
    file_write("file", "x", 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = ERR_NONE;
        assert_null(input_open(rows[i][0], &e));
        assert_int_equal(e.status, STATUS_CANNOT);
        if (strncmp(e.text, rows[i][1], strlen(rows[i][1])) != 0) {
            print_error("%s: %s\n", rows[i][0], e.text);
            fail();
        }
        assert_null(strchr(e.text, '\n'));
    }
}

// It waits for the writer, as cat does; nothing is lost of what comes late.
TEST(a_named_pipe_is_read_to_its_end)
{
    struct err e = ERR_NONE;
    uint64_t x = random_seed(__func__);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    (void)alarm(30);
    pid_t child = fork();
    if (child == 0) {
        (void)usleep(50000);
        int to = open("fifo", O_WRONLY);
        bool good = to >= 0 && write(to, pattern, 1000) == 1000;
        (void)usleep(50000);
        good = good && write(to, pattern + 1000, 500) == 500;
        _exit(good ? 0 : 1);
    }
    struct input *in = input_open("fifo", &e);
    assert_int_equal(waitpid(child, NULL, 0), child);
    (void)alarm(0);
    assert_non_null(in);
    check_reads(in, pattern, 1500, &x);
    input_close(in);
}

// As in `(read line; otapack inspect -) <file`: it begins where whoever had it before stopped.
TEST(standard_input_begins_where_it_stands)
{
    static const off_t starts[] = {0, 1, 5000, SIZE - 1, SIZE, SIZE + 10};
    uint64_t x = random_seed(__func__);
    int kept = dup(STDIN_FILENO);
    file_write("file", pattern, SIZE);
    for (size_t i = 0; i < COUNT(starts); i++) {
        struct err e = ERR_NONE;
        int fd = open("file", O_RDONLY);
        assert_int_equal(lseek(fd, starts[i], SEEK_SET), starts[i]);
        assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
        struct input *in = input_open("-", &e);
        assert_non_null(in);
        assert_string_equal(input_name(in), "standard input");
        size_t left = starts[i] < SIZE ? SIZE - (size_t)starts[i] : 0;
        if (starts[i] <= SIZE) {
            check_reads(in, pattern + starts[i], left, &x);
        }
        input_close(in);
        (void)close(fd);
    }
    if (kept >= 0) {
        (void)dup2(kept, STDIN_FILENO);
        (void)close(kept);
    }
}

// Just as large as may be, and one byte more, where the disk has holes.
TEST(four_gib_and_more)
{
    struct err e = ERR_NONE;
    uint8_t to = 1;
    file_write("large", "", 0);
    if (truncate("large", (off_t)1 << 32) != 0) {
        skip();
    }
    struct input *in = input_open("large", &e);
    assert_non_null(in);
    struct otapack_source src = input_source(in);
    assert_int_equal(src.size, UINT64_C(1) << 32);
    assert_int_equal(otapack_read(&src, UINT32_MAX, &to, 1, "x").code, OTAPACK_OK);
    assert_int_equal(to, 0);
    input_close(in);
    assert_int_equal(truncate("large", ((off_t)1 << 32) + 1), 0);
    assert_null(input_open("large", &e));
    assert_non_null(strstr(e.text, "larger than 4 GiB"));
    (void)unlink("large");
}

// A byte of each of more blocks than there are windows, and of all of them again.
TEST(more_places_than_windows)
{
    enum { BLOCKS = 40, BLOCK = 4096 };
    struct err e = ERR_NONE;
    uint8_t *bytes = malloc((size_t)BLOCKS * BLOCK);
    assert_non_null(bytes);
    for (size_t i = 0; i < BLOCKS; i++) {
        memset(bytes + i * BLOCK, (int)i, BLOCK);
    }
    file_write("file", bytes, (size_t)BLOCKS * BLOCK);
    free(bytes);
    struct input *in = input_open("file", &e);
    struct otapack_source src = input_source(in);
    for (size_t i = 0; i < (size_t)3 * BLOCKS; i++) {
        size_t block = i * 7 % BLOCKS;
        uint8_t to = 0xFF;
        assert_int_equal(otapack_read(&src, block * BLOCK + i, &to, 1, "x").code, OTAPACK_OK);
        assert_int_equal(to, block);
    }
    input_close(in);
}

// Once a read has failed no other is answered: the parsers' picture would have two halves.
TEST(a_file_that_shrinks)
{
    static const size_t reads[] = {1, 8, 1025, 5000}; // through the window, and past it
    for (size_t i = 0; i < COUNT(reads); i++) {
        struct err e = ERR_NONE;
        uint8_t to[5000];
        file_write("file", pattern, SIZE);
        struct input *in = input_open("file", &e);
        struct otapack_source src = input_source(in);
        assert_int_equal(otapack_read(&src, 0, to, reads[i], "x").code, OTAPACK_OK);
        assert_true(input_good(in, &e));
        assert_int_equal(truncate("file", 100), 0);
        assert_int_equal(otapack_read(&src, SIZE - reads[i], to, reads[i], "x").code,
                         OTAPACK_READ_FAILED);
        assert_int_equal(otapack_read(&src, 0, to, 1, "x").code, OTAPACK_READ_FAILED);
        assert_false(input_good(in, &e));
        assert_int_equal(e.status, STATUS_CANNOT);
        assert_non_null(strstr(e.text, "file: changed while it was read; "));
        input_close(in);
    }
}

TEST(a_file_that_grows_stays_as_it_was)
{
    struct err e = ERR_NONE;
    uint8_t to[2];
    file_write("file", pattern, 10);
    struct input *in = input_open("file", &e);
    struct otapack_source src = input_source(in);
    file_write("file", pattern, SIZE);
    assert_int_equal(otapack_read(&src, 9, to, 2, "x").code, OTAPACK_TRUNCATED);
    assert_true(input_good(in, &e));
    input_close(in);
}

TEST(which_file_it_is)
{
    struct err e = ERR_NONE;
    file_write("file", "x", 1);
    file_write("other", "x", 1);
    (void)unlink("link");
    assert_int_equal(symlink("file", "link"), 0);
    struct input *in = input_open("link", &e);
    assert_false(input_is_named(in, "other", &e));
    assert_false(input_is_named(in, "nothing", &e));
    assert_true(input_is_named(in, "file", &e));
    assert_string_equal(e.text, "file: is the file that is read; name another place");
    input_close(in);
}

TEST(text_files)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    file_write("text", "some\ntext", 9);
    assert_string_equal(input_text("text", 9, &a, &e), "some\ntext");
    assert_null(input_text("text", 8, &a, &e));
    assert_non_null(strstr(e.text, "is 9 bytes long"));
    file_write("text", "", 0);
    assert_string_equal(input_text("text", 9, &a, &e), "");
    file_write("text", "so\0me", 5);
    assert_null(input_text("text", 9, &a, &e));
    assert_non_null(strstr(e.text, "NUL"));
    assert_null(input_text("missing", 9, &a, &e));
    assert_null(input_text(".", 9, &a, &e));
    arena_free(&a);
}

UNIT(input)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_anywhere),
        cmocka_unit_test(an_empty_file),
        cmocka_unit_test(a_pipe_is_read_anywhere),
        cmocka_unit_test(a_socket_is_read_anywhere),
        cmocka_unit_test(an_empty_pipe),
        cmocka_unit_test(a_file_without_a_size),
        cmocka_unit_test(what_cannot_be_opened),
        cmocka_unit_test(a_named_pipe_is_read_to_its_end),
        cmocka_unit_test(standard_input_begins_where_it_stands),
        cmocka_unit_test(four_gib_and_more),
        cmocka_unit_test(a_file_that_shrinks),
        cmocka_unit_test(a_file_that_grows_stays_as_it_was),
        cmocka_unit_test(which_file_it_is),
        cmocka_unit_test(text_files),
        cmocka_unit_test(more_places_than_windows),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
