// SPDX-License-Identifier: Apache-2.0
//
// A stream over a file that is in memory, in pieces of any size; what it tells is recorded, and
// held to what otapack/stream.h promises.
#ifndef STREAM_RUN_H
#define STREAM_RUN_H

#include <otapack/stream_signatures.h>

#include "stream_hashes.h"
#include "stream_sparse.h"
#include "stream_told.h"

// How a file arrives.
struct how {
    size_t chunk;       // bytes of a piece; 0: all at once
    uint64_t seed;      // not 0: pieces of 1 to `chunk` bytes
    uint64_t announced; // the size that is told, unless
    bool unannounced;   // none is
    uint32_t hashes;    // a bit for each
    unsigned refuse;    // this callback says no, counted from 1; 0: none
    bool any_app;       // with a description or without
    bool signatures;    // are told, too
    bool no_sha384;     // but none for P-384
};

struct run {
    struct sparse file;
    const struct how *how;
    struct otapack_stream stream;
    struct otapack_stream_hooks hooks;
    struct hashes hashes;
    struct told_list list;
    struct outcome outcome;
    const char *broken; // the first promise that was not kept
    unsigned calls;     // of the callback
    unsigned empty;     // DATA events without a byte
    bool over;          // FINISHED or ERROR was told
    bool finished;      // FINISHED was the last
    uint32_t part, begin, part_size, data, pieces;
    bool open;             // the size of the part is not known
    uint64_t pushed, told; // bytes: of the file; of the Matter header, and as DATA
    uint32_t nested[3];    // parts that have begun and not ended: Matter, combined, what is in it
    unsigned depth;
    struct otapack_signatures signatures;
    struct watched sha384;
    uint32_t blocks, blocks_in_part; // of signatures that were told
    enum otapack_sb_scheme scheme;   // of the last one
};

static inline void promise(struct run *r, bool kept, const char *what)
{
    if (!kept && r->broken == NULL) {
        r->broken = what;
    }
}

// Are the bytes of an event those at its place in the file?
static inline bool is_of_file(const struct run *r, const struct otapack_event *e)
{
    const struct sparse *f = &r->file;
    uint64_t size = sparse_size(f), behind = (uint64_t)e->at + e->size;
    if (behind > size) {
        return false;
    }
    if (behind <= f->hole_at || f->hole == 0) {
        return e->size == 0 || memcmp(f->bytes + e->at, e->bytes, e->size) == 0;
    }
    if (e->size > OTAPACK_STREAM_TEXT) { // of a hole: no one looks at them all
        return e->bytes[0] == sparse_at(f, e->at);
    }
    for (uint32_t i = 0; i < e->size; i++) {
        if (e->bytes[i] != sparse_at(f, e->at + (uint64_t)i)) {
            return false;
        }
    }
    return true;
}

static inline bool holds_others(uint32_t part)
{
    return part == OTAPACK_PART_MATTER || part == OTAPACK_PART_COMBINED;
}

static inline void on_begin(struct run *r, const struct otapack_event *e)
{
    promise(r, e->bytes == NULL && !e->checked, "BEGIN has neither bytes nor a hash");
    promise(r, r->depth < 3 && (r->depth == 0 || holds_others(r->nested[r->depth - 1])),
            "BEGIN comes in a part that holds others, or behind all");
    r->told = r->part == OTAPACK_PART_MATTER ? e->at : r->told; // those of its header
    promise(r, e->at == r->told, "BEGIN is where the part before it has ended");
    r->nested[r->depth < 3 ? r->depth++ : 2] = e->part;
    r->part = e->part;
    r->begin = e->at;
    r->part_size = e->size;
    r->open = e->open;
    r->data = 0;
    r->pieces = 0;
    r->blocks_in_part = 0;
}

