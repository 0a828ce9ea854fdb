// SPDX-License-Identifier: Apache-2.0
#include "input.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "digest_cache.h"
#include "fd.h"
#include "os.h"
#include "seen.h"
#include "text.h"

// As many windows as there are places at which all that could be in a file is looked for.
enum { WINDOW = SEEN_BLOCK, WINDOWS = 16, COPY_SIZE = 64 * 1024 };

struct window {
    uint64_t at, used; // `used` 0: it holds nothing
    uint8_t bytes[WINDOW];
};

struct input {
    char *name;
    int fd;
    bool standard;  // standard input
    bool own;       // a file that we write ourselves
    uint64_t start; // of its bytes in the file
    uint64_t size;
    int failed; // errno of the first read that failed, -1: the file shrank, -2: it changed
    uint64_t volume, number;         // which file it is
    struct seen *seen;               // NULL: nobody else can write it
    struct digest_cache digests;     // of what is not seen
    struct window *windows[WINDOWS]; // the first ones are there
    struct window *last;             // that was used
    uint64_t uses;
};

static bool fail(struct input *in, int reason)
{
    in->failed = reason;
    if (in->seen != NULL) {
        seen_failed(in->seen, reason > 0 ? reason : -1);
    }
    return false;
}

// Reads exactly n bytes; a file that ends early has shrunk since it was opened.
static bool read_fully(struct input *in, uint64_t at, uint8_t *to, size_t n)
{
    while (n > 0) {
        ssize_t got = os_read_at(in->fd, to, n, in->start + at);
        if (got <= 0) {
            return fail(in, got < 0 ? errno : -1);
        }
        to += got;
        at += (uint64_t)got;
        n -= (size_t)got;
    }
    return true;
}

// Reads whole blocks, the last of which may be the file's end.
static bool read_blocks(struct input *in, uint64_t at, uint8_t *to, size_t n)
{
    if (!read_fully(in, at, to, n)) {
        return false;
    }
    for (size_t done = 0; in->seen != NULL && done < n; done += SEEN_BLOCK) {
        size_t size = n - done < SEEN_BLOCK ? n - done : SEEN_BLOCK;
        if (!seen_block(in->seen, (at + done) / SEEN_BLOCK, to + done, size)) {
            return fail(in, -2);
        }
    }
    return true;
}

// The one with the block at `at`, or, where there is none, one to read it into: a new one, or that
// which was not used for the longest time. NULL: there is no memory.
static struct window *find_window(struct input *in, uint64_t at)
{
    struct window **oldest = &in->windows[0];
    for (struct window **w = in->windows; w < in->windows + WINDOWS; w++) {
        if (*w == NULL) {
            *w = malloc(sizeof(**w));
            if (*w != NULL) {
                (*w)->used = 0;
            }
            return *w;
        }
        if ((*w)->used > 0 && (*w)->at == at) {
            return *w;
        }
        oldest = (*w)->used < (*oldest)->used ? w : oldest;
    }
    return *oldest;
}

// The window that has the block at `at`; NULL: it cannot be read.
static const struct window *fill_window(struct input *in, uint64_t at)
{
    uint64_t left = in->size - at;
    struct window *w = in->last;
    if (w != NULL && w->used > 0 && w->at == at) {
        return w;
    }
    w = in->last = find_window(in, at);
    if (w == NULL) {
        (void)fail(in, ENOMEM);
        return NULL;
    }
    if (w->used == 0 || w->at != at) {
        w->used = 0;
        w->at = at;
        if (!read_blocks(in, at, w->bytes, left < WINDOW ? (size_t)left : WINDOW)) {
            return NULL;
        }
    }
    w->used = ++in->uses;
    return w;
}

// How much of a read are whole blocks, which need no window; 0: it begins inside of one.
static size_t whole_blocks(const struct input *in, uint64_t at, size_t n)
{
    if (at % SEEN_BLOCK != 0) {
        return 0;
    }
    return at + n == in->size ? n : n - n % SEEN_BLOCK;
}

// The read hook: small reads, which walk through headers, and the ends of large ones are served
// from windows.
static bool input_read(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    struct input *in = ctx;
    if (in->failed != 0) {
        return false;
    }
    while (n > 0) {
        size_t inside = (size_t)(at % WINDOW), done = n < WINDOW ? 0 : whole_blocks(in, at, n);
        if (done > 0) {
            if (!read_blocks(in, at, to, done)) {
                return false;
            }
        } else {
            done = WINDOW - inside < n ? WINDOW - inside : n;
            const struct window *w = fill_window(in, at - inside);
            if (w == NULL) {
                return false;
            }
            memcpy(to, w->bytes + inside, done);
        }
        at += done;
        to += done;
        n -= done;
    }
    return true;
}

// Copies all that can be read, up to what an image can have; measure refuses more.
static bool copy_all(struct input *in, int copy, struct err *e)
{
    uint8_t block[COPY_SIZE];
    while (in->size <= INPUT_MOST) {
        ssize_t n = os_read(in->fd, block, sizeof(block));
        if (n < 0) {
            return err_errno(e, in->name, "read");
        }
        if (n == 0) {
            break;
        }
        if (!fd_write(copy, block, (size_t)n)) {
            return err_errno(e, in->name, "keep its contents in a temporary file");
        }
        in->size += (uint64_t)n;
    }
    return true;
}

