// SPDX-License-Identifier: Apache-2.0
//
// What is inside, compressed: by xz for the bootloader of bootloader_support_plus, or by gzip or
// zlib for an app that unpacks its updates itself. In memory, for nobody unpacks more than 16 MiB.
#include <inttypes.h>
#include <otapack/compressed_image.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "crc.h"
#include "deflate.h"
#include "digest_span.h"
#include "format_list.h"
#include "judge.h"
#include "layer.h"
#include "rule.h"
#include "source.h"
#include "text.h"
#include "xz.h"

enum {
    HEADER = OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE,
    APP_HEADER = OTAPACK_COMPRESSED_IMAGE_APP_HEADER_SIZE,
    SEGMENTS_AT = 1, // in an app's header
};

enum compress_type { COMPRESS_ESP_XZ, COMPRESS_GZIP, COMPRESS_ZLIB };

struct recipe_compress {
    struct recipe_choice type; // of enum compress_type
    bool app_header;           // in front
};

// ---- From a recipe ------------------------------------------------------------------------------

static const char *const type_words[] = {
    [COMPRESS_ESP_XZ] = "esp-xz", [COMPRESS_GZIP] = "gzip", [COMPRESS_ZLIB] = "zlib", NULL};

static const struct recipe_key keys[] = {
    {"type", &key_choice, offsetof(struct recipe_compress, type), "who is to unpack it",
     OPT_CHOICE("TYPE", type_words)},
    {"app_header", &key_bool, offsetof(struct recipe_compress, app_header),
     "in front, for esp_ota to take it", NULL},
    {0},
};

static bool check_keys(struct schema *s, struct layer *layer)
{
    const struct recipe_compress *is = layer->is;
    if (is->type.number == 0) {
        return err_set(
            s->e, STATUS_CANNOT,
            "%s: compress has no type; write esp-xz for bootloader_support_plus, or gzip "
            "or zlib for an app that unpacks that itself",
            layer->where);
    }
    if (is->app_header && is->type.number - 1 != COMPRESS_ESP_XZ) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: app_header goes with type esp-xz alone; leave it out", is->type.where);
    }
    return is->type.number - 1 != COMPRESS_ESP_XZ || xz_is_there() ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: this otapack was built without liblzma, and packs no xz; build it with "
                   "that (Debian: liblzma-dev)",
                   is->type.where);
}

static bool check_around(struct schema *s, struct layer *layer)
{
    return layer->outer == NULL || layer->outer->type->place != PLACE_COMBINED ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: compress cannot stand beside %s, in which nobody unpacks an app; leave out "
                   "one of them",
                   layer->where, layer->outer->type->key.name);
}

// ---- The bytes ----------------------------------------------------------------------------------

// The app's own header, as it stands in front. False: it has no such.
static bool put_app_header(uint8_t to[APP_HEADER], const struct otapack_source *app)
{
    bool good = otapack_read(app, 0, to, APP_HEADER, "").code == OTAPACK_OK;
    to[SEGMENTS_AT] = 0;
    return good;
}

// What stands before the data: *size bytes of `to`, of which `data` have their MD5. False: there is
// no MD5, or not so much of an app.
static bool make_header(uint8_t to[APP_HEADER + HEADER], bool app_header,
                        const struct otapack_source *app, const struct otapack_source *data,
                        size_t *size)
{
    struct otapack_compressed_image img = {.version = OTAPACK_COMPRESSED_IMAGE_VERSION,
                                           .type = OTAPACK_COMPRESSED_IMAGE_XZ,
                                           .reserved = {'0'}, // as gen_custom_ota.py has it
                                           .length = (uint32_t)data->size};
    size_t at = app_header ? APP_HEADER : 0;
    if ((app_header && !put_app_header(to, app)) || !digest_of(DIGEST_MD5, data, img.md5)) {
        return false;
    }
    otapack_compressed_image_write(&img, crc_32, to + at);
    *size = at + HEADER;
    return true;
}

