/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/zigbee.h: a Zigbee OTA file, a header and the elements behind it.
 *
 *     offset size                       offset        size
 *          0    4  0x0BEEF11E               56           1  security credential version  (bit 0)
 *          4    2  header version         next           8  destination: an EUI64        (bit 1)
 *          6    2  header length          next       2 + 2  lowest and highest           (bit 2)
 *          8    2  field control                            hardware version
 *         10    2  manufacturer code       header length:
 *         12    2  image type             next           2  tag       \
 *         14    4  file version                          4  length     } an element, up to
 *         18    2  stack version                    length  data      /  the total size
 *         20   32  header string
 *         52    4  total size of the file
 *
 * The fields behind the total size are there if field control has their bit, and the header is as
 * long as they make it: 56 to 69 bytes. A client has room for no more.
 *
 *     struct otapack_source src = otapack_memory(bytes, n);
 *     struct otapack_zigbee z;
 *     struct otapack_zigbee_element image;
 *     struct otapack_status s = otapack_zigbee_open(&src, &z);
 *     if (s.code == OTAPACK_OK)
 *         s = otapack_zigbee_find(&src, &z, OTAPACK_ZIGBEE_IMAGE, &image);
 *     if (s.code != OTAPACK_OK)
 *         refuse(s.field, s.at);
 *     write_flash(bytes + image.data_at, image.length);
 *
 * The elements go to the total size or to the end of the source, whichever comes first. That the
 * file is as long as it says is for the caller to see.
 *
 * Source of the facts: the Zigbee Cluster Library, 11.4; esp-zigbee-sdk, its OTA client example.
 */
#ifndef OTAPACK_ZIGBEE_H
#define OTAPACK_ZIGBEE_H

#include "base.h"

#define OTAPACK_ZIGBEE_MAGIC 0x0BEEF11Eu
#define OTAPACK_ZIGBEE_HEADER_VERSION 0x0100u
#define OTAPACK_ZIGBEE_FIXED_SIZE 56u /* what every header has */
#define OTAPACK_ZIGBEE_MAX_HEADER 69u /* with all fields */
#define OTAPACK_ZIGBEE_STRING_SIZE 32u
#define OTAPACK_ZIGBEE_EUI64_SIZE 8u
#define OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE 6u

/* Image types that are not the manufacturer's. */
#define OTAPACK_ZIGBEE_TYPE_OTHER 0xFFC0u /* from here on: credentials, configuration, log ... */
#define OTAPACK_ZIGBEE_TYPE_ANY 0xFFFFu   /* but this, which fits any type */

/* The bits of field control. */
#define OTAPACK_ZIGBEE_SECURITY 1u
#define OTAPACK_ZIGBEE_DESTINATION 2u
#define OTAPACK_ZIGBEE_HARDWARE 4u

enum otapack_zigbee_tag {
    OTAPACK_ZIGBEE_IMAGE = 0,
    OTAPACK_ZIGBEE_SIGNATURE_CS1 = 1,
    OTAPACK_ZIGBEE_CERTIFICATE_CS1 = 2,
    OTAPACK_ZIGBEE_INTEGRITY = 3,
    OTAPACK_ZIGBEE_PICTURE = 4,
    OTAPACK_ZIGBEE_SIGNATURE_CS2 = 5,
    OTAPACK_ZIGBEE_CERTIFICATE_CS2 = 6,
    OTAPACK_ZIGBEE_MANUFACTURER = 0xF000, /* from here on the manufacturer's own */
};

struct otapack_zigbee {
    uint32_t file_version; /* what a client compares */
    uint32_t total_size;   /* of the file, as it says */
    uint16_t header_version;
    uint16_t header_length; /* where the elements begin, as it says */
    uint16_t field_control; /* OTAPACK_ZIGBEE_SECURITY and so on, or whatever the file says */
    uint16_t manufacturer;
    uint16_t image_type;
    uint16_t stack_version;
    char header_string[OTAPACK_ZIGBEE_STRING_SIZE]; /* no NUL when full */

