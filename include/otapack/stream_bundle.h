/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_bundle.h: a Matter image for several processors (otapack/matter_bundle.h) that
 * arrives in pieces; and whatever otapack/stream.h takes, which has the manual.
 *
 *     Matter header | head, table | image 0 | ... | the application | (end)
 *
 *     BEGIN MATTER, FIELD ...             as of any Matter image
 *     BEGIN BUNDLE                        the payload
 *       BEGIN BUNDLE_TABLE, DATA, END     head and table, in one piece, all of which is right
 *       BEGIN BUNDLE_IMAGE                `value` is its ID; `bytes` are its 48 bytes of the table,
 *                                         for otapack_bundle_entry_decode; `size` is its own
 *         BEGIN APP, IMAGE, DATA, END     of the application, or of the RCP's combined image, what
 *                                         they are when they are alone; of any other image DATA
 *       END BUNDLE_IMAGE                  its SHA-256 is right
 *     END BUNDLE, END MATTER, FINISHED
 *
 *     static uint8_t table[OTAPACK_BUNDLE_ROOM(4)];
 *     struct otapack_bundle_hooks hooks = {{&update, on, {&sha256_of_image}}, &sha256_of_part,
 *                                          &update, is_known, table, sizeof(table)};
 *     struct otapack_bundle_stream bundle;
 *     otapack_bundle_stream_start(&bundle, &hooks);
 *     while ((n = receive(buffer, sizeof(buffer))) > 0)
 *         if (otapack_bundle_stream_push(&bundle, buffer, n) != OTAPACK_OK)
 *             break;
 *     if (otapack_bundle_stream_finish(&bundle) == OTAPACK_OK)
 *         apply(update);
 *
 * Before any of its images begins, the whole table has been judged, by the rules that the SDK's
 * receiver has. It is kept in a buffer of yours, which says how many images are taken: more are
 * refused. An image that `wants` says no to passes without an event, and without a look at its
 * SHA-256, as one does whose ID a device does not know.
 *
 * Beyond what otapack_bundle_check refuses: an application that is no app, pre-encrypted image or
 * delta patch; an RCP's image that is no combined image, or has a host. What a pre-encrypted image
 * or a patch holds is told as DATA of BUNDLE_IMAGE. The SHA-256 is compared when the last byte of
 * the image was told, before any END of what ends with it.
 */
#ifndef OTAPACK_STREAM_BUNDLE_H
#define OTAPACK_STREAM_BUNDLE_H

#include "matter_bundle.h"
#include "stream_content.h"

/* What parts there are, beside those of a stream. */
#define OTAPACK_PART_BUNDLE 0x104u       /* Matter's payload: its images are inside */
#define OTAPACK_PART_BUNDLE_TABLE 0x105u /* what it begins with */
#define OTAPACK_PART_BUNDLE_IMAGE                                                                  \
    0x106u /* an image, or what an app or combined image is inside of */

/* The bytes of a buffer for the table of n images. */
#define OTAPACK_BUNDLE_ROOM(n) (OTAPACK_BUNDLE_HEAD_SIZE + (n)*OTAPACK_BUNDLE_ENTRY_SIZE)

/* What the caller brings; it must outlive the stream, and so must the buffer. */
struct otapack_bundle_hooks {
    struct otapack_stream_hooks stream;
    const struct otapack_hash *sha256; /* of each image; NULL: none, and nothing is compared */
    void *wants_ctx; /* of `wants`: stream.ctx is an observer's where there is one */
    bool (*wants)(void *wants_ctx, const struct otapack_bundle_entry *image); /* NULL: all are */
    uint8_t *table;
    size_t room;
};

/* Only `stream.fault` is for the caller to read. */
struct otapack_bundle_stream {
    struct otapack_stream stream; /* first, so that `hooks` below are what it has */
    const struct otapack_bundle_hooks *hooks;
    const struct otapack_hash *sha256; /* of the image that we are in; NULL: none was started */
    uint8_t *table;                    /* the buffer, once it is known to have room */
    uint32_t begin, end;               /* of the payload */
    uint32_t count;                    /* of images; 0: this is no bundle */
    uint32_t next;                     /* entry of the table; then the image that we are in */
    uint32_t image_end;                /* of that; and before, where the next image belongs */
};

/* Begins a stream, in whatever state it was. `hooks` must outlive it. */
static inline void otapack_bundle_stream_start(struct otapack_bundle_stream *b,
                                               const struct otapack_bundle_hooks *hooks)
{
    memset(b, 0, sizeof(*b));
    otapack_stream_start(&b->stream, &hooks->stream);
    b->hooks = hooks;
}

/* As otapack_stream_announce. */
static inline enum otapack_code otapack_bundle_stream_announce(struct otapack_bundle_stream *b,
                                                               uint64_t size)
{
    return otapack_stream_announce(&b->stream, size);
}

