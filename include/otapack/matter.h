/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/matter.h: the header of a Matter OTA image, which says for whom its payload is.
 *
 *     0             4                12              16                 16 + header_size
 *     +-------------+----------------+---------------+------------------+----------------------+
 *     | 0x1BEEF11E  | total_size u64 | header_size   | a structure of   | payload              |
 *     |             | the whole file | of the TLV    | TLV elements     | payload_size bytes   |
 *     +-------------+----------------+---------------+------------------+----------------------+
 *
 *     tag 0 vendor_id            u16           5 min_applicable_software_version  u32, optional
 *         1 product_id           u16           6 max_applicable_software_version  u32, optional
 *         2 software_version     u32           7 release_notes_url   text up to 256, optional
 *         3 software_version_string  up to 64  8 image_digest_type   u8
 *         4 payload_size         u64           9 image_digest        bytes
 *
 * The elements stand in this order, in any width that holds them. What follows image_digest in the
 * structure, and what follows the structure in header_size, a device passes over. It reads a text
 * up to its first 0x1F byte. It takes at most 1024 bytes of TLV.
 *
 *     struct otapack_source src = otapack_memory(bytes, n);
 *     struct otapack_matter m;
 *     struct otapack_status s = otapack_matter_open(&src, &m);
 *     if (s.code != OTAPACK_OK)
 *         refuse(s.field, s.at);
 *     if (m.vendor_id == OUR_VENDOR && m.software_version > running)
 *         write_flash(bytes + otapack_matter_payload_at(&m), m.payload_size);
 *
 * What is accepted is what the Matter SDK accepts on a device. That IDs are not 0, that the sizes
 * are those of the file, that the digest is the payload's, is for the caller to see.
 *
 * Source of the facts: Matter SDK, OTAImageHeader.cpp; otapack/tlv.h for the elements.
 */
#ifndef OTAPACK_MATTER_H
#define OTAPACK_MATTER_H

#include "matter_walk.h"

#define OTAPACK_MATTER_MAGIC 0x1BEEF11Eu
#define OTAPACK_MATTER_FIXED_SIZE 16u /* what precedes the TLV */
#define OTAPACK_MATTER_MAX_TLV 1024u
#define OTAPACK_MATTER_MAX_DIGEST 64u
#define OTAPACK_MATTER_SEPARATOR 0x1Fu /* ends a text early */

/* The numbers of the IANA registry of named information hash algorithms. */
enum otapack_matter_digest {
    OTAPACK_MATTER_SHA256 = 1,
    OTAPACK_MATTER_SHA256_128 = 2, /* the first 128 bits of it, and so on */
    OTAPACK_MATTER_SHA256_120 = 3,
    OTAPACK_MATTER_SHA256_96 = 4,
    OTAPACK_MATTER_SHA256_64 = 5,
    OTAPACK_MATTER_SHA256_32 = 6,
    OTAPACK_MATTER_SHA384 = 7,
    OTAPACK_MATTER_SHA512 = 8,
    OTAPACK_MATTER_SHA3_224 = 9,
    OTAPACK_MATTER_SHA3_256 = 10,
    OTAPACK_MATTER_SHA3_384 = 11,
    OTAPACK_MATTER_SHA3_512 = 12,
};

/* A text or a digest: where it lies in the source, and how many bytes it has. */
struct otapack_matter_text {
    uint32_t at, size;
};

struct otapack_matter {
    uint64_t total_size;   /* what the file says; a device does not look at it */
    uint64_t payload_size; /* likewise */
    uint32_t header_size;  /* bytes of TLV */
    uint32_t software_version;
    uint32_t min_applicable_software_version, max_applicable_software_version;
    struct otapack_matter_text software_version_string, release_notes_url, image_digest;
    uint16_t vendor_id, product_id;
    uint8_t image_digest_type; /* enum otapack_matter_digest, or whatever the file says */
    bool has_min_applicable_software_version, has_max_applicable_software_version;
    bool has_release_notes_url;
    uint32_t read_to; /* how far the header could be read; to the end of its structure if good */
};