    /* each if its bit is set and the header is long enough for it */
    bool has_security_version, has_destination, has_hardware;
    uint8_t security_version;
    uint8_t destination[OTAPACK_ZIGBEE_EUI64_SIZE]; /* as it stands in the file */
    uint16_t min_hardware, max_hardware;
    uint16_t fields_end; /* where the last of these ends, or the total size */
};

struct otapack_zigbee_element {
    uint64_t at;      /* of the tag */
    uint64_t data_at; /* behind tag and length */
    uint32_t length;  /* of the data */
    uint16_t tag;     /* enum otapack_zigbee_tag, or whatever the file says */
};

/* How long the header is that has the fields of these bits: 56 to 69 bytes. */
static inline uint32_t otapack_zigbee_header_size(uint16_t field_control)
{
    return OTAPACK_ZIGBEE_FIXED_SIZE + ((field_control & OTAPACK_ZIGBEE_SECURITY) != 0 ? 1u : 0u) +
           ((field_control & OTAPACK_ZIGBEE_DESTINATION) != 0 ? OTAPACK_ZIGBEE_EUI64_SIZE : 0u) +
           ((field_control & OTAPACK_ZIGBEE_HARDWARE) != 0 ? 4u : 0u);
}

/* Is what stands in a file of this image type for a device to run? */
static inline bool otapack_zigbee_is_firmware_(uint16_t image_type)
{
    return image_type < OTAPACK_ZIGBEE_TYPE_OTHER || image_type == OTAPACK_ZIGBEE_TYPE_ANY;
}

/* The 56 bytes that every header has, as they stand; of the other fields it has none. */
static inline struct otapack_zigbee otapack_zigbee_decode_(const uint8_t *p)
{
    struct otapack_zigbee z;
    memset(&z, 0, sizeof(z));
    z.header_version = otapack_le16(p + 4);
    z.header_length = otapack_le16(p + 6);
    z.field_control = otapack_le16(p + 8);
    z.manufacturer = otapack_le16(p + 10);
    z.image_type = otapack_le16(p + 12);
    z.file_version = otapack_le32(p + 14);
    z.stack_version = otapack_le16(p + 18);
    memcpy(z.header_string, p + 20, sizeof(z.header_string));
    z.total_size = otapack_le32(p + 52);
    z.fields_end = OTAPACK_ZIGBEE_FIXED_SIZE;
    return z;
}

/* Is the field of this bit there, and so all before it that are named? Then it is passed. */
static inline bool otapack_zigbee_take_(struct otapack_zigbee *z, uint32_t bit, uint32_t there)
{
    uint32_t end = otapack_zigbee_header_size((uint16_t)(z->field_control & (bit | (bit - 1u))));
    if ((z->field_control & bit) == 0 || end > there) {
        return false;
    }
    z->fields_end = (uint16_t)end;
    return true;
}

/* The fields that field control names, of a header whose first `there` bytes, up to 69, are at p.
 */
static inline void otapack_zigbee_fields_(struct otapack_zigbee *z, const uint8_t *p,
                                          uint32_t there)
{
    z->has_security_version = otapack_zigbee_take_(z, OTAPACK_ZIGBEE_SECURITY, there);
    if (z->has_security_version) {
        z->security_version = p[z->fields_end - 1u];
    }
    z->has_destination = otapack_zigbee_take_(z, OTAPACK_ZIGBEE_DESTINATION, there);
    if (z->has_destination) {
        memcpy(z->destination, p + z->fields_end - OTAPACK_ZIGBEE_EUI64_SIZE,
               sizeof(z->destination));
    }
    z->has_hardware = otapack_zigbee_take_(z, OTAPACK_ZIGBEE_HARDWARE, there);
    if (z->has_hardware) {
        z->min_hardware = otapack_le16(p + z->fields_end - 4u);
        z->max_hardware = otapack_le16(p + z->fields_end - 2u);
    }
}

