// SPDX-License-Identifier: Apache-2.0
#include "matter_field.h"

#include <inttypes.h>
#include <string.h>

#include "matter_digest.h"
#include "source.h"
#include "text.h"

const struct matter_field matter_fields[MATTER_FIELD_COUNT] = {
    [OTAPACK_MATTER_VENDOR_ID] = {"vendor_id", FIELD_HEX, UINT16_MAX, true, false,
                                  CHECK_MATTER_IDS},
    [OTAPACK_MATTER_PRODUCT_ID] = {"product_id", FIELD_HEX, UINT16_MAX, true, false,
                                   CHECK_MATTER_IDS},
    [OTAPACK_MATTER_SOFTWARE_VERSION] = {"software_version", FIELD_UINT, UINT32_MAX, true, false,
                                         CHECK_MATTER_VERSION_ZERO},
    [OTAPACK_MATTER_SOFTWARE_VERSION_STRING] = {"software_version_string", FIELD_STRING,
                                                OTAPACK_MATTER_MAX_VERSION_STRING, true, false,
                                                CHECK_MATTER_VERSION_STRING},
    [OTAPACK_MATTER_PAYLOAD_SIZE] = {"payload_size", FIELD_UINT, UINT64_MAX, true, true,
                                     CHECK_MATTER_SIZE},
    [OTAPACK_MATTER_MIN_VERSION] = {"min_applicable_software_version", FIELD_UINT, UINT32_MAX,
                                    false, false, CHECK_MATTER_RANGE},
    [OTAPACK_MATTER_MAX_VERSION] = {"max_applicable_software_version", FIELD_UINT, UINT32_MAX,
                                    false, false, CHECK_MATTER_RANGE},
    [OTAPACK_MATTER_RELEASE_NOTES_URL] = {"release_notes_url", FIELD_STRING, OTAPACK_MATTER_MAX_URL,
                                          false, false, CHECK_MATTER_RELEASE_NOTES},
    [OTAPACK_MATTER_IMAGE_DIGEST_TYPE] = {"image_digest_type", FIELD_ENUM, MATTER_DIGEST_COUNT,
                                          true, false, CHECK_MATTER_DIGEST_TYPE},
    [OTAPACK_MATTER_IMAGE_DIGEST] = {"image_digest", FIELD_BYTES, 0, true, true,
                                     CHECK_MATTER_DIGEST},
};

const char *const matter_field_names[] = {"vendor_id",
                                          "product_id",
                                          "software_version",
                                          "software_version_string",
                                          "min_applicable_software_version",
                                          "max_applicable_software_version",
                                          "release_notes_url",
                                          "image_digest_type",
                                          NULL};
enum { NAME_COUNT = sizeof(matter_field_names) / sizeof(matter_field_names[0]) - 1 };

static int is_computed(const char *name, const char *where, struct err *e)
{
    err_set(e, STATUS_CANNOT, "%s: %s follows from the other fields and the payload; leave it out",
            where, name);
    return -1;
}

static int is_unknown(const char *name, const char *where, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *near = text_nearest(name, matter_field_names, NAME_COUNT);
    err_unknown(e, near,
                arena_printf(&a, "it has %s", text_list(&a, matter_field_names, NAME_COUNT)),
                "%s: a Matter header has no field '%s'", where, name);
    arena_free(&a);
    return -1;
}

// The field's tag, or -1 with `e` set.
static int find(const char *name, const char *where, struct err *e)
{
    static const char *const fixed[] = {"magic", "total_size", "header_size"};
    const size_t n = sizeof(fixed) / sizeof(fixed[0]);
    bool computed = text_place(name, fixed, n) < n;
    for (int tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        if (strcmp(matter_fields[tag].name, name) == 0) {
            if (!matter_fields[tag].computed) {
                return tag;
            }
            computed = true;
        }
    }
    return computed ? is_computed(name, where, e) : is_unknown(name, where, e);
}