static inline void on_data(struct run *r, const struct otapack_event *e)
{
    bool small = e->part == OTAPACK_RCP_VERSION || e->part == OTAPACK_RCP_FLASH_ARGS;
    promise(r, e->part == r->part, "DATA is of the part that has begun");
    promise(r, e->offset == r->data && e->at == r->begin + r->data, "DATA follows DATA");
    promise(r, e->size <= r->part_size - r->data, "DATA lies in its part");
    promise(r, !small || (r->pieces == 0 && e->size == r->part_size), "in one piece");
    r->empty += e->size == 0;
    r->data += e->size;
    r->told += e->size;
    r->pieces++;
}

static inline void on_end(struct run *r, const struct otapack_event *e, struct told *t)
{
    promise(r, r->depth > 0 && r->nested[r->depth - 1] == e->part, "END is of what began last");
    r->depth -= r->depth > 0;
    if (!holds_others(e->part)) {
        promise(r, e->part == r->part, "END is of the part that has begun");
        promise(r, r->open ? r->data <= r->part_size : r->data == r->part_size,
                "END comes behind all of a part");
        t->size = r->data;
    }
    t->checked = e->checked;
}

// Are n bytes at `at` of the file what a digest is of? One in a hole is too far to look at.
static inline bool is_digest_of(const struct run *r, enum digest_algorithm algorithm,
                                const uint8_t *bytes, size_t n, const uint8_t *digest)
{
    uint8_t is[DIGEST_MAX_SIZE];
    struct otapack_hash hash = kept_digest(algorithm, 1); // at a block none of them is under way
    if (r->file.hole > 0) {
        return true;
    }
    hash.start(hash.ctx);
    hash.update(hash.ctx, bytes, n);
    hash.finish(hash.ctx, is);
    return memcmp(is, digest, algorithm == DIGEST_SHA384 ? 48 : 32) == 0;
}

// A block is told behind its bytes, in its order, with the digests of its key and of what is
// signed.
static inline void on_signature(struct run *r, const struct otapack_event *e)
{
    const struct otapack_sb_block *b = &r->signatures.block;
    uint32_t sector = r->begin + e->offset - e->value * OTAPACK_SB_BLOCK_SIZE;
    bool wide = b->scheme == OTAPACK_SB_P384;
    promise(r, r->how->signatures && (r->how->hashes & HASH_BIT(OTAPACK_HASH_SIGNED)) != 0,
            "SIGNATURE is told who asks, and has a hash");
    promise(r, !wide || !r->how->no_sha384, "and for P-384 SHA-384");
    promise(r, e->size == OTAPACK_SB_BLOCK_SIZE && e->part == r->part, "SIGNATURE is of a part");
    promise(r, r->data == e->offset + e->size && e->at == r->begin + e->offset,
            "SIGNATURE comes behind its bytes");
    promise(r, sector % OTAPACK_SB_SECTOR_SIZE == r->begin % OTAPACK_SB_SECTOR_SIZE,
            "SIGNATURE is in a sector of its own");
    promise(r, e->value == r->blocks_in_part && e->value < 3, "SIGNATURES follow one another");
    promise(r, is_digest_of(r, DIGEST_SHA256, b->key, b->key_size, r->signatures.key_digest),
            "SIGNATURE has the digest of the key");
    promise(r,
            is_digest_of(r, wide ? DIGEST_SHA384 : DIGEST_SHA256, r->file.bytes + r->begin,
                         sector - r->begin, b->digest),
            "SIGNATURE has the digest of what is signed");
    r->blocks++;
    r->blocks_in_part++;
    r->scheme = b->scheme;
}

// The digest that the header asks for is known here first.
static inline void on_field(struct run *r, const struct otapack_event *e, struct told *t)
{
    bool type = e->field == OTAPACK_MATTER_IMAGE_DIGEST_TYPE;
    struct otapack_hash payload = payload_digest(type ? e->value : 0);
    t->field = e->field;
    t->value = e->bytes == NULL ? e->value : 0;
    promise(r, e->bytes != NULL || e->size == 0, "FIELD has a value or bytes");
    if (payload.start != NULL && (r->how->hashes & HASH_BIT(OTAPACK_HASH_PAYLOAD)) != 0) {
        hashes_set(&r->hashes, OTAPACK_HASH_PAYLOAD, payload, &r->over);
        r->hooks.hash[OTAPACK_HASH_PAYLOAD] = &r->hashes.watched[OTAPACK_HASH_PAYLOAD].hash;
    }
}

