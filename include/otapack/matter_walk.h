/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/matter_walk.h: the order in which the elements of a Matter header come, and what each may
 * be, for otapack/matter.h, which has the whole header, and otapack/stream.h, to which it arrives
 * in pieces. The format is described in the former.
 */
#ifndef OTAPACK_MATTER_WALK_H
#define OTAPACK_MATTER_WALK_H

#include "tlv.h"

#define OTAPACK_MATTER_MAX_VERSION_STRING 64u
#define OTAPACK_MATTER_MAX_URL 256u

enum otapack_matter_tag {
    OTAPACK_MATTER_VENDOR_ID = 0,
    OTAPACK_MATTER_PRODUCT_ID = 1,
    OTAPACK_MATTER_SOFTWARE_VERSION = 2,
    OTAPACK_MATTER_SOFTWARE_VERSION_STRING = 3,
    OTAPACK_MATTER_PAYLOAD_SIZE = 4,
    OTAPACK_MATTER_MIN_VERSION = 5,
    OTAPACK_MATTER_MAX_VERSION = 6,
    OTAPACK_MATTER_RELEASE_NOTES_URL = 7,
    OTAPACK_MATTER_IMAGE_DIGEST_TYPE = 8,
    OTAPACK_MATTER_IMAGE_DIGEST = 9,
};

/* What `expected` is around the fields. No element's tag is compared with these. */
#define OTAPACK_MATTER_STRUCTURE 0xFFu /* the structure that they are in */
#define OTAPACK_MATTER_REST 10u        /* nothing more of these: what devices pass over */
#define OTAPACK_MATTER_CLOSED 11u      /* the structure's end was there */

/* How far a header's elements are read. */
struct otapack_matter_walk {
    uint8_t expected;  /* the tag of the field that is next, or one of the above */
    uint8_t container; /* in which the next element stands, for otapack_tlv_read */
    uint16_t depth;    /* of containers that nobody knows, inside of the structure */
};

static inline struct otapack_matter_walk otapack_matter_walk_start_(void)
{
    struct otapack_matter_walk w;
    w.expected = OTAPACK_MATTER_STRUCTURE;
    w.container = OTAPACK_TLV_NO_CONTAINER;
    w.depth = 0;
    return w;
}

static inline bool otapack_matter_is_optional_(uint8_t tag)
{
    return tag >= OTAPACK_MATTER_MIN_VERSION && tag <= OTAPACK_MATTER_RELEASE_NOTES_URL;
}

static inline bool otapack_matter_is_text_(uint8_t tag)
{
    return tag == OTAPACK_MATTER_SOFTWARE_VERSION_STRING || tag == OTAPACK_MATTER_RELEASE_NOTES_URL;
}

/* The bytes of a text, and the value of a number of up to 32 bits, at most. */
static inline uint32_t otapack_matter_most_(uint8_t tag)
{
    return tag <= OTAPACK_MATTER_PRODUCT_ID          ? UINT16_MAX
           : tag == OTAPACK_MATTER_IMAGE_DIGEST_TYPE ? UINT8_MAX
           : !otapack_matter_is_text_(tag)           ? UINT32_MAX
           : tag == OTAPACK_MATTER_RELEASE_NOTES_URL ? OTAPACK_MATTER_MAX_URL
                                                     : OTAPACK_MATTER_MAX_VERSION_STRING;
}

