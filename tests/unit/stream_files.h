// SPDX-License-Identifier: Apache-2.0
//
// The files that streams are tried with, and what every file must show.
#ifndef STREAM_FILES_H
#define STREAM_FILES_H

#include "unit.h"

#include <dirent.h>
#include <sys/stat.h>

#include "matter_digest.h"
#include "stream_oracle.h"
#include "stream_run.h"

enum { FILE_MOST = 4 * 1024 * 1024, NAME_ROOM = 1024 };

struct bytes {
    size_t n;
    uint8_t *at; // to be freed
};

static inline struct bytes load_file(const char *name)
{
    struct stat st;
    assert_int_equal(stat(name, &st), 0);
    size_t size = (size_t)st.st_size;
    struct bytes b = {size, (uint8_t *)malloc(size == 0 ? 1 : size)};
    FILE *f = fopen(name, "rb");
    assert_non_null(f);
    assert_non_null(b.at);
    assert_true(size <= FILE_MOST);
    assert_int_equal(fread(b.at, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
    return b;
}

static inline struct bytes load_fixture(const char *name)
{
    char path[NAME_ROOM];
    (void)snprintf(path, sizeof(path), "%s/%s", FIXTURES, name);
    return load_file(path);
}

typedef void file_fn(const char *name, const uint8_t *bytes, size_t n);

// Can this build not compute it? Without nettle, older versions of mbedTLS leave out SHA-3.
static inline bool lacks_digest(uint8_t type)
{
    struct digest *d = matter_digest_name(type) == NULL ? NULL : matter_digest_new(type);
    bool lacks = matter_digest_name(type) != NULL && d == NULL;
    digest_free(d);
    return lacks;
}

// Every file under a folder. Returns how many there were.
static inline unsigned each_file(const char *folder, file_fn *fn)
{
    unsigned count = 0;
    char name[NAME_ROOM];
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
        struct stat st;
        int length = snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
        assert_in_range(length, 1, (int)sizeof(name) - 1);
        if (entry->d_name[0] == '.' || stat(name, &st) != 0) {
            continue;
        }
        if (S_ISDIR(st.st_mode)) {
            count += each_file(name, fn);
        } else {
            struct bytes b = load_file(name);
            fn(name, b.at, b.n);
            free(b.at);
            count++;
        }
    }
    (void)closedir(d);
    return count;
}

// ---- Laws ---------------------------------------------------------------------------------------

static inline void complain(const char *name, const struct how *how, const char *what)
{
    fprintf(stderr,
            "%s (pieces of %zu, seed %" PRIu64 ", %sannounced %" PRIu64 ", hashes %#" PRIx32
            "): %s\n",
            name, how->chunk, how->seed, how->unannounced ? "not " : "", how->announced,
            how->hashes, what);
}

// One way for a file to arrive: the stream tells what the parsers of whole files give.
static inline void assert_like_oracle(const char *name, const uint8_t *bytes, size_t n,
                                      const struct how *how, const struct oracle *o)
{
    static struct run r;
    run_stream(&r, bytes, n, how);
    const char *wrong = r.broken != NULL ? r.broken : differs(o, &r.list, r.outcome);
    if (wrong != NULL) {
        complain(name, how, wrong);
        told_print("the stream", &r.list, r.outcome);
        told_print("the parsers", &o->list, o->outcome);
        fail();
    }
}

#endif
