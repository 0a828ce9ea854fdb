// SPDX-License-Identifier: Apache-2.0
//
// A Zigbee OTA file, laid out as image_builder_tool.py does: the header with the fields that are
// given, then the elements.
#include "layer_zigbee.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "app_slot.h"
#include "format_list.h"
#include "recipe_entry.h"
#include "zigbee_tree.h"
#include "zigbee_version.h"

// ---- From a recipe ------------------------------------------------------------------------------

// The values, all of them: each field knows which one is its own.
static bool take_field(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const char *text = take_text(s, v);
    return text != NULL && zigbee_set(to, key->name, text, v->where, s->e);
}

static bool take_version_from(struct schema *s, struct value *v, const struct recipe_key *key,
                              void *to)
{
    const char *text = take_text(s, v);
    (void)key;
    *(const char **)to = text;
    return text != NULL && zigbee_version_good(text, v->where, s->e);
}

static bool take_tag(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct recipe_zigbee_element *element = to;
    const char *names[NAMED_MOST];
    uint64_t tag = 0;
    (void)key;
    for (unsigned i = 0; i < NAMED_MOST; i++) {
        names[i] = zigbee_tag_name((uint16_t)i);
    }
    element->has_tag = take_named_number(s, v, names, UINT16_MAX, &tag);
    element->tag = (uint16_t)tag;
    return element->has_tag;
}

static bool take_length(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct recipe_zigbee_element *element = to;
    const char *text = take_text(s, v);
    uint64_t length = 0;
    (void)key;
    element->has_length = text != NULL && take_number(s, v->where, text, UINT32_MAX, &length);
    element->length = (uint32_t)length;
    return element->has_length;
}

static const struct key_kind key_tag = {"text", take_tag}, key_length = {"number", take_length};

static const struct recipe_key element_keys[] = {
    {"tag", &key_tag, 0, "what it is", NULL},
    {"length", &key_length, 0, "so many bytes of it", NULL},
    {"data", &key_part, offsetof(struct recipe_zigbee_element, data), "the file", NULL},
    {0},
};

static bool take_elements(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct recipe_zigbee_element **out = to;
    if (!take_kind(s, v, VALUE_LIST)) {
        return false;
    }
    for (struct value *item = v->items; item != NULL; item = item->next) {
        if (item->kind != VALUE_MAP) {
            return err_set(s->e, STATUS_CANNOT,
                           "%s: write tag and data of each of the %s, as in - {tag: picture, data: "
                           "icon.png}",
                           item->where, key->name);
        }
        *out = ARENA_NEW(s->arena, struct recipe_zigbee_element);
        (*out)->where = item->where;
        if (!take_map_keys(s, item, element_keys, *out)) {
            return false;
        }
        out = &(*out)->next;
    }
    return true;
}

static const struct key_kind key_id = {"number", take_field}, key_words = {"text", take_field},
                             key_from = {"text", take_version_from},
                             key_elements = {"list", take_elements};

static const struct recipe_key keys[] = {
    {"manufacturer", &key_id, 0, "the manufacturer's code", NULL},
    {"image_type", &key_id, 0, "which of that manufacturer's images it is", NULL},
    {"file_version", &key_id, 0, "by which devices decide whether it is an update", NULL},
    {"version_from", &key_from, offsetof(struct recipe_zigbee, version_from),
     "how that follows from the app's version", NULL},
    {"stack_version", &key_id, 0, "2, Zigbee Pro, where it is not given", NULL},
    {"header_string", &key_words, 0, "a text for people", NULL},
    {"header_version", &key_id, 0, "0x0100, the only one there is", NULL},
    {"security_credential_version", &key_id, 0, "which credentials it needs", NULL},
    {"destination", &key_words, 0, "the EUI64 of the one device that it is for", NULL},
    {"min_hardware_version", &key_id, 0, "the lowest that may take it", NULL},
    {"max_hardware_version", &key_id, 0, "the highest", NULL},
    {"elements", &key_elements, offsetof(struct recipe_zigbee, elements),
     "what stands beside the image", NULL},
    {0},
};

// The app's version; NULL with s->e set.
static const char *app_version(struct schema *s, const struct layer *layer)
{
    const struct layer *app = layer_innermost(layer);
    const struct node *root = app->type == &layer_app ? app_slot_look(s, app->is) : NULL;
    const struct node *desc = root == NULL ? NULL : node_find(root, "desc", -1);
    const struct field *version = desc == NULL ? NULL : node_field(desc, "version");
    if (version == NULL && s->e->status == STATUS_OK) {
        err_set(s->e, STATUS_CANNOT,
                "%s: version_from needs an app that says its version; name it as app, or leave "
                "version_from out",
                layer->where);
    }
    return version == NULL ? NULL : version->text;
}

// The file version that follows from the app's: where none is given, it is this.
static bool complete_version(struct schema *s, struct layer *layer)
{
    struct recipe_zigbee *zigbee = layer->is;
    struct zigbee_value *given = &zigbee->values.of[ZIGBEE_FILE_VERSION];
    struct err inner = ERR_NONE;
    uint32_t version;
    const char *app = zigbee->version_from == NULL ? NULL : app_version(s, layer);
    if (app == NULL) {
        return zigbee->version_from == NULL;
    }
    if (!zigbee_version_of(zigbee->version_from, app, &version, &inner)) {
        return err_at(s->e, layer->where, &inner);
    }
    if (given->given && given->number != version) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: file_version is 0x%08" PRIx64 ", but version_from makes 0x%08" PRIx32
                       " of the app's version '%s'; leave file_version out, or build the app again",
                       layer->where, given->number, version, app);
    }
    *given = (struct zigbee_value){.given = true, .number = version};
    return true;
}

