// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fd.h"
#include "input.h"
#include "made_folders.h"
#include "os.h"
#include "output_name.h"
#include "seen.h"

// What is written at a time: each block is on its way to the disk while the next is read.
enum { COPY_SIZE = 64 * 1024, BLOCK_SIZE = 256 * 1024, TOGETHER_MOST = 4 };

struct output {
    struct output_name name;
    struct made_folder *folders; // that were made for it
    bool is_stream; // what is written has no name, and is copied to the target in the end
};

// A device or a pipe is written to; a file is replaced.
static bool is_stream(const char *target)
{
    struct os_info info;
    return strcmp(target, "-") == 0 || (os_info(target, &info) && info.kind != OS_FILE);
}

static bool open_stream(struct output *out, struct err *e)
{
    out->is_stream = true;
    out->name.fd = os_temporary();
    return out->name.fd >= 0 || err_errno(e, out->name.shown, "make a temporary file for it");
}

// `old`: what is written over, NULL: nothing, whatever others put there meanwhile.
static bool open_beside(struct output *out, const char *old, bool secret, struct err *e)
{
    if (!output_name_make(&out->name, e)) {
        return false;
    }
    os_take_access(out->name.fd, old, secret);
    return true;
}

static bool set_names(struct output *out, const char *target, const char *shown, struct err *e)
{
    struct output_name *n = &out->name;
    int t = snprintf(n->target, sizeof(n->target), "%s", target);
    int s = snprintf(n->shown, sizeof(n->shown), "%s", shown);
    if (t > 0 && s > 0 && (size_t)t < sizeof(n->target) && (size_t)s < sizeof(n->shown)) {
        return true;
    }
    errno = t == 0 ? ENOENT : ENAMETOOLONG;
    return err_errno(e, t == 0 ? "output file" : shown, "write");
}

// A private key has no copy, often, and devices take nothing that another one has signed.
static bool holds_private_key(const char *path)
{
    static const char label[] = "PRIVATE KEY-----";
    char bytes[4096]; // it stands in the first lines
    size_t n = 0;
    ssize_t got = 1;
    int fd = os_open_read(path);
    while (fd >= 0 && got > 0 && n < sizeof(bytes)) {
        got = os_read(fd, bytes + n, sizeof(bytes) - n);
        n += got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0) {
        (void)os_close(fd);
    }
    bool found = false;
    for (size_t at = 0; !found && at + sizeof(label) - 1 <= n && bytes[at] != '\0'; at++) {
        found = memcmp(bytes + at, label, sizeof(label) - 1) == 0;
    }
    return found; // in a text: firmware may have a key inside
}

// The target itself, where the name is a symbolic link: the link stays. That of
// /dev/stdout may lead to a pipe, which has no other name.
static bool resolve(struct output *out, const char *target, struct err *e)
{
    struct os_info info;
    bool there = os_info(target, &info);
    if (there && info.kind == OS_FOLDER) {
        return err_set(e, STATUS_CANNOT, "%s: is a folder; name a file in it", target);
    }
    bool is_file = !there || info.kind == OS_FILE;
    if (there && is_file && holds_private_key(target)) {
        return err_set(e, STATUS_CANNOT,
                       "%s: holds a private key, which is not written over; name another file",
                       target);
    }
    bool link = is_file && os_info_link(target, &info) && info.kind == OS_LINK;
    char *real = link ? os_real_path(target) : NULL;
    if (link && real == NULL) {
        return err_set(e, STATUS_CANNOT, "%s: is a symbolic link to nothing; name the file itself",
                       target);
    }
    const char *name = real == NULL ? target : real;
    bool good = set_names(out, name, name, e);
    free(real);
    return good;
}

// Nothing may have this name, not even a link to nothing.
static bool is_new(struct output *out, const char *target, const char *why, struct err *e)
{
    struct os_info info;
    out->name.why_new = why;
    return set_names(out, target, target, e) &&
           (!os_info_link(target, &info) ||
            err_set(e, STATUS_CANNOT, "%s: is there already%s", target, why));
}