/* Ends the stream with what is wrong with the table. */
static inline void otapack_bundle_fail_(struct otapack_bundle_stream *b, struct otapack_status f)
{
    if (f.code != OTAPACK_OK) {
        otapack_stream_fail_(&b->stream, f.code, f.field,
                             b->begin + (uint32_t)f.at - otapack_stream_from_(&b->stream));
    }
}

/* Where entry i is kept. */
static inline uint8_t *otapack_bundle_kept_(const struct otapack_bundle_stream *b, uint32_t i)
{
    return b->table + (size_t)otapack_bundle_entry_at(i);
}

/* The head of the bundle: is there room for its table? */
static inline void otapack_bundle_head_(struct otapack_bundle_stream *b)
{
    struct otapack_stream *s = &b->stream;
    struct otapack_bundle bundle = {s->scratch[4], {s->scratch[5], s->scratch[6], s->scratch[7]}};
    uint32_t table_end = (uint32_t)otapack_bundle_table_end(&bundle);
    otapack_bundle_fail_(b, otapack_bundle_head_check_(&bundle, s->end - b->begin));
    if (b->hooks->room < table_end) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("count"), 4);
    }
    if (s->fault.code == OTAPACK_OK) {
        b->count = bundle.count;
        b->image_end = table_end;
        b->table = b->hooks->table;
        memcpy(b->table, s->scratch, OTAPACK_BUNDLE_HEAD_SIZE);
        otapack_stream_want_(s, OTAPACK_STEP_BUNDLE_ENTRY, OTAPACK_BUNDLE_ENTRY_SIZE);
    }
}

/* An image begins: with a look at what it is, or as nothing but bytes, told or not. */
static inline void otapack_bundle_image_(struct otapack_bundle_stream *b)
{
    struct otapack_stream *s = &b->stream;
    const uint8_t *kept = otapack_bundle_kept_(b, b->next);
    struct otapack_bundle_entry image = otapack_bundle_entry_decode(kept);
    s->end = b->image_end = s->at + image.length;
    s->parts = s->part = 0;
    s->seen = 0;
    s->rcp_chip = 0;
    s->event.part = OTAPACK_PART_MATTER; /* whose bytes are not told */
    if (b->hooks->wants == NULL || b->hooks->wants(b->hooks->wants_ctx, &image)) {
        s->begin = s->at;
        s->event.part = OTAPACK_PART_BUNDLE_IMAGE;
        s->event.value = image.id;
        otapack_stream_tell_(s, OTAPACK_EVENT_BEGIN, kept, image.length);
        b->sha256 = b->hooks->sha256;
        if (b->sha256 != NULL) {
            b->sha256->start(b->sha256->ctx);
        }
        if (image.id <= OTAPACK_BUNDLE_RCP) {
            otapack_stream_want_(s, OTAPACK_STEP_BUNDLE_IMAGE, 4);
            return;
        }
    }
    otapack_stream_rest_(s);
}

/* All entries are right: what they are about begins. */
static inline void otapack_bundle_table_(struct otapack_bundle_stream *b, uint32_t table_end)
{
    struct otapack_stream *s = &b->stream;
    b->next = 0;
    s->have = table_end; /* as if all of it were gathered */
    otapack_stream_begin_(s, OTAPACK_PART_BUNDLE, b->end - b->begin);
    otapack_stream_begin_(s, OTAPACK_PART_BUNDLE_TABLE, table_end);
    otapack_stream_tell_(s, OTAPACK_EVENT_DATA, b->table, table_end);
    s->have = 0;
    otapack_stream_end_part_(s, OTAPACK_PART_BUNDLE_TABLE);
    if (s->fault.code == OTAPACK_OK) {
        otapack_bundle_image_(b);
    }
}

/* An entry of the table. */
static inline void otapack_bundle_entry_(struct otapack_bundle_stream *b)
{
    struct otapack_stream *s = &b->stream;
    struct otapack_bundle bundle = {b->count, {0, 0, 0}};
    struct otapack_bundle_entry e = otapack_bundle_entry_decode(s->scratch);
    uint32_t size = b->end - b->begin;
    uint32_t faults = otapack_bundle_faults(&bundle, b->next, &e, b->image_end, size);
    otapack_bundle_fail_(b, otapack_bundle_fault_status_(faults, otapack_bundle_entry_at(b->next),
                                                         &e, b->image_end, size));
    if (s->fault.code != OTAPACK_OK) {
        return;
    }
    memcpy(otapack_bundle_kept_(b, b->next), s->scratch, OTAPACK_BUNDLE_ENTRY_SIZE);
    b->image_end = (uint32_t)otapack_bundle_entry_end(&e);
    b->next++;
    if (b->next < b->count) {
        otapack_stream_want_(s, OTAPACK_STEP_BUNDLE_ENTRY, OTAPACK_BUNDLE_ENTRY_SIZE);
    } else {
        otapack_bundle_table_(b, (uint32_t)otapack_bundle_table_end(&bundle));
    }
}

