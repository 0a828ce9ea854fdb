/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/tlv.h: elements of Matter's tag-length-value encoding, read and written one at a time.
 *
 *     +---------+-------------+-----------------------+--------------------------+
 *     | control | tag         | value, or length      | text or bytes            |
 *     | 1 byte  | 0..8 bytes  | 0, 1, 2, 4 or 8 bytes | as many as the length is |
 *     +---------+-------------+-----------------------+--------------------------+
 *
 * The low five bits of the control byte are the type, the high three the kind of tag. A structure,
 * array or list is a control byte and a tag; its elements follow, up to an end-of-container
 * element.
 *
 *     struct otapack_tlv_element e;
 *     struct otapack_status s = otapack_tlv_read(&src, at, OTAPACK_TLV_STRUCTURE, "vendor_id", &e);
 *     if (s.code == OTAPACK_OK)
 *         at = otapack_tlv_end(&e);
 *
 * There is no recursion and no stack of containers: the caller says in which container it reads.
 *
 * Source of the facts: Matter SDK, TLVReader.cpp, TLVTypes.h and TLVTags.h. What that reader
 * refuses is refused here, and nothing else.
 */
#ifndef OTAPACK_TLV_H
#define OTAPACK_TLV_H

#include "base.h"

/* The types that matter here; all others up to 0x18 are read and passed over alike. */
enum otapack_tlv_type {
    OTAPACK_TLV_UINT8 = 0x04, /* + 1, 2, 3: in 2, 4, 8 bytes */
    OTAPACK_TLV_UINT64 = 0x07,
    OTAPACK_TLV_UTF8 = 0x0C, /* + 1, 2, 3: with a length in 2, 4, 8 bytes */
    OTAPACK_TLV_BYTES = 0x10,
    OTAPACK_TLV_BYTES_LAST = 0x13,
    OTAPACK_TLV_STRUCTURE = 0x15,
    OTAPACK_TLV_ARRAY = 0x16,
    OTAPACK_TLV_LIST = 0x17,
    OTAPACK_TLV_END = 0x18,
    OTAPACK_TLV_NO_CONTAINER = 0xFE, /* the container of what is in none */
    OTAPACK_TLV_ANY_CONTAINER = 0xFF /* the container when it is no longer known */
};

#define OTAPACK_TLV_TYPE_MASK 0x1Fu
#define OTAPACK_TLV_CONTEXT_TAG 0x20u /* in a control byte: one byte of tag follows */
#define OTAPACK_TLV_MAX_HEAD 17u      /* control, tag and value or length at their longest */

/*
 * A tag as one number. Context tag n is n, however it is spelt; of others it matters only that they
 * are others.
 */
#define OTAPACK_TLV_ANONYMOUS 0x100u
#define OTAPACK_TLV_UNKNOWN_TAG 0x101u /* of an implicit profile, which nobody named */
#define OTAPACK_TLV_OTHER_TAG 0x102u   /* of a profile */

struct otapack_tlv_element {
    uint64_t value;   /* of an integer; the bits of a floating-point number; else 0 */
    uint32_t at;      /* of the control byte */
    uint32_t data_at; /* of a text's or byte string's first byte; of what follows the head */
    uint32_t size;    /* of a text or byte string; else 0 */
    uint32_t tag;
    uint8_t type; /* enum otapack_tlv_type, or another up to 0x18 */
};

/* Bytes of value or length that follow the tag of an element of this type. */
static inline uint32_t otapack_tlv_width(uint8_t type)
{
    bool none = type == 0x08 || type == 0x09 || type > OTAPACK_TLV_BYTES_LAST;
    return none ? 0 : (uint32_t)1 << (type & 3);
}

static inline bool otapack_tlv_is_uint(uint8_t type)
{
    return type >= OTAPACK_TLV_UINT8 && type <= OTAPACK_TLV_UINT64;
}

static inline bool otapack_tlv_is_text(uint8_t type)
{
    return type >= OTAPACK_TLV_UTF8 && type < OTAPACK_TLV_BYTES;
}

/* Text or bytes: a length and that many bytes. */
static inline bool otapack_tlv_has_data(uint8_t type)
{
    return type >= OTAPACK_TLV_UTF8 && type <= OTAPACK_TLV_BYTES_LAST;
}

static inline bool otapack_tlv_is_container(uint8_t type)
{
    return type >= OTAPACK_TLV_STRUCTURE && type <= OTAPACK_TLV_LIST;
}

static inline uint32_t otapack_tlv_tag_width_(uint8_t control)
{
    return 0x86424210u >> (control >> 5 << 2) & 0xF; /* a hexadecimal digit for each kind of tag */
}

/* Bytes of an element's head, by its control byte: 1 to OTAPACK_TLV_MAX_HEAD. */
static inline uint32_t otapack_tlv_head_size_(uint8_t control)
{
    return 1 + otapack_tlv_tag_width_(control) + otapack_tlv_width(control & OTAPACK_TLV_TYPE_MASK);
}

/* The number in up to 8 bytes. */
static inline uint64_t otapack_tlv_number_(const uint8_t *p, uint32_t width)
{
    uint8_t bytes[8] = {0};
    memcpy(bytes, p, width);
    return otapack_le64(bytes);
}

/* The tag behind a control byte. One of the profile FFFF:FFFF is a context tag, spelt out. */
static inline uint32_t otapack_tlv_tag_(uint8_t control, const uint8_t *p)
{
    uint32_t kind = control >> 5,
             number = OTAPACK_TLV_ANONYMOUS + (0x22112200u >> (kind << 2) & 3u);
    if (kind == 1) {
        return p[0];
    }
    if (kind > 5 && otapack_le32(p) == UINT32_MAX) {
        number = kind == 6 ? otapack_le16(p + 4) : otapack_le32(p + 4);
    }
    return number < OTAPACK_TLV_OTHER_TAG ? number : OTAPACK_TLV_OTHER_TAG;
}