// The data alone, in memory that is freed with free().
static uint8_t *pack(enum compress_type type, const struct otapack_source *plain, size_t *size)
{
    const uint8_t *bytes = plain->bytes + plain->base;
    size_t n = (size_t)plain->size;
    return type == COMPRESS_ESP_XZ ? xz_pack(bytes, n, size)
           : type == COMPRESS_GZIP ? deflate_pack(bytes, n, false, size)
                                   : deflate_pack_zlib(bytes, n, size);
}

// The app inside what is compressed already, and perhaps signed; NULL: it is not.
static const struct otapack_source *app_inside(const struct node *root)
{
    const struct node *image =
        node_is(root, &format_signed_data) ? node_find(root, "data", -1) : root;
    const struct node *app =
        node_is(image, &format_compressed_image) ? node_find(image, "content", -1) : NULL;
    return app == NULL ? NULL : &app->src;
}

// Once it is compressed, nobody looks into it before a device does. *app is set where it is
// already, and lacks the app's header alone.
static bool is_sound(const struct layer *layer, const struct recipe *recipe, struct arena *a,
                     struct otapack_source plain, const struct otapack_source **app, struct err *e)
{
    const struct recipe_compress *is = layer->is;
    struct read_options options = {.slot = NULL};
    recipe_allow(recipe, &options);
    layers_tell(layer->inner, &options);
    const struct node *root = read_and_judge(a, &options, plain);
    const struct finding *f = first_failure(root);
    if (f != NULL) {
        return check_refuse(e, f->check, "%s: %s", layer_name(layer), f->message);
    }
    *app = is->app_header ? app_inside(root) : NULL;
    return is->type.number - 1 != COMPRESS_ESP_XZ || is_image(root, "app") || *app != NULL ||
           check_refuse(e, CHECK_COMPRESSED_CONTENT, "%s: %s", layer_name(layer), root->summary);
}

// What is inside, in memory. False with `e` set.
static bool take_plain(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                       struct otapack_source *plain, const struct otapack_source **app,
                       struct err *e)
{
    uint64_t from = l->size;
    if (!compose_layer(layer->inner, recipe, l, e)) {
        return false;
    }
    struct otapack_source src = pieces_from(l, from);
    if (src.size > UNPACKED_MOST) {
        return err_set(e, STATUS_NO, "%s: has %s, and at most 16 MiB are unpacked; compress less",
                       layer_name(layer), text_size(l->arena, src.size));
    }
    size_t n = (size_t)src.size;
    *plain = otapack_memory(source_bytes(l->arena, &src, 0, n), n);
    return pieces_good(l, e) && is_sound(layer, recipe, l->arena, *plain, app, e);
}

// In memory of the pieces: a header, and what stands behind it.
static void add_both(const struct layer *layer, struct pieces *l, const uint8_t *header,
                     size_t header_size, const struct otapack_source *behind)
{
    size_t size = (size_t)behind->size;
    uint8_t *all = arena_alloc(l->arena, header_size + size);
    memcpy(all, header, header_size);
    memcpy(all + header_size, behind->bytes, size);
    pieces_add_bytes(l, layer_name(layer), all, header_size + size);
}

static bool compress(const struct layer *layer, struct pieces *l,
                     const struct otapack_source *plain, struct err *e)
{
    const struct recipe_compress *is = layer->is;
    enum compress_type type = (enum compress_type)(is->type.number - 1);
    uint8_t header[APP_HEADER + HEADER];
    size_t header_size = 0, size;
    uint8_t *packed = pack(type, plain, &size);
    if (packed == NULL) {
        return err_set(e, STATUS_CANNOT, "out of memory");
    }
    struct otapack_source data = otapack_memory(packed, size);
    bool good =
        type != COMPRESS_ESP_XZ ||
        make_header(header, is->app_header, plain, &data, &header_size) ||
        err_set(e, STATUS_NO, "%s: has fewer bytes than an app's header; leave out app_header",
                layer_name(layer));
    if (good) {
        add_both(layer, l, header, header_size, &data);
    }
    free(packed);
    return good;
}