// What FINISHED means: whole.
static inline void on_finished(struct run *r, const struct otapack_event *e)
{
    promise(r, r->depth == 0, "FINISHED comes behind the END of every part that has begun");
    promise(r, r->told == r->pushed && e->at == r->pushed, "all that was pushed is in the parts");
    promise(r, r->pushed == sparse_size(&r->file), "FINISHED is told of all of a file");
    promise(r, r->how->unannounced || r->pushed == r->how->announced, "of the size announced");
}

static inline bool on_event(void *ctx, const struct otapack_event *e)
{
    struct run *r = (struct run *)ctx;
    struct told t = {.type = e->type, .part = e->part, .at = e->at, .size = e->size};
    t.open = e->type == OTAPACK_EVENT_BEGIN && e->open;
    promise(r, !r->over || (r->finished && e->type == OTAPACK_EVENT_ERROR),
            "nothing comes after ERROR, nor after FINISHED but that it was refused");
    r->finished = e->type == OTAPACK_EVENT_FINISHED;
    r->calls++;
    r->over = e->type == OTAPACK_EVENT_FINISHED || e->type == OTAPACK_EVENT_ERROR;
    if (e->type == OTAPACK_EVENT_ERROR) {
        promise(r, r->stream.fault.code != OTAPACK_OK && e->at == r->stream.fault.at,
                "ERROR is where the stream's fault is");
        promise(r, (e->part == OTAPACK_PART_NONE) == (r->list.n == 0),
                "ERROR is of a part, if one has begun");
        return true;
    }
    promise(r, e->bytes == NULL || is_of_file(r, e), "the bytes are those of the file");
    if (e->type == OTAPACK_EVENT_BEGIN) {
        on_begin(r, e);
    } else if (e->type == OTAPACK_EVENT_FIELD) {
        on_field(r, e, &t);
    } else if (e->type == OTAPACK_EVENT_DATA) {
        on_data(r, e);
    } else if (e->type == OTAPACK_EVENT_END) {
        on_end(r, e, &t);
    } else if (e->type == OTAPACK_EVENT_IMAGE) {
        promise(r, r->data == 0 && e->part == r->part, "IMAGE comes before DATA");
        promise(r, e->size == (r->how->any_app || e->part == OTAPACK_RCP_BOOTLOADER ? 32 : 288),
                "IMAGE has the description, where an app must have one");
    } else if (e->type == OTAPACK_EVENT_SIGNATURE) {
        on_signature(r, e);
    } else {
        on_finished(r, e);
        t.part = 0;
    }
    if (e->type != OTAPACK_EVENT_DATA && e->type != OTAPACK_EVENT_SIGNATURE) {
        told_add(&r->list, t);
    }
    return r->calls != r->how->refuse;
}

static inline size_t next_piece(const struct how *how, uint64_t *x, size_t most, size_t left)
{
    size_t n = most;
    if (how->seed != 0) { // xorshift64, as the seed is not 0
        *x ^= *x << 13;
        *x ^= *x >> 7;
        *x ^= *x << 17;
        n = 1 + (size_t)((*x >> 16) % most);
    }
    return n < left ? n : left;
}

// Each piece lies at the end of a buffer of its own, which is overwritten afterwards: what is read
// behind the piece, or later, is found.
static inline enum otapack_code push_piece(struct run *r, uint8_t *buffer, size_t most, size_t n)
{
    enum otapack_code code;
    (void)sparse_read(&r->file, r->pushed, buffer + most - n, n);
    r->pushed += n;
    code = otapack_stream_push(&r->stream, buffer + most - n, n);
    memset(buffer, 0xA5, most);
    return code;
}

