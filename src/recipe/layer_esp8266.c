// SPDX-License-Identifier: Apache-2.0
//
// An update for an ESP8266: an Arduino image with other settings, or put together of eboot and
// sketch; compressed where the recipe says so. In memory, for it has at most 16 MiB.
#include <otapack/esp8266_image.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "deflate.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "layer.h"
#include "source.h"
#include "text.h"

enum { EBOOT_PADDING = 0xAA, WORK_SIZE = 64 * 1024 };

struct recipe_esp8266 {
    struct recipe_part image;         // an Arduino image, or these two:
    struct recipe_part eboot, sketch; // images of version 1
    const struct esp8266_setting *flash_mode, *flash_freq, *flash_size; // NULL: as it is
    bool compress;
    struct esp8266_device device; // that is to take it
};

// ---- From a recipe ------------------------------------------------------------------------------

static bool take_setting(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const struct esp8266_setting **out = to;
    const char *text = take_text(s, v);
    *out = text == NULL ? NULL : esp8266_setting_named(key->of, text);
    return *out != NULL ||
           (text != NULL &&
            err_set(s->e, STATUS_CANNOT, "%s: %s '%s' is not known; write one of %s", v->where,
                    v->key, text_printable(s->arena, text),
                    esp8266_setting_names(key->of, s->arena)));
}

static bool take_fact(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const char *text = take_text(s, v);
    return text != NULL &&
           esp8266_device_set(to, opt_of_key(s->arena, key->name), text_printable(s->arena, text),
                              arena_printf(s->arena, "%s: %s", v->where, key->name), s->e);
}

static const struct key_kind key_setting = {"choice", take_setting}, key_fact = {"text", take_fact};

// As esp8266_device_set has them, a size before the layout that would set one.
static const struct recipe_key device_keys[] = {
    {"flash_size", &key_fact, 0, "of its flash", NULL},
    {"flash_mode", &key_fact, 0, "in which its flash is wired", NULL},
    {"free_space", &key_fact, 0, "that it says is free", NULL},
    {"layout", &key_fact, 0, "of flash and file system", NULL},
    {"sketch_size", &key_fact, 0, "of the sketch that is running", NULL},
    {0},
};

// Who judges what is built is told of the outermost layers.
static bool take_device(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    if (s->depth > 0) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: device is what the whole must fit; it stands in an esp8266 at the top",
                       v->where);
    }
    return key_map.take(s, v, key, to) &&
           esp8266_device_check(to, arena_printf(s->arena, "%s: layout", v->where), s->e);
}

static const struct key_kind key_device = {"map", take_device};

#define AT(member) offsetof(struct recipe_esp8266, member)
static const struct recipe_key keys[] = {
    {"image", &key_image, AT(image), "the image that the core's build wrote", NULL},
    {"eboot", &key_part, AT(eboot), "or eboot's", NULL},
    {"sketch", &key_part, AT(sketch), "and the sketch's", NULL},
    {"flash_mode", &key_setting, AT(flash_mode), "how flash is read", esp8266_modes},
    {"flash_freq", &key_setting, AT(flash_freq), "how fast", esp8266_frequencies},
    {"flash_size", &key_setting, AT(flash_size), "and how much of it there is", esp8266_sizes},
    {"compress", &key_bool, AT(compress), "with gzip, which eboot unpacks", NULL},
    {"device", &key_device, AT(device), "what the update must fit", device_keys},
    {0},
};
#undef AT

// An image, or both of what it consists of.
static bool check_parts(struct schema *s, struct layer *layer)
{
    const struct recipe_esp8266 *x = layer->is;
    bool image = layer_part_given(&x->image), eboot = layer_part_given(&x->eboot),
         sketch = layer_part_given(&x->sketch);
    if (image ? eboot || sketch : !(eboot && sketch)) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: esp8266 %s; give the image that the core's build "
                       "wrote, or eboot and sketch",
                       layer->where,
                       image    ? "has an image and the parts of one"
                       : eboot  ? "has an eboot, and no sketch"
                       : sketch ? "has a sketch, and no eboot"
                                : "has no image");
    }
    return true;
}

struct job {
    const struct layer *layer;
    const struct recipe *recipe;
    const struct recipe_esp8266 *x;
    struct pieces *l;
    struct read_options options; // for inputs: what the recipe allows
    uint8_t *bytes;              // of the Arduino image
    size_t size;                 // with what follows it
    size_t end;                  // of the image itself
    struct err *e;
};

// ---- Inputs -------------------------------------------------------------------------------------

