/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_zigbee.h: a Zigbee OTA file (otapack/zigbee.h) that arrives in pieces; and
 * whatever otapack/stream.h takes, which has the manual.
 *
 *     header | tag, length, data | ... | (end)
 *
 *     BEGIN ZIGBEE, FIELD               `bytes` are the whole header, for otapack_zigbee_open
 *       BEGIN ZIGBEE_ELEMENT            `value` is its tag, `size` that of its data
 *         BEGIN APP, IMAGE, DATA, END   of element 0 what an app, or a gateway's combined image, is
 *                                       when it is alone; of any other element DATA
 *       END ZIGBEE_ELEMENT
 *     END ZIGBEE, FINISHED
 *
 *     otapack_zigbee_stream_start(&zigbee, &hooks);
 *     while ((n = receive(buffer, sizeof(buffer))) > 0)
 *         if (otapack_zigbee_stream_push(&zigbee, buffer, n) != OTAPACK_OK)
 *             break;
 *     if (otapack_zigbee_stream_finish(&zigbee) == OTAPACK_OK)
 *         boot_into(update);
 *
 * The client of esp-zigbee-sdk keeps the header to itself: what it hands to the application begins
 * with the first element. There, start with otapack_zigbee_stream_elements.
 *
 * What is refused: a header that has not the length of its fields, another total size than that of
 * the file; an element that ends behind it; no element 0, or two; in it anything but an app, a
 * combined image, a pre-encrypted image or a delta patch, of which the latter two are told as DATA
 * of ZIGBEE_ELEMENT. But of a file whose image type says that it holds something else than
 * firmware, 0xFFC0 to 0xFFFE, element 0 is not looked into.
 */
#ifndef OTAPACK_STREAM_ZIGBEE_H
#define OTAPACK_STREAM_ZIGBEE_H

#include "stream_content.h"
#include "zigbee.h"

/* What parts there are, beside those of a stream. */
#define OTAPACK_PART_ZIGBEE 0x107u         /* a Zigbee file: its elements are inside */
#define OTAPACK_PART_ZIGBEE_ELEMENT 0x108u /* the data of an element, or what is inside of it */

/* Only `stream.fault` is for the caller to read. */
struct otapack_zigbee_stream {
    struct otapack_stream stream;
    uint32_t end;     /* of the file; 0: this is no Zigbee file */
    bool has_image;   /* element 0 has begun */
    bool is_firmware; /* it is looked into */
};

/* Begins a stream, in whatever state it was. `hooks` must outlive it. */
static inline void otapack_zigbee_stream_start(struct otapack_zigbee_stream *z,
                                               const struct otapack_stream_hooks *hooks)
{
    memset(z, 0, sizeof(*z));
    otapack_stream_start(&z->stream, hooks);
}

/* As otapack_stream_announce. */
static inline enum otapack_code otapack_zigbee_stream_announce(struct otapack_zigbee_stream *z,
                                                               uint64_t size)
{
    return otapack_stream_announce(&z->stream, size);
}

/* Elements follow, up to `end`. */
static inline void otapack_zigbee_begin_(struct otapack_zigbee_stream *z, uint32_t end,
                                         uint16_t image_type)
{
    z->stream.end = z->end = end;
    z->stream.event.open = false;
    z->is_firmware = otapack_zigbee_is_firmware_(image_type);
    otapack_stream_begin_(&z->stream, OTAPACK_PART_ZIGBEE, end);
}

/*
 * Begins a stream of what stands behind a header that somebody else has read: `size` bytes, which
 * are total_size less header_length. Tells BEGIN, with offsets that count from there. Returns what
 * otapack_zigbee_stream_push returns.
 */
static inline enum otapack_code
otapack_zigbee_stream_elements(struct otapack_zigbee_stream *z,
                               const struct otapack_stream_hooks *hooks, uint32_t size,
                               uint16_t image_type)
{
    otapack_zigbee_stream_start(z, hooks);
    otapack_zigbee_begin_(z, size, image_type);
    otapack_stream_want_(&z->stream, OTAPACK_STEP_ZIGBEE_ELEMENT, OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE);
    return z->stream.fault.code;
}

/* The 56 bytes that every header has: how long it is, and the file. */
static inline void otapack_zigbee_header_(struct otapack_zigbee_stream *z)
{
    struct otapack_stream *s = &z->stream;
    uint32_t size = otapack_zigbee_header_size(otapack_le16(s->scratch + 8));
    uint32_t total = otapack_le32(s->scratch + 52);
    if (otapack_le16(s->scratch + 6) != size) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("header_length"), 6);
    }
    if (total < size || (!s->event.open && total != s->end)) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("total_size"), 52);
    }
    otapack_zigbee_begin_(z, total, otapack_le16(s->scratch + 12));
    otapack_stream_more_(s, OTAPACK_STEP_ZIGBEE_FIELDS, size);
}