/*
 * Reads the header at the start of `src`. What it says is not judged, but for what no element could
 * be found behind; otapack_zigbee_check does that.
 * Returns OTAPACK_OK; OTAPACK_NOT_THIS (magic); OTAPACK_FORBIDDEN: header_length is below 56;
 * OTAPACK_TRUNCATED: the bytes end before the header does (`header`, or `header_length` once its
 * 56 bytes are there); OTAPACK_READ_FAILED. After a failure, `z` has what could be read: nothing,
 * all fields of the 56 bytes, or also those behind them that are there.
 */
static inline struct otapack_status otapack_zigbee_open(const struct otapack_source *src,
                                                        struct otapack_zigbee *z)
{
    uint8_t raw[OTAPACK_ZIGBEE_MAX_HEADER];
    uint32_t there;
    struct otapack_status s =
        otapack_read(src, 0, raw, OTAPACK_ZIGBEE_FIXED_SIZE, OTAPACK_NAME("header"));
    memset(raw + OTAPACK_ZIGBEE_FIXED_SIZE, 0, sizeof(raw) - OTAPACK_ZIGBEE_FIXED_SIZE);
    memset(z, 0, sizeof(*z));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (otapack_le32(raw) != OTAPACK_ZIGBEE_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0, otapack_le32(raw),
                                   OTAPACK_ZIGBEE_MAGIC);
    }
    *z = otapack_zigbee_decode_(raw);
    if (z->header_length < OTAPACK_ZIGBEE_FIXED_SIZE) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("header_length"), 6,
                                   z->header_length, OTAPACK_ZIGBEE_MAX_HEADER);
    }
    there = z->header_length < sizeof(raw) ? z->header_length : (uint32_t)sizeof(raw);
    there = src->size < there ? (uint32_t)src->size : there;
    s = otapack_read(src, 0, raw, there, OTAPACK_NAME("header"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    otapack_zigbee_fields_(z, raw, there);
    return otapack_has(src, 0, z->header_length)
               ? s
               : otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("header_length"), 6,
                                     z->header_length, src->size);
}

/*
 * Judges the length of a header that was opened: that of the fields which field control names. A
 * longer one runs over what a client keeps it in, in a shorter one the client takes elements for
 * fields. Returns OTAPACK_OK or OTAPACK_FORBIDDEN (`header_length`, which should be `limit`;
 * `total_size`, which the header alone is over).
 */
static inline struct otapack_status otapack_zigbee_check(const struct otapack_zigbee *z)
{
    uint32_t size = otapack_zigbee_header_size(z->field_control);
    if (z->header_length != size) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("header_length"), 6,
                                   z->header_length, size);
    }
    return z->total_size < size ? otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("total_size"),
                                                      52, z->total_size, UINT32_MAX)
                                : otapack_good();
}

/* Where the elements end: at the total size, or where the source does before that. */
static inline uint64_t otapack_zigbee_end(const struct otapack_source *src,
                                          const struct otapack_zigbee *z)
{
    return z->total_size < src->size ? z->total_size : src->size;
}

/* Where an element ends, and the next one begins. */
static inline uint64_t otapack_zigbee_element_end(const struct otapack_zigbee_element *e)
{
    return e->data_at + e->length;
}

/* The 6 bytes that stand at `at`, as they are. */
static inline struct otapack_zigbee_element otapack_zigbee_element_decode(const uint8_t *p,
                                                                          uint64_t at)
{
    struct otapack_zigbee_element e;
    e.at = at;
    e.data_at = at + OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE;
    e.length = otapack_le32(p + 2);
    e.tag = otapack_le16(p);
    return e;
}