/* The name of a field, or of what else can be expected. */
static inline const char *otapack_matter_name_(uint8_t expected)
{
    switch (expected) {
    case OTAPACK_MATTER_VENDOR_ID:
        return OTAPACK_NAME("vendor_id");
    case OTAPACK_MATTER_PRODUCT_ID:
        return OTAPACK_NAME("product_id");
    case OTAPACK_MATTER_SOFTWARE_VERSION:
        return OTAPACK_NAME("software_version");
    case OTAPACK_MATTER_SOFTWARE_VERSION_STRING:
        return OTAPACK_NAME("software_version_string");
    case OTAPACK_MATTER_PAYLOAD_SIZE:
        return OTAPACK_NAME("payload_size");
    case OTAPACK_MATTER_MIN_VERSION:
        return OTAPACK_NAME("min_applicable_software_version");
    case OTAPACK_MATTER_MAX_VERSION:
        return OTAPACK_NAME("max_applicable_software_version");
    case OTAPACK_MATTER_RELEASE_NOTES_URL:
        return OTAPACK_NAME("release_notes_url");
    case OTAPACK_MATTER_IMAGE_DIGEST_TYPE:
        return OTAPACK_NAME("image_digest_type");
    case OTAPACK_MATTER_IMAGE_DIGEST:
        return OTAPACK_NAME("image_digest");
    default:
        return expected == OTAPACK_MATTER_STRUCTURE ? OTAPACK_NAME("structure")
                                                    : OTAPACK_NAME("end");
    }
}

/* What is missing where no element can be read: the next field that must be there. */
static inline uint8_t otapack_matter_missing_(const struct otapack_matter_walk *w)
{
    return otapack_matter_is_optional_(w->expected) ? (uint8_t)OTAPACK_MATTER_IMAGE_DIGEST_TYPE
                                                    : w->expected;
}

/* Whether the element has a type that the field can have. The digest may be a text to a device. */
static inline bool otapack_matter_type_fits_(uint8_t tag, uint8_t type)
{
    return tag == OTAPACK_MATTER_STRUCTURE      ? type == OTAPACK_TLV_STRUCTURE
           : tag == OTAPACK_MATTER_IMAGE_DIGEST ? otapack_tlv_has_data(type)
           : otapack_matter_is_text_(tag)       ? otapack_tlv_is_text(type)
                                                : otapack_tlv_is_uint(type);
}

/* Behind the last field: containers are gone through, up to the structure's own end. */
static inline void otapack_matter_pass_(struct otapack_matter_walk *w, uint8_t type)
{
    if (type == OTAPACK_TLV_END) {
        w->container = w->depth <= 1 ? OTAPACK_TLV_STRUCTURE : OTAPACK_TLV_ANY_CONTAINER;
        if (w->depth == 0) {
            w->expected = OTAPACK_MATTER_CLOSED;
        } else {
            w->depth--;
        }
    } else if (otapack_tlv_is_container(type)) {
        w->depth++;
        w->container = type;
    }
}

/*
 * Takes the next element. *field is then the tag of the field that it is or should be,
 * OTAPACK_MATTER_STRUCTURE, or OTAPACK_MATTER_REST for one that devices pass over; where
 * w->expected is OTAPACK_MATTER_CLOSED there is no next one. How long a text is, is not judged: its
 * end is in its bytes. Returns OTAPACK_OK, OTAPACK_UNEXPECTED, OTAPACK_WRONG_TYPE or
 * OTAPACK_FORBIDDEN (a number over its limit).
 */
static inline enum otapack_code otapack_matter_step_(struct otapack_matter_walk *w,
                                                     const struct otapack_tlv_element *e,
                                                     uint8_t *field)
{
    uint32_t tag = w->expected == OTAPACK_MATTER_STRUCTURE ? OTAPACK_TLV_ANONYMOUS : w->expected;
    *field = w->expected;
    if (w->expected == OTAPACK_MATTER_REST) {
        otapack_matter_pass_(w, e->type);
        return OTAPACK_OK;
    }
    while (otapack_matter_is_optional_(w->expected) && e->tag != w->expected) {
        tag = *field = ++w->expected;
    }
    if (e->tag != tag) {
        return OTAPACK_UNEXPECTED;
    }
    if (!otapack_matter_type_fits_(*field, e->type)) {
        return OTAPACK_WRONG_TYPE;
    }
    if (e->value > otapack_matter_most_(*field) && *field != OTAPACK_MATTER_PAYLOAD_SIZE) {
        return OTAPACK_FORBIDDEN;
    }
    w->expected = (uint8_t)(w->expected + 1u);
    w->container = OTAPACK_TLV_STRUCTURE;
    return OTAPACK_OK;
}

#endif
