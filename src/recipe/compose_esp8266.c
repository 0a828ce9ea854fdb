// SPDX-License-Identifier: Apache-2.0
//
// An update for an ESP8266: an Arduino image with other settings, or put together of eboot and
// sketch; compressed and signed where the recipe says so. In memory, for it has at most 16 MiB.
#include <otapack/esp8266_image.h>
#include <stdlib.h>
#include <string.h>

#include "compose.h"
#include "deflate.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "source.h"
#include "text.h"

enum { EBOOT_PADDING = 0xAA, WORK_SIZE = 64 * 1024 };

struct job {
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

static void take_allowed(struct job *job)
{
    if (job->recipe->allowed != NULL) {
        memcpy(job->options.allow, job->recipe->allowed, sizeof(job->options.allow));
    }
    for (const struct recipe_text *t = job->recipe->allow; t != NULL; t = t->next) {
        enum check_id check = check_by_id(t->text, NULL);
        if (check < CHECK_COUNT && checks[check].allowable) {
            job->options.allow[check] = true;
        }
    }
}

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
static size_t end_of(const struct job *job, const struct node *n, const char *file)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    bool padded = trailing != NULL && file == job->x->eboot &&
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
static bool is_sound(struct job *job, const struct node *n, const char *file,
                     const struct format *format)
{
    const struct finding *f = damage(n, file == job->x->eboot);
    if (!is_of(job, n, format) && f == NULL) {
        return err_set(
            job->e, STATUS_NO, "%s: %s; give %s", file, n->summary,
            format == &format_esp8266_arduino
                ? "the Arduino image that the core's build wrote, neither compressed nor "
                  "signed"
                : "an image of version 1");
    }
    return f == NULL || err_set(job->e, STATUS_NO, "%s: %s; %s [%s]", file, f->message,
                                checks[f->check].remedy, checks[f->check].id);
}

// A file in memory, without what fills it up; NULL with `e` set. The image itself ends at *end.
static uint8_t *take_file(struct job *job, const char *file, const struct format *format,
                          size_t *size, size_t *end)
{
    struct arena *a = job->l->arena;
    const struct piece *piece = pieces_add_file(job->l, file, job->e);
    if (piece == NULL) {
        return NULL;
    }
    struct otapack_source src = input_source(piece->input);
    if (src.size > ESP8266_FLASH_MOST) {
        err_set(job->e, STATUS_NO, "%s: has %s, more than any ESP8266's flash; give a .bin file",
                file, text_size(a, src.size));
        return NULL;
    }
    const struct node *n = read_and_judge(a, &job->options, src);
    if (!pieces_good(job->l, job->e) || !is_sound(job, n, file, format)) {
        return NULL;
    }
    *size = end_of(job, n, file);
    *end = (size_t)esp8266_end(n);
    return source_bytes(a, &src, 0, *size);
}

static bool join(struct job *job)
{
    const struct recipe_esp8266 *x = job->x;
    size_t eboot_size, eboot_end, sketch_size, sketch_end;
    const uint8_t *eboot = take_file(job, x->eboot, &format_esp8266_image, &eboot_size, &eboot_end);
    const uint8_t *sketch =
        eboot == NULL ? NULL
                      : take_file(job, x->sketch, &format_esp8266_image, &sketch_size, &sketch_end);
    if (sketch == NULL) {
        return false;
    }
    if (eboot_size > OTAPACK_ESP8266_SKETCH_AT) {
        return err_set(job->e, STATUS_NO,
                       "%s: has %s bytes, and eboot's sector has 4,096; give eboot's image, not a "
                       "sketch",
                       x->eboot, text_count(job->l->arena, eboot_size));
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
    bool same = x->image != NULL && !has_settings(x);
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
    uint8_t *packed = deflate_pack(job->bytes, job->size, job->recipe->signing != NULL, &size);
    if (packed == NULL) {
        return err_set(job->e, STATUS_CANNOT, "out of memory");
    }
    job->bytes = arena_alloc(job->l->arena, size);
    memcpy(job->bytes, packed, size);
    job->size = size;
    free(packed);
    return true;
}

bool compose_esp8266(const struct recipe *recipe, struct pieces *l, struct err *e)
{
    const struct recipe_esp8266 *x = recipe->esp8266;
    struct job job = {.recipe = recipe, .x = x, .l = l, .e = e};
    uint64_t from = l->size;
    take_allowed(&job);
    bool good = x->image == NULL ? join(&job)
                                 : (job.bytes = take_file(&job, x->image, &format_esp8266_arduino,
                                                          &job.size, &job.end)) != NULL;
    const char *name = x->image == NULL ? x->sketch : x->image;
    if (good) {
        change(&job);
    }
    if (!good || (x->compress && !compress(&job))) {
        return false;
    }
    pieces_cut(l, from); // the inputs stay named
    pieces_add_bytes(l, name, job.bytes, job.size);
    return recipe->signing == NULL || sign(recipe->signing, l, from, name, e);
}
