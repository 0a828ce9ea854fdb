// SPDX-License-Identifier: Apache-2.0
//
// What file.h declares. Whatever the system refuses ends the program.
#include "file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct data read_all(int from, const char *name)
{
    struct data d = {0};
    static uint8_t some[1 << 16];
    ssize_t n;
    grow(&d, 0);
    while ((n = read(from, some, sizeof some)) > 0)
        add(&d, some, (size_t)n);
    if (n < 0)
        die_system(name);
    return d;
}

struct data load(const char *name)
{
    int in = open(name, O_RDONLY);
    if (in < 0)
        die_system(name);
    struct stat about;
    struct data d = {0};
    if (fstat(in, &about) == 0 && S_ISREG(about.st_mode)) {
        add_fill(&d, 0, (size_t)about.st_size);
        if (pread(in, d.p, d.n, 0) != (ssize_t)d.n)
            die_system(name);
    } else
        d = read_all(in, name);
    close(in);
    return d;
}

struct data load_part(const char *name, off_t at, size_t n)
{
    int in = open(name, O_RDONLY);
    if (in < 0)
        die_system(name);
    struct data d = {0};
    add_fill(&d, 0, n);
    ssize_t got = pread(in, d.p, n, at);
    if (got < 0)
        die_system(name);
    d.n = (size_t)got;
    close(in);
    return d;
}

static void write_all(int to, const void *p, size_t n, const char *name)
{
    const uint8_t *at = p;
    while (n > 0) {
        ssize_t written = write(to, at, n);
        if (written <= 0)
            die_system(name);
        at += written;
        n -= (size_t)written;
    }
}

void print(const void *p, size_t n)
{
    write_all(STDOUT_FILENO, p, n, "standard output");
}

void save(const char *name, struct data d)
{
    int out = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (out < 0)
        die_system(name);
    write_all(out, d.p, d.n, name);
    if (close(out) != 0)
        die_system(name);
}

void overwrite(const char *name, off_t at, const void *p, size_t n)
{
    int out = open(name, O_WRONLY | O_CREAT, 0666);
    if (out < 0 || lseek(out, at, SEEK_SET) < 0)
        die_system(name);
    write_all(out, p, n, name);
    if (close(out) != 0)
        die_system(name);
}