/* May an element with this tag stand in such a container? */
static inline bool otapack_tlv_tag_fits_(const struct otapack_tlv_element *e, uint8_t container)
{
    /* a bit for each: a context tag, none, one of an unknown profile, of another profile */
    uint32_t is = 1u << (e->tag < OTAPACK_TLV_ANONYMOUS ? 0u : e->tag - OTAPACK_TLV_ANONYMOUS + 1u);
    uint32_t may = e->type == OTAPACK_TLV_END              ? 2u
                   : container == OTAPACK_TLV_NO_CONTAINER ? 2u | 8u
                   : container == OTAPACK_TLV_STRUCTURE    ? 1u | 8u
                   : container == OTAPACK_TLV_ARRAY        ? 2u
                                                           : 1u | 2u | 8u;
    return (is & may) != 0 && (e->type != OTAPACK_TLV_END || container != OTAPACK_TLV_NO_CONTAINER);
}

/*
 * Reads the element whose head is given, as many bytes as otapack_tlv_head_size_ says; `at` is
 * where it begins, `end` where the encoding ends. Returns OTAPACK_OK; OTAPACK_WRONG_TYPE for a type
 * that does not exist; OTAPACK_UNEXPECTED for a tag that cannot stand in such a container;
 * OTAPACK_FORBIDDEN for a length over 4 GiB; OTAPACK_TRUNCATED when text or bytes do not fit.
 */
static inline enum otapack_code otapack_tlv_decode_(const uint8_t *head, uint32_t at, uint32_t end,
                                                    uint8_t container,
                                                    struct otapack_tlv_element *e)
{
    uint32_t size = otapack_tlv_head_size_(head[0]), width;
    e->at = at;
    e->type = head[0] & OTAPACK_TLV_TYPE_MASK;
    e->size = 0;
    e->value = 0;
    if (e->type > OTAPACK_TLV_END) {
        return OTAPACK_WRONG_TYPE;
    }
    e->data_at = at + size;
    e->tag = otapack_tlv_tag_(head[0], head + 1);
    if (!otapack_tlv_tag_fits_(e, container)) {
        return OTAPACK_UNEXPECTED;
    }
    width = otapack_tlv_width(e->type);
    e->value = otapack_tlv_number_(head + size - width, width);
    if (!otapack_tlv_has_data(e->type)) {
        return OTAPACK_OK;
    }
    if (e->value > UINT32_MAX) {
        return OTAPACK_FORBIDDEN;
    }
    e->size = (uint32_t)e->value;
    e->value = 0;
    return e->size <= end - e->data_at ? OTAPACK_OK : OTAPACK_TRUNCATED;
}

/*
 * Reads the element at `at`, in a container of type `container`. `src` must end where the encoding
 * does, below 4 GiB. `field` is what a failure names. Returns what otapack_tlv_decode_ returns,
 * OTAPACK_TRUNCATED when the head does not fit, or OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_tlv_read(const struct otapack_source *src, uint64_t at,
                                                     uint8_t container, const char *field,
                                                     struct otapack_tlv_element *e)
{
    uint8_t head[OTAPACK_TLV_MAX_HEAD] = {0};
    enum otapack_code code;
    struct otapack_status s = otapack_read(src, at, head, 1, field);
    if (s.code == OTAPACK_OK && (head[0] & OTAPACK_TLV_TYPE_MASK) <= OTAPACK_TLV_END) {
        s = otapack_read(src, at, head, otapack_tlv_head_size_(head[0]), field);
    }
    if (s.code != OTAPACK_OK) {
        return s;
    }
    code = otapack_tlv_decode_(head, (uint32_t)at, (uint32_t)src->size, container, e);
    return code == OTAPACK_OK ? s
           : code == OTAPACK_WRONG_TYPE
               ? otapack_status_make(code, field, at, e->type, OTAPACK_TLV_END)
           : code == OTAPACK_UNEXPECTED ? otapack_status_make(code, field, at, e->tag, 0)
           : code == OTAPACK_FORBIDDEN
               ? otapack_status_make(code, field, at, e->value, UINT32_MAX)
               : otapack_status_make(code, field, at, (uint64_t)e->data_at + e->size, src->size);
}

/* Where the next element begins; the first one inside, for a container. */
static inline uint64_t otapack_tlv_end(const struct otapack_tlv_element *e)
{
    return (uint64_t)e->data_at + e->size;
}

/* The least bytes that hold a value: 1, 2, 4 or 8, as 0, 1, 2, 3. */
static inline uint8_t otapack_tlv_log_width(uint64_t value)
{
    return value <= 0xFF ? 0 : value <= 0xFFFF ? 1 : value <= UINT32_MAX ? 2 : 3;
}

/*
 * Writes the head of an element in a structure, with a context tag: an unsigned integer
 * (OTAPACK_TLV_UINT8) is then whole; a text (OTAPACK_TLV_UTF8) or byte string (OTAPACK_TLV_BYTES)
 * of `value` bytes follows. The least width is taken. Returns how many bytes were written: 3 to 10.
 */
static inline size_t otapack_tlv_write_head(uint8_t *to, uint8_t type, uint8_t tag, uint64_t value)
{
    uint8_t log_width = otapack_tlv_log_width(value);
    size_t width = (size_t)1 << log_width;
    to[0] = (uint8_t)(OTAPACK_TLV_CONTEXT_TAG | type | log_width);
    to[1] = tag;
    for (size_t i = 0; i < width; i++) {
        to[2 + i] = (uint8_t)value;
        value >>= 8;
    }
    return 2 + width;
}

#endif
