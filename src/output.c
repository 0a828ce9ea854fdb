// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "fd.h"
#include "input.h"

// What is written at a time: each block is on its way to the disk while the next is read.
enum { PATH_MOST = 4096, COPY_SIZE = 64 * 1024, BLOCK_SIZE = 256 * 1024 };

struct output {
    char target[PATH_MOST];    // symbolic links resolved
    char temporary[PATH_MOST]; // "": has no name, and is copied to `target` in the end
    int fd;
};

// The outputs that are open, for the signal handler and for exit: an image and its depfile.
enum { OPEN_MOST = 2 };
static struct output *volatile open_outputs[OPEN_MOST];

static void remove_temporaries(void)
{
    for (int i = 0; i < OPEN_MOST; i++) {
        if (open_outputs[i] != NULL && open_outputs[i]->temporary[0] != '\0') {
            (void)unlink(open_outputs[i]->temporary);
        }
    }
}

static void remove_and_die(int sig)
{
    remove_temporaries();
    (void)signal(sig, SIG_DFL);
    (void)raise(sig);
}

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGXCPU};
enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

static void watch_signals(void)
{
    static bool watching;
    if (watching) {
        return;
    }
    watching = true;
    (void)atexit(remove_temporaries);
    (void)signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of write, with its line
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        struct sigaction was;
        if (sigaction(signals[i], NULL, &was) == 0 && was.sa_handler == SIG_DFL) {
            struct sigaction act = {.sa_handler = remove_and_die};
            (void)sigaction(signals[i], &act, NULL);
        }
    }
}

// While they are held back, what the handler looks at can change.
static void hold_signals(bool hold)
{
    sigset_t set;
    (void)sigemptyset(&set);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        (void)sigaddset(&set, signals[i]);
    }
    (void)sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static void watch(struct output *from, struct output *to)
{
    for (int i = 0; i < OPEN_MOST; i++) {
        if (open_outputs[i] == from) {
            open_outputs[i] = to;
            return;
        }
    }
}

// A device or a pipe is written to; a file is replaced.
static bool is_stream(const char *target)
{
    struct stat st;
    return strcmp(target, "-") == 0 || (stat(target, &st) == 0 && !S_ISREG(st.st_mode));
}

static bool open_nameless(struct output *out, struct err *e)
{
    out->fd = fd_temporary();
    return out->fd >= 0 || err_errno(e, out->target, "make a temporary file for it");
}

// Owner and mode of what is written over, where the file system has them and we may; else as a new
// file has them.
static void take_over(int fd, const char *target, mode_t mode)
{
    struct stat st;
    if (stat(target, &st) == 0) {
        bool kept = fchown(fd, st.st_uid, st.st_gid) == 0; // else it is ours
        (void)kept;
        (void)fchmod(fd, st.st_mode & 0777);
        return;
    }
    mode_t mask = umask(0);
    (void)umask(mask);
    (void)fchmod(fd, mode & ~mask);
}

static bool open_beside(struct output *out, mode_t mode, struct err *e)
{
    const char *slash = strrchr(out->target, '/');
    int folder = slash == NULL ? 0 : (int)(slash - out->target) + 1;
    int n = snprintf(out->temporary, sizeof(out->temporary), "%.*s.otapack-XXXXXX", folder,
                     out->target);
    if (n < 0 || (size_t)n >= sizeof(out->temporary)) {
        errno = ENAMETOOLONG;
        return err_errno(e, out->target, "write");
    }
    watch_signals();
    hold_signals(true);
    out->fd = mkostemp(out->temporary, O_CLOEXEC);
    int reason = errno;
    if (out->fd < 0) {
        out->temporary[0] = '\0';
    } else {
        watch(NULL, out);
    }
    hold_signals(false);
    errno = reason;
    if (out->fd < 0) {
        return err_errno(e, out->target, errno == ENOENT ? "write into its folder" : "write");
    }
    take_over(out->fd, out->target, mode);
    return true;
}

// The target itself, where the name is a symbolic link: the link stays.
static bool resolve(struct output *out, const char *target, struct err *e)
{
    struct stat st;
    bool link = lstat(target, &st) == 0 && S_ISLNK(st.st_mode);
    char *real = link ? realpath(target, NULL) : NULL;
    if (link && real == NULL) {
        return err_set(e, STATUS_CANNOT, "%s: is a symbolic link to nothing; name the file itself",
                       target);
    }
    int n = snprintf(out->target, sizeof(out->target), "%s", real == NULL ? target : real);
    free(real);
    if (n <= 0 || (size_t)n >= sizeof(out->target)) {
        errno = n == 0 ? ENOENT : ENAMETOOLONG;
        return err_errno(e, n == 0 ? "output file" : target, "write");
    }
    if (stat(out->target, &st) == 0 && S_ISDIR(st.st_mode)) {
        return err_set(e, STATUS_CANNOT, "%s: is a folder; name a file in it", target);
    }
    return true;
}

