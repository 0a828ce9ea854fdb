// SPDX-License-Identifier: Apache-2.0
//
// A Matter OTA header in front of what is inside, laid out as ota_image_tool.py does: every number
// in its least width, optional fields only where they are given.
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "app_slot.h"
#include "format_list.h"
#include "layer_matter_bundle.h"
#include "matter_digest.h"
#include "matter_field.h"
#include "recipe_expand.h"
#include "recipe_text.h"

// ---- From a recipe ------------------------------------------------------------------------------

// From a recipe, values and what they are around; from elsewhere, only the values.
struct recipe_matter {
    struct matter_values values;
    struct recipe_bundle bundle;
};

// The values, all of them: each field knows which one is its own.
static bool take_field(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const char *text = take_text(s, v);
    return text != NULL && matter_set(to, key->name, text, v->where, s->e);
}

static const struct key_kind key_id = {"number", take_field}, key_words = {"text", take_field},
                             key_digest = {"digest", take_field};

static const struct recipe_key keys[] = {
    {"vendor_id", &key_id, 0, "the vendor's number in Matter", NULL},
    {"product_id", &key_id, 0, "the product's", NULL},
    {"software_version", &key_id, 0, "by which devices decide whether it is an update", NULL},
    {"software_version_string", &key_words, 0, "the same for people", NULL},
    {"min_applicable_software_version", &key_id, 0, "the lowest version that may be updated", NULL},
    {"max_applicable_software_version", &key_id, 0, "the highest", NULL},
    {"release_notes_url", &key_words, 0, "where people read what is new", NULL},
    {"image_digest_type", &key_digest, 0, "by which devices may check the payload", NULL},
    {"images", &key_bundle, offsetof(struct recipe_matter, bundle),
     "what a bundle updates, for devices with several processors", NULL},
    {0},
};

// A bundle that stands in it is what is inside.
static bool take_bundle(struct schema *s, struct layer *layer)
{
    struct recipe_matter *matter = layer->is;
    if (matter->bundle.images == NULL) {
        return true;
    }
    if (layer->inner != NULL) {
        return err_set(
            s->e, STATUS_CANNOT,
            "%s: matter has images, and %s stands beside it; move it into the image that "
            "it is for",
            layer->where, layer->inner->type->key.name);
    }
    layer->inner = ARENA_NEW(s->arena, struct layer);
    *layer->inner =
        (struct layer){&layer_matter_bundle, NULL, layer, layer->where, &matter->bundle};
    return true;
}

// The version of the app, for a header that is not told one.
static const char *app_version(struct schema *s, const struct layer *app)
{
    const struct recipe_part *part = app->type->made_of(app);
    const struct node *root = app->type == &layer_app ? app_slot_look(s, part)
                                                      : recipe_look_into(s, layer_part_file(part));
    if (root == NULL) {
        return NULL;
    }
    const struct node *desc = node_find(root, "desc", -1);
    const struct field *version = desc == NULL ? NULL : node_field(desc, "version");
    if (version == NULL || version->kind != FIELD_STRING) {
        err_set(s->e, STATUS_NO,
                "%s: %s: %s, which says no version of its own; give matter a "
                "software_version_string",
                app->where, layer_part_file(part), root->summary);
        return NULL;
    }
    return version->text;
}

// Whose version it would be. False with s->e set: no image of a bundle is the application.
static bool has_application(struct schema *s, const struct layer *layer, const struct layer *app)
{
    return app->type != &layer_matter_bundle || matter_bundle_has_application(app->is) ||
           err_set(s->e, STATUS_NO,
                   "%s: no image has the ID application, which every bundle needs, and of which "
                   "the header has its version; add it, as in - {id: application, file: app.bin} "
                   "[%s]",
                   layer->where, checks[CHECK_BUNDLE_APPLICATION].id);
}

// What a header has where the recipe does not say: a SHA-256, and the version of the app.
static bool complete_matter(struct schema *s, struct layer *layer)
{
    struct matter_values *values = layer->is;
    const struct layer *app = layer_innermost(layer);
    struct matter_value *type = &values->of[OTAPACK_MATTER_IMAGE_DIGEST_TYPE];
    struct matter_value *version = &values->of[OTAPACK_MATTER_SOFTWARE_VERSION_STRING];
    if (!type->given) {
        *type = (struct matter_value){.given = true, .number = OTAPACK_MATTER_SHA256};
    }
    bool says = app->type == &layer_app || app->type == &layer_matter_bundle;
    if (!version->given && !has_application(s, layer, app)) {
        return false;
    }
    if (!version->given && says && layer_part_file(app->type->made_of(app)) != NULL) {
        version->text = app_version(s, app);
        if (version->text == NULL) {
            return false;
        }
        version->given = true;
        version->size = strlen(version->text);
    }
    const char *missing = matter_missing(values);
    if (missing != NULL) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: matter has no %s, which every Matter header needs; give it",
                       layer->where, missing);
    }
    return app->type != &layer_matter_bundle || layer_matter_bundle.complete(s, layer->inner);
}

// ---- The header ---------------------------------------------------------------------------------

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

static bool compose_matter(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                           struct err *e)
{
    uint64_t from = l->size;
    if (!compose_layer(layer->inner, recipe, l, e) ||
        !pieces_fit(l, OTAPACK_MATTER_FIXED_SIZE + OTAPACK_MATTER_MAX_TLV, e)) {
        return false;
    }
    struct otapack_source payload = pieces_from(l, from);
    struct err inner = ERR_NONE;
    size_t size;
    const uint8_t *header = make_header(layer->is, &payload, l->arena, &size, &inner);
    if (header == NULL) {
        return pieces_good(l, e) && err_at(e, layer->where, &inner);
    }
    pieces_insert(l, from, header, size);
    return true;
}

// ---- Back from a node ---------------------------------------------------------------------------

static const struct node *payload_of(const struct node *n)
{
    return node_find(n, "payload", -1);
}

static const char *say_matter(struct arena *a, const struct node *n, struct err *e)
{
    const struct node *payload = payload_of(n);
    const char *images = is_matter_bundle(payload) ? bundle_text(a, payload, "    ", e) : "";
    const char *out = "matter:\n";
    if (images == NULL) {
        return NULL;
    }
    for (const char *const *name = matter_field_names; *name != NULL; name++) {
        const struct field *f = node_field(n, *name);
        if (f != NULL) {
            out = arena_printf(a, "%s  %s: %s\n", out, f->name,
                               f->kind == FIELD_STRING ? recipe_quoted(a, f->text) : f->text);
        }
    }
    return *images == '\0' ? out : arena_printf(a, "%s  images:\n%s", out, images);
}

// Around a payload that changes, the header with the same values.
static struct layer again(struct arena *a, const struct layer_again *at)
{
    struct matter_values *values = ARENA_NEW(a, struct matter_values);
    *values = matter_values_of(&at->node->src, a);
    return (struct layer){&layer_matter, NULL, NULL, input_name(at->input), values};
}

// The slot is for the payload.
static void tell(const struct layer *layer, struct read_options *options)
{
    (void)layer;
    options->slot_inside = true;
}

const struct layer_type layer_matter = {
    .key = {"matter", &key_map, 0, "the header of a Matter OTA image", keys},
    .size = sizeof(struct recipe_matter),
    .place = PLACE_MATTER,
    .own = "images",
    .taken = take_bundle,
    .complete = complete_matter,
    .compose = compose_matter,
    .tell = tell,
    .format = &format_matter,
    .say = say_matter,
    .inside = payload_of,
    .again = again,
};