// What cannot be read, or was damaged before it came here: nothing is made of it.
static const struct finding *damage(const struct node *n, bool eboot)
{
    static const enum check_id concerns[] = {CHECK_ESP8266_HEADER, CHECK_ESP8266_CHECKSUM,
                                             CHECK_ESP8266_CUT, CHECK_FS_SIZE,
                                             CHECK_LITTLEFS_SUPERBLOCK};
    for (size_t i = 0; i < sizeof(concerns) / sizeof(concerns[0]); i++) {
        const struct finding *f = finding_against(n, concerns[i]);
        bool alone = eboot && concerns[i] == CHECK_ESP8266_CUT; // it is to be
        if (f != NULL && f->verdict == VERDICT_FAIL && !alone) {
            return f;
        }
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        const struct finding *f = damage(part, eboot);
        if (f != NULL) {
            return f;
        }
    }
    return NULL;
}

// Where what is taken of a file ends. Behind eboot, 0xAA up to the sketch is only filling.
static size_t end_of(const struct job *job, const struct node *n, const struct recipe_part *part)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    bool padded = trailing != NULL && part == &job->x->eboot &&
                  source_is_filled(&trailing->src, 0, trailing->src.size, EBOOT_PADDING);
    return (size_t)(padded ? esp8266_end(n) : esp8266_kept_end(n));
}

static bool has_settings(const struct recipe_esp8266 *x)
{
    return x->flash_mode != NULL || x->flash_freq != NULL || x->flash_size != NULL;
}

// An image, or the image of a file system, which has no settings.
static bool is_of(const struct job *job, const struct node *n, const struct format *format)
{
    bool whole = format == &format_esp8266_arduino;
    return node_is(n, format) || (whole && fs_image_is(n) && !has_settings(job->x));
}

// Is it what it must be, and sound?
static bool is_sound(struct job *job, const struct node *n, const struct recipe_part *part,
                     const struct format *format)
{
    const char *file = layer_part_name(part);
    const struct finding *f = damage(n, part == &job->x->eboot);
    if (!is_of(job, n, format) && f == NULL) {
        return err_set(
            job->e, STATUS_NO, "%s: %s; give %s", file, n->summary,
            format == &format_esp8266_arduino
                ? "the Arduino image that the core's build wrote, neither compressed nor "
                  "signed"
                : "an image of version 1");
    }
    return f == NULL || check_refuse(job->e, f->check, "%s: %s", file, f->message);
}

// A part in memory, without what fills it up; NULL with `e` set. The image itself ends at *end.
static uint8_t *take_image(struct job *job, const struct recipe_part *part,
                           const struct format *format, size_t *size, size_t *end)
{
    struct arena *a = job->l->arena;
    uint64_t from = job->l->size;
    if (!compose_part(part, job->recipe, job->l, job->e)) {
        return NULL;
    }
    struct otapack_source src = pieces_from(job->l, from);
    if (src.size > ESP8266_FLASH_MOST) {
        err_set(job->e, STATUS_NO, "%s: has %s, more than any ESP8266's flash; give a .bin file",
                layer_part_name(part), text_size(a, src.size));
        return NULL;
    }
    uint8_t *bytes = source_bytes(a, &src, 0, (size_t)src.size);
    src = otapack_memory(bytes, (size_t)src.size);
    const struct node *n = read_and_judge(a, &job->options, src);
    if (!pieces_good(job->l, job->e) || !is_sound(job, n, part, format)) {
        return NULL;
    }
    *size = end_of(job, n, part);
    *end = (size_t)esp8266_end(n);
    return bytes;
}

static bool join(struct job *job)
{
    const struct recipe_esp8266 *x = job->x;
    size_t eboot_size, eboot_end, sketch_size, sketch_end;
    const uint8_t *eboot =
        take_image(job, &x->eboot, &format_esp8266_image, &eboot_size, &eboot_end);
    const uint8_t *sketch = eboot == NULL ? NULL
                                          : take_image(job, &x->sketch, &format_esp8266_image,
                                                       &sketch_size, &sketch_end);
    if (sketch == NULL) {
        return false;
    }
    if (eboot_size > OTAPACK_ESP8266_SKETCH_AT) {
        return err_set(job->e, STATUS_NO,
                       "%s: has %s bytes, and eboot's sector has 4,096; give eboot's image, not a "
                       "sketch",
                       layer_part_name(&x->eboot), text_count(job->l->arena, eboot_size));
    }
    job->size = OTAPACK_ESP8266_SKETCH_AT + sketch_size;
    job->end = OTAPACK_ESP8266_SKETCH_AT + sketch_end;
    job->bytes = arena_alloc(job->l->arena, job->size);
    memcpy(job->bytes, eboot, eboot_size);
    memset(job->bytes + eboot_size, EBOOT_PADDING, OTAPACK_ESP8266_SKETCH_AT - eboot_size);
    memcpy(job->bytes + OTAPACK_ESP8266_SKETCH_AT, sketch, sketch_size);
    return true;
}

// ---- Changes ------------------------------------------------------------------------------------

