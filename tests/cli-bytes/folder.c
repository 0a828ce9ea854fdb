// SPDX-License-Identifier: Apache-2.0
//
// Folders: a copy with all that is in one, and what is in one, for a comparison.
#include "file.h"
#include "operations.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *copied_from, *copied_to;

static const char *copy_of(const char *path)
{
    static char copy[4096];
    int n = snprintf(copy, sizeof copy, "%s%s", copied_to, path + strlen(copied_from));
    if (n < 0 || (size_t)n >= sizeof copy)
        die("is too long a path", path);
    return copy;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind, (void)at;
    return remove(path);
}

static int copy_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)at;
    if (kind == FTW_F) {
        save(copy_of(path), load(path));
        return 0;
    }
    return kind == FTW_D ? mkdir(copy_of(path), 0777) : -1;
}

// Anew, and so that it can be written to.
int copy_folder(char **a)
{
    struct stat about;
    copied_from = a[0];
    copied_to = a[1];
    if (lstat(a[1], &about) == 0 && nftw(a[1], remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        die_system(a[1]);
    if (nftw(a[0], copy_one, 16, FTW_PHYS) != 0)
        die_system(a[0]);
    return 0;
}

static struct data listed; // lines, each with a NUL behind it

static void list(const char *path, char kind, const struct data bytes)
{
    uint8_t hash[DIGEST];
    digest(MBEDTLS_MD_SHA256, bytes.p, bytes.n, hash);
    add(&listed, path, strlen(path));
    add(&listed, " ", 1);
    add(&listed, &kind, 1);
    for (size_t i = 0; i < DIGEST; i++) {
        char hex[3];
        snprintf(hex, sizeof hex, "%02x", hash[i]);
        add(&listed, hex, 2);
    }
    add(&listed, "", 1);
}

static int list_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)at;
    struct data bytes = {0};
    grow(&bytes, 4096);
    bytes.n = 0;
    if (S_ISREG(about->st_mode)) {
        list(path, 'f', load(path));
    } else if (kind == FTW_SL) {
        ssize_t n = readlink(path, (char *)bytes.p, bytes.room);
        bytes.n = n > 0 ? (size_t)n : 0;
        list(path, 'l', bytes);
    } else
        list(path, kind == FTW_D ? 'd' : 'o', bytes);
    return 0;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

// A line for each thing in a folder: its path, its kind and the SHA-256 of what is in it.
int state(char **a)
{
    grow(&listed, 0);
    if (nftw(a[0], list_one, 16, FTW_PHYS) != 0)
        die_system(a[0]);
    struct data lines = {0};
    for (size_t at = 0; at < listed.n; at += strlen((char *)listed.p + at) + 1) {
        const char *line = (char *)listed.p + at;
        add(&lines, &line, sizeof line);
    }
    size_t count = lines.n / sizeof(char *);
    qsort(lines.p, count, sizeof(char *), by_text);
    for (size_t i = 0; i < count; i++)
        puts(((char **)(void *)lines.p)[i]);
    return 0;
}
