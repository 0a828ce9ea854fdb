// SPDX-License-Identifier: Apache-2.0
//
// Matter headers put together from elements that are bytes each, so that one can be left out,
// moved, or replaced.
#ifndef MATTER_HEADER_H
#define MATTER_HEADER_H

#include "unit.h"

#include <otapack/matter.h>

enum { ELEMENTS = 12, ELEMENT_ROOM = 300, HEADER_ROOM = 16 + 2048 };

enum place {
    STRUCTURE,
    VENDOR_ID,
    PRODUCT_ID,
    SOFTWARE_VERSION,
    VERSION_STRING,
    PAYLOAD_SIZE,
    MIN_VERSION,
    MAX_VERSION,
    URL,
    DIGEST_TYPE,
    DIGEST,
    END,
};

struct element {
    const char *field;
    size_t n;
    uint8_t bytes[ELEMENT_ROOM];
};

static const struct element golden_elements[ELEMENTS] = {
    {"structure", 1, {0x15}},
    {"vendor_id", 4, {0x25, 0, 0xF1, 0xFF}},
    {"product_id", 4, {0x25, 1, 0x01, 0x80}},
    {"software_version", 4, {0x25, 2, 0x2C, 0x01}},
    {"software_version_string", 8, {0x2C, 3, 5, '3', '.', '0', '.', '0'}},
    {"payload_size", 6, {0x26, 4, 0xA0, 0xE4, 0x19, 0x00}},
    {"min_applicable_software_version", 3, {0x24, 5, 1}},
    {"max_applicable_software_version", 4, {0x25, 6, 0x2B, 0x01}},
    {"release_notes_url", 11, {0x2C, 7, 8, 'h', 't', 't', 'p', 's', ':', '/', '/'}},
    {"image_digest_type", 3, {0x24, 8, 6}},
    {"image_digest", 7, {0x30, 9, 4, 0xDE, 0xAD, 0xBE, 0xEF}},
    {"end", 1, {0x18}},
};

struct header {
    size_t n;
    size_t at[ELEMENTS + 2]; // where each element begins
    size_t count;
    uint8_t bytes[HEADER_ROOM];
};

static inline void header_size_is(struct header *h, size_t tlv)
{
    otapack_put_le32(h->bytes + 12, (uint32_t)tlv);
}

static inline struct header header_empty(void)
{
    struct header h = {.n = 16};
    otapack_put_le32(h.bytes, OTAPACK_MATTER_MAGIC);
    otapack_put_le32(h.bytes + 4, 0x9ABCDEF0);
    otapack_put_le32(h.bytes + 8, 0x12345678); // total_size: nobody compares it
    return h;
}

static inline void header_add(struct header *h, const void *bytes, size_t n)
{
    assert_true(n <= sizeof(h->bytes) - h->n && h->count < COUNT(h->at));
    h->at[h->count++] = h->n;
    memcpy(h->bytes + h->n, bytes, n);
    h->n += n;
    header_size_is(h, h->n - 16);
}

static inline struct header header_of(const struct element *elements, size_t count)
{
    struct header h = header_empty();
    for (size_t i = 0; i < count; i++) {
        header_add(&h, elements[i].bytes, elements[i].n);
    }
    return h;
}

static inline struct header golden_header(void)
{
    return header_of(golden_elements, ELEMENTS);
}

// The golden elements with other bytes in one place.
static inline struct header header_with(enum place place, const void *bytes, size_t n)
{
    struct element elements[ELEMENTS];
    memcpy(elements, golden_elements, sizeof(elements));
    assert_true(n <= ELEMENT_ROOM);
    memcpy(elements[place].bytes, bytes, n);
    elements[place].n = n;
    return header_of(elements, ELEMENTS);
}

// Opens from a buffer and behind a read function, which must say the same.
static inline struct otapack_status open_header(const struct header *h, struct otapack_matter *m)
{
    struct otapack_source src = otapack_memory(h->bytes, h->n);
    struct reading r = reading_of(h->bytes, h->n);
    struct otapack_source hook = reading_source(&r);
    struct otapack_matter other;
    memset(m, 0x5A, sizeof(*m));
    memset(&other, 0xA5, sizeof(other));
    struct otapack_status s = otapack_matter_open(&src, m);
    assert_same_status(s, otapack_matter_open(&hook, &other));
    assert_memory_equal(m, &other, sizeof(*m));
    assert_true(s.code == OTAPACK_OK || m->read_to <= h->n);
    return s;
}

// What is wrong with a header: what, in which field, where, and the value that is named.
static inline void assert_refused(const struct header *h, enum otapack_code code, const char *field,
                                  size_t at, uint64_t value)
{
    struct otapack_matter m;
    struct otapack_status s = open_header(h, &m);
    assert_status(s, code, field, at);
    assert_int_equal(s.value, value);
}

#endif