/* The bytes of an otapack_matter_text each, for writing. */
struct otapack_matter_texts {
    const uint8_t *software_version_string, *release_notes_url, *image_digest;
};

/* Where the payload begins. */
static inline uint64_t otapack_matter_payload_at(const struct otapack_matter *m)
{
    return (uint64_t)OTAPACK_MATTER_FIXED_SIZE + m->header_size;
}

/* The bytes of a digest of this type; 0 for a type that does not exist. */
static inline size_t otapack_matter_digest_size(uint8_t type)
{
    const char *sizes = "\x00\x20\x10\x0F\x0C\x08\x04\x30\x40\x1C\x20\x30\x40"; /* by type */
    return type <= OTAPACK_MATTER_SHA3_512 ? (size_t)sizes[type] : 0;
}

/* A text, as far as the device reads it: to its first 0x1F byte. */
static inline struct otapack_status otapack_matter_text_(const struct otapack_source *src,
                                                         const struct otapack_tlv_element *e,
                                                         uint8_t field,
                                                         struct otapack_matter_text *text)
{
    const char *name = otapack_matter_name_(field);
    uint8_t byte = 0;
    text->at = e->data_at;
    for (text->size = 0; text->size < e->size; text->size++) {
        if (otapack_read(src, e->data_at + text->size, &byte, 1, name).code != OTAPACK_OK) {
            return otapack_status_make(OTAPACK_READ_FAILED, name, e->at, e->size, src->size);
        }
        if (byte == OTAPACK_MATTER_SEPARATOR) {
            break;
        }
    }
    if (text->size > otapack_matter_most_(field)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, name, e->at, text->size,
                                   otapack_matter_most_(field));
    }
    return otapack_good();
}

/* Puts a number where it belongs. */
static inline void otapack_matter_keep_(struct otapack_matter *m, uint8_t field, uint64_t value)
{
    switch (field) {
    case OTAPACK_MATTER_VENDOR_ID:
        m->vendor_id = (uint16_t)value;
        break;
    case OTAPACK_MATTER_PRODUCT_ID:
        m->product_id = (uint16_t)value;
        break;
    case OTAPACK_MATTER_SOFTWARE_VERSION:
        m->software_version = (uint32_t)value;
        break;
    case OTAPACK_MATTER_PAYLOAD_SIZE:
        m->payload_size = value;
        break;
    case OTAPACK_MATTER_MIN_VERSION:
        m->min_applicable_software_version = (uint32_t)value;
        m->has_min_applicable_software_version = true;
        break;
    case OTAPACK_MATTER_MAX_VERSION:
        m->max_applicable_software_version = (uint32_t)value;
        m->has_max_applicable_software_version = true;
        break;
    case OTAPACK_MATTER_IMAGE_DIGEST_TYPE:
        m->image_digest_type = (uint8_t)value;
        break;
    default:
        break;
    }
}

/* Takes one element of the header into `m`. */
static inline struct otapack_status otapack_matter_take_(const struct otapack_source *src,
                                                         struct otapack_matter_walk *w,
                                                         const struct otapack_tlv_element *e,
                                                         struct otapack_matter *m)
{
    uint8_t field;
    struct otapack_status s;
    enum otapack_code code = otapack_matter_step_(w, e, &field);
    if (code != OTAPACK_OK) {
        return otapack_status_make(code, otapack_matter_name_(field), e->at,
                                   code == OTAPACK_UNEXPECTED   ? e->tag
                                   : code == OTAPACK_WRONG_TYPE ? e->type
                                                                : e->value,
                                   code == OTAPACK_FORBIDDEN ? otapack_matter_most_(field) : 0);
    }
    if (field == OTAPACK_MATTER_SOFTWARE_VERSION_STRING) {
        return otapack_matter_text_(src, e, field, &m->software_version_string);
    }
    if (field == OTAPACK_MATTER_RELEASE_NOTES_URL) {
        s = otapack_matter_text_(src, e, field, &m->release_notes_url);
        m->has_release_notes_url = s.code == OTAPACK_OK;
        return s;
    }
    if (field == OTAPACK_MATTER_IMAGE_DIGEST) {
        m->image_digest.at = e->data_at;
        m->image_digest.size = e->size;
    }
    otapack_matter_keep_(m, field, e->value);
    return otapack_good();
}