bool zigbee_is_complete(const struct recipe_zigbee *zigbee, bool has_inner, const char *where,
                        struct err *e)
{
    const char *missing = zigbee_missing(&zigbee->values);
    bool free = has_inner; // what is inside has no place yet
    if (missing != NULL) {
        return err_set(e, STATUS_CANNOT, "%s: zigbee has no %s, which %s; give it", where, missing,
                       strstr(missing, "hardware") == NULL
                           ? "every Zigbee header needs"
                           : "goes with the other hardware version");
    }
    for (const struct recipe_zigbee_element *i = zigbee->elements; i != NULL; i = i->next) {
        bool given = layer_part_given(&i->data);
        if (!i->has_tag) {
            return err_set(e, STATUS_CANNOT, "%s: this element has no tag; give it", i->where);
        }
        if (!given && (i->tag != OTAPACK_ZIGBEE_IMAGE || !free)) {
            return err_set(e, STATUS_CANNOT,
                           "%s: this element has no data; name its file (the image that the recipe "
                           "builds needs none, once)",
                           i->where);
        }
        free = free && given;
    }
    return true;
}

static bool complete(struct schema *s, struct layer *layer)
{
    return complete_version(s, layer) &&
           zigbee_is_complete(layer->is, layer->inner != NULL, layer->where, s->e);
}

// ---- The file -----------------------------------------------------------------------------------

uint8_t *zigbee_add_head(struct zigbee_making *m)
{
    uint8_t *head = arena_alloc(m->l->arena, OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE);
    pieces_add_bytes(m->l, NULL, head, OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE);
    return head;
}

bool zigbee_fits(struct zigbee_making *m)
{
    return m->l->size - m->from <= UINT32_MAX ||
           err_set(m->e, STATUS_NO,
                   "%s: the elements are larger than the 4 GiB that a Zigbee header can say; make "
                   "them smaller",
                   m->layer->where);
}

static bool add_element(struct zigbee_making *m, const struct recipe_zigbee_element *element)
{
    uint8_t *head = zigbee_add_head(m);
    uint64_t at = m->l->size;
    bool given = layer_part_given(&element->data);
    if (!(given ? compose_part(&element->data, m->recipe, m->l, m->e)
                : compose_layer(m->layer->inner, m->recipe, m->l, m->e))) {
        return false;
    }
    uint64_t size = m->l->size - at;
    if (element->has_length && element->length > size) {
        return err_set(m->e, STATUS_NO,
                       "%s: length is %" PRIu32 ", but only %" PRIu64
                       " bytes are there; correct it, or leave it out",
                       element->where, element->length, size);
    }
    if (element->has_length) {
        pieces_cut(m->l, at + element->length);
    }
    otapack_zigbee_element_write(element->tag, (uint32_t)(m->l->size - at), head);
    return zigbee_fits(m);
}

static bool add_elements(struct zigbee_making *m, const struct recipe_zigbee *zigbee)
{
    static const struct recipe_zigbee_element inner = {.tag = OTAPACK_ZIGBEE_IMAGE};
    bool placed = m->layer->inner == NULL, good = true;
    for (const struct recipe_zigbee_element *i = zigbee->elements; i != NULL; i = i->next) {
        placed = placed || !layer_part_given(&i->data);
    }
    good = placed || add_element(m, &inner);
    for (const struct recipe_zigbee_element *i = zigbee->elements; good && i != NULL; i = i->next) {
        good = add_element(m, i);
    }
    return good;
}

static bool compose_zigbee(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                           struct err *e)
{
    const struct recipe_zigbee *zigbee = layer->is;
    struct zigbee_making m = {layer, recipe, l, l->size, e};
    struct otapack_zigbee z = zigbee_header_of(&zigbee->values);
    uint8_t *header = arena_alloc(l->arena, OTAPACK_ZIGBEE_MAX_HEADER);
    size_t size = otapack_zigbee_write(&z, header, OTAPACK_ZIGBEE_MAX_HEADER);
    pieces_add_bytes(l, NULL, header, size);
    bool good = add_elements(&m, zigbee) && pieces_fit(l, 0, e);
    z.total_size = (uint32_t)(l->size - m.from);
    (void)otapack_zigbee_write(&z, header, size);
    return good;
}

// The slot is for the image.
static void tell(const struct layer *layer, struct read_options *options)
{
    (void)layer;
    options->slot_inside = true;
}

const struct layer_type layer_zigbee = {
    .key = {"zigbee", &key_map, 0, "the header and elements of a Zigbee OTA file", keys},
    .size = sizeof(struct recipe_zigbee),
    .place = PLACE_MATTER,
    .own = "elements",
    .complete = complete,
    .compose = compose_zigbee,
    .tell = tell,
    .format = &format_zigbee,
    .of_parts = true,
    .say = recipe_say_zigbee,
    .again = zigbee_again,
};
