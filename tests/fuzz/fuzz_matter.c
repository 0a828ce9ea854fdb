// SPDX-License-Identifier: Apache-2.0
//
// otapack/matter.h and tlv.h: a header that is taken lies inside its bytes, writes to no more of
// them than it had and reads as it was; no part of a header is taken for another one.
#include "fuzz.h"

#include <otapack/matter.h>

enum { MOST = OTAPACK_MATTER_FIXED_SIZE + OTAPACK_MATTER_MAX_TLV };

// An element lies inside its source, and one byte less is too few for it.
static void law_element(const struct otapack_source *src, uint64_t at, uint8_t container)
{
    struct otapack_tlv_element e, other;
    struct otapack_status s = otapack_tlv_read(src, at, container, "x", &e);
    if (s.code != OTAPACK_OK) {
        LAW(s.at == at && strcmp(s.field, "x") == 0 && s.code != OTAPACK_READ_FAILED);
        LAW(s.code != OTAPACK_TRUNCATED || (s.limit == src->size && s.value > src->size));
        return;
    }
    LAW(e.at == at && e.data_at > at && otapack_tlv_end(&e) <= src->size);
    LAW(e.size == 0 || otapack_tlv_has_data(e.type));
    struct otapack_source cut = otapack_part(src, 0, otapack_tlv_end(&e) - 1);
    LAW(otapack_tlv_read(&cut, at, container, "x", &other).code == OTAPACK_TRUNCATED);
    // What fits a container of some kind fits one that is not known.
    LAW(container == OTAPACK_TLV_ANY_CONTAINER ||
        otapack_tlv_read(src, at, OTAPACK_TLV_ANY_CONTAINER, "x", &other).code == OTAPACK_OK);
}

static void law_text(const struct otapack_matter *m, struct otapack_matter_text text, size_t most)
{
    LAW(text.size <= most);
    LAW((uint64_t)text.at + text.size <= m->read_to);
}

// A text that is read ends in front of its first separator.
static void law_uncut(struct otapack_matter_text text, const uint8_t *data)
{
    for (uint32_t i = 0; i < text.size; i++) {
        LAW(data[text.at + i] != OTAPACK_MATTER_SEPARATOR);
    }
}

static void law_taken(const struct otapack_matter *m, const uint8_t *data, size_t size)
{
    LAW(otapack_le32(data) == OTAPACK_MATTER_MAGIC && m->header_size <= OTAPACK_MATTER_MAX_TLV);
    LAW(m->read_to <= otapack_matter_payload_at(m) && otapack_matter_payload_at(m) <= size);
    law_text(m, m->software_version_string, OTAPACK_MATTER_MAX_VERSION_STRING);
    law_text(m, m->release_notes_url, OTAPACK_MATTER_MAX_URL);
    law_text(m, m->image_digest, OTAPACK_MATTER_MAX_TLV);
    law_uncut(m->software_version_string, data);
    law_uncut(m->release_notes_url, data);
    LAW(m->has_release_notes_url || m->release_notes_url.size == 0);
    LAW(m->has_min_applicable_software_version || m->min_applicable_software_version == 0);
    LAW(m->has_max_applicable_software_version || m->max_applicable_software_version == 0);
}

static void law_same_numbers(const struct otapack_matter *a, const struct otapack_matter *b)
{
    LAW(a->vendor_id == b->vendor_id && a->product_id == b->product_id);
    LAW(a->software_version == b->software_version && a->payload_size == b->payload_size);
    LAW(a->image_digest_type == b->image_digest_type);
    LAW(a->has_min_applicable_software_version == b->has_min_applicable_software_version);
    LAW(a->min_applicable_software_version == b->min_applicable_software_version);
    LAW(a->has_max_applicable_software_version == b->has_max_applicable_software_version);
    LAW(a->max_applicable_software_version == b->max_applicable_software_version);
    LAW(a->has_release_notes_url == b->has_release_notes_url);
}

static void law_same_text(const struct otapack_matter_text *a, const uint8_t *in,
                          const struct otapack_matter_text *b, const uint8_t *other)
{
    LAW(a->size == b->size && memcmp(in + a->at, other + b->at, a->size) == 0);
}

static void law_same_place(const struct otapack_matter_text *a, const struct otapack_matter_text *b)
{
    LAW(a->at == b->at && a->size == b->size);
}

// Two readings of the same bytes.
static void law_same_header(const struct otapack_matter *a, const struct otapack_matter *b)
{
    LAW(a->total_size == b->total_size && a->header_size == b->header_size);
    LAW(a->read_to == b->read_to);
    law_same_numbers(a, b);
    law_same_place(&a->software_version_string, &b->software_version_string);
    law_same_place(&a->release_notes_url, &b->release_notes_url);
    law_same_place(&a->image_digest, &b->image_digest);
}