/* The next element, or the end of the file. */
static inline void otapack_zigbee_next_(struct otapack_zigbee_stream *z)
{
    struct otapack_stream *s = &z->stream;
    if (s->at != z->end) {
        otapack_stream_want_(s, OTAPACK_STEP_ZIGBEE_ELEMENT, OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE);
        return;
    }
    s->have = 0;
    if (!z->has_image) {
        otapack_stream_fail_(s, OTAPACK_UNEXPECTED, OTAPACK_NAME("tag"), 0);
    }
    otapack_stream_end_part_(s, OTAPACK_PART_ZIGBEE);
    s->step = OTAPACK_STEP_DONE;
    s->need = 1;
}

static inline void otapack_zigbee_fields_end_(struct otapack_zigbee_stream *z)
{
    z->stream.event.field = 0;
    otapack_stream_tell_(&z->stream, OTAPACK_EVENT_FIELD, z->stream.scratch, z->stream.have);
    otapack_zigbee_next_(z);
}

/* An element begins. */
static inline void otapack_zigbee_element_(struct otapack_zigbee_stream *z)
{
    struct otapack_stream *s = &z->stream;
    uint32_t tag = otapack_le16(s->scratch), length = otapack_le32(s->scratch + 2);
    bool image = tag == OTAPACK_ZIGBEE_IMAGE;
    if (image && z->has_image) {
        otapack_stream_fail_(s, OTAPACK_UNEXPECTED, OTAPACK_NAME("tag"), 0);
    }
    if (length > z->end - s->at) {
        otapack_stream_fail_(s, OTAPACK_TRUNCATED, OTAPACK_NAME("length"), 2);
    }
    z->has_image |= image;
    s->have = 0;
    s->end = s->at + length;
    s->event.value = tag;
    otapack_stream_begin_(s, OTAPACK_PART_ZIGBEE_ELEMENT, length);
    if (image && z->is_firmware) {
        otapack_stream_want_(s, OTAPACK_STEP_ZIGBEE_IMAGE, 4);
    } else {
        otapack_stream_rest_(s);
    }
}

/* A part is whole: the next one of the image, or the element is. */
static inline void otapack_zigbee_part_end_(struct otapack_zigbee_stream *z)
{
    struct otapack_stream *s = &z->stream;
    if (s->event.part != OTAPACK_PART_ZIGBEE_ELEMENT && !otapack_stream_parts_end_(s)) {
        return;
    }
    otapack_stream_end_part_(s, OTAPACK_PART_ZIGBEE_ELEMENT);
    s->end = z->end;
    s->parts = 0;
    s->event.part = OTAPACK_PART_ZIGBEE;
    otapack_zigbee_next_(z);
}

static inline void otapack_zigbee_step_(struct otapack_zigbee_stream *z)
{
    struct otapack_stream *s = &z->stream;
    if (s->step == OTAPACK_STEP_KIND && s->in_matter == 0 &&
        otapack_le32(s->scratch) == OTAPACK_ZIGBEE_MAGIC) {
        otapack_stream_more_(s, OTAPACK_STEP_ZIGBEE, OTAPACK_ZIGBEE_FIXED_SIZE);
    } else if (s->step == OTAPACK_STEP_ZIGBEE) {
        otapack_zigbee_header_(z);
    } else if (s->step == OTAPACK_STEP_ZIGBEE_FIELDS) {
        otapack_zigbee_fields_end_(z);
    } else if (s->step == OTAPACK_STEP_ZIGBEE_ELEMENT) {
        otapack_zigbee_element_(z);
    } else if (s->step == OTAPACK_STEP_ZIGBEE_IMAGE) {
        otapack_stream_content_(s);
    } else if (s->step == OTAPACK_STEP_PART_END && z->end != 0) {
        otapack_zigbee_part_end_(z);
    } else {
        otapack_stream_step_(s);
    }
}

/* All steps for which the bytes are there. */
static inline void otapack_zigbee_steps_(struct otapack_zigbee_stream *z)
{
    const struct otapack_stream *s = &z->stream;
    while (s->fault.code == OTAPACK_OK && s->run == 0 && s->have == s->need) {
        otapack_zigbee_step_(z);
    }
}

/* As otapack_stream_push; `stream.fault` says in which field, and where. */
static inline enum otapack_code otapack_zigbee_stream_push(struct otapack_zigbee_stream *z,
                                                           const uint8_t *bytes, size_t n)
{
    struct otapack_stream *s = &z->stream;
    for (;;) {
        uint32_t k;
        otapack_zigbee_steps_(z);
        if (n == 0 || s->fault.code != OTAPACK_OK) {
            return s->fault.code;
        }
        k = otapack_stream_take_(s, bytes, n);
        bytes += k;
        n -= k;
    }
}

/* As otapack_stream_finish. */
static inline enum otapack_code otapack_zigbee_stream_finish(struct otapack_zigbee_stream *z)
{
    return otapack_stream_finish(&z->stream);
}

#endif
