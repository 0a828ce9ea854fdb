/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_matter.h: a Matter header that arrives in pieces. Part of otapack/stream.h.
 */
#ifndef OTAPACK_STREAM_MATTER_H
#define OTAPACK_STREAM_MATTER_H

#include "stream_state.h"

/* What is kept of a text or digest: one more than any may have shows that there is too much. */
#define OTAPACK_STREAM_TEXT (OTAPACK_MATTER_MAX_URL + 1u)

/* The 16 bytes before the elements. */
static inline void otapack_stream_matter_(struct otapack_stream *s)
{
    uint32_t total_size = otapack_le32(s->scratch + 4);
    uint32_t header_size = otapack_le32(s->scratch + 12);
    if (header_size > OTAPACK_MATTER_MAX_TLV) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("header_size"), 12);
    }
    if (otapack_le32(s->scratch + 8) != 0 || total_size < s->at + header_size ||
        (!s->event.open && total_size != s->end)) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("total_size"), 4);
    }
    s->of.header.outer_end = total_size;
    s->event.open = false;
    otapack_stream_begin_(s, OTAPACK_PART_MATTER, total_size);
    s->end = s->at + header_size;
    s->of.header.walk = otapack_matter_walk_start_();
    otapack_stream_want_(s, OTAPACK_STEP_ELEMENT, 1);
}

static inline void otapack_stream_element_(struct otapack_stream *s)
{
    uint8_t control = s->scratch[0];
    bool known = (control & OTAPACK_TLV_TYPE_MASK) <= OTAPACK_TLV_END;
    otapack_stream_more_(s, OTAPACK_STEP_ELEMENT_HEAD,
                         known ? otapack_tlv_head_size_(control) : 1u);
}

/* What a number may be beside the others. */
static inline bool otapack_stream_number_is_allowed_(struct otapack_stream *s, uint32_t value)
{
    uint8_t field = s->event.field;
    if (field == OTAPACK_MATTER_SOFTWARE_VERSION) {
        s->of.header.software_version = value;
    }
    if (field == OTAPACK_MATTER_MIN_VERSION) {
        s->of.header.min_version = value;
    }
    if (field == OTAPACK_MATTER_IMAGE_DIGEST_TYPE) {
        value = s->digest_size = (uint8_t)otapack_matter_digest_size((uint8_t)value);
    }
    if (field == OTAPACK_MATTER_MIN_VERSION || field == OTAPACK_MATTER_MAX_VERSION) {
        return value >= s->of.header.min_version && value < s->of.header.software_version;
    }
    return field == OTAPACK_MATTER_PAYLOAD_SIZE
               ? value == s->of.header.outer_end - s->end
               : value != 0 || field == OTAPACK_MATTER_SOFTWARE_VERSION;
}

static inline void otapack_stream_number_(struct otapack_stream *s, uint64_t value)
{
    s->event.value = (uint32_t)value;
    if (value > UINT32_MAX || !otapack_stream_number_is_allowed_(s, (uint32_t)value)) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, otapack_matter_name_(s->event.field), 0);
    }
    otapack_stream_tell_(s, OTAPACK_EVENT_FIELD, NULL, 0);
}

/* An element's head: the field that it is, and where its bytes end. */
static inline void otapack_stream_element_head_(struct otapack_stream *s)
{
    struct otapack_tlv_element e;
    enum otapack_code code;
    s->event.field = otapack_matter_missing_(&s->of.header.walk);
    code = otapack_tlv_decode_(s->scratch, otapack_stream_from_(s), s->end,
                               s->of.header.walk.container, &e);
    if (code == OTAPACK_OK) {
        code = otapack_matter_step_(&s->of.header.walk, &e, &s->event.field);
    }
    if (code != OTAPACK_OK) {
        otapack_stream_fail_(s, code, otapack_matter_name_(s->event.field), 0);
        return;
    }
    s->of.header.data_size = e.size;
    if (otapack_matter_is_text_(s->event.field) || s->event.field == OTAPACK_MATTER_IMAGE_DIGEST) {
        otapack_stream_want_(s, OTAPACK_STEP_ELEMENT_DATA,
                             e.size < OTAPACK_STREAM_TEXT ? e.size : OTAPACK_STREAM_TEXT);
        return;
    }
    if (s->event.field < OTAPACK_MATTER_IMAGE_DIGEST) {
        otapack_stream_number_(s, e.value);
    }
    if (s->of.header.walk.expected == OTAPACK_MATTER_CLOSED) {
        otapack_stream_pass_(s, s->end - s->at, OTAPACK_STEP_PAYLOAD, 0);
    } else {
        otapack_stream_pass_(s, e.size, OTAPACK_STEP_ELEMENT_END, 0);
    }
}

/* A text, as far as a device reads it. */
static inline uint32_t otapack_stream_text_(struct otapack_stream *s)
{
    uint32_t n = 0;
    while (n < s->have && s->scratch[n] != OTAPACK_MATTER_SEPARATOR) {
        n++;
    }
    return n;
}

/* A text, or the digest: as many of its bytes as can matter. */
static inline void otapack_stream_element_data_(struct otapack_stream *s)
{
    bool digest = s->event.field == OTAPACK_MATTER_IMAGE_DIGEST;
    uint32_t size = digest ? s->of.header.data_size : otapack_stream_text_(s);
    if (digest ? size != s->digest_size
               : size == 0 || size > otapack_matter_most_(s->event.field)) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, otapack_matter_name_(s->event.field), 0);
    }
    if (digest) {
        memcpy(s->digest, s->scratch, s->digest_size);
    }
    otapack_stream_tell_(s, OTAPACK_EVENT_FIELD, s->scratch, size);
    otapack_stream_pass_(s, s->of.header.data_size - s->have, OTAPACK_STEP_ELEMENT_END, 0);
}

/* The header is whole, and so begins what it is about. */
static inline void otapack_stream_payload_(struct otapack_stream *s)
{
    s->in_matter = 1;
    s->end = s->of.header.outer_end;
    otapack_stream_hash_(s, OTAPACK_HASH_PAYLOAD);
    otapack_stream_want_(s, OTAPACK_STEP_KIND, 4);
}

#endif
