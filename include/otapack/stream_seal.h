/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_seal.h: the seal of a radio's firmware, compared while the file arrives: the
 * radio's parts come first, the host's app, which has the seal, last.
 *
 *     BEGIN COMBINED, table ... firmware, BEGIN HOST, IMAGE, (the seal), DATA ..., END, FINISHED
 *
 * It is an observer of a stream (otapack/stream_state.h), of whichever kind:
 *
 *     otapack_seal_watch(&seal, &stream, &hooks, &sha256);
 *     otapack_stream_start(&stream, &hooks);
 *
 * A seal that is not of what has come before the host ends the stream (OTAPACK_MISMATCH, seal),
 * and so does one that says what otapack/rcp_seal.h does not know (OTAPACK_FORBIDDEN): before the
 * bytes of the host in which it lies are told, so that no file with it is ever FINISHED. What has
 * no seal, or that of something else (another kind), is not refused here. Whether that may be, `on`
 * says:
 *
 *     if (e->type == OTAPACK_EVENT_END && e->part == OTAPACK_PART_COMBINED)
 *         return seal.state == OTAPACK_SEAL_HOLDS || otapack_stream_refuse(&stream, NO_SEAL);
 *
 * `sha256` is a hash of its own: the stream's are in use at the same time. It must outlive the
 * stream, and gives 32 bytes.
 *
 * A seal is worth as much as the signature of the app that it lies in: see stream_signatures.h,
 * or leave that to what verifies apps there (esp_ota_end).
 */
#ifndef OTAPACK_STREAM_SEAL_H
#define OTAPACK_STREAM_SEAL_H

#include "rcp_seal.h"
#include "stream.h"

enum otapack_seal_state {
    OTAPACK_SEAL_NONE,  /* no host has come, or its app has no seal of what came before it */
    OTAPACK_SEAL_BLANK, /* it has one, and that is empty */
    OTAPACK_SEAL_HOLDS, /* it has the seal of what came before it */
};

/*
 * `state` is for the caller to read, and `seal` where there is one: from when the first 544 bytes
 * of the host have come.
 */
struct otapack_seal {
    enum otapack_seal_state state;
    struct otapack_rcp_seal seal;

    struct otapack_stream_link next;
    const struct otapack_hash *sha256; /* the firmware's */
    uint32_t begin;                    /* of the combined image, in the file */
    uint32_t size;                     /* of what came before its host; 0: that has not begun */
    uint32_t end;                      /* of where a seal may lie in the host */
    uint32_t have;                     /* so much of one is there */
    bool hashing;
    uint8_t kind; /* of the seal that is to come */
    uint8_t digest[OTAPACK_SEAL_DIGEST_SIZE];
    uint8_t raw[OTAPACK_SEAL_SIZE];
};

/* All of a seal is there, whose last byte is at `at` of the host: does it hold? */
static inline bool otapack_seal_judge_(struct otapack_seal *w, uint32_t at)
{
    struct otapack_stream *s = w->next.stream;
    struct otapack_rcp_seal *seal = &w->seal;
    enum otapack_code code;
    seal->at = at + 1u - OTAPACK_SEAL_SIZE;
    otapack_rcp_seal_decode(w->raw, seal);
    w->end = w->have = 0; /* the first one counts */
    if (otapack_rcp_seal_is_empty(seal)) {
        w->state = OTAPACK_SEAL_BLANK;
        return true;
    }
    code = otapack_rcp_seal_bad_at_(seal) == 0 ? OTAPACK_OK : OTAPACK_FORBIDDEN;
    if (code == OTAPACK_OK && seal->kind != w->kind) {
        return true; /* it is of something else */
    }
    if (code == OTAPACK_OK &&
        (seal->size != w->size || memcmp(seal->digest, w->digest, sizeof(seal->digest)) != 0)) {
        code = OTAPACK_MISMATCH;
    }
    if (code != OTAPACK_OK) {
        otapack_stream_fail_(s, code, OTAPACK_NAME("seal"),
                             s->begin + seal->at - otapack_stream_from_(s));
        return false;
    }
    w->state = OTAPACK_SEAL_HOLDS;
    return true;
}

/* The letter of the magic at this place of it. */
static inline uint8_t otapack_seal_letter_(uint32_t at)
{
    uint32_t word = at < 4u ? OTAPACK_SEAL_FIRST : OTAPACK_SEAL_SECOND;
    return (uint8_t)(word >> (8u * (at & 3u)));
}

