// SPDX-License-Identifier: Apache-2.0
//
// An update for an ESP8266: an Arduino image with other settings, or put together of eboot and
// sketch; compressed and signed where the recipe says so. In memory, for it has at most 16 MiB.
#include <otapack/esp8266_image.h>
#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "esp8266_tree.h"
#include "format.h"
#include "source.h"
#include "text.h"
#include "zip.h"

enum { EBOOT_PADDING = 0xAA, STAMP_SIZE = 8, WORK_SIZE = 64 * 1024 };

struct job {
    const struct recipe *recipe;
    const struct recipe_esp8266 *x;
    struct layout *l;
    struct read_options options; // for inputs: what the recipe allows
    uint8_t *bytes;              // of the Arduino image
    size_t size;
    struct err *e;
};

// ---- Inputs -------------------------------------------------------------------------------------

static void take_allowed(struct job *job)
{
    for (const struct recipe_text *t = job->recipe->allow; t != NULL; t = t->next) {
        enum check_id check = check_by_id(t->text, NULL);
        if (check < CHECK_COUNT && checks[check].allowable) {
            job->options.allow[check] = true;
        }
    }
}

// Are length and CRC written anew?
static bool stamps(const struct recipe_esp8266 *x)
{
    return x->image == NULL || x->flash_mode != NULL || x->flash_freq != NULL ||
           x->flash_size != NULL;
}

// What has been damaged before it came here: new sums would hide it, `allowed` or not.
static const struct finding *damage(const struct node *n, bool allowed)
{
    static const enum check_id concerns[] = {CHECK_ESP8266_HEADER, CHECK_ESP8266_CHECKSUM,
                                             CHECK_ESP8266_LENGTH, CHECK_ESP8266_CRC};
    for (size_t i = 0; i < sizeof(concerns) / sizeof(concerns[0]); i++) {
        const struct finding *f = finding_against(n, concerns[i]);
        if (f != NULL && (f->verdict == VERDICT_FAIL || (allowed && f->verdict == VERDICT_WARN))) {
            return f;
        }
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        const struct finding *f = damage(part, allowed);
        if (f != NULL) {
            return f;
        }
    }
    return NULL;
}

// Is what follows it only filling? Behind eboot that is 0xAA, up to the sketch.
static bool is_whole(const struct job *job, const struct node *n, const char *file)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    return trailing == NULL || esp8266_is_filling(trailing) ||
           (file == job->x->eboot &&
            source_is_filled(&trailing->src, 0, trailing->src.size, EBOOT_PADDING));
}

// Is it what it must be, and whole?
static bool is_sound(struct job *job, const struct node *n, const char *file,
                     const struct format *format)
{
    const struct finding *f = damage(n, stamps(job->x));
    if (!node_is(n, format)) {
        return err_set(
            job->e, STATUS_NO, "%s: %s; give %s", file, n->summary,
            format == &format_esp8266_arduino
                ? "the Arduino image that the core's build wrote, neither compressed nor "
                  "signed"
                : "an image of version 1");
    }
    if (f != NULL && f->verdict == VERDICT_FAIL) {
        return err_set(job->e, STATUS_NO, "%s: %s; %s [%s]", file, f->message,
                       checks[f->check].remedy, checks[f->check].id);
    }
    if (f != NULL) {
        return err_set(job->e, STATUS_NO,
                       "%s: %s, which a new length and CRC would hide; leave its settings as they "
                       "are, or build the image again [%s]",
                       file, f->message, checks[f->check].id);
    }
    return is_whole(job, n, file) ||
           err_set(job->e, STATUS_NO, "%s: %s follow its end; %s [%s]", file,
                   text_size(job->l->arena, node_find(n, "trailing", -1)->src.size),
                   checks[CHECK_ESP8266_TRAILING].remedy, checks[CHECK_ESP8266_TRAILING].id);
}

// A file in memory, without what fills it up; NULL with `e` set.
static uint8_t *take_file(struct job *job, const char *file, const struct format *format,
                          size_t *size)
{
    struct arena *a = job->l->arena;
    const struct piece *piece = layout_add_file(job->l, file, job->e);
    if (piece == NULL) {
        return NULL;
    }
    struct otapack_source src = input_source(piece->input);
    if (src.size > ESP8266_FLASH_MOST) {
        err_set(job->e, STATUS_NO, "%s: has %s, more than any ESP8266's flash; give a .bin file",
                file, text_size(a, src.size));
        return NULL;
    }
    const struct node *n = read_tree(a, &job->options, src);
    if (!layout_good(job->l, job->e) || !is_sound(job, n, file, format)) {
        return NULL;
    }
    *size = (size_t)esp8266_end(n);
    return source_bytes(a, &src, 0, *size);
}

