// SPDX-License-Identifier: Apache-2.0
//
// A Matter bundle, laid out as esp32_multi_ota_tool.py does: its table, then the images without a
// gap, in the order in which they were given, the application last.
#include "layer_matter_bundle.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "bundle_lay.h"
#include "format_list.h"
#include "matter_field.h"
#include "part_file.h"
#include "rcp_seal.h"
#include "recipe_entry.h"
#include "text.h"

// ---- From a recipe ------------------------------------------------------------------------------

// The platform's name of it, or its number.
static bool take_id(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const char *names[NAMED_MOST];
    uint64_t id = 0;
    (void)key;
    for (uint32_t i = 0; i < NAMED_MOST; i++) {
        names[i] = matter_bundle_id_name(i);
    }
    if (!take_named_number(s, v, names, UINT32_MAX, &id)) {
        return false;
    }
    *(uint32_t *)to = (uint32_t)id;
    return id != 0 || err_set(s->e, STATUS_CANNOT,
                              "%s: no image has the ID 0; write application, rcp, or a number from "
                              "0x100 on",
                              v->where);
}

static bool take_version(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct bundle_image *image = to;
    const char *text = take_text(s, v);
    uint64_t version;
    (void)key;
    if (text == NULL || !take_number(s, v->where, text, UINT32_MAX, &version)) {
        return false;
    }
    image->version = (uint32_t)version;
    image->has_version = true;
    return true;
}

static const struct key_kind key_id = {"number", take_id}, key_number = {"number", take_version};

const struct recipe_key bundle_image_keys[] = {
    {"id", &key_id, offsetof(struct bundle_image, id), "application, rcp, or a number", NULL},
    {"version", &key_number, 0, "that the processor has when it is updated", NULL},
    {"file", &key_input, offsetof(struct bundle_image, part.file), "the image", NULL},
    {"seal", &key_choice, offsetof(struct bundle_image, seal),
     "let the application vouch for the other images; required: and be signed", SEAL_WORDS},
    {0},
};
enum { IMAGE_KEYS = sizeof(bundle_image_keys) / sizeof(bundle_image_keys[0]) - 1 };

// What "did you mean" chooses from.
static bool took_all(struct schema *s, const struct value *v)
{
    static const char *const names[] = {"id", "version", "file", "seal", LAYER_KEYS};
    return taken_all(s, v, names, sizeof(names) / sizeof(names[0]));
}

static bool take_image(struct schema *s, struct value *v, struct bundle_image *image)
{
    bool good = v->kind == VALUE_MAP ||
                err_set(s->e, STATUS_CANNOT,
                        "%s: write an image as a map, as in - {id: 1, version: 2, file: app.bin}",
                        v->where);
    image->where = image->part.where = v->where;
    for (size_t i = 0; good && i < IMAGE_KEYS; i++) {
        good = take_map_key(s, v, &bundle_image_keys[i], image);
    }
    if (!good) {
        return false;
    }
    if (image->id == 0) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: this image has no id; give it, as in id: 1 for the application",
                       v->where);
    }
    if (image->seal.number > SEAL_FALSE && image->id != OTAPACK_BUNDLE_APPLICATION) {
        return err_set(
            s->e, STATUS_CANNOT,
            "%s: a seal lies in the application, and this is another image; write it there",
            image->seal.where);
    }
    if (image->part.file != NULL && layers_are_in(v)) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: this image is a file, and made of others as well; give one of the two",
                       v->where);
    }
    good = layers_are_in(v) ? take_layers(s, v, &image->part.content) : took_all(s, v);
    return good &&
           (layer_part_given(&image->part) ||
            err_set(s->e, STATUS_CANNOT,
                    "%s: this image has no file; give it, or the layers that make it", v->where));
}

static bool take_images(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct bundle_image **end = &((struct recipe_bundle *)to)->images;
    (void)key;
    if (!take_kind(s, v, VALUE_LIST)) {
        return false;
    }
    if (v->count == 0 || v->count > OTAPACK_BUNDLE_MAX_IMAGES) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: a bundle has 1 to %u images, and this one %zu; add or leave out some",
                       v->where, OTAPACK_BUNDLE_MAX_IMAGES, v->count);
    }
    for (struct value *item = v->items; item != NULL; item = item->next) {
        *end = ARENA_NEW(s->arena, struct bundle_image);
        if (!take_image(s, item, *end)) {
            return false;
        }
        end = &(*end)->next;
    }
    return true;
}

const struct key_kind key_bundle = {"list", take_images};

// The version of the Matter header around it; NULL: there is none.
static const uint64_t *header_version(const struct layer *layer)
{
    const struct layer *outer = layer->outer;
    return outer == NULL || outer->type != &layer_matter
               ? NULL
               : &((const struct matter_values *)outer->is)
                      ->of[OTAPACK_MATTER_SOFTWARE_VERSION]
                      .number;
}