// Zeros of a hole, many at once. In a segment they are XORed, which takes seconds and changes
// nothing: there the stream is put to where it is behind them.
static inline enum otapack_code push_hole(struct run *r, uint64_t left)
{
    struct otapack_stream *s = &r->stream;
    size_t n = left < ZEROS ? (size_t)left : ZEROS;
    if (r->how->hashes == 0 && s->step == OTAPACK_STEP_SEGMENT_END && s->run > 1 && left > 1) {
        uint32_t k = s->run - 1 < left - 1 ? s->run - 1 : (uint32_t)(left - 1);
        s->run -= k;
        s->at += k;
        r->data += k;
        r->told += k;
        r->pushed += k;
        n = 1;
    }
    r->pushed += n;
    return otapack_stream_push(s, sparse_zeros(), n);
}

static inline void push_all(struct run *r)
{
    const struct how *how = r->how;
    uint64_t size = sparse_size(&r->file), x = how->seed;
    size_t most = how->chunk == 0 ? r->file.n : how->chunk;
    uint8_t *buffer = (uint8_t *)malloc(most == 0 ? 1 : most);
    enum otapack_code code = r->stream.fault.code;
    if (buffer == NULL) {
        abort();
    }
    while (r->pushed < size && code == OTAPACK_OK) {
        uint64_t left = sparse_run(&r->file, r->pushed);
        code = sparse_in_hole(&r->file, r->pushed)
                   ? push_hole(r, left)
                   : push_piece(r, buffer, most, next_piece(how, &x, most, (size_t)left));
        promise(r, code == r->stream.fault.code, "push returns what the fault says");
        promise(r, (code != OTAPACK_OK) == r->over, "ERROR is told when push fails");
    }
    free(buffer);
}

static inline void watch_signatures(struct run *r)
{
    struct watched *w = &r->sha384;
    *w = (struct watched){.inner = kept_digest(DIGEST_SHA384, 1), .over = &r->over};
    w->hash = (struct otapack_hash){w, watched_start, watched_update, watched_finish};
    otapack_signatures_watch(&r->signatures, &r->stream, &r->hooks,
                             r->how->no_sha384 ? NULL : &w->hash);
}

// A stream over the whole file, to its end.
static inline void run_sparse(struct run *r, const struct sparse *file, const struct how *how)
{
    enum otapack_code code;
    memset(r, 0, sizeof(*r));
    r->file = *file;
    r->how = how;
    r->hooks.ctx = r;
    r->hooks.on = on_event;
    hashes_start(&r->hashes, &r->over);
    for (unsigned use = 0; use < OTAPACK_HASH_COUNT; use++) {
        if ((how->hashes & HASH_BIT(use)) != 0 && use != OTAPACK_HASH_PAYLOAD) {
            r->hooks.hash[use] = &r->hashes.watched[use].hash;
        }
    }
    if (how->signatures) {
        watch_signatures(r);
    }
    otapack_stream_start(&r->stream, &r->hooks);
    if (how->any_app) {
        otapack_stream_take_any_app(&r->stream);
    }
    if (!how->unannounced) {
        (void)otapack_stream_announce(&r->stream, how->announced);
    }
    push_all(r);
    code = otapack_stream_finish(&r->stream);
    promise(r, code == r->stream.fault.code, "finish returns what the fault says");
    promise(r, r->over, "the last that is told is FINISHED or ERROR");
    promise(r, code != OTAPACK_OK || r->list.n > 0, "FINISHED is told of what is good");
    promise(r, hashes_misused(&r->hashes) + r->sha384.misused == 0,
            "a hash is started, fed, finished");
    r->outcome.code = r->stream.fault.code;
    r->outcome.field = code == OTAPACK_OK ? "" : r->stream.fault.field;
    r->outcome.at = r->stream.fault.at;
}

static inline void run_stream(struct run *r, const uint8_t *file, size_t n, const struct how *how)
{
    struct sparse plain = sparse_plain(file, n);
    run_sparse(r, &plain, how);
}

#endif