static bool no_number(const struct matter_field *f, const char *value, const char *where,
                      struct err *e)
{
    uint64_t number;
    if (text_number(value, &number)) {
        return err_set(e, STATUS_CANNOT, "%s: %s: %s is above 0x%" PRIx64 "; give a lower number",
                       where, f->name, value, f->most);
    }
    bool text = f == &matter_fields[OTAPACK_MATTER_SOFTWARE_VERSION] && text_is_version(value);
    return err_set(e, STATUS_CANNOT, "%s: %s: '%s' is no number; %s", where, f->name, value,
                   text ? "give one that grows with each release; the text goes into "
                          "software_version_string"
                        : "write it in decimal or as 0x hexadecimal");
}

static bool no_digest(const char *value, const char *where, struct err *e)
{
    const char *near = text_nearest(value, matter_digest_names(), MATTER_DIGEST_COUNT);
    return err_unknown(e, near,
                       "it has sha256 and its short forms, sha384, sha512 and sha3_224 to sha3_512",
                       "%s: Matter has no digest '%s'", where, value);
}

// A number of the field's, or a digest by its name or number.
static bool take_number(const struct matter_field *f, const char *value, uint64_t *out)
{
    *out = f->kind == FIELD_ENUM ? matter_digest_type(value) : 0;
    if (*out != 0) {
        return true;
    }
    return text_number(value, out) && *out <= f->most && (f->kind != FIELD_ENUM || *out != 0);
}

bool matter_set(struct matter_values *v, const char *name, const char *value, const char *where,
                struct err *e)
{
    struct matter_value new = {true, 0, value, strlen(value)};
    int tag = find(name, where, e);
    if (tag < 0) {
        return false;
    }
    const struct matter_field *f = &matter_fields[tag];
    if (f->kind != FIELD_STRING && !take_number(f, value, &new.number)) {
        return f->kind == FIELD_ENUM ? no_digest(value, where, e) : no_number(f, value, where, e);
    }
    v->of[tag] = new;
    return true;
}

bool matter_unset(struct matter_values *v, const char *name, const char *where, struct err *e)
{
    int tag = find(name, where, e);
    if (tag < 0) {
        return false;
    }
    if (matter_fields[tag].needed) {
        return err_set(e, STATUS_CANNOT, "%s: every Matter header has %s; set it to another value",
                       where, name);
    }
    v->of[tag].given = false;
    return true;
}

const struct matter_field *matter_field_by_name(const char *name)
{
    for (int tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        if (strcmp(matter_fields[tag].name, name) == 0) {
            return &matter_fields[tag];
        }
    }
    return NULL;
}

const char *matter_missing(const struct matter_values *v)
{
    for (int tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        const struct matter_field *f = &matter_fields[tag];
        if (f->needed && !f->computed && !v->of[tag].given) {
            return f->name;
        }
    }
    return NULL;
}

static struct matter_value number_value(bool given, uint64_t number)
{
    return (struct matter_value){.given = given, .number = number};
}

static struct matter_value text_value(bool given, const struct otapack_source *image,
                                      struct otapack_matter_text text, struct arena *a)
{
    const uint8_t *bytes = source_bytes(a, image, text.at, text.size);
    return (struct matter_value){.given = given, .text = (const char *)bytes, .size = text.size};
}

struct matter_values matter_values_of(const struct otapack_source *image, struct arena *a)
{
    struct otapack_matter m;
    (void)otapack_matter_open(image, &m);
    return (struct matter_values){{
        [OTAPACK_MATTER_VENDOR_ID] = number_value(true, m.vendor_id),
        [OTAPACK_MATTER_PRODUCT_ID] = number_value(true, m.product_id),
        [OTAPACK_MATTER_SOFTWARE_VERSION] = number_value(true, m.software_version),
        [OTAPACK_MATTER_SOFTWARE_VERSION_STRING] =
            text_value(true, image, m.software_version_string, a),
        [OTAPACK_MATTER_MIN_VERSION] =
            number_value(m.has_min_applicable_software_version, m.min_applicable_software_version),
        [OTAPACK_MATTER_MAX_VERSION] =
            number_value(m.has_max_applicable_software_version, m.max_applicable_software_version),
        [OTAPACK_MATTER_RELEASE_NOTES_URL] =
            text_value(m.has_release_notes_url, image, m.release_notes_url, a),
        [OTAPACK_MATTER_IMAGE_DIGEST_TYPE] = number_value(true, m.image_digest_type),
    }};
}
