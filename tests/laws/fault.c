// SPDX-License-Identifier: Apache-2.0
//
// What fault.h declares.
#include "fault.h"

#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    bool armed;
    enum fault_kind kind;
    unsigned n, count;
    int error;
    const char *call;
    bool cleans_up;
    unsigned without;
    bool dirty; // written, and not synced
    unsigned unsynced;
} fault;

static struct {
    bool watching;
    dev_t device;
    ino_t inode;
    unsigned n, count;
    fault_change_fn *change;
    void *ctx;
} reads;

static fault_between_fn *between;

bool fault_is_possible(void)
{
#ifdef FAULT_WRAPPED
    return true;
#else
    return false;
#endif
}

void fault_in_memory(void)
{
    if (getenv("TMPDIR") == NULL && access("/dev/shm", W_OK) == 0) {
        assert_int_equal(setenv("TMPDIR", "/dev/shm", 1), 0);
    }
}

void fault_arm(enum fault_kind kind, unsigned n, int error)
{
    fault.kind = kind;
    fault.n = n;
    fault.error = error;
    fault.count = 0;
    fault.call = "none";
    fault.cleans_up = false;
    fault.dirty = false;
    fault.unsynced = 0;
    fault.armed = true;
}

unsigned fault_disarm(void)
{
    fault.armed = false;
    return fault.count;
}

const char *fault_call(void)
{
    return fault.call;
}

bool fault_cleans_up(void)
{
    return fault.cleans_up;
}

unsigned fault_unsynced(void)
{
    return fault.unsynced;
}

void fault_without(unsigned features)
{
    fault.without = features;
}

void fault_between(fault_between_fn *fn)
{
    between = fn;
}

void fault_before_read(const char *file, unsigned n, fault_change_fn *change, void *ctx)
{
    struct stat st;
    assert_int_equal(stat(file, &st), 0);
    reads.device = st.st_dev;
    reads.inode = st.st_ino;
    reads.n = n;
    reads.count = 0;
    reads.change = change;
    reads.ctx = ctx;
    reads.watching = true;
}

unsigned fault_reads(void)
{
    reads.watching = false;
    return reads.count;
}