static struct output *output_new(struct err *e)
{
    struct output *out = calloc(1, sizeof(*out));
    if (out == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    out->name.fd = -1;
    leftover_watch();
    return out;
}

static struct output *opened(struct output *out, bool good)
{
    if (!good) {
        output_abandon(out);
    }
    return good ? out : NULL;
}

static struct output *open_mode(const char *target, bool secret, struct err *e)
{
    struct output *out = output_new(e);
    return opened(out, out != NULL && resolve(out, target, e) &&
                           (is_stream(out->name.target)
                                ? open_stream(out, e)
                                : open_beside(out, out->name.target, secret, e)));
}

static struct output *open_new(const char *target, bool secret, const char *why, struct err *e)
{
    struct output *out = output_new(e);
    return opened(out,
                  out != NULL && is_new(out, target, why, e) && open_beside(out, NULL, secret, e));
}

struct output *output_open(const char *target, struct err *e)
{
    return open_mode(target, false, e);
}

struct output *output_open_deep(const char *target, struct err *e)
{
    struct output *above = output_new(e);
    struct output *out = above != NULL && made_folders_make(&above->folders, target, e)
                             ? output_open(target, e)
                             : NULL;
    if (out != NULL) {
        out->folders = above->folders;
        above->folders = NULL;
    }
    output_abandon(above);
    return out;
}

struct output *output_open_secret(const char *target, struct err *e)
{
    return open_mode(target, true, e);
}

struct output *output_open_new(const char *target, const char *why, struct err *e)
{
    return open_new(target, false, why, e);
}

struct output *output_open_new_secret(const char *target, const char *why, struct err *e)
{
    return open_new(target, true, why, e);
}

struct output *output_open_inside(const char *target, const char *shown, struct err *e)
{
    struct output *out = output_new(e);
    if (out != NULL) {
        out->name.why_new = "";
    }
    return opened(out, out != NULL && set_names(out, target, shown, e) &&
                           open_beside(out, NULL, false, e));
}

bool output_write(struct output *out, const uint8_t *bytes, size_t n, struct err *e)
{
    if (!fd_write(out->name.fd, bytes, n)) {
        return err_errno(e, out->name.shown, "write");
    }
    os_write_behind(out->name.fd);
    return true;
}

bool output_copy(struct output *out, const struct otapack_source *src, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    uint8_t *block = arena_alloc(&a, src->size < BLOCK_SIZE ? (size_t)src->size : BLOCK_SIZE);
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
    int fd = os_dup(out->name.fd);
    if (fd < 0) {
        err_errno(e, out->name.shown, "read back");
        return NULL;
    }
    return input_of_fd(out->name.shown, fd, e);
}

static bool copy_to_stream(struct output *out, struct err *e)
{
    bool standard = strcmp(out->name.target, "-") == 0;
    int to = standard ? os_dup(OS_STDOUT) : os_open_write(out->name.target);
    uint8_t block[COPY_SIZE];
    uint64_t at = 0;
    ssize_t n = 0;
    bool good = to >= 0;
    while (good && (n = os_read_at(out->name.fd, block, sizeof(block), at)) > 0) {
        good = fd_write(to, block, (size_t)n);
        at += (uint64_t)n;
    }
    good = good && n == 0;
    if (!good) {
        err_errno(e, standard ? "standard output" : out->name.shown, "write");
    }
    if (to >= 0 && !os_close(to) && good) {
        good = err_errno(e, out->name.shown, "write");
    }
    return good;
}

// Everything that can fail while every target is as it was.
static bool prepare(struct output *const *outs, size_t count, struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        bool is_file = outs[i] != NULL && !outs[i]->is_stream;
        if (is_file && !output_name_prepare(&outs[i]->name, e)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (outs[i] != NULL && outs[i]->is_stream && !copy_to_stream(outs[i], e)) {
            return false;
        }
    }
    return true;
}

static bool take_names(struct output *const *outs, size_t count, struct err *e)
{
    bool good = true;
    leftover_hold();
    for (size_t i = 0; good && i < count; i++) {
        bool is_file = outs[i] != NULL && !outs[i]->is_stream;
        good = !is_file || output_name_take(&outs[i]->name, i + 1 < count, e);
    }
    for (size_t i = 0; i < count; i++) {
        if (outs[i] != NULL && !outs[i]->is_stream) {
            (good ? output_name_finish : output_name_undo)(&outs[i]->name);
        }
    }
    leftover_release();
    return good;
}

// What waits for others to be committed with.
static struct {
    bool on;
    struct output *outs[TOGETHER_MOST];
    size_t count;
} together;

static bool wait_for_others(struct output *const *outs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        together.outs[together.count++] = outs[i];
    }
    return true;
}

void output_together_begin(void)
{
    together.on = true;
}

bool output_together_end(bool good, struct err *e)
{
    size_t count = together.count;
    together.on = false;
    together.count = 0;
    if (good) {
        return output_commit_all(together.outs, count, e);
    }
    for (size_t i = 0; i < count; i++) {
        output_abandon(together.outs[i]);
    }
    return false;
}

static bool commit(struct output *const *outs, size_t count, bool settle, struct err *e)
{
    if (together.on && settle && together.count + count <= TOGETHER_MOST) {
        return wait_for_others(outs, count);
    }
    bool good =
        (!settle || seen_settle(e)) && prepare(outs, count, e) && take_names(outs, count, e);
    for (size_t i = 0; i < count; i++) {
        if (outs[i] != NULL && good) {
            made_folders_keep(&outs[i]->folders);
        }
        output_abandon(outs[i]);
    }
    return good;
}

bool output_commit(struct output *out, struct err *e)
{
    return commit(&out, 1, true, e);
}

bool output_commit_all(struct output *const *outs, size_t count, struct err *e)
{
    return commit(outs, count, true, e);
}

bool output_commit_inside(struct output *out, struct err *e)
{
    return commit(&out, 1, false, e);
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
    leftover_remove(&out->name.temporary);
    made_folders_remove(&out->folders);
    if (out->name.fd >= 0) {
        (void)os_close(out->name.fd);
    }
    free(out);
}