static void set_header(const struct recipe_esp8266 *x, uint8_t *at)
{
    struct otapack_esp8266_header h = otapack_esp8266_header_decode(at);
    h.flash_mode = x->flash_mode == NULL ? h.flash_mode : x->flash_mode->value;
    h.flash_freq = x->flash_freq == NULL ? h.flash_freq : x->flash_freq->value;
    h.flash_size = x->flash_size == NULL ? h.flash_size : x->flash_size->value;
    otapack_esp8266_header_encode(&h, at);
}

// Are there words for length and CRC, which may be written anew? Sketches of cores before 2.7 have
// code there. New words would hide a damage that old ones show.
static bool has_words(const struct job *job, const struct otapack_source *src,
                      const struct otapack_esp8266_arduino *a)
{
    const struct otapack_esp_segment *first = &a->sketch.segments[0];
    uint8_t work[WORK_SIZE];
    uint32_t crc;
    if (a->stamp_at == 0 || !esp8266_is_mapped(first->load_addr) ||
        first->data_len < OTAPACK_ESP8266_STAMP_SIZE) {
        return false;
    }
    return (a->stored_length == 0 && a->crc == 0) ||
           (a->stored_length == job->end &&
            otapack_esp8266_arduino_crc(src, a->stamp_at, job->end, work, sizeof(work), &crc)
                    .code == OTAPACK_OK &&
            crc == a->crc);
}

// Length, CRC, and the checksum of the sketch, counted as elf2bin does while these two are zero.
static void stamp(struct job *job, const struct otapack_source *src,
                  const struct otapack_esp8266_arduino *a)
{
    uint8_t work[WORK_SIZE];
    uint32_t crc = 0;
    memset(job->bytes + a->stamp_at, 0, OTAPACK_ESP8266_STAMP_SIZE);
    (void)otapack_esp8266_checksum(src, &a->sketch, work, sizeof(work),
                                   job->bytes + a->sketch.checksum_at);
    (void)otapack_esp8266_arduino_crc(src, a->stamp_at, job->end, work, sizeof(work), &crc);
    otapack_put_le32(job->bytes + a->stamp_at, (uint32_t)job->end);
    otapack_put_le32(job->bytes + a->stamp_at + 4, crc);
}

// New settings, in both headers, which no checksum counts.
static void change(struct job *job)
{
    const struct recipe_esp8266 *x = job->x;
    struct otapack_source src = otapack_memory(job->bytes, job->size);
    struct otapack_esp8266_arduino a;
    bool same = layer_part_given(&x->image) && !has_settings(x);
    if (same || otapack_esp8266_arduino_open(&src, &a).code != OTAPACK_OK) {
        return;
    }
    bool words = has_words(job, &src, &a);
    set_header(x, job->bytes);
    set_header(x, job->bytes + OTAPACK_ESP8266_SKETCH_AT);
    if (words) {
        stamp(job, &src, &a);
    }
}

static bool compress(struct job *job)
{
    size_t size;
    uint8_t *packed =
        deflate_pack(job->bytes, job->size,
                     job->layer->outer != NULL && job->layer->outer->type == &layer_sign, &size);
    if (packed == NULL) {
        return err_set(job->e, STATUS_CANNOT, "out of memory");
    }
    job->bytes = arena_alloc(job->l->arena, size);
    memcpy(job->bytes, packed, size);
    job->size = size;
    free(packed);
    return true;
}

static const struct recipe_part *made_of(const struct layer *layer)
{
    const struct recipe_esp8266 *x = layer->is;
    return layer_part_given(&x->image) ? &x->image : &x->sketch;
}

static bool compose_esp8266(const struct layer *layer, const struct recipe *recipe,
                            struct pieces *l, struct err *e)
{
    const struct recipe_esp8266 *x = layer->is;
    struct job job = {.layer = layer, .recipe = recipe, .x = x, .l = l, .e = e};
    uint64_t from = l->size;
    recipe_allow(recipe, &job.options);
    bool good = layer_part_given(&x->image)
                    ? (job.bytes = take_image(&job, &x->image, &format_esp8266_arduino, &job.size,
                                              &job.end)) != NULL
                    : join(&job);
    if (good) {
        change(&job);
    }
    if (!good || (x->compress && !compress(&job))) {
        return false;
    }
    pieces_cut(l, from); // the inputs stay named
    pieces_add_bytes(l, layer_name(layer), job.bytes, job.size);
    return true;
}

static void tell(const struct layer *layer, struct read_options *options)
{
    options->esp8266 = ((const struct recipe_esp8266 *)layer->is)->device;
}

const struct layer_type layer_esp8266 = {
    .key = {"esp8266", &key_map, 0, "an update for an ESP8266 with Arduino", keys},
    .size = sizeof(struct recipe_esp8266),
    .place = PLACE_CONTENT,
    .is_signed = true,
    .subject = SIGNS_UPDATE,
    .taken = check_parts,
    .compose = compose_esp8266,
    .made_of = made_of,
    .tell = tell,
};