/*
 * Reads the element at `at`; the first is at z->header_length, each next one where the one before
 * it ends, the last one ends at otapack_zigbee_end. Returns OTAPACK_OK; OTAPACK_TRUNCATED: there is
 * no room for an element's head (`element`, at `at`), or its data ends behind the end (`length`,
 * at + 2; `e` is what stands there); OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_zigbee_element_read(const struct otapack_source *src,
                                                                const struct otapack_zigbee *z,
                                                                uint64_t at,
                                                                struct otapack_zigbee_element *e)
{
    uint8_t raw[OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE];
    struct otapack_source elements = otapack_part(src, 0, otapack_zigbee_end(src, z));
    struct otapack_status s =
        otapack_read(&elements, at, raw, sizeof(raw), OTAPACK_NAME("element"));
    memset(e, 0, sizeof(*e));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    *e = otapack_zigbee_element_decode(raw, at);
    return otapack_has(&elements, e->data_at, e->length)
               ? s
               : otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("length"), at + 2,
                                     otapack_zigbee_element_end(e), elements.size);
}

/*
 * The first element with this tag. Returns OTAPACK_OK, OTAPACK_UNEXPECTED (`tag`: there is none,
 * and all elements are whole), or what otapack_zigbee_element_read says of one before it.
 */
static inline struct otapack_status otapack_zigbee_find(const struct otapack_source *src,
                                                        const struct otapack_zigbee *z,
                                                        uint16_t tag,
                                                        struct otapack_zigbee_element *e)
{
    uint64_t at = z->header_length;
    while (at < otapack_zigbee_end(src, z)) {
        struct otapack_status s = otapack_zigbee_element_read(src, z, at, e);
        if (s.code != OTAPACK_OK || e->tag == tag) {
            return s;
        }
        at = otapack_zigbee_element_end(e);
    }
    memset(e, 0, sizeof(*e));
    return otapack_status_make(OTAPACK_UNEXPECTED, OTAPACK_NAME("tag"), at, tag, 0);
}

static inline void otapack_zigbee_put16_(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

/*
 * Writes a header, as long as its field control makes it, and sets header_length, fields_end and
 * has_...; the bits that are none of the three fields' are written as they are, total_size is the
 * caller's. Returns how many bytes were written, where the elements begin; 0 when `room` bytes are
 * too few. What is written otapack_zigbee_open reads back.
 */
static inline size_t otapack_zigbee_write(struct otapack_zigbee *z, uint8_t *to, size_t room)
{
    uint32_t size = otapack_zigbee_header_size(z->field_control);
    if (room < size) {
        return 0;
    }
    z->header_length = (uint16_t)size;
    z->fields_end = OTAPACK_ZIGBEE_FIXED_SIZE;
    otapack_put_le32(to, OTAPACK_ZIGBEE_MAGIC);
    otapack_zigbee_put16_(to + 4, z->header_version);
    otapack_zigbee_put16_(to + 6, z->header_length);
    otapack_zigbee_put16_(to + 8, z->field_control);
    otapack_zigbee_put16_(to + 10, z->manufacturer);
    otapack_zigbee_put16_(to + 12, z->image_type);
    otapack_put_le32(to + 14, z->file_version);
    otapack_zigbee_put16_(to + 18, z->stack_version);
    memcpy(to + 20, z->header_string, sizeof(z->header_string));
    otapack_put_le32(to + 52, z->total_size);
    z->has_security_version = otapack_zigbee_take_(z, OTAPACK_ZIGBEE_SECURITY, size);
    if (z->has_security_version) {
        to[z->fields_end - 1u] = z->security_version;
    }
    z->has_destination = otapack_zigbee_take_(z, OTAPACK_ZIGBEE_DESTINATION, size);
    if (z->has_destination) {
        memcpy(to + z->fields_end - OTAPACK_ZIGBEE_EUI64_SIZE, z->destination,
               sizeof(z->destination));
    }
    z->has_hardware = otapack_zigbee_take_(z, OTAPACK_ZIGBEE_HARDWARE, size);
    if (z->has_hardware) {
        otapack_zigbee_put16_(to + z->fields_end - 4u, z->min_hardware);
        otapack_zigbee_put16_(to + z->fields_end - 2u, z->max_hardware);
    }
    return size;
}

/* Writes the 6 bytes before an element's data. */
static inline void otapack_zigbee_element_write(uint16_t tag, uint32_t length,
                                                uint8_t to[OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE])
{
    otapack_zigbee_put16_(to, tag);
    otapack_put_le32(to + 2, length);
}

#endif
