// SPDX-License-Identifier: Apache-2.0
//
// os.h: what is there, and open files.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os.h"
#include "os_posix.h"

enum { NANOSECONDS = 1000000000 };

// ---- What is there ------------------------------------------------------------------------------

static enum os_kind kind_of(mode_t mode)
{
    return S_ISREG(mode)                      ? OS_FILE
           : S_ISDIR(mode)                    ? OS_FOLDER
           : S_ISLNK(mode)                    ? OS_LINK
           : S_ISFIFO(mode) || S_ISSOCK(mode) ? OS_PIPE
                                              : OS_DEVICE;
}

static bool info_of(bool good, const struct stat *st, struct os_info *out)
{
    if (good) {
        *out = (struct os_info){.kind = kind_of(st->st_mode),
                                .for_others = (st->st_mode & (S_IRWXG | S_IRWXO)) != 0,
                                .size = st->st_size > 0 ? (uint64_t)st->st_size : 0,
                                .volume = (uint64_t)st->st_dev,
                                .number = (uint64_t)st->st_ino,
                                .modified = (int64_t)st->st_mtim.tv_sec * NANOSECONDS +
                                            st->st_mtim.tv_nsec};
    }
    return good;
}

bool os_info(const char *path, struct os_info *out)
{
    struct stat st;
    return info_of(stat(path, &st) == 0, &st, out);
}

bool os_info_link(const char *path, struct os_info *out)
{
    struct stat st;
    return info_of(lstat(path, &st) == 0, &st, out);
}

bool os_info_fd(int fd, struct os_info *out)
{
    struct stat st;
    bool good = info_of(fstat(fd, &st) == 0, &st, out);
    if (good && out->kind == OS_DEVICE && isatty(fd) == 1) {
        out->kind = OS_TERMINAL;
    }
    return good;
}

bool os_may_read(const char *path)
{
    return access(path, R_OK) == 0;
}

char *os_real_path(const char *path)
{
    return realpath(path, NULL);
}

// ---- Paths --------------------------------------------------------------------------------------

bool os_is_separator(char c)
{
    return c == '/';
}

size_t os_root(const char *path)
{
    return path[0] == '/' ? 1 : 0;
}

// ---- Open files ---------------------------------------------------------------------------------

int os_open_read(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

int os_open_again(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

int os_open_write(const char *path)
{
    return open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
}

int os_create(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

// Without a name from the start, or as soon as it is there.
int os_temporary(void)
{
    char path[4096];
    const char *folder = getenv("TMPDIR");
    folder = folder == NULL || *folder == '\0' ? "/tmp" : folder;
    (void)signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of write, with its line
    int fd = posix_nameless(folder, true);
    if (fd >= 0) {
        return fd;
    }
    int n = snprintf(path, sizeof(path), "%s/otapack-XXXXXX", folder);
    if (n < 0 || (size_t)n >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkstemp(path);
    if (fd >= 0) {
        (void)unlink(path);
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    return fd;
}

int os_dup(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

// One that is interrupted has closed.
bool os_close(int fd)
{
    return close(fd) == 0 || errno == EINTR;
}

ssize_t os_read(int fd, void *to, size_t n)
{
    ssize_t got;
    do {
        got = read(fd, to, n);
    } while (got < 0 && errno == EINTR);
    return got;
}

ssize_t os_read_at(int fd, void *to, size_t n, uint64_t at)
{
    ssize_t got;
    do {
        got = pread(fd, to, n, (off_t)at);
    } while (got < 0 && errno == EINTR);
    return got;
}

ssize_t os_write(int fd, const void *bytes, size_t n)
{
    ssize_t put;
    do {
        put = write(fd, bytes, n);
    } while (put < 0 && errno == EINTR);
    return put;
}

int64_t os_position(int fd)
{
    return lseek(fd, 0, SEEK_CUR);
}

bool os_sync(int fd)
{
    int status;
    do {
        status = fsync(fd);
    } while (status != 0 && errno == EINTR);
    return status == 0;
}

static mode_t allowed(mode_t mode)
{
    mode_t mask = umask(0);
    (void)umask(mask);
    return mode & ~mask;
}

void os_take_access(int fd, const char *old, bool secret)
{
    struct stat st;
    if (old != NULL && stat(old, &st) == 0) {
        bool kept = fchown(fd, st.st_uid, st.st_gid) == 0; // else it is ours
        (void)kept;
        (void)fchmod(fd, st.st_mode & 0777);
        return;
    }
    (void)fchmod(fd, allowed(secret ? 0600 : 0666));
}

bool os_copy_access(int from, int to)
{
    struct stat st;
    if (fstat(from, &st) != 0) {
        return false;
    }
    bool kept = fchown(to, st.st_uid, st.st_gid) == 0; // else it is ours
    (void)kept;
    return fchmod(to, st.st_mode & 0777) == 0;
}

// ---- Names --------------------------------------------------------------------------------------

bool os_make_folder(const char *path, bool secret)
{
    return mkdir(path, secret ? 0700 : 0777) == 0;
}

void os_share_folder(const char *path)
{
    (void)chmod(path, allowed(0777));
}

bool os_remove(const char *path)
{
    return unlink(path) == 0;
}

bool os_remove_folder(const char *path)
{
    return rmdir(path) == 0;
}

bool os_each_name(const char *folder, bool (*take)(void *ctx, const char *name), void *ctx)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry = NULL;
    bool more = dir != NULL;
    while (more) {
        errno = 0;
        entry = readdir(dir);
        bool self =
            entry != NULL && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
        more = entry != NULL && (self || take(ctx, entry->d_name));
    }
    int reason = errno;
    if (dir != NULL) {
        (void)closedir(dir);
    }
    errno = reason;
    return dir != NULL && (entry != NULL || reason == 0);
}

bool os_link(const char *from, const char *to)
{
    return link(from, to) == 0;
}

bool os_rename(const char *from, const char *to)
{
    return rename(from, to) == 0;
}

int os_create_nameless(const char *folder)
{
    return posix_nameless(folder, false);
}