/* The first 16 bytes, and that the TLV they announce is there. */
static inline struct otapack_status otapack_matter_read_fixed_(const struct otapack_source *src,
                                                               struct otapack_matter *m)
{
    uint8_t raw[OTAPACK_MATTER_FIXED_SIZE];
    struct otapack_status s = otapack_read(src, 0, raw, sizeof(raw), OTAPACK_NAME("header"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (otapack_le32(raw) != OTAPACK_MATTER_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0, otapack_le32(raw),
                                   OTAPACK_MATTER_MAGIC);
    }
    m->total_size = otapack_le64(raw + 4);
    m->header_size = otapack_le32(raw + 12);
    m->read_to = OTAPACK_MATTER_FIXED_SIZE;
    if (m->header_size > OTAPACK_MATTER_MAX_TLV) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("header_size"), 12,
                                   m->header_size, OTAPACK_MATTER_MAX_TLV);
    }
    return otapack_has(src, sizeof(raw), m->header_size)
               ? s
               : otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("header_size"), 12,
                                     otapack_matter_payload_at(m), src->size);
}

/*
 * Reads the header at the start of `src`. Where the payload ends, and what it is, is not judged.
 * Returns OTAPACK_OK; OTAPACK_NOT_THIS (magic); OTAPACK_TRUNCATED: the bytes end before the header
 * does (more of them would help where src->size is below 16 or below otapack_matter_payload_at), or
 * the header's TLV ends inside an element; OTAPACK_FORBIDDEN: header_size, an integer or a text
 * over its limit; OTAPACK_UNEXPECTED and OTAPACK_WRONG_TYPE: an element that is not `field`, or not
 * of its type; OTAPACK_READ_FAILED. After a failure, `m` has what precedes `read_to`.
 */
static inline struct otapack_status otapack_matter_open(const struct otapack_source *src,
                                                        struct otapack_matter *m)
{
    struct otapack_matter_walk w = otapack_matter_walk_start_();
    struct otapack_tlv_element e;
    struct otapack_source header;
    struct otapack_status s;
    memset(m, 0, sizeof(*m));
    s = otapack_matter_read_fixed_(src, m);
    if (s.code != OTAPACK_OK) {
        return s;
    }
    header = otapack_part(src, 0, otapack_matter_payload_at(m));
    while (s.code == OTAPACK_OK && w.expected != OTAPACK_MATTER_CLOSED) {
        s = otapack_tlv_read(&header, m->read_to, w.container,
                             otapack_matter_name_(otapack_matter_missing_(&w)), &e);
        if (s.code == OTAPACK_OK) {
            s = otapack_matter_take_(&header, &w, &e, m);
        }
        if (s.code == OTAPACK_OK) {
            m->read_to = (uint32_t)otapack_tlv_end(&e);
        }
    }
    return s;
}

/* Writing: `full` once something did not fit. */
struct otapack_matter_writer {
    uint8_t *to;
    size_t room, at;
    bool full;
};

static inline void otapack_matter_put_(struct otapack_matter_writer *w, const uint8_t *bytes,
                                       size_t n)
{
    if (w->full || n > w->room - w->at) {
        w->full = true;
    } else if (n > 0) {
        memcpy(w->to + w->at, bytes, n);
        w->at += n;
    }
}

static inline void otapack_matter_put_head_(struct otapack_matter_writer *w, uint8_t type,
                                            uint8_t tag, uint64_t value)
{
    uint8_t head[OTAPACK_TLV_MAX_HEAD];
    otapack_matter_put_(w, head, otapack_tlv_write_head(head, type, tag, value));
}

