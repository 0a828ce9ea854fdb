// SPDX-License-Identifier: Apache-2.0
#include "seen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "digest_cache.h"
#include "fingerprint.h"

_Static_assert((int)SEEN_BLOCK == (int)FINGERPRINT_BLOCK, "a block has one fingerprint");

enum { BUCKETS = 256, AT_ONCE = 16 }; // blocks that are read again in one go

struct seen {
    struct seen *next;
    char *path; // NULL: fd
    char *shown;
    int fd;
    uint64_t volume, number; // which file it is
    uint64_t start, size;
    struct fingerprint *blocks;
    struct digest_cache digests;
    int failed;   // errno of the first read that failed, -1: it ended early or changed
    bool is_kept; // in the list below
};

static struct {
    bool on;
    struct seen *buckets[BUCKETS];
} kept;

static void seen_free(struct seen *s)
{
    if (s->fd >= 0) {
        (void)os_close(s->fd);
    }
    free(s->path);
    free(s->shown);
    free(s->blocks);
    digest_cache_clear(&s->digests);
    free(s);
}

void seen_end(void)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        while (kept.buckets[i] != NULL) {
            struct seen *s = kept.buckets[i];
            kept.buckets[i] = s->next;
            seen_free(s);
        }
    }
    kept.on = false;
}

void seen_begin(void)
{
    seen_end();
    fingerprint_draw_key();
    kept.on = true;
}

void seen_keep_no_more(void)
{
    kept.on = false;
}

static struct seen **bucket_of(const struct os_info *info)
{
    return &kept.buckets[info->number % BUCKETS];
}

static struct seen *find(const struct os_info *info, uint64_t start)
{
    struct seen *s = kept.on ? *bucket_of(info) : NULL;
    while (s != NULL &&
           (s->number != info->number || s->volume != info->volume || s->start != start)) {
        s = s->next;
    }
    return s;
}

static uint64_t block_count(const struct seen *s)
{
    return (s->size + SEEN_BLOCK - 1) / SEEN_BLOCK;
}

static size_t block_size(const struct seen *s, uint64_t block)
{
    uint64_t left = s->size - block * SEEN_BLOCK;
    return left < SEEN_BLOCK ? (size_t)left : SEEN_BLOCK;
}

static struct seen *seen_new(const char *path, int fd, const struct os_info *info, uint64_t start,
                             uint64_t size, const char *shown)
{
    struct seen *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return NULL;
    }
    *s = (struct seen){.fd = -1,
                       .volume = info->volume,
                       .number = info->number,
                       .start = start,
                       .size = size,
                       .shown = strdup(shown),
                       .is_kept = kept.on};
    s->path = path == NULL ? NULL : strdup(path);
    s->blocks = calloc((size_t)block_count(s) + 1, sizeof(*s->blocks)); // is memory when it is used
    if (kept.on && path == NULL) {
        s->fd = os_dup(fd);
    }
    if (s->shown == NULL || s->blocks == NULL || (path != NULL && s->path == NULL)) {
        seen_free(s);
        return NULL;
    }
    return s;
}

bool seen_changed(const char *shown, struct err *e)
{
    return err_set(e, STATUS_CANNOT,
                   "%s: changed while it was read; let end what writes it, and try again", shown);
}

struct seen *seen_open(const char *path, int fd, const struct os_info *info, uint64_t start,
                       uint64_t size, const char *shown, struct err *e)
{
    struct seen *s = find(info, start);
    if (s != NULL && s->size != size) {
        s->failed = -1;
        seen_changed(shown, e);
        return NULL;
    }
    if (s != NULL) {
        return s;
    }
    s = seen_new(path, fd, info, start, size, shown);
    if (s == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
    } else if (s->is_kept) {
        s->next = *bucket_of(info);
        *bucket_of(info) = s;
    }
    return s;
}

void seen_close(struct seen *s)
{
    if (s != NULL && !s->is_kept) {
        seen_free(s);
    }
}

struct digest_cache *seen_digests(struct seen *s)
{
    return &s->digests;
}

bool seen_block(struct seen *s, uint64_t block, const uint8_t *bytes, size_t n)
{
    struct fingerprint now = fingerprint_of(bytes, n);
    struct fingerprint *before = &s->blocks[block];
    if (fingerprint_is_none(before)) {
        *before = now;
    }
    if (fingerprint_same(before, &now)) {
        return true;
    }
    seen_failed(s, -1);
    return false;
}

void seen_failed(struct seen *s, int reason)
{
    s->failed = s->failed == 0 ? reason : s->failed;
}

// ---- Before a file gets its name ----------------------------------------------------------------

// How many blocks from here on have been read, as far as one go reads again.
static size_t run_of(const struct seen *s, uint64_t block)
{
    size_t n = 0;
    while (n < AT_ONCE && block + n < block_count(s) &&
           !fingerprint_is_none(&s->blocks[block + n])) {
        n++;
    }
    return n;
}

static bool read_run(struct seen *s, int fd, uint64_t block, size_t blocks)
{
    uint8_t bytes[AT_ONCE * SEEN_BLOCK];
    size_t n = (blocks - 1) * SEEN_BLOCK + block_size(s, block + blocks - 1);
    for (size_t got = 0; got < n;) {
        ssize_t r = os_read_at(fd, bytes + got, n - got, s->start + block * SEEN_BLOCK + got);
        if (r <= 0) {
            seen_failed(s, r < 0 ? errno : -1);
            return false;
        }
        got += (size_t)r;
    }
    for (size_t i = 0; i < blocks; i++) {
        if (!seen_block(s, block + i, bytes + i * SEEN_BLOCK, block_size(s, block + i))) {
            return false;
        }
    }
    return true;
}

static bool read_again(struct seen *s, int fd)
{
    struct os_info info;
    if (!os_info_fd(fd, &info) || info.kind != OS_FILE || info.size < s->start ||
        info.size - s->start != s->size) {
        seen_failed(s, -1);
        return false;
    }
    for (uint64_t block = 0; block < block_count(s);) {
        size_t n = run_of(s, block);
        if (n > 0 && !read_run(s, fd, block, n)) {
            return false;
        }
        block += n > 0 ? n : 1;
    }
    return true;
}

static bool settle(struct seen *s, struct err *e)
{
    if (s->failed == 0) {
        // Whatever has the name now, also another file, must hold the same.
        int fd = s->path == NULL ? s->fd : os_open_again(s->path);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == EINTR)) {
            return err_errno(e, s->shown, "open again");
        }
        if (fd < 0) {
            seen_failed(s, -1);
        } else {
            (void)read_again(s, fd);
        }
        if (fd >= 0 && s->path != NULL) {
            (void)os_close(fd);
        }
    }
    if (s->failed > 0) {
        errno = s->failed;
        return err_errno(e, s->shown, "read");
    }
    return s->failed == 0 || seen_changed(s->shown, e);
}

bool seen_settle(struct err *e)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct seen *s = kept.buckets[i]; s != NULL; s = s->next) {
            if (!settle(s, e)) {
                return false;
            }
        }
    }
    return true;
}
