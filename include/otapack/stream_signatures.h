/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_signatures.h: the signatures behind an image, told as they pass, so that firmware
 * without Secure Boot verifies with keys of its own before it switches.
 *
 *     BEGIN APP, IMAGE, DATA ..., DATA of block 0, SIGNATURE 0, DATA of block 1, ..., END
 *
 * It is an observer of a stream (otapack/stream_state.h), of whichever kind:
 *
 *     struct otapack_stream_hooks hooks = {&update, on, {&sha256_of_image, NULL,
 * &sha256_of_signed}}; otapack_signatures_watch(&signatures, &stream, &hooks, &sha384);
 *     otapack_stream_start(&stream, &hooks);
 *
 * and `on` is told of each block
 *
 *     if (e->type == OTAPACK_EVENT_SIGNATURE && is_ours(signatures.key_digest) &&
 *         verifies(&signatures.block))
 *         update->trusted = true;
 *     if (e->type == OTAPACK_EVENT_END && e->part == OTAPACK_PART_APP)
 *         return update->trusted;
 *
 * Of SIGNATURE, `value` says which block it is, from 0, `bytes` are its 1216, at `at` of the file.
 * `signatures` has it taken apart until the next one begins:
 *
 *     block       scheme, key and signature, as otapack/secure_boot.h has them: little-endian
 *     key_digest  SHA-256 of the key, which is what a device keeps of a key that it trusts
 *
 * A block is told only where what is signed was hashed here, and block.digest is that hash. For
 * that the hooks have OTAPACK_HASH_SIGNED before the observer is put there: without it no block is
 * told. `sha384` is SHA-384 of the same bytes, which blocks for P-384 hold: without it, NULL, they
 * are not told. With it, one that has another digest ends the stream, as with SHA-256
 * (OTAPACK_MISMATCH, signed_digest).
 *
 * That a block was told says nothing of who signed. What is trusted is the firmware's: an ESP32
 * looks at block 0 only, later chips take any block whose key they trust. Nor is an image without a
 * block told of: `on` refuses at its END what it has found no signature for.
 */
#ifndef OTAPACK_STREAM_SIGNATURES_H
#define OTAPACK_STREAM_SIGNATURES_H

#include "stream.h"

/* `block` and `key_digest` are for the caller to read, while it is told of SIGNATURE. */
struct otapack_signatures {
    struct otapack_sb_block block;
    uint8_t key_digest[OTAPACK_MATTER_MAX_DIGEST]; /* 32 of them; a hash has room for the longest */

    struct otapack_stream_link next;
    const struct otapack_hash *sha256, *sha384; /* the firmware's */
    struct otapack_hash both;                   /* what the stream has in place of them */
    uint32_t place; /* which of the three is coming; MAX_BLOCKS: no sector has begun, or it ended */
    uint32_t have;  /* so much of it is there */
    uint8_t digest[OTAPACK_MATTER_MAX_DIGEST]; /* SHA-384 of what is signed */
    uint8_t raw[OTAPACK_SB_BLOCK_SIZE];
};

static inline void otapack_signatures_start_(void *ctx)
{
    struct otapack_signatures *g = (struct otapack_signatures *)ctx;
    g->sha256->start(g->sha256->ctx);
    if (g->sha384 != NULL) {
        g->sha384->start(g->sha384->ctx);
    }
}

static inline void otapack_signatures_update_(void *ctx, const uint8_t *bytes, size_t n)
{
    struct otapack_signatures *g = (struct otapack_signatures *)ctx;
    g->sha256->update(g->sha256->ctx, bytes, n);
    if (g->sha384 != NULL) {
        g->sha384->update(g->sha384->ctx, bytes, n);
    }
}

/* What is signed has passed: the sector of signatures begins. */
static inline void otapack_signatures_finish_(void *ctx, uint8_t *digest)
{
    struct otapack_signatures *g = (struct otapack_signatures *)ctx;
    g->sha256->finish(g->sha256->ctx, digest);
    if (g->sha384 != NULL) {
        g->sha384->finish(g->sha384->ctx, g->digest);
    }
    g->place = 0;
    g->have = 0;
}

