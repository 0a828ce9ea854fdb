// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <otapack/matter.h>

#include "format_list.h"
#include "matter_digest.h"
#include "matter_field.h"
#include "rule.h"
#include "source.h"

static bool matter_probe(const struct otapack_source *src)
{
    uint8_t magic[4];
    return otapack_read(src, 0, magic, sizeof(magic), "").code == OTAPACK_OK &&
           otapack_le32(magic) == OTAPACK_MATTER_MAGIC;
}

// A text as far as a device reads it.
static struct otapack_matter_text text_of(const struct otapack_matter *m,
                                          const struct otapack_tlv_element *e)
{
    switch (e->tag) {
    case OTAPACK_MATTER_SOFTWARE_VERSION_STRING:
        return m->software_version_string;
    case OTAPACK_MATTER_RELEASE_NOTES_URL:
        return m->release_notes_url;
    case OTAPACK_MATTER_IMAGE_DIGEST:
        return m->image_digest;
    default:
        return (struct otapack_matter_text){0, 0};
    }
}

static void add_element(struct reader *r, struct node *n, const struct otapack_matter *m,
                        const struct otapack_tlv_element *e)
{
    const struct matter_field *f = &matter_fields[e->tag];
    struct place place = SHOWN((int64_t)e->at, otapack_tlv_end(e) - e->at);
    struct otapack_matter_text text = text_of(m, e);
    const uint8_t *bytes = source_bytes(r->arena, &n->src, text.at, text.size);
    switch (f->kind) {
    case FIELD_HEX:
        node_hex(r->arena, n, f->name, e->value, place);
        break;
    case FIELD_STRING:
        node_string(r->arena, n, f->name, (const char *)bytes, text.size, place);
        break;
    case FIELD_BYTES:
        node_bytes(r->arena, n, f->name, bytes, text.size, place);
        break;
    case FIELD_ENUM:
        node_enum(r->arena, n, f->name, e->value, matter_digest_name((uint8_t)e->value), place);
        break;
    default:
        node_uint(r->arena, n, f->name, e->value, place);
        break;
    }
}

static void add_bytes(struct reader *r, struct node *n, const char *name, uint64_t from,
                      uint64_t to)
{
    if (to > from) {
        node_bytes(r->arena, n, name, source_bytes(r->arena, &n->src, from, (size_t)(to - from)),
                   (size_t)(to - from), QUIET((int64_t)from, to - from));
    }
}

// The fields as far as the header could be read, each over its whole element. Returns where the
// last one ends.
static uint64_t add_elements(struct reader *r, struct node *n, const struct otapack_matter *m)
{
    struct otapack_source tlv = otapack_part(&n->src, 0, otapack_matter_payload_at(m));
    struct otapack_tlv_element e = {.tag = OTAPACK_TLV_ANONYMOUS};
    uint64_t at = OTAPACK_MATTER_FIXED_SIZE;
    if (m->read_to <= at) {
        return at;
    }
    node_hex(r->arena, n, "structure", OTAPACK_TLV_STRUCTURE, QUIET((int64_t)at, 1));
    at++;
    while (at < m->read_to && e.tag != OTAPACK_MATTER_IMAGE_DIGEST &&
           otapack_tlv_read(&tlv, at, OTAPACK_TLV_STRUCTURE, "", &e).code == OTAPACK_OK &&
           e.tag < MATTER_FIELD_COUNT) {
        add_element(r, n, m, &e);
        at = otapack_tlv_end(&e);
    }
    return at;
}

static void add_fixed(struct reader *r, struct node *n, const struct otapack_matter *m)
{
    if (m->read_to >= OTAPACK_MATTER_FIXED_SIZE) {
        node_hex(r->arena, n, "magic", OTAPACK_MATTER_MAGIC, QUIET(0, 4));
        node_uint(r->arena, n, "total_size", m->total_size, SHOWN(4, 8));
        node_uint(r->arena, n, "header_size", m->header_size, SHOWN(12, 4));
    }
}

static void add_payload(struct reader *r, struct node *n, const struct otapack_matter *m)
{
    uint64_t at = otapack_matter_payload_at(m);
    uint64_t left = n->src.size - at;
    if (m->payload_size > left) {
        read_part(r, n, "payload", -1, at, left, &format_raw)->error =
            arena_printf(r->arena, "the header says %" PRIu64 " bytes, but the file has %" PRIu64,
                         m->payload_size, left);
        return;
    }
    read_part(r, n, "payload", -1, at, m->payload_size, NULL);
    read_rest(r, n, "trailing", -1, at + m->payload_size, left - m->payload_size);
}

// What is wrong with a header: the parser's answer, in the words of what the field is.
static const char *fault_text(struct reader *r, const struct node *n, struct otapack_status s)
{
    const struct matter_field *f = matter_field_by_name(s.field);
    if (s.code == OTAPACK_FORBIDDEN && f != NULL && f->kind == FIELD_STRING) {
        return arena_printf(
            r->arena, "%s at 0x%" PRIx64 " has %" PRIu64 " bytes, of which devices take %" PRIu64,
            s.field, n->src.base + s.at, s.value, s.limit);
    }
    return status_text(r->arena, n, s);
}

// Where the payload's digest takes a library that this build has not, it can be neither right nor
// wrong.
static const char *unknown_digest(struct reader *r, const struct otapack_matter *m)
{
    const char *name = matter_digest_name(m->image_digest_type);
    return name == NULL || matter_digest_can(m->image_digest_type)
               ? NULL
               : arena_printf(r->arena, DIGEST_LACKING, name);
}

static void matter_open(struct reader *r, struct node *n)
{
    struct otapack_matter m;
    struct otapack_status s = otapack_matter_open(&n->src, &m);
    bool good = s.code == OTAPACK_OK;
    n->summary = "Matter OTA image that cannot be read";
    if (!good) {
        n->error = fault_text(r, n, s);
    }
    add_fixed(r, n, &m);
    uint64_t at = m.read_to == 0 ? 0 : add_elements(r, n, &m);
    if (!good) {
        add_bytes(r, n, "unknown", at, m.read_to);
        read_rest(r, n, "unread", -1, m.read_to, n->src.size - m.read_to);
        return;
    }
    add_bytes(r, n, "unknown", at, m.read_to - 1);
    node_hex(r->arena, n, "end", OTAPACK_TLV_END, QUIET((int64_t)m.read_to - 1, 1));
    add_bytes(r, n, "rest", m.read_to, otapack_matter_payload_at(&m));
    n->summary = arena_printf(
        r->arena, "Matter OTA image, version %" PRIu32 " (%s) for 0x%04x:0x%04x",
        m.software_version, node_text(n, "software_version_string"), m.vendor_id, m.product_id);
    add_payload(r, n, &m);
    n->cannot = unknown_digest(r, &m);
    NODE_KEEP(r->arena, n, m);
}

const struct format format_matter = {.name = "matter",
                                     .title = "Matter OTA image",
                                     .probe = matter_probe,
                                     .open = matter_open,
                                     .rules = {rules_matter},
                                     .application = "payload",
                                     .container = CONTAINER_MATTER};