bool output_make_folders(const char *target, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    bool good = true;
    char *path = arena_string(&a, target);
    for (char *slash = strchr(path + (*path == '/'), '/'); good && slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        good = mkdir(path, 0777) == 0 || errno == EEXIST || err_errno(e, path, "make the folder");
        *slash = '/';
    }
    arena_free(&a);
    return good;
}

static struct output *open_mode(const char *target, mode_t mode, struct err *e)
{
    struct output *out = calloc(1, sizeof(*out));
    if (out == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    out->fd = -1;
    bool good = resolve(out, target, e) &&
                (is_stream(out->target) ? open_nameless(out, e) : open_beside(out, mode, e));
    if (!good) {
        output_abandon(out);
        return NULL;
    }
    return out;
}

struct output *output_open(const char *target, struct err *e)
{
    return open_mode(target, 0666, e);
}

struct output *output_open_secret(const char *target, struct err *e)
{
    return open_mode(target, 0600, e);
}

bool output_write(struct output *out, const uint8_t *bytes, size_t n, struct err *e)
{
    if (!fd_write(out->fd, bytes, n)) {
        return err_errno(e, out->target, "write");
    }
#ifdef SYNC_FILE_RANGE_WRITE
    // The disk can begin while we go on: fsync has less to wait for.
    (void)sync_file_range(out->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
    return true;
}

bool output_copy(struct output *out, const struct otapack_source *src, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    uint8_t *block = arena_alloc(&a, BLOCK_SIZE);
    bool good = true;
    for (uint64_t at = 0; good && at < src->size; at += BLOCK_SIZE) {
        size_t n = src->size - at < BLOCK_SIZE ? (size_t)(src->size - at) : BLOCK_SIZE;
        good = otapack_read(src, at, block, n, "").code == OTAPACK_OK
                   ? output_write(out, block, n, e)
                   : err_set(e, STATUS_CANNOT, "an input could not be read");
    }
    arena_free(&a);
    return good;
}

struct input *output_read_back(struct output *out, struct err *e)
{
    int fd = dup(out->fd);
    if (fd < 0) {
        err_errno(e, out->target, "read back");
        return NULL;
    }
    return input_of_fd(out->target, fd, e);
}

static bool copy_to_stream(struct output *out, struct err *e)
{
    bool standard = strcmp(out->target, "-") == 0;
    int to = standard ? dup(STDOUT_FILENO) : open(out->target, O_WRONLY | O_CLOEXEC);
    uint8_t block[COPY_SIZE];
    off_t at = 0;
    ssize_t n = 0;
    bool good = to >= 0;
    while (good && (n = pread(out->fd, block, sizeof(block), at)) > 0) {
        good = fd_write(to, block, (size_t)n);
        at += n;
    }
    good = good && n == 0;
    if (!good) {
        err_errno(e, standard ? "standard output" : out->target, "write");
    }
    if (to >= 0 && close(to) != 0 && good) {
        good = err_errno(e, out->target, "write");
    }
    return good;
}

static bool take_name(struct output *out, struct err *e)
{
    if (fsync(out->fd) != 0) {
        return err_errno(e, out->target, "write");
    }
    hold_signals(true);
    bool good = rename(out->temporary, out->target) == 0 || err_errno(e, out->target, "write");
    if (good) {
        out->temporary[0] = '\0';
    }
    hold_signals(false);
    return good;
}

bool output_commit(struct output *out, struct err *e)
{
    bool good = out->temporary[0] == '\0' ? copy_to_stream(out, e) : take_name(out, e);
    output_abandon(out);
    return good;
}

bool output_write_file(const char *target, const struct otapack_source *src, struct err *e)
{
    struct output *out = output_open(target, e);
    if (out == NULL || !output_copy(out, src, e)) {
        output_abandon(out);
        return false;
    }
    return output_commit(out, e);
}

void output_abandon(struct output *out)
{
    if (out == NULL) {
        return;
    }
    hold_signals(true);
    if (out->temporary[0] != '\0') {
        (void)unlink(out->temporary);
    }
    watch(out, NULL);
    hold_signals(false);
    if (out->fd >= 0) {
        (void)close(out->fd);
    }
    free(out);
}
