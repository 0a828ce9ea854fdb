// SPDX-License-Identifier: Apache-2.0
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int fd_temporary(void)
{
    char path[4096];
    const char *folder = getenv("TMPDIR");
    folder = folder == NULL || *folder == '\0' ? "/tmp" : folder;
    (void)signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of write, with its line
#ifdef O_TMPFILE
    int nameless = open(folder, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (nameless >= 0) {
        return nameless;
    }
#endif
    int n = snprintf(path, sizeof(path), "%s/otapack-XXXXXX", folder);
    if (n < 0 || (size_t)n >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) {
        (void)unlink(path);
    }
    return fd;
}

bool fd_same_file(const char *one, const char *other)
{
    struct stat x, y;
    return stat(one, &x) == 0 && stat(other, &y) == 0 && S_ISREG(x.st_mode) &&
           x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

// The folder that a name is in.
static bool stat_folder(const char *name, const char *slash, struct stat *st)
{
    char *folder = slash == NULL ? strdup(".") : strndup(name, (size_t)(slash - name) + 1);
    bool good = folder != NULL && stat(folder, st) == 0;
    free(folder);
    return good;
}

bool fd_same_target(const char *one, const char *other)
{
    struct stat x, y;
    const char *names[] = {one, other};
    const char *slashes[2];
    if (stat(one, &x) == 0 || stat(other, &y) == 0) {
        return fd_same_file(one, other);
    }
    for (size_t i = 0; i < 2; i++) {
        slashes[i] = strrchr(names[i], '/');
        names[i] = slashes[i] == NULL ? names[i] : slashes[i] + 1;
    }
    return strcmp(names[0], names[1]) == 0 && stat_folder(one, slashes[0], &x) &&
           stat_folder(other, slashes[1], &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool fd_write(int fd, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t put = write(fd, bytes, n);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        if (put > 0) {
            bytes += put;
            n -= (size_t)put;
        }
    }
    return true;
}