/* A byte at `at` of the host. No part of the magic is its beginning, but the beginning itself. */
static inline bool otapack_seal_byte_(struct otapack_seal *w, uint32_t at, uint8_t byte)
{
    if (w->have < OTAPACK_SEAL_MAGIC_SIZE && byte != otapack_seal_letter_(w->have)) {
        w->have = 0;
    }
    if (w->have == 0 &&
        ((at & 3u) != 0 || byte != otapack_seal_letter_(0) || at + OTAPACK_SEAL_SIZE > w->end)) {
        return true;
    }
    w->raw[w->have] = byte;
    w->have++;
    return w->have < OTAPACK_SEAL_SIZE || otapack_seal_judge_(w, at);
}

/* Bytes of the host: the first ones have the header of segment 0, in which a seal lies. */
static inline bool otapack_seal_host_(struct otapack_seal *w, const struct otapack_event *e)
{
    if (e->offset == 0) {
        uint32_t data_len =
            e->size < OTAPACK_APP_DESC_AT ? 0 : otapack_le32(e->bytes + OTAPACK_APP_DESC_AT - 4u);
        w->end = data_len < OTAPACK_SEAL_TO - OTAPACK_APP_DESC_AT ? OTAPACK_APP_DESC_AT + data_len
                                                                  : OTAPACK_SEAL_TO;
    }
    for (uint32_t i = 0; i < e->size && e->offset + i < w->end; i++) {
        uint32_t at = e->offset + i, in_magic = at - OTAPACK_APP_DESC_AT;
        if (in_magic < 4u && e->bytes[i] != (uint8_t)(OTAPACK_APP_DESC_MAGIC >> 8u * in_magic)) {
            w->end = 0; /* an app without a description, which a stream can be told to take */
        }
        if (at >= OTAPACK_SEAL_FROM && !otapack_seal_byte_(w, at, e->bytes[i])) {
            return false;
        }
    }
    return true;
}

/* Nothing is known of a seal of this kind. */
static inline void otapack_seal_forget_(struct otapack_seal *w, enum otapack_seal_kind kind)
{
    w->state = OTAPACK_SEAL_NONE;
    w->hashing = false;
    w->kind = (uint8_t)kind;
    w->size = w->end = w->have = 0;
}

/* Does a file begin, in a stream that may have had another one before? */
static inline bool otapack_seal_is_first_(const struct otapack_event *e)
{
    return e->type == OTAPACK_EVENT_BEGIN && e->at == 0 && e->part >= OTAPACK_PART_APP;
}

static inline void otapack_seal_begin_(struct otapack_seal *w, const struct otapack_event *e)
{
    if (otapack_seal_is_first_(e)) {
        otapack_seal_forget_(w, OTAPACK_SEAL_EMPTY);
    }
    if (e->part == OTAPACK_PART_COMBINED) {
        otapack_seal_forget_(w, OTAPACK_SEAL_RCP);
        w->hashing = true;
        w->begin = e->at;
        w->sha256->start(w->sha256->ctx);
    } else if (e->part == OTAPACK_RCP_HOST && w->hashing) {
        w->hashing = false;
        w->size = e->at - w->begin;
        w->sha256->finish(w->sha256->ctx, w->digest);
    }
}

static inline bool otapack_seal_on_(void *ctx, const struct otapack_event *e)
{
    struct otapack_seal *w = (struct otapack_seal *)ctx;
    if (e->type == OTAPACK_EVENT_BEGIN) {
        otapack_seal_begin_(w, e);
    } else if (e->type == OTAPACK_EVENT_DATA && w->hashing) {
        w->sha256->update(w->sha256->ctx, e->bytes, e->size);
    } else if (e->type == OTAPACK_EVENT_DATA && e->part == OTAPACK_RCP_HOST &&
               !otapack_seal_host_(w, e)) {
        return false;
    }
    return otapack_stream_tell_on(&w->next, e);
}

/*
 * Puts the observer into the hooks of a stream that is to be started with them, before
 * otapack_stream_start. `hooks` and `sha256`, which must be there, must outlive the stream.
 */
static inline void otapack_seal_watch(struct otapack_seal *w, struct otapack_stream *s,
                                      struct otapack_stream_hooks *hooks,
                                      const struct otapack_hash *sha256)
{
    memset(w, 0, sizeof(*w));
    w->sha256 = sha256;
    otapack_stream_watch(&w->next, s, hooks, w, otapack_seal_on_);
}

#endif
