// SPDX-License-Identifier: Apache-2.0
//
// A folder of its own for a test program that works on files. The program runs in it, and it goes
// away at the end, whatever the tests left in it.
#ifndef SCRATCH_H
#define SCRATCH_H

#include "unit.h"

#include <dirent.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch_folder[512];

static int scratch_remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    (void)remove(name);
    return 0;
}

static inline void scratch_remove(void)
{
    (void)nftw(scratch_folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

// A set-up function of a group of tests.
static inline int scratch_make(void **state __attribute__((unused)))
{
    const char *tmp = getenv("TMPDIR");
    int n = snprintf(scratch_folder, sizeof(scratch_folder), "%s/otapack-unit.XXXXXX",
                     tmp == NULL || *tmp == '\0' ? "/tmp" : tmp);
    return n >= (int)sizeof(scratch_folder) || mkdtemp(scratch_folder) == NULL ||
           atexit(scratch_remove) != 0 || chdir(scratch_folder) != 0;
}

static inline void file_write(const char *name, const void *bytes, size_t n)
{
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

// Does the file hold exactly these bytes?
static inline bool file_is(const char *name, const void *bytes, size_t n)
{
    uint8_t block[4096];
    const uint8_t *at = (const uint8_t *)bytes;
    FILE *f = fopen(name, "rb");
    bool same = f != NULL;
    for (size_t got = 1; same && got > 0;) {
        got = fread(block, 1, sizeof(block), f);
        same = got <= n && memcmp(block, at, got) == 0;
        at += got;
        n -= same ? got : 0;
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    return same && n == 0;
}

// How many names are in a folder.
static inline unsigned folder_count(const char *name)
{
    DIR *d = opendir(name);
    unsigned count = 0;
    assert_non_null(d);
    for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    (void)closedir(d);
    return count;
}

#endif
