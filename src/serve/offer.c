// SPDX-License-Identifier: Apache-2.0
#include "offer.h"

#include <inttypes.h>
#include <string.h>

#include "digest_span.h"
#include "fd.h"
#include "kinds.h"
#include "os.h"
#include "seen.h"
#include "text.h"

enum { PIECE = 64 * 1024 };

// ---- Is it to be served? ------------------------------------------------------------------------

static bool passes(struct arena *a, const struct node *root, const char *name, struct err *e)
{
    const struct finding *f = first_failure(root);
    if (f == NULL) {
        return true;
    }
    return err_set(e, STATUS_NO, "%s: %s; %s [%s]", name, text_printable(a, f->message),
                   checks[f->check].remedy, checks[f->check].id);
}

// ---- The copy -----------------------------------------------------------------------------------

// The input sees to it that what is read now is what was read before.
static bool copy_bytes(const struct otapack_source *src, int to, const char *name, struct err *e)
{
    uint8_t piece[PIECE];
    for (uint64_t at = 0; at < src->size; at += sizeof(piece)) {
        uint64_t left = src->size - at;
        size_t n = left < sizeof(piece) ? (size_t)left : sizeof(piece);
        if (!src->read(src->ctx, at, piece, n)) {
            return false; // which the input tells
        }
        if (!fd_write(to, piece, n)) {
            return err_errno(e, name, "keep a copy of it in the folder for temporary files");
        }
    }
    return true;
}

static const char *digest_text(struct arena *a, enum digest_algorithm algorithm,
                               const struct otapack_source *src, size_t size)
{
    uint8_t digest[DIGEST_MAX_SIZE];
    return digest_of(algorithm, src, digest) ? text_hex(a, digest, size) : NULL;
}

static bool take_copy(struct offer *o, struct input *in, const char *name, struct err *e)
{
    enum { SHA256_SIZE = 32, MD5_SIZE = 16 };
    struct otapack_source src = input_source(in);
    o->size = src.size;
    o->fd = os_temporary();
    if (o->fd < 0) {
        return err_errno(e, name, "keep a copy of it in the folder for temporary files");
    }
    bool good = copy_bytes(&src, o->fd, name, e);
    o->sha256 = digest_text(&o->arena, DIGEST_SHA256, &src, SHA256_SIZE);
    o->md5 = digest_text(&o->arena, DIGEST_MD5, &src, MD5_SIZE);
    good = good && o->sha256 != NULL && o->md5 != NULL;
    if (good) {
        o->etag = arena_printf(&o->arena, "\"%s\"", o->sha256);
    }
    return input_good(in, e) && good && seen_settle(e);
}

// ---- Offers -------------------------------------------------------------------------------------

static struct offer *offer_new(const char *name)
{
    struct arena a = ARENA_EMPTY;
    struct offer *o = ARENA_NEW(&a, struct offer);
    *o = (struct offer){.file = arena_string(&a, name), .fd = -1, .users = 1};
    o->arena = a;
    return o;
}

static struct offer *judge(const struct offer_terms *terms, struct opened *image, const char *name,
                           struct arena *a, struct err *e)
{
    struct offer *o = NULL;
    if (passes(a, image->root, name, e) && terms->allows(terms->ctx, image->root, name, a, e)) {
        o = offer_new(name);
    }
    if (o != NULL) {
        o->is_list = is_manifest(image->root);
        runs_find(&o->runs, &o->arena, image->root);
    }
    if (o != NULL && !take_copy(o, image->input, name, e)) {
        offer_let_go(o);
        o = NULL;
    }
    return o;
}

struct offer *offer_make(const struct offer_terms *terms, const char *file, const char *shown,
                         struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct opened image;
    struct offer *o = NULL;
    seen_begin();
    if (trust_open_tree(terms->trusted, &image, file, terms->read, &a, e)) {
        o = judge(terms, &image, shown, &a, e);
        open_tree_close(&image);
    }
    seen_end();
    arena_free(&a);
    return o;
}

// ---- Devices ------------------------------------------------------------------------------------

// What is said of it by a device, and what follows. Devices of one kind say the same, so that few
// are kept; the oldest makes room.
struct offer_fit {
    uint64_t flash_size, esp8266_flash_size, free_space, sketch_size, fs_start;
    const struct esp8266_setting *flash_mode;
    bool is_known;
    struct err why;
};
enum { FITS_MOST = 16 };

static struct offer_fit fit_of(const struct read_options *device)
{
    return (struct offer_fit){
        .flash_size = device->target.flash_size,
        .esp8266_flash_size = device->esp8266.flash_size,
        .free_space = device->esp8266.has_free_space ? device->esp8266.free_space : UINT64_MAX,
        .sketch_size = device->esp8266.sketch_size,
        .fs_start = device->esp8266.fs_start,
        .flash_mode = device->esp8266.flash_mode,
    };
}

static const struct offer_fit *find_fit(const struct offer *o, const struct offer_fit *like)
{
    for (size_t i = 0; i < FITS_MOST; i++) {
        const struct offer_fit *f = &o->fits[i];
        if (f->is_known && f->flash_size == like->flash_size &&
            f->esp8266_flash_size == like->esp8266_flash_size &&
            f->free_space == like->free_space && f->sketch_size == like->sketch_size &&
            f->fs_start == like->fs_start && f->flash_mode == like->flash_mode) {
            return f;
        }
    }
    return NULL;
}

static bool judge_for(const struct offer *o, const struct read_options *device, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    int fd = os_dup(o->fd);
    struct input *in = fd < 0 ? NULL : input_of_fd(o->file, fd, e);
    if (in == NULL) {
        return fd < 0 ? err_errno(e, o->file, "read the copy of it") : false;
    }
    const struct node *root = read_and_judge(&a, device, input_source(in));
    bool good = input_good(in, e) && passes(&a, root, o->file, e);
    input_close(in);
    arena_free(&a);
    return good;
}

bool offer_fits(struct offer *o, const struct read_options *device, struct err *e)
{
    struct offer_fit asked = fit_of(device);
    if (o->fits == NULL) {
        o->fits = arena_alloc(&o->arena, FITS_MOST * sizeof(*o->fits));
    }
    const struct offer_fit *known = find_fit(o, &asked);
    if (known == NULL) {
        asked.is_known = true;
        asked.why = ERR_NONE;
        if (!judge_for(o, device, &asked.why) && asked.why.status == STATUS_CANNOT) {
            *e = asked.why; // which could be found out the next time
            return false;
        }
        memmove(&o->fits[1], &o->fits[0], (FITS_MOST - 1) * sizeof(*o->fits));
        o->fits[0] = asked;
        known = &o->fits[0];
    }
    *e = known->why;
    return known->why.status == STATUS_OK;
}

ssize_t offer_read(const struct offer *o, void *to, size_t n, uint64_t at)
{
    return os_read_at(o->fd, to, n, at);
}

struct offer *offer_keep(struct offer *o)
{
    o->users++;
    return o;
}

void offer_let_go(struct offer *o)
{
    if (o != NULL && --o->users == 0) {
        if (o->fd >= 0) {
            (void)os_close(o->fd);
        }
        struct arena a = o->arena; // which has the offer, too
        arena_free(&a);
    }
}
