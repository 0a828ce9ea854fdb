// SPDX-License-Identifier: Apache-2.0
#include "pieces.h"

#include <string.h>

static struct piece *add(struct pieces *l, struct piece piece)
{
    if (l->count == l->room) {
        size_t room = l->room == 0 ? 8 : l->room * 2;
        struct piece *more = arena_alloc(l->arena, room * sizeof(*more));
        if (l->count > 0) {
            memcpy(more, l->pieces, l->count * sizeof(*more));
        }
        l->pieces = more;
        l->room = room;
    }
    piece.at = l->size;
    l->size += piece.size;
    l->pieces[l->count] = piece;
    return &l->pieces[l->count++];
}

struct piece *pieces_add_file(struct pieces *l, const char *file, struct err *e)
{
    struct input *in = input_open(file, e);
    return in == NULL ? NULL
                      : add(l, (struct piece){.file = arena_string(l->arena, input_name(in)),
                                              .path = file,
                                              .input = in,
                                              .size = input_source(in).size});
}

void pieces_add_bytes(struct pieces *l, const char *file, const uint8_t *bytes, size_t size)
{
    add(l, (struct piece){.file = file, .bytes = bytes, .size = size});
}

void pieces_replace_last(struct pieces *l, const uint8_t *bytes, size_t size)
{
    struct piece *p = &l->pieces[l->count - 1];
    digest_cache_cut(&l->digests, p->at);
    input_close(p->input);
    p->input = NULL;
    p->bytes = bytes;
    l->size = p->at + size;
    p->size = size;
}

void pieces_add_fill(struct pieces *l, uint64_t size)
{
    if (size > 0) {
        add(l, (struct piece){.size = size});
    }
}

void pieces_add_part(struct pieces *l, struct input *in, uint64_t from, uint64_t size)
{
    add(l, (struct piece){.file = arena_string(l->arena, input_name(in)),
                          .input = in,
                          .borrowed = true,
                          .from = from,
                          .size = size});
}

void pieces_insert(struct pieces *l, uint64_t at, const uint8_t *bytes, size_t size)
{
    size_t i = 0;
    add(l, (struct piece){.bytes = bytes, .size = size});
    struct piece piece = l->pieces[l->count - 1];
    piece.at = at;
    while (i + 1 < l->count && l->pieces[i].at < at) {
        i++;
    }
    memmove(l->pieces + i + 1, l->pieces + i, (l->count - 1 - i) * sizeof(piece));
    l->pieces[i] = piece;
    for (i++; i < l->count; i++) {
        l->pieces[i].at += size;
    }
    digest_cache_insert(&l->digests, at, size);
}

void pieces_note(struct pieces *l, const char *path)
{
    if (path != NULL) {
        add(l, (struct piece){.path = path});
    }
}

// Pieces that begin behind the end stay, empty, for their inputs to be closed, and named as inputs.
void pieces_cut(struct pieces *l, uint64_t size)
{
    for (size_t i = 0; i < l->count; i++) {
        struct piece *p = &l->pieces[i];
        uint64_t left = size > p->at ? size - p->at : 0;
        p->size = p->size < left ? p->size : left;
        p->at = p->at < size ? p->at : size;
    }
    l->size = size < l->size ? size : l->size;
    digest_cache_cut(&l->digests, l->size);
}

void pieces_close(struct pieces *l)
{
    for (size_t i = 0; i < l->count; i++) {
        if (!l->pieces[i].borrowed) {
            input_close(l->pieces[i].input);
        }
        l->pieces[i].input = NULL;
    }
    digest_cache_clear(&l->digests);
}

static bool read_piece(const struct piece *p, uint64_t at, uint8_t *to, size_t n)
{
    if (p->input != NULL) {
        struct otapack_source src = input_source(p->input);
        return otapack_read(&src, p->from + at, to, n, "").code == OTAPACK_OK;
    }
    if (p->bytes != NULL) {
        memcpy(to, p->bytes + at, n);
    } else {
        memset(to, 0xFF, n);
    }
    return true;
}

// The read hook: a read may lie across pieces.
static bool pieces_read(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    const struct pieces *l = ctx;
    for (size_t i = 0; i < l->count && n > 0; i++) {
        const struct piece *p = &l->pieces[i];
        if (at >= p->at + p->size) {
            continue;
        }
        uint64_t left = p->at + p->size - at;
        size_t size = left < n ? (size_t)left : n;
        if (!read_piece(p, at - p->at, to, size)) {
            return false;
        }
        at += size;
        to += size;
        n -= size;
    }
    return n == 0;
}

struct otapack_source pieces_source(struct pieces *l)
{
    return (struct otapack_source){.read = pieces_read, .ctx = l, .size = l->size};
}

struct otapack_source pieces_from(struct pieces *l, uint64_t from)
{
    struct otapack_source all = pieces_source(l);
    return otapack_part(&all, from, all.size);
}

struct digest_cache *pieces_digests(const struct otapack_source *src)
{
    struct pieces *l = src->read == pieces_read ? src->ctx : NULL;
    return l == NULL ? NULL : &l->digests;
}

struct otapack_source pieces_inside(const struct otapack_source *src)
{
    const struct pieces *l = src->read == pieces_read ? src->ctx : NULL;
    for (size_t i = 0; l != NULL && i < l->count; i++) {
        const struct piece *p = &l->pieces[i];
        if (src->base >= p->at && src->base - p->at < p->size && p->input != NULL) {
            struct otapack_source file = input_source(p->input);
            uint64_t in = src->base - p->at, left = p->size - in;
            return otapack_part(&file, p->from + in, left < src->size ? left : src->size);
        }
    }
    return otapack_memory(NULL, 0);
}

bool pieces_good(const struct pieces *l, struct err *e)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->pieces[i].input != NULL && !input_good(l->pieces[i].input, e)) {
            return false;
        }
    }
    return true;
}

const char *pieces_file_at(const struct pieces *l, uint64_t at)
{
    for (size_t i = 0; i < l->count; i++) {
        if (at >= l->pieces[i].at && at - l->pieces[i].at < l->pieces[i].size) {
            return l->pieces[i].file;
        }
    }
    return NULL;
}

const char *pieces_empty_file_at(const struct pieces *l, uint64_t at)
{
    for (size_t i = 0; i < l->count; i++) {
        if (at == l->pieces[i].at && l->pieces[i].size == 0 && l->pieces[i].file != NULL) {
            return l->pieces[i].file;
        }
    }
    return NULL;
}
