// SPDX-License-Identifier: Apache-2.0
//
// output.h: the target appears whole or not at all, keeps its mode and its symbolic links, and
// nothing is left of what was abandoned. Whole sources are copied, or it is said that they are not.
#include "scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "input.h"
#include "output.h"
#include "output_folder.h"

static const uint8_t bytes[] = "the new bytes";
enum { SIZE = sizeof(bytes) - 1 };

// Every test has an empty folder.
static int set_up(void **state __attribute__((unused)))
{
    return mkdir("here", 0777) != 0 || chdir("here") != 0;
}

static int tear_down(void **state __attribute__((unused)))
{
    int failed = chdir("..");
    (void)nftw("here", scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return failed;
}

static struct output *open_and_write(const char *target)
{
    struct err e = ERR_NONE;
    struct output *out = output_open(target, &e);
    assert_non_null(out);
    assert_true(output_write(out, bytes, 4, &e));
    assert_true(output_write(out, bytes + 4, SIZE - 4, &e));
    return out;
}

static void write_target(const char *target)
{
    struct err e = ERR_NONE;
    assert_true(output_commit(open_and_write(target), &e));
    assert_int_equal(e.status, STATUS_OK);
}

static mode_t mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(stat(name, &st), 0);
    return st.st_mode & 07777;
}

TEST(a_new_file)
{
    write_target("new");
    assert_true(file_is("new", bytes, SIZE));
    assert_int_equal(folder_count("."), 1);
}

TEST(an_empty_file)
{
    struct err e = ERR_NONE;
    struct output *out = output_open("new", &e);
    assert_true(output_write(out, bytes, 0, &e));
    assert_true(output_commit(out, &e));
    assert_true(file_is("new", "", 0));
}

TEST(the_target_is_as_it_was_until_it_is_whole)
{
    struct err e = ERR_NONE;
    file_write("old", "old", 3);
    struct output *out = open_and_write("old");
    assert_true(file_is("old", "old", 3));
    assert_true(output_commit(out, &e));
    assert_true(file_is("old", bytes, SIZE));
    assert_int_equal(folder_count("."), 1);
}

TEST(who_has_it_open_keeps_the_old_one)
{
    char was[4] = "";
    file_write("old", "old", 3);
    FILE *f = fopen("old", "rb");
    write_target("old");
    assert_int_equal(fread(was, 1, 3, f), 3);
    assert_string_equal(was, "old");
    (void)fclose(f);
}

TEST(what_is_abandoned_leaves_nothing)
{
    output_abandon(open_and_write("new"));
    assert_int_equal(folder_count("."), 0);
    file_write("old", "old", 3);
    output_abandon(open_and_write("old"));
    assert_true(file_is("old", "old", 3));
    assert_int_equal(folder_count("."), 1);
    output_abandon(NULL);
}

TEST(the_mode_is_kept)
{
    static const mode_t modes[] = {0600, 0644, 0755, 0640, 0444, 0777};
    for (size_t i = 0; i < COUNT(modes); i++) {
        file_write("old", "old", 3);
        assert_int_equal(chmod("old", modes[i]), 0);
        write_target("old");
        assert_int_equal(mode_of("old"), modes[i]);
        assert_int_equal(unlink("old"), 0);
    }
}

TEST(a_secret_is_the_owners)
{
    struct err e = ERR_NONE;
    struct output *out = output_open_secret("new", &e);
    assert_true(output_write(out, bytes, SIZE, &e));
    assert_true(output_commit(out, &e));
    assert_int_equal(mode_of("new"), 0600);
    assert_int_equal(chmod("new", 0644), 0);
    assert_true(output_commit(output_open_secret("new", &e), &e));
    assert_int_equal(mode_of("new"), 0644);
}

TEST(a_new_file_has_the_mode_of_others)
{
    static const mode_t masks[] = {0022, 0077, 0000, 0027};
    for (size_t i = 0; i < COUNT(masks); i++) {
        mode_t was = umask(masks[i]);
        write_target("new");
        mode_t kept = umask(was);
        assert_int_equal(kept, masks[i]);
        assert_int_equal(mode_of("new"), 0666 & ~masks[i]);
        assert_int_equal(unlink("new"), 0);
    }
}

// While it is written nobody may read what the target's mode will not let them read.
TEST(the_temporary_file_is_not_more_open_than_the_target)
{
    struct err e = ERR_NONE;
    file_write("old", "old", 3);
    assert_int_equal(chmod("old", 0600), 0);
    struct output *out = open_and_write("old");
    DIR *d = opendir(".");
    for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
        if (strncmp(entry->d_name, ".otapack", 8) == 0) {
            assert_int_equal(mode_of(entry->d_name), 0600);
        }
    }
    (void)closedir(d);
    assert_true(output_commit(out, &e));
}