/* A block for P-384 holds the digest that was computed here; the stream has compared the others. */
static inline bool otapack_signatures_compare_(const struct otapack_signatures *g, uint32_t at)
{
    struct otapack_stream *s = g->next.stream;
    if (memcmp(g->digest, g->block.digest, OTAPACK_SB_MAX_DIGEST) != 0) {
        otapack_stream_fail_(s, OTAPACK_MISMATCH, OTAPACK_NAME("signed_digest"),
                             at + OTAPACK_SB_DIGEST_AT - otapack_stream_from_(s));
        return false;
    }
    s->event.checked = true;
    return true;
}

/* A place is whole, and told: by `e`, its last bytes. */
static inline bool otapack_signatures_tell_(struct otapack_signatures *g,
                                            const struct otapack_event *e, uint32_t place)
{
    const uint32_t before = OTAPACK_SB_BLOCK_SIZE - e->size;
    struct otapack_event told = *e;
    told.type = OTAPACK_EVENT_SIGNATURE;
    told.at -= before;
    told.offset -= before;
    told.size = OTAPACK_SB_BLOCK_SIZE;
    told.value = place;
    told.bytes = g->raw;
    if (otapack_sb_block_decode(g->raw, told.at, &g->block).code != OTAPACK_OK) {
        return true; /* 0xFF: the stream refuses what is neither that nor a block */
    }
    if (g->block.scheme == OTAPACK_SB_P384) {
        if (g->sha384 == NULL) {
            return true;
        }
        if (!otapack_signatures_compare_(g, told.at)) {
            return false;
        }
    }
    g->sha256->start(g->sha256->ctx);
    g->sha256->update(g->sha256->ctx, g->block.key, g->block.key_size);
    g->sha256->finish(g->sha256->ctx, g->key_digest);
    return otapack_stream_tell_on(&g->next, &told);
}

/* Bytes of the sector: a piece that is told never reaches from one place into the next. */
static inline bool otapack_signatures_gather_(struct otapack_signatures *g,
                                              const struct otapack_event *e)
{
    if (e->size > OTAPACK_SB_BLOCK_SIZE - g->have) {
        g->place = OTAPACK_SB_MAX_BLOCKS; /* nothing that a stream tells */
        return true;
    }
    memcpy(g->raw + g->have, e->bytes, e->size);
    g->have += e->size;
    if (g->have < OTAPACK_SB_BLOCK_SIZE) {
        return true;
    }
    g->have = 0;
    return otapack_signatures_tell_(g, e, g->place++);
}

static inline bool otapack_signatures_on_(void *ctx, const struct otapack_event *e)
{
    struct otapack_signatures *g = (struct otapack_signatures *)ctx;
    bool data = e->type == OTAPACK_EVENT_DATA;
    if (e->type == OTAPACK_EVENT_BEGIN) {
        g->place = OTAPACK_SB_MAX_BLOCKS;
    }
    if (!otapack_stream_tell_on(&g->next, e)) {
        return false;
    }
    return !data || g->place == OTAPACK_SB_MAX_BLOCKS || otapack_signatures_gather_(g, e);
}

/*
 * Puts the observer into the hooks of a stream that is to be started with them: behind what else is
 * put into them, and before otapack_stream_start. `hooks` and the hashes must outlive the stream.
 */
static inline void otapack_signatures_watch(struct otapack_signatures *g, struct otapack_stream *s,
                                            struct otapack_stream_hooks *hooks,
                                            const struct otapack_hash *sha384)
{
    g->sha256 = hooks->hash[OTAPACK_HASH_SIGNED];
    g->sha384 = sha384;
    g->place = OTAPACK_SB_MAX_BLOCKS;
    g->both.ctx = g;
    g->both.start = otapack_signatures_start_;
    g->both.update = otapack_signatures_update_;
    g->both.finish = otapack_signatures_finish_;
    if (g->sha256 != NULL) {
        hooks->hash[OTAPACK_HASH_SIGNED] = &g->both;
    }
    otapack_stream_watch(&g->next, s, hooks, g, otapack_signatures_on_);
}

#endif