static inline void otapack_matter_put_data_(struct otapack_matter_writer *w, uint8_t type,
                                            uint8_t tag, const uint8_t *bytes,
                                            struct otapack_matter_text *text)
{
    otapack_matter_put_head_(w, type, tag, text->size);
    text->at = (uint32_t)w->at;
    otapack_matter_put_(w, bytes, text->size);
}

static inline void otapack_matter_put_fields_(struct otapack_matter_writer *w,
                                              struct otapack_matter *m,
                                              const struct otapack_matter_texts *texts)
{
    uint8_t number = OTAPACK_TLV_UINT8;
    otapack_matter_put_head_(w, number, OTAPACK_MATTER_VENDOR_ID, m->vendor_id);
    otapack_matter_put_head_(w, number, OTAPACK_MATTER_PRODUCT_ID, m->product_id);
    otapack_matter_put_head_(w, number, OTAPACK_MATTER_SOFTWARE_VERSION, m->software_version);
    otapack_matter_put_data_(w, OTAPACK_TLV_UTF8, OTAPACK_MATTER_SOFTWARE_VERSION_STRING,
                             texts->software_version_string, &m->software_version_string);
    otapack_matter_put_head_(w, number, OTAPACK_MATTER_PAYLOAD_SIZE, m->payload_size);
    if (m->has_min_applicable_software_version) {
        otapack_matter_put_head_(w, number, OTAPACK_MATTER_MIN_VERSION,
                                 m->min_applicable_software_version);
    }
    if (m->has_max_applicable_software_version) {
        otapack_matter_put_head_(w, number, OTAPACK_MATTER_MAX_VERSION,
                                 m->max_applicable_software_version);
    }
    if (m->has_release_notes_url) {
        otapack_matter_put_data_(w, OTAPACK_TLV_UTF8, OTAPACK_MATTER_RELEASE_NOTES_URL,
                                 texts->release_notes_url, &m->release_notes_url);
    }
    otapack_matter_put_head_(w, number, OTAPACK_MATTER_IMAGE_DIGEST_TYPE, m->image_digest_type);
    otapack_matter_put_data_(w, OTAPACK_TLV_BYTES, OTAPACK_MATTER_IMAGE_DIGEST, texts->image_digest,
                             &m->image_digest);
}

/*
 * Writes a header: the fields of `m`, and the bytes that `texts` has for each text, as many as `m`
 * says. Sets total_size, header_size, read_to and the texts' `at`. Every number takes its least
 * width. Returns how many bytes were written, where the payload follows; 0 when `room` bytes are
 * too few, the TLV is over 1024 or total_size over 64 bits. What is written otapack_matter_open
 * reads back, unless a text is over its limit or has a 0x1F in it.
 */
static inline size_t otapack_matter_write(struct otapack_matter *m,
                                          const struct otapack_matter_texts *texts, uint8_t *to,
                                          size_t room)
{
    struct otapack_matter_writer w = {to, room, 0, false};
    const uint8_t open = OTAPACK_TLV_STRUCTURE, close = OTAPACK_TLV_END;
    uint8_t fixed[OTAPACK_MATTER_FIXED_SIZE] = {0};
    otapack_matter_put_(&w, fixed, sizeof(fixed));
    otapack_matter_put_(&w, &open, 1);
    otapack_matter_put_fields_(&w, m, texts);
    otapack_matter_put_(&w, &close, 1);
    if (w.full || w.at - sizeof(fixed) > OTAPACK_MATTER_MAX_TLV ||
        m->payload_size > UINT64_MAX - w.at) {
        return 0;
    }
    m->header_size = (uint32_t)(w.at - sizeof(fixed));
    m->total_size = w.at + m->payload_size;
    m->read_to = (uint32_t)w.at;
    otapack_put_le32(to, OTAPACK_MATTER_MAGIC);
    otapack_put_le32(to + 4, (uint32_t)m->total_size);
    otapack_put_le32(to + 8, (uint32_t)(m->total_size >> 32));
    otapack_put_le32(to + 12, m->header_size);
    return w.at;
}

#endif