TEST(a_symbolic_link_stays_one)
{
    struct stat st;
    assert_int_equal(mkdir("folder", 0777), 0);
    file_write("folder/real", "old", 3);
    assert_int_equal(symlink("folder/real", "link"), 0);
    assert_int_equal(symlink("link", "link2"), 0);
    write_target("link2");
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(lstat("link2", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_true(file_is("folder/real", bytes, SIZE));
    assert_int_equal(folder_count("folder"), 1);
    assert_int_equal(folder_count("."), 3);
}

// Neither the link nor what it does not lead to is made a file.
TEST(a_symbolic_link_to_nothing_is_refused)
{
    struct err e = ERR_NONE;
    struct stat st;
    assert_int_equal(mkdir("folder", 0777), 0);
    assert_int_equal(symlink("folder/real", "link"), 0);
    assert_null(output_open("link", &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_non_null(strstr(e.text, "link: is a symbolic link to nothing"));
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(folder_count("folder"), 0);
    assert_int_equal(folder_count("."), 2);
}

// As /dev/stdout is one where standard output is a pipe.
TEST(a_symbolic_link_to_a_pipe)
{
    char name[64], got[SIZE + 1];
    int ends[2];
    struct stat st;
    assert_int_equal(pipe(ends), 0);
    (void)snprintf(name, sizeof(name), "/dev/fd/%d", ends[1]);
    if (lstat(name, &st) == 0 && S_ISLNK(st.st_mode)) {
        write_target(name);
        assert_int_equal(read(ends[0], got, sizeof(got)), SIZE);
        assert_memory_equal(got, bytes, SIZE);
    }
    (void)close(ends[0]);
    (void)close(ends[1]);
}

// A folder that comes to be while it is written: its files are replaced like those of one that was
// there, or, where nothing may be, none is.
TEST(a_folder_that_others_make_meanwhile)
{
    static const char *const whys[] = {NULL, "; no"};
    for (size_t i = 0; i < 2; i++) {
        struct err e = ERR_NONE;
        struct otapack_source src = otapack_memory(bytes, SIZE);
        struct output_folder *f = output_folder_open("made", whys[i], &e);
        assert_non_null(f);
        assert_true(output_folder_add(f, "one", &src, &e));
        assert_true(output_folder_add(f, "two", &src, &e));
        assert_int_equal(mkdir("made", 0777), 0);
        file_write("made/two", "old", 3);
        assert_int_equal(output_folder_commit(f, &e), whys[i] == NULL);
        if (whys[i] == NULL) {
            assert_true(file_is("made/one", bytes, SIZE) && file_is("made/two", bytes, SIZE));
            assert_int_equal(unlink("made/one"), 0);
        } else {
            assert_non_null(strstr(e.text, "made/two: is there already; no"));
            assert_true(file_is("made/two", "old", 3));
        }
        assert_int_equal(folder_count("made"), 1);
        assert_int_equal(folder_count("."), 1);
        assert_int_equal(unlink("made/two") | rmdir("made"), 0);
    }
}

TEST(a_symbolic_link_to_itself_is_refused)
{
    struct err e = ERR_NONE;
    struct stat st;
    assert_int_equal(symlink("loop", "loop"), 0);
    struct output *out = output_open("loop", &e);
    if (out != NULL) {
        assert_false(output_commit(out, &e));
    }
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_int_equal(lstat("loop", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

TEST(targets_that_cannot_be)
{
    char longest[5000];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    const char *rows[] = {"missing/new", "folder", "folder/", ".", "", "file/new", longest};
    assert_int_equal(mkdir("folder", 0777), 0);
    file_write("file", "old", 3);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = ERR_NONE;
        struct output *out = output_open(rows[i], &e);
        if (out != NULL) {
            assert_false(output_commit(out, &e));
        }
        assert_int_equal(e.status, STATUS_CANNOT);
        assert_true(e.text[0] != '\0');
    }
    assert_int_equal(folder_count("."), 2);
    assert_int_equal(folder_count("folder"), 0);
    assert_true(file_is("file", "old", 3));
}

// Root may write anywhere, so it is somebody else for as long as this takes.
TEST(a_folder_that_nobody_may_write_into)
{
    enum { NOBODY = 65534 };
    struct err e = ERR_NONE;
    bool root = geteuid() == 0;
    assert_int_equal(mkdir("closed", 0777), 0);
    file_write("closed/old", "old", 3);
    assert_int_equal(chmod("closed", 0555), 0);
    if (root && seteuid(NOBODY) != 0) {
        skip();
    }
    struct output *out = output_open("closed/new", &e);
    struct output *over = output_open("closed/old", &e);
    assert_true(!root || seteuid(0) == 0);
    assert_null(out);
    assert_null(over);
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_non_null(strstr(e.text, "closed/old: cannot write: "));
    assert_true(file_is("closed/old", "old", 3));
}

TEST(what_was_written_is_read_back)
{
    struct err e = ERR_NONE;
    uint8_t to[SIZE];
    struct output *out = open_and_write("new");
    struct input *in = output_read_back(out, &e);
    assert_non_null(in);
    struct otapack_source src = input_source(in);
    assert_int_equal(src.size, SIZE);
    assert_int_equal(otapack_read(&src, 0, to, SIZE, "x").code, OTAPACK_OK);
    assert_memory_equal(to, bytes, SIZE);
    input_close(in);
    assert_true(output_commit(out, &e));
    assert_true(file_is("new", bytes, SIZE));
}

// Nothing is written over, also where it came to be in the meantime.
// Whatever is written, and by whichever name the key is called.
TEST(a_private_key_is_not_written_over)
{
    static const char *const keys[] = {
        "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n",
        "Bag Attributes\n    friendlyName: ci\n-----BEGIN RSA PRIVATE KEY-----\nMC4=\n"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct err e = ERR_NONE;
        file_write("key.pem", keys[i], strlen(keys[i]));
        assert_int_equal(symlink("key.pem", "link.pem"), 0);
        assert_null(output_open("key.pem", &e));
        assert_int_equal(e.status, STATUS_CANNOT);
        assert_non_null(strstr(e.text, "key.pem: holds a private key"));
        assert_null(output_open("link.pem", &e));
        assert_null(output_open_secret("key.pem", &e));
        assert_int_equal(unlink("link.pem"), 0);
    }
    // A public one, and firmware with a key inside, are.
    static const char firmware[] = "\xE9\4\0\0\0-----BEGIN PRIVATE KEY-----\nMC4=\n";
    struct err e = ERR_NONE;
    file_write("key.pem", "-----BEGIN PUBLIC KEY-----\n", 27);
    file_write("app.bin", firmware, sizeof(firmware));
    for (int i = 0; i < 2; i++) {
        struct output *out = output_open(i == 0 ? "key.pem" : "app.bin", &e);
        assert_non_null(out);
        output_abandon(out);
    }
}

TEST(what_must_be_new)
{
    struct err e = ERR_NONE;
    struct output *out = output_open_new("new", "; take another", &e);
    assert_non_null(out);
    assert_true(output_write(out, bytes, SIZE, &e));
    file_write("new", "of somebody else", 16);
    assert_false(output_commit(out, &e));
    assert_string_equal(e.text, "new: is there already; take another");
    assert_true(file_is("new", "of somebody else", 16));
    assert_int_equal(folder_count("."), 1);
    assert_null(output_open_new("new", "; take another", &e));
    assert_int_equal(unlink("new"), 0);
    out = output_open_new("new", "; take another", &e);
    assert_true(output_write(out, bytes, SIZE, &e));
    assert_true(output_commit(out, &e));
    assert_true(file_is("new", bytes, SIZE));
    assert_int_equal(folder_count("."), 1);
}

// Two files, the second of which cannot get its name: the first is as it was.
TEST(both_or_none)
{
    static const char *const first[] = {"old", "new"};
    for (size_t i = 0; i < COUNT(first); i++) {
        struct err e = ERR_NONE;
        file_write("old", "old", 3);
        struct output *one = open_and_write(first[i]);
        struct output *two = output_open_new("two", "", &e);
        file_write("two", "of somebody else", 16);
        assert_false(output_commit_all((struct output *const[]){one, two}, 2, &e));
        assert_true(file_is("old", "old", 3));
        assert_true(file_is("two", "of somebody else", 16));
        assert_int_equal(folder_count("."), 2);
        assert_int_equal(unlink("two"), 0);
        one = open_and_write(first[i]);
        two = open_and_write("two");
        assert_true(output_commit_all((struct output *const[]){one, NULL, two}, 3, &e));
        assert_true(file_is(first[i], bytes, SIZE));
        assert_true(file_is("two", bytes, SIZE));
        assert_int_equal(unlink("two"), 0);
    }
}

TEST(a_pipe_gets_everything_at_the_end)
{
    struct err e = ERR_NONE;
    char got[SIZE + 1];
    assert_int_equal(mkfifo("fifo", 0600), 0);
    int fd = open("fifo", O_RDONLY | O_NONBLOCK);
    struct output *out = open_and_write("fifo");
    assert_true(read(fd, got, sizeof(got)) <= 0);
    assert_true(output_commit(out, &e));
    assert_int_equal(read(fd, got, sizeof(got)), SIZE);
    assert_memory_equal(got, bytes, SIZE);
    (void)close(fd);
    assert_int_equal(folder_count("."), 1);
}

TEST(a_device_that_is_full)
{
    struct err e = ERR_NONE;
    if (access("/dev/full", W_OK) != 0) {
        skip();
    }
    struct output *out = open_and_write("/dev/full");
    assert_false(output_commit(out, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_memory_equal(e.text, "/dev/full: cannot write: ", 25);
}

// ---- Sources that are copied ----

enum { BLOCK = 256 * 1024, COPY_MOST = 3 * BLOCK };

TEST(a_source_is_copied)
{
    static const size_t sizes[] = {0, 1, 4096, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, COPY_MOST};
    uint64_t x = random_seed(__func__);
    uint8_t *copy = malloc(COPY_MOST);
    random_bytes(&x, copy, COPY_MOST);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct err e = ERR_NONE;
        struct reading r = reading_of(copy, sizes[i]);
        struct otapack_source src = reading_source(&r);
        struct output *out = output_open("new", &e);
        assert_true(output_copy(out, &src, &e));
        assert_true(output_commit(out, &e));
        assert_int_equal(e.status, STATUS_OK);
        assert_true(file_is("new", copy, sizes[i]));
    }
    free(copy);
}

// A part of a source, between other bytes, as compat's extract has it.
TEST(a_part_is_copied)
{
    struct err e = ERR_NONE;
    struct otapack_source src = otapack_memory((const uint8_t *)"head:payload:end", 16);
    struct otapack_source part = otapack_part(&src, 5, 7);
    struct output *out = output_open("new", &e);
    assert_true(output_write(out, (const uint8_t *)"<", 1, &e));
    assert_true(output_copy(out, &part, &e));
    assert_true(output_write(out, (const uint8_t *)">", 1, &e));
    assert_true(output_commit(out, &e));
    assert_true(file_is("new", "<payload>", 9));
}

TEST(a_source_that_cannot_be_read)
{
    for (unsigned fail_at = 1; fail_at <= 3; fail_at++) {
        struct err e = ERR_NONE;
        struct reading r = {.fill = 7, .size = COPY_MOST, .fail_at = fail_at};
        struct otapack_source src = reading_source(&r);
        file_write("old", "old", 3);
        struct output *out = output_open("old", &e);
        assert_false(output_copy(out, &src, &e));
        assert_int_equal(e.status, STATUS_CANNOT);
        assert_string_equal(e.text, "an input could not be read");
        assert_int_equal(r.reads, fail_at); // nothing is tried after that
        output_abandon(out);
        assert_true(file_is("old", "old", 3));
        assert_int_equal(folder_count("."), 1);
    }
}

TEST(a_copy_that_cannot_be_written)
{
    struct rlimit was, low;
    struct err e = ERR_NONE;
    struct reading r = {.fill = 7, .size = COPY_MOST};
    struct otapack_source src = reading_source(&r);
    struct output *out = output_open("new", &e);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    low = (struct rlimit){BLOCK + BLOCK / 2, was.rlim_max}; // in the middle of the second block
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    bool good = output_copy(out, &src, &e);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    (void)signal(SIGXFSZ, handler);
    assert_false(good);
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_memory_equal(e.text, "new: cannot write: ", 19);
    assert_int_equal(r.reads, 2);
    output_abandon(out);
    assert_int_equal(folder_count("."), 0);
}

UNIT(output)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_new_file),
        IN_FOLDER(an_empty_file),
        IN_FOLDER(the_target_is_as_it_was_until_it_is_whole),
        IN_FOLDER(who_has_it_open_keeps_the_old_one),
        IN_FOLDER(what_is_abandoned_leaves_nothing),
        IN_FOLDER(the_mode_is_kept),
        IN_FOLDER(a_secret_is_the_owners),
        IN_FOLDER(a_new_file_has_the_mode_of_others),
        IN_FOLDER(the_temporary_file_is_not_more_open_than_the_target),
        IN_FOLDER(a_symbolic_link_stays_one),
        IN_FOLDER(a_symbolic_link_to_nothing_is_refused),
        IN_FOLDER(a_symbolic_link_to_a_pipe),
        IN_FOLDER(a_folder_that_others_make_meanwhile),
        IN_FOLDER(a_symbolic_link_to_itself_is_refused),
        IN_FOLDER(targets_that_cannot_be),
        IN_FOLDER(a_folder_that_nobody_may_write_into),
        IN_FOLDER(what_was_written_is_read_back),
        IN_FOLDER(a_private_key_is_not_written_over),
        IN_FOLDER(what_must_be_new),
        IN_FOLDER(both_or_none),
        IN_FOLDER(a_pipe_gets_everything_at_the_end),
        IN_FOLDER(a_device_that_is_full),
        IN_FOLDER(a_source_is_copied),
        IN_FOLDER(a_part_is_copied),
        IN_FOLDER(a_source_that_cannot_be_read),
        IN_FOLDER(a_copy_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