int fault_child(enum fault_kind kind, unsigned n, const char *line)
{
    (void)fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char *argv[64] = {strdup("otapack")};
        int argc = 1, nothing = open("/dev/null", O_RDWR);
        for (char *word = strtok(strdup(line), " "); word != NULL; word = strtok(NULL, " ")) {
            argv[argc++] = word;
        }
        for (int fd = 0; fd <= 2; fd++) {
            (void)dup2(nothing, fd);
        }
        fault_arm(kind, n, 0);
        _exit(program_run(argc, argv));
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

#ifdef FAULT_WRAPPED

// ---- What comes before each call ----------------------------------------------------------------

enum act { GO_ON, FAIL_NOW, WRITE_HALF };

enum sort { MAKES, SYNCS, WRITES, CLOSES, CLEANS };

static enum act before(const char *call, enum sort sort)
{
    bool now = fault.armed && ++fault.count == fault.n;
    if (!now) {
        return GO_ON;
    }
    fault.call = call;
    fault.cleans_up = sort == CLEANS;
    switch (fault.kind) {
    case FAULT_COUNT:
        return GO_ON;
    case FAULT_KILL:
        (void)kill(getpid(), SIGKILL);
        return GO_ON;
    case FAULT_TERM:
        (void)kill(getpid(), SIGTERM);
        return GO_ON;
    case FAULT_SHORT:
        return sort == WRITES ? WRITE_HALF : GO_ON;
    case FAULT_EINTR:
        errno = EINTR;
        return sort == WRITES || sort == SYNCS || sort == CLOSES ? FAIL_NOW : GO_ON;
    case FAULT_FAIL:
        errno = fault.error;
        return sort == CLEANS ? GO_ON : FAIL_NOW;
    }
    return GO_ON;
}

static bool fails(const char *call, enum sort sort)
{
    return before(call, sort) == FAIL_NOW;
}

static bool lacks(unsigned feature, int error)
{
    errno = error;
    return (fault.without & feature) != 0;
}

static void before_read(int fd)
{
    struct stat st;
    bool watched = reads.watching && fstat(fd, &st) == 0 && st.st_dev == reads.device &&
                   st.st_ino == reads.inode;
    if (watched && ++reads.count == reads.n) {
        reads.watching = false; // what it calls reads, too
        reads.change(reads.ctx);
        reads.watching = true;
    }
}

// ---- The calls ----------------------------------------------------------------------------------

#define WRAP(type, name, ...)                                                                      \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

WRAP(ssize_t, read, int fd, void *to, size_t n)
{
    before_read(fd);
    return __real_read(fd, to, n);
}

WRAP(ssize_t, pread, int fd, void *to, size_t n, off_t at)
{
    before_read(fd);
    return __real_pread(fd, to, n, at);
}

WRAP(ssize_t, pread64, int fd, void *to, size_t n, off_t at)
{
    before_read(fd);
    return __real_pread64(fd, to, n, at);
}

WRAP(ssize_t, write, int fd, const void *bytes, size_t n)
{
    fault.dirty = fault.dirty || fd > STDERR_FILENO;
    enum act act = fd <= STDERR_FILENO ? GO_ON : before("write", WRITES);
    return act == FAIL_NOW ? -1 : __real_write(fd, bytes, act == WRITE_HALF ? (n + 1) / 2 : n);
}

static void come_between(bool made)
{
    if (between != NULL) {
        between(made);
    }
}

static bool open_fails(int flags)
{
    bool nameless = (flags & O_TMPFILE) == O_TMPFILE;
    if (nameless) {
        come_between(false);
    }
    if (nameless && lacks(WITHOUT_TMPFILE, EOPNOTSUPP)) {
        return true;
    }
    return (flags & (O_CREAT | O_WRONLY | O_RDWR)) != 0 && fails("open", MAKES);
}

WRAP(int, open, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    return open_fails(flags) ? -1 : __real_open(path, flags, mode);
}

WRAP(int, open64, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    return open_fails(flags) ? -1 : __real_open64(path, flags, mode);
}

WRAP(int, mkstemp, char *path)
{
    return fails("mkstemp", MAKES) ? -1 : __real_mkstemp(path);
}

WRAP(int, mkstemp64, char *path)
{
    return fails("mkstemp", MAKES) ? -1 : __real_mkstemp64(path);
}

WRAP(int, mkdir, const char *path, mode_t mode)
{
    return fails("mkdir", MAKES) ? -1 : __real_mkdir(path, mode);
}

// No law is about what a disk has after the power went: it need not be waited for.
WRAP(int, fsync, int fd)
{
    (void)fd;
    fault.dirty = false;
    return fails("fsync", SYNCS) ? -1 : 0;
}

// One that fails has closed all the same.
WRAP(int, close, int fd)
{
    bool failed = fd > STDERR_FILENO && fails("close", CLOSES);
    int reason = errno;
    int status = __real_close(fd);
    errno = failed ? reason : errno;
    return failed ? -1 : status;
}

static bool naming_fails(const char *call)
{
    come_between(true);
    fault.unsynced += fault.dirty;
    return fails(call, MAKES);
}

WRAP(int, link, const char *from, const char *to)
{
    return lacks(WITHOUT_LINK, EPERM) || naming_fails("link") ? -1 : __real_link(from, to);
}

WRAP(int, linkat, int a, const char *from, int b, const char *to, int flags)
{
    return lacks(WITHOUT_LINK, EPERM) || naming_fails("linkat")
               ? -1
               : __real_linkat(a, from, b, to, flags);
}

WRAP(int, rename, const char *from, const char *to)
{
    return naming_fails("rename") ? -1 : __real_rename(from, to);
}

WRAP(int, renameat2, int a, const char *from, int b, const char *to, unsigned flags)
{
    return (flags != 0 && lacks(WITHOUT_FLAGS, EINVAL)) || naming_fails("renameat2")
               ? -1
               : __real_renameat2(a, from, b, to, flags);
}

WRAP(int, unlink, const char *path)
{
    return fails("unlink", CLEANS) ? -1 : __real_unlink(path);
}

WRAP(int, rmdir, const char *path)
{
    return fails("rmdir", CLEANS) ? -1 : __real_rmdir(path);
}

WRAP(int, fchmod, int fd, mode_t mode)
{
    return fails("fchmod", CLEANS) ? -1 : __real_fchmod(fd, mode);
}

WRAP(int, chmod, const char *path, mode_t mode)
{
    return fails("chmod", CLEANS) ? -1 : __real_chmod(path, mode);
}

WRAP(int, fchown, int fd, uid_t user, gid_t group)
{
    return fails("fchown", CLEANS) ? -1 : __real_fchown(fd, user, group);
}

#endif