// A pipe becomes a temporary file that has no name.
static bool spool(struct input *in, struct err *e)
{
    int copy = os_temporary();
    if (copy < 0) {
        return err_errno(e, in->name, "make a temporary file for its contents");
    }
    bool good = copy_all(in, copy, e);
    (void)os_close(in->fd);
    in->fd = copy;
    in->start = 0;
    return good;
}

// Says what the descriptor is, and how many bytes there are. `path` NULL: it has none.
static bool measure(struct input *in, const char *path, struct err *e)
{
    struct os_info info;
    bool may_change = false;
    if (!os_info_fd(in->fd, &info)) {
        return err_errno(e, in->name, "examine");
    }
    in->volume = info.volume;
    in->number = info.number;
    if (info.kind == OS_FOLDER) {
        return err_set(e, STATUS_CANNOT, "%s: is a folder; name a file in it", in->name);
    }
    if (info.kind == OS_FILE && info.size > 0) {
        // Standard input begins where whoever had it before us stopped.
        int64_t at = in->standard ? os_position(in->fd) : 0;
        uint64_t start = at > 0 ? (uint64_t)at : 0;
        in->start = start < info.size ? start : info.size;
        in->size = info.size - in->start;
        may_change = !in->own;
    } else if (info.kind == OS_FILE) {
        return spool(in, e); // empty, or a file of /proc, which has bytes but no size
    } else if (info.kind != OS_PIPE) {
        return err_set(e, STATUS_CANNOT, "%s: is a %s; name a file or a pipe", in->name,
                       info.kind == OS_TERMINAL ? "terminal" : "device");
    } else if (!spool(in, e)) {
        return false;
    }
    if (in->size > INPUT_MOST) {
        return err_set(e, STATUS_CANNOT,
                       "%s: is larger than 4 GiB, which no image is; name another file", in->name);
    }
    in->seen = may_change ? seen_open(path, in->fd, &info, in->start, in->size, in->name, e) : NULL;
    return !may_change || in->seen != NULL;
}

static char *shown_name(const char *name)
{
    struct arena a = ARENA_EMPTY;
    char *copy = strdup(strcmp(name, "-") == 0 ? "standard input" : text_printable(&a, name));
    arena_free(&a);
    return copy;
}

static struct input *input_new(const char *name, int fd, bool own, struct err *e)
{
    struct input *in = calloc(1, sizeof(*in));
    char *shown = shown_name(name);
    if (in == NULL || shown == NULL) {
        free(in);
        free(shown);
        (void)os_close(fd);
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    in->name = shown;
    in->fd = fd;
    in->standard = !own && strcmp(name, "-") == 0;
    in->own = own;
    if (!measure(in, in->standard ? NULL : name, e)) {
        input_close(in);
        return NULL;
    }
    return in;
}

struct input *input_of_fd(const char *name, int fd, struct err *e)
{
    return input_new(name, fd, true, e);
}

struct input *input_open(const char *name, struct err *e)
{
    bool standard = strcmp(name, "-") == 0;
    int fd = standard ? os_dup(OS_STDIN) : os_open_read(name);
    if (fd >= 0) {
        return input_new(name, fd, false, e);
    }
    char *shown = shown_name(name);
    err_errno(e, shown == NULL ? name : shown, "open");
    free(shown);
    return NULL;
}

void input_close(struct input *in)
{
    if (in != NULL) {
        (void)os_close(in->fd);
        seen_close(in->seen);
        digest_cache_clear(&in->digests);
        for (size_t i = 0; i < WINDOWS; i++) {
            free(in->windows[i]);
        }
        free(in->name);
        free(in);
    }
}

const char *input_name(const struct input *in)
{
    return in->name;
}

struct otapack_source input_source(struct input *in)
{
    return (struct otapack_source){.read = input_read, .ctx = in, .size = in->size};
}

struct digest_cache *input_digests(const struct otapack_source *src)
{
    struct input *in = src->read == input_read ? src->ctx : NULL;
    return in == NULL ? NULL : in->seen == NULL ? &in->digests : seen_digests(in->seen);
}

bool input_good(const struct input *in, struct err *e)
{
    if (in->failed > 0) {
        errno = in->failed;
        return err_errno(e, in->name, "read");
    }
    return in->failed == 0 || seen_changed(in->name, e);
}

struct input_identity input_identity(const struct input *in)
{
    return (struct input_identity){in->volume, in->number};
}

bool input_is_named(const struct input *in, const char *name, struct err *e)
{
    struct os_info info;
    if (!os_info(name, &info) || in->volume != info.volume || in->number != info.number) {
        return false;
    }
    err_set(e, STATUS_CANNOT, "%s: is the file that is read; name another place", name);
    return true;
}

char *input_text(const char *name, size_t most, struct arena *a, struct err *e)
{
    struct input *in = input_open(name, e);
    char *text = NULL;
    if (in == NULL) {
        return NULL;
    }
    if (in->size > most) {
        err_set(e, STATUS_CANNOT,
                "%s: is %" PRIu64 " bytes long, more than the %zu of such a "
                "text file; name another file",
                in->name, in->size, most);
    } else {
        text = arena_alloc(a, (size_t)in->size + 1);
        if (!input_read(in, 0, (uint8_t *)text, (size_t)in->size)) {
            input_good(in, e);
            text = NULL;
        } else if (strlen(text) != in->size) {
            err_set(e, STATUS_CANNOT,
                    "%s: has NUL bytes in it, so it is no text; if it is firmware, otapack inspect "
                    "shows it, and a recipe names it",
                    in->name);
            text = NULL;
        }
    }
    input_close(in);
    return text;
}