static bool join(struct job *job)
{
    const struct recipe_esp8266 *x = job->x;
    size_t eboot_size, sketch_size;
    const uint8_t *eboot = take_file(job, x->eboot, &format_esp8266_image, &eboot_size);
    const uint8_t *sketch =
        eboot == NULL ? NULL : take_file(job, x->sketch, &format_esp8266_image, &sketch_size);
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

// Sketches of cores before 2.6 have code where later ones have length and CRC: these are zero, or
// the length is that of what has been stamped before.
static bool has_words(const struct job *job, const struct otapack_esp8266_arduino *a)
{
    static const uint8_t unstamped[STAMP_SIZE] = {0};
    const struct otapack_esp_segment *first = &a->sketch.segments[0];
    return esp8266_is_mapped(first->load_addr) && first->data_len >= STAMP_SIZE &&
           (a->stored_length == job->size ||
            memcmp(job->bytes + OTAPACK_ESP8266_LENGTH_AT, unstamped, STAMP_SIZE) == 0);
}

// Length, CRC, and the checksum of the sketch, counted as elf2bin does while these two are zero.
static bool stamp(struct job *job, const char *file)
{
    uint8_t work[WORK_SIZE];
    uint32_t crc = 0;
    struct otapack_source src = otapack_memory(job->bytes, job->size);
    struct otapack_esp8266_arduino a;
    if (otapack_esp8266_arduino_open(&src, &a).code != OTAPACK_OK || !has_words(job, &a)) {
        return err_set(job->e, STATUS_NO,
                       "%s: its sketch has no words for length and CRC, which would be written "
                       "over its code; build it with core 2.6 or later%s",
                       file, job->x->image == NULL ? "" : ", or leave its settings as they are");
    }
    memset(job->bytes + OTAPACK_ESP8266_LENGTH_AT, 0, STAMP_SIZE);
    (void)otapack_esp8266_checksum(&src, &a.sketch, work, sizeof(work),
                                   job->bytes + a.sketch.checksum_at);
    (void)otapack_esp8266_arduino_crc(&src, job->size, work, sizeof(work), &crc);
    otapack_put_le32(job->bytes + OTAPACK_ESP8266_LENGTH_AT, (uint32_t)job->size);
    otapack_put_le32(job->bytes + OTAPACK_ESP8266_CRC_AT, crc);
    return true;
}

static bool change(struct job *job, const char *file)
{
    const struct recipe_esp8266 *x = job->x;
    if (!stamps(x)) {
        return true;
    }
    set_header(x, job->bytes);
    set_header(x, job->bytes + OTAPACK_ESP8266_SKETCH_AT);
    return stamp(job, file);
}

static bool compress(struct job *job)
{
    size_t size;
    uint8_t *packed = zip_pack(job->bytes, job->size, job->recipe->signing != NULL, &size);
    if (packed == NULL) {
        return err_set(job->e, STATUS_CANNOT, "out of memory");
    }
    job->bytes = arena_alloc(job->l->arena, size);
    memcpy(job->bytes, packed, size);
    job->size = size;
    free(packed);
    return true;
}

bool emit_esp8266(const struct recipe *recipe, struct layout *l, struct err *e)
{
    const struct recipe_esp8266 *x = recipe->esp8266;
    struct job job = {.recipe = recipe, .x = x, .l = l, .e = e};
    uint64_t from = l->size;
    take_allowed(&job);
    bool good =
        x->image == NULL
            ? join(&job)
            : (job.bytes = take_file(&job, x->image, &format_esp8266_arduino, &job.size)) != NULL;
    const char *name = x->image == NULL ? x->sketch : x->image;
    if (!good || !change(&job, name) || (x->compress && !compress(&job))) {
        return false;
    }
    layout_cut(l, from); // the inputs stay named
    layout_add_bytes(l, name, job.bytes, job.size);
    return recipe->signing == NULL || sign(recipe->signing, l, from, name, e);
}