// Written with the least widths, a header has no more bytes than it came in, and reads the same.
static void law_written(const struct otapack_matter *m, const uint8_t *data)
{
    struct otapack_matter copy = *m, back;
    struct otapack_matter_texts texts = {data + m->software_version_string.at,
                                         data + m->release_notes_url.at, data + m->image_digest.at};
    uint8_t bytes[MOST];
    size_t n = otapack_matter_write(&copy, &texts, bytes, m->read_to);
    if (m->payload_size > UINT64_MAX - m->read_to) {
        LAW(n == 0 || n + m->payload_size > m->payload_size); // what total_size cannot say
        return;
    }
    LAW(n > 0 && n <= m->read_to);
    LAW(copy.total_size == n + m->payload_size && copy.read_to == n);
    struct otapack_source src = otapack_memory(bytes, n);
    LAW(otapack_matter_open(&src, &back).code == OTAPACK_OK);
    LAW(back.read_to == n && back.header_size == n - OTAPACK_MATTER_FIXED_SIZE);
    law_same_header(&copy, &back);
    law_same_numbers(m, &back);
    law_same_text(&m->software_version_string, data, &back.software_version_string, bytes);
    law_same_text(&m->release_notes_url, data, &back.release_notes_url, bytes);
    law_same_text(&m->image_digest, data, &back.image_digest, bytes);
    // One byte less of room is too little.
    LAW(otapack_matter_write(&back, &texts, bytes, n - 1) == 0);
}

// Cut in front of the header's end, bytes are never taken, nor taken for something else: what the
// first 16 bytes do not settle waits for all. What follows the header changes nothing.
static void law_prefixes(const uint8_t *data, size_t size, const struct otapack_matter *m,
                         struct otapack_status whole)
{
    bool settled = whole.code == OTAPACK_NOT_THIS || m->header_size > OTAPACK_MATTER_MAX_TLV;
    size_t end = settled ? OTAPACK_MATTER_FIXED_SIZE : (size_t)otapack_matter_payload_at(m);
    for (size_t n = 0; n < size && n <= end; n++) {
        struct otapack_source src = otapack_memory(data, n);
        struct otapack_matter other;
        struct otapack_status s = otapack_matter_open(&src, &other);
        if (n == end) {
            law_same(s, whole);
            law_same_header(&other, m);
        } else {
            LAW(s.code == OTAPACK_TRUNCATED && s.limit == n && s.value > n && s.value <= MOST);
        }
    }
}

// The same bytes of which fewer are said to be TLV: taken only if the structure is inside.
static void law_header_size(const struct otapack_matter *m, const uint8_t *data, uint32_t tlv)
{
    uint8_t bytes[MOST];
    struct otapack_matter other;
    memcpy(bytes, data, (size_t)otapack_matter_payload_at(m));
    otapack_put_le32(bytes + 12, tlv);
    struct otapack_source src = otapack_memory(bytes, (size_t)otapack_matter_payload_at(m));
    struct otapack_status s = otapack_matter_open(&src, &other);
    bool inside = m->read_to <= otapack_matter_payload_at(&other);
    LAW(s.code == (inside ? OTAPACK_OK : OTAPACK_TRUNCATED));
    LAW(s.code != OTAPACK_OK || other.read_to == m->read_to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t containers[] = {OTAPACK_TLV_NO_CONTAINER, OTAPACK_TLV_STRUCTURE,
                                         OTAPACK_TLV_ARRAY, OTAPACK_TLV_LIST,
                                         OTAPACK_TLV_ANY_CONTAINER};
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_matter m, other;
    struct otapack_status s = otapack_matter_open(&src, &m);
    law_same(s, otapack_matter_open(&hook, &other));
    law_same_header(&m, &other);
    LAW(s.code != OTAPACK_READ_FAILED);
    LAW(s.at <= size && m.read_to <= size && (s.code == OTAPACK_OK || s.field[0] != '\0'));
    LAW(s.code != OTAPACK_TRUNCATED || s.value > s.limit);
    if (s.code == OTAPACK_OK) {
        law_taken(&m, data, size);
        law_written(&m, data);
        law_header_size(&m, data, (uint32_t)(size % (m.header_size + 1)));
    }
    law_prefixes(data, size, &m, s);
    for (size_t i = 0; i < sizeof(containers); i++) {
        law_element(&src, size % 64, containers[i]);
    }
    unsigned all = h.reads;
    h.reads = 0;
    h.fail_at = 1 + (unsigned)(size % (all + 1));
    s = otapack_matter_open(&hook, &other);
    LAW((s.code == OTAPACK_READ_FAILED) == (h.fail_at <= all));
    LAW(h.reads == (h.fail_at <= all ? h.fail_at : all));
    return 0;
}
