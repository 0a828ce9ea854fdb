// SPDX-License-Identifier: Apache-2.0
//
// A Matter OTA header around whatever the rest of a recipe gives, laid out as ota_image_tool.py
// does: every number in its least width, optional fields only where they are given.
#include <inttypes.h>

#include "compose.h"
#include "matter_digest.h"

static uint32_t length(const struct matter_value *v)
{
    return v->given ? (uint32_t)v->size : 0;
}

// The fields as the writer takes them.
static struct otapack_matter header_of(const struct matter_value *of, uint64_t payload_size)
{
    uint8_t type = (uint8_t)of[OTAPACK_MATTER_IMAGE_DIGEST_TYPE].number;
    return (struct otapack_matter){
        .payload_size = payload_size,
        .vendor_id = (uint16_t)of[OTAPACK_MATTER_VENDOR_ID].number,
        .product_id = (uint16_t)of[OTAPACK_MATTER_PRODUCT_ID].number,
        .software_version = (uint32_t)of[OTAPACK_MATTER_SOFTWARE_VERSION].number,
        .software_version_string.size = length(&of[OTAPACK_MATTER_SOFTWARE_VERSION_STRING]),
        .has_min_applicable_software_version = of[OTAPACK_MATTER_MIN_VERSION].given,
        .min_applicable_software_version = (uint32_t)of[OTAPACK_MATTER_MIN_VERSION].number,
        .has_max_applicable_software_version = of[OTAPACK_MATTER_MAX_VERSION].given,
        .max_applicable_software_version = (uint32_t)of[OTAPACK_MATTER_MAX_VERSION].number,
        .has_release_notes_url = of[OTAPACK_MATTER_RELEASE_NOTES_URL].given,
        .release_notes_url.size = length(&of[OTAPACK_MATTER_RELEASE_NOTES_URL]),
        .image_digest_type = type,
        .image_digest.size = (uint32_t)otapack_matter_digest_size(type),
    };
}

// A text that is longer than devices read, told before it is in a header that they cannot read.
static bool check_texts(const struct matter_values *v, struct err *e)
{
    for (int tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        const struct matter_field *f = &matter_fields[tag];
        if (f->kind == FIELD_STRING && v->of[tag].given && v->of[tag].size > f->most) {
            return err_set(e, STATUS_NO,
                           "%s has %zu bytes, of which devices take %" PRIu64 "; shorten it [%s]",
                           f->name, v->of[tag].size, f->most, checks[f->check].id);
        }
    }
    return true;
}

// The header for this payload: its bytes, of which *size are used.
static const uint8_t *make_header(const struct matter_values *v,
                                  const struct otapack_source *payload, struct arena *a,
                                  size_t *size, struct err *e)
{
    uint8_t digest[OTAPACK_MATTER_MAX_DIGEST];
    size_t room = OTAPACK_MATTER_FIXED_SIZE + OTAPACK_MATTER_MAX_TLV;
    uint8_t *bytes = arena_alloc(a, room);
    struct otapack_matter_texts texts = {
        (const uint8_t *)v->of[OTAPACK_MATTER_SOFTWARE_VERSION_STRING].text,
        (const uint8_t *)v->of[OTAPACK_MATTER_RELEASE_NOTES_URL].text, digest};
    if (!check_texts(v, e)) {
        return NULL;
    }
    struct otapack_matter m = header_of(v->of, payload->size);
    if (m.image_digest.size == 0) {
        err_set(e, STATUS_NO, "image_digest_type %u does not exist; set it to sha256",
                m.image_digest_type);
        return NULL;
    }
    if (!matter_digest(m.image_digest_type, payload, digest, e)) {
        return NULL;
    }
    *size = otapack_matter_write(&m, &texts, bytes, room);
    return bytes;
}

bool compose_matter(const struct recipe *recipe, struct pieces *l, struct err *e)
{
    struct otapack_source payload = pieces_source(l);
    struct err inner = ERR_NONE;
    size_t size;
    const uint8_t *header = make_header(recipe->matter, &payload, l->arena, &size, &inner);
    if (header == NULL) {
        return pieces_good(l, e) &&
               err_set(e, inner.status, "%s: %s", recipe->matter_where, inner.text);
    }
    pieces_put_first(l, header, size);
    return true;
}