static bool has_versions(struct schema *s, struct layer *layer)
{
    const struct recipe_bundle *bundle = layer->is;
    for (const struct bundle_image *i = bundle->images; i != NULL; i = i->next) {
        bool header = i->id == OTAPACK_BUNDLE_APPLICATION && header_version(layer) != NULL;
        if (!i->has_version && !header) {
            return err_set(
                s->e, STATUS_CANNOT,
                "%s: this image has no version; give the one that its processor has when "
                "it is updated",
                i->where);
        }
    }
    return true;
}

static const struct bundle_image *application(const struct recipe_bundle *bundle)
{
    const struct bundle_image *i = bundle->images;
    while (i != NULL && i->id != OTAPACK_BUNDLE_APPLICATION) {
        i = i->next;
    }
    return i;
}

bool matter_bundle_has_application(const struct recipe_bundle *bundle)
{
    return application(bundle) != NULL;
}

// The application, or else the first image.
static const struct recipe_part *made_of(const struct layer *layer)
{
    const struct bundle_image *app = application(layer->is);
    return app != NULL ? &app->part : &((const struct recipe_bundle *)layer->is)->images->part;
}

// ---- The bundle ---------------------------------------------------------------------------------

static bool add_image(struct bundle_laying *x, const struct layer *layer,
                      const struct recipe *recipe, const struct bundle_image *i, struct err *e)
{
    const uint64_t *header = header_version(layer);
    struct recipe_part part = i->part;
    struct layer content = layer_of_part(&part);
    struct otapack_bundle_entry entry = {.id = i->id, .version = i->version};
    if (!i->has_version && header != NULL) {
        entry.version = (uint32_t)*header;
    }
    return bundle_add(x, &content, entry, (enum seal_how)i->seal.number, recipe, e);
}

static bool compose_bundle(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                           struct err *e)
{
    const struct recipe_bundle *bundle = layer->is;
    uint32_t count = 0;
    for (const struct bundle_image *i = bundle->images; i != NULL; i = i->next) {
        count++;
    }
    struct bundle_laying *x = bundle_begin(l, count);
    bool good = true;
    for (int last = 0; last <= 1; last++) {
        for (const struct bundle_image *i = bundle->images; good && i != NULL; i = i->next) {
            bool app = i->id == OTAPACK_BUNDLE_APPLICATION;
            good = app != (last == 1) || add_image(x, layer, recipe, i, e);
        }
    }
    if (good) {
        bundle_end(x);
    }
    return good;
}

// What is updated is a bundle, whatever is in it.
static void tell(const struct layer *layer, struct read_options *options)
{
    (void)layer;
    options->slot = NULL;
}

// ---- The same bundle around an image that changes, or with other versions -----------------------

struct bundle_again {
    struct layer_again at; // `changed` is NULL for versions
    const struct bundle_versions *versions;
    uint64_t was; // the Matter header's version
};

// A new table would hide that a bundle is cut off, added to, or damaged, and a new seal that its
// images are others than those that were sealed.
static bool is_sound(const struct layer_again *at, const char *name, struct err *e)
{
    static const enum check_id concerns[] = {CHECK_BUNDLE_HEADER,   CHECK_BUNDLE_FIELDS,
                                             CHECK_BUNDLE_BOUNDS,   CHECK_BUNDLE_CONTIGUOUS,
                                             CHECK_BUNDLE_TRAILING, CHECK_RCP_SEAL};
    const struct finding *f = NULL;
    for (size_t i = 0; f == NULL && i < sizeof(concerns) / sizeof(concerns[0]); i++) {
        f = finding_against(at->node, concerns[i]);
    }
    if (f == NULL && at->changed != NULL) {
        f = finding_against(at->changed, CHECK_BUNDLE_SHA256);
    }
    return f == NULL || check_refuse(e, f->check, "%s: not %s: %s", name,
                                     at->changed == NULL ? "edited" : "signed", f->message);
}

static uint32_t version_of(const struct layer *layer, const struct otapack_bundle_entry *was,
                           uint32_t i)
{
    const struct bundle_again *again = layer->is;
    const uint64_t *header = header_version(layer);
    bool follows = again->versions != NULL && was->id == OTAPACK_BUNDLE_APPLICATION &&
                   header != NULL && was->version == again->was;
    return again->versions != NULL && again->versions->given[i] ? again->versions->of[i]
           : follows                                            ? (uint32_t)*header
                                                                : was->version;
}