static bool compose_compress(const struct layer *layer, const struct recipe *recipe,
                             struct pieces *l, struct err *e)
{
    struct otapack_source plain = {.size = 0};
    const struct otapack_source *app = NULL;
    uint8_t header[APP_HEADER];
    uint64_t from = l->size;
    if (!take_plain(layer, recipe, l, &plain, &app, e)) {
        return false;
    }
    pieces_cut(l, from); // the inputs stay named
    if (app == NULL || !put_app_header(header, app)) {
        return compress(layer, l, &plain, e);
    }
    add_both(layer, l, header, sizeof(header), &plain);
    return true;
}

// A slot is for what is inside.
static void tell(const struct layer *layer, struct read_options *options)
{
    (void)layer;
    options->slot = NULL;
}

// ---- Back from a node ---------------------------------------------------------------------------

// Of which type it is: those of the formats that are packed.
static enum compress_type type_of(const struct node *n)
{
    return node_is(n, &format_gzip)   ? COMPRESS_GZIP
           : node_is(n, &format_zlib) ? COMPRESS_ZLIB
                                      : COMPRESS_ESP_XZ;
}

// Would a recipe make these bytes of this content? Others, and other versions of xz or zlib, pack
// otherwise.
static bool is_made_of(const struct node *n, const struct node *content, bool app_header)
{
    enum compress_type type = type_of(n);
    uint8_t header[APP_HEADER + HEADER];
    size_t size = 0, header_size = 0;
    struct otapack_source plain = content->src;
    uint8_t *packed = pack(type, &plain, &size);
    struct otapack_source data = otapack_memory(packed, packed == NULL ? 0 : size);
    bool same =
        packed != NULL &&
        (type != COMPRESS_ESP_XZ || make_header(header, app_header, &plain, &data, &header_size)) &&
        n->src.size == header_size + size;
    if (same) {
        struct otapack_source made = otapack_memory(header, header_size);
        struct otapack_source first = otapack_part(&n->src, 0, header_size);
        struct otapack_source rest = otapack_part(&n->src, header_size, size);
        same = source_difference(&made, &first) == UINT64_MAX &&
               source_difference(&data, &rest) == UINT64_MAX;
    }
    free(packed);
    return same;
}

// Does it pass, as what is to be compressed must?
static bool is_good(const struct node *content)
{
    static const struct read_options plain;
    struct arena a = ARENA_EMPTY;
    bool good = first_failure(read_and_judge(&a, &plain, content->src)) == NULL;
    arena_free(&a);
    return good;
}

static const struct node *content_of(const struct node *n)
{
    const struct node *image = node_find(n, "image", -1);
    const struct node *content = node_find(image == NULL ? n : image, "content", -1);
    bool same = content != NULL && content->unpacked && is_made_of(n, content, image != NULL) &&
                is_good(content);
    return same ? content : NULL;
}

static const char *say_compress(struct arena *a, const struct node *n, struct err *e)
{
    (void)e;
    return arena_printf(a, "compress:\n  type: %s\n%s", type_words[type_of(n)],
                        node_find(n, "image", -1) == NULL ? "" : "  app_header: true\n");
}

static const struct format *const more_formats[] = {&format_gzip, &format_zlib, NULL};

const struct layer_type layer_compress = {
    .key = {"compress", &key_map, 0, "compress what is inside for a device that unpacks it", keys},
    .size = sizeof(struct recipe_compress),
    .place = PLACE_COMPRESS,
    .taken = check_keys,
    .complete = check_around,
    .compose = compose_compress,
    .tell = tell,
    .format = &format_compressed_image,
    .more_formats = more_formats,
    .lacks = "what packed it packs otherwise than otapack, or what is in it is damaged",
    .say = say_compress,
    .inside = content_of,
};