/* What an image begins with: that of the RCP with a table, the application with none. */
static inline void otapack_bundle_content_(struct otapack_bundle_stream *b)
{
    struct otapack_stream *s = &b->stream;
    bool combined = otapack_le32(s->scratch) == OTAPACK_RCP_TABLE;
    bool rcp = otapack_le32(otapack_bundle_kept_(b, b->next)) == OTAPACK_BUNDLE_RCP;
    if (combined != rcp) {
        otapack_stream_fail_(s, OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0);
    }
    otapack_stream_content_(s);
}

/* The RCP's table has no host, which would be its last part. */
static inline void otapack_bundle_rcp_table_(struct otapack_stream *s)
{
    uint32_t last = s->have - OTAPACK_RCP_ENTRY_SIZE;
    if (otapack_le32(s->scratch + last) == OTAPACK_RCP_HOST) {
        otapack_stream_fail_(s, OTAPACK_UNEXPECTED, OTAPACK_NAME("tag"), last);
    }
    otapack_stream_step_(s);
}

/* All bytes of an image have passed: are they those of the table's SHA-256? */
static inline void otapack_bundle_compare_(struct otapack_bundle_stream *b)
{
    struct otapack_stream *s = &b->stream;
    const struct otapack_hash *sha256 = b->sha256;
    uint8_t *digest = otapack_stream_digest_(s, OTAPACK_HASH_IMAGE);
    if (sha256 != NULL && s->at == b->image_end) {
        sha256->finish(sha256->ctx, digest);
        if (memcmp(digest, otapack_bundle_kept_(b, b->next) + OTAPACK_BUNDLE_SHA256_AT,
                   OTAPACK_BUNDLE_SHA256_SIZE) != 0) {
            otapack_stream_fail_(s, OTAPACK_MISMATCH, OTAPACK_NAME("sha256"), 0);
        }
    }
}

/* A part is whole: the next one of the image, the next image, or the end of the bundle. */
static inline void otapack_bundle_part_end_(struct otapack_bundle_stream *b)
{
    struct otapack_stream *s = &b->stream;
    otapack_bundle_compare_(b);
    if (s->event.part < OTAPACK_PART_MATTER && !otapack_stream_parts_end_(s)) {
        return;
    }
    if (s->event.part != OTAPACK_PART_MATTER) {
        s->event.checked = b->sha256 != NULL;
        otapack_stream_end_part_(s, OTAPACK_PART_BUNDLE_IMAGE);
    }
    b->sha256 = NULL;
    b->next++;
    if (b->next < b->count && s->fault.code == OTAPACK_OK) {
        otapack_bundle_image_(b);
        return;
    }
    s->end = b->end;
    s->parts = 0;
    s->event.part = OTAPACK_PART_BUNDLE;
    otapack_stream_part_end_(s);
}

static inline void otapack_bundle_step_(struct otapack_bundle_stream *b)
{
    struct otapack_stream *s = &b->stream;
    if (s->step == OTAPACK_STEP_KIND && s->in_matter != 0 &&
        otapack_le32(s->scratch) == OTAPACK_BUNDLE_MAGIC) {
        b->begin = otapack_stream_from_(s);
        b->end = s->end;
        otapack_stream_more_(s, OTAPACK_STEP_BUNDLE, OTAPACK_BUNDLE_HEAD_SIZE);
    } else if (s->step == OTAPACK_STEP_BUNDLE) {
        otapack_bundle_head_(b);
    } else if (s->step == OTAPACK_STEP_BUNDLE_ENTRY) {
        otapack_bundle_entry_(b);
    } else if (s->step == OTAPACK_STEP_BUNDLE_IMAGE) {
        otapack_bundle_content_(b);
    } else if (s->step == OTAPACK_STEP_TABLE && b->count != 0) {
        otapack_bundle_rcp_table_(s);
    } else if (s->step == OTAPACK_STEP_PART_END && b->count != 0) {
        otapack_bundle_part_end_(b);
    } else {
        otapack_stream_step_(s);
    }
}

/* All steps for which the bytes are there. */
static inline void otapack_bundle_steps_(struct otapack_bundle_stream *b)
{
    const struct otapack_stream *s = &b->stream;
    while (s->fault.code == OTAPACK_OK && s->run == 0 && s->have == s->need) {
        otapack_bundle_step_(b);
    }
}

/* As otapack_stream_push; `stream.fault` says in which field, and where. */
static inline enum otapack_code otapack_bundle_stream_push(struct otapack_bundle_stream *b,
                                                           const uint8_t *bytes, size_t n)
{
    struct otapack_stream *s = &b->stream;
    for (;;) {
        uint32_t k;
        otapack_bundle_steps_(b);
        if (n == 0 || s->fault.code != OTAPACK_OK) {
            return s->fault.code;
        }
        k = otapack_stream_take_(s, bytes, n);
        if (b->sha256 != NULL) {
            b->sha256->update(b->sha256->ctx, bytes, k);
        }
        bytes += k;
        n -= k;
    }
}

/* As otapack_stream_finish. */
static inline enum otapack_code otapack_bundle_stream_finish(struct otapack_bundle_stream *b)
{
    return otapack_stream_finish(&b->stream);
}

#endif