// An image as it was, or as it is changed; the application with a seal where it had one that held.
static bool add_again(const struct layer *layer, struct bundle_laying *x, uint32_t i,
                      const struct recipe *recipe, struct err *e)
{
    const struct layer_again *at = &((const struct bundle_again *)layer->is)->at;
    const struct matter_bundle_parsed *p = at->node->parsed;
    const struct node *part = p->parts[i];
    struct layer_again same = {at->input, part, NULL};
    struct layer node = layer_of_node(&same);
    struct otapack_bundle_entry entry = p->entries[i];
    bool changed = part == at->changed;
    bool sealed = i + 1 == p->head.count && rcp_seal_holds(at->node);
    entry.version = version_of(layer, &p->entries[i], i);
    return changed || sealed ? bundle_add(x, changed ? layer->inner : &node, entry,
                                          sealed ? SEAL_TRUE : SEAL_FALSE, recipe, e)
                             : bundle_keep(x, &node, entry, recipe, e);
}

static bool compose_again(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                          struct err *e)
{
    const struct bundle_again *again = layer->is;
    const struct layer_again *at = &again->at;
    const struct matter_bundle_parsed *p = at->node->parsed;
    if (!is_sound(at, layer->where, e)) {
        return false;
    }
    struct bundle_laying *x = bundle_begin(l, p->head.count);
    for (uint32_t i = 0; i < p->head.count; i++) {
        // A part without bytes is_sound has seen.
        if (p->parts[i] == NULL || !add_again(layer, x, i, recipe, e)) {
            return false;
        }
    }
    bundle_end(x);
    return true;
}

static const struct layer_type again_type = {.compose = compose_again};

static struct layer again(struct arena *a, const struct layer_again *at)
{
    struct bundle_again *is = ARENA_NEW(a, struct bundle_again);
    is->at = *at;
    return (struct layer){&again_type, NULL, NULL, input_name(at->input), is};
}

void recipe_add_bundle(struct recipe *recipe, struct arena *a, struct input *input,
                       const struct node *bundle, const struct bundle_versions *versions)
{
    struct bundle_again *is = ARENA_NEW(a, struct bundle_again);
    is->at = (struct layer_again){input, bundle, NULL};
    is->versions = versions;
    is->was = bundle->parent == NULL ? 0 : node_number(bundle->parent, "software_version");
    recipe_add(recipe, a, (struct layer){&again_type, NULL, NULL, input_name(input), is});
}

// ---- Back from a node ---------------------------------------------------------------------------

// The file of a part, by those of all parts.
static const char *file_of(const char **files, const struct node *part)
{
    for (const struct node *p = part->parent->parts; p != part; p = p->next) {
        files++;
    }
    return *files;
}

const char *bundle_text(struct arena *a, const struct node *bundle, const char *indent,
                        struct err *e)
{
    const struct matter_bundle_parsed *p = bundle->parsed;
    const char *lines[OTAPACK_BUNDLE_MAX_IMAGES];
    if (p == NULL) {
        err_set(e, STATUS_NO, "its table cannot be read; no recipe can build the same");
        return NULL;
    }
    const char **files = part_files(a, bundle);
    for (uint32_t i = 0; i < p->head.count; i++) {
        const struct otapack_bundle_entry *entry = &p->entries[i];
        const char *name = matter_bundle_id_name(entry->id);
        if (p->parts[i] == NULL) {
            err_set(e, STATUS_NO,
                    "table[%" PRIu32 "] has no bytes of its own; no recipe can build the same", i);
            return NULL;
        }
        bool sealed = i + 1 == p->head.count && rcp_seal_holds(bundle);
        lines[i] =
            arena_printf(a, "%s- {id: %s, version: %" PRIu32 ", file: %s%s}\n", indent,
                         name != NULL ? name : arena_printf(a, "0x%" PRIx32, entry->id),
                         entry->version, file_of(files, p->parts[i]), sealed ? ", seal: true" : "");
    }
    return text_joined(a, lines, p->head.count);
}

// A Matter header says its bundle itself.
static const char *say_bundle(struct arena *a, const struct node *n, struct err *e)
{
    const char *text = bundle_text(a, n, "  ", e);
    bool said = n->parent != NULL && node_is(n->parent, &format_matter);
    return text == NULL ? NULL : said ? "" : arena_printf(a, "matter_bundle:\n%s", text);
}

const struct layer_type layer_matter_bundle = {
    .key = {"matter_bundle", &key_bundle, 0, "matter's images, without a Matter header", NULL},
    .size = sizeof(struct recipe_bundle),
    .place = PLACE_CONTENT,
    .complete = has_versions,
    .compose = compose_bundle,
    .made_of = made_of,
    .tell = tell,
    .format = &format_matter_bundle,
    .of_parts = true,
    .say = say_bundle,
    .again = again,
};
