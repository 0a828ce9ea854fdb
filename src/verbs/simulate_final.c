// SPDX-License-Identifier: Apache-2.0
//
// An update of the bootloader or of the partition table, as ESP-IDF 5.5 and later do it: downloaded
// to one partition, verified there, copied to where it belongs. Between the erasing of the old one
// and the end of the copy, there is none.
#include <inttypes.h>
#include <string.h>

#include "judge.h"
#include "simulate_final.h"
#include "text.h"

bool simulate_is_final(const struct simulating *s)
{
    return target_use(s->options->target, TARGET_FINAL) && s->options->target->final != FINAL_APP;
}

const char *final_label(const struct finalizing *f, const struct otapack_partition *p)
{
    return partition_label(f->s->arena, p);
}

static void add_cut(struct step *step, bool boots, const char *message)
{
    step->cut = message;
    step->cut_boots = boots;
}

// While what there was is whole.
static void cut_runs(const struct finalizing *f, struct step *step)
{
    add_cut(step, true, arena_printf(f->s->arena, "%s boots again", final_label(f, f->ran)));
}

static void cut_lost(const struct finalizing *f, struct step *step)
{
    add_cut(step, f->to.recovery != NULL, f->lost_message);
}

// ---- Where it goes ------------------------------------------------------------------------------

static void look(struct finalizing *f)
{
    struct simulating *s = f->s;
    const struct target *t = s->options->target;
    bool bootloader = t->final == FINAL_BOOTLOADER;
    const struct chip *chip = target_use(t, TARGET_CHIP) ? t->chip : NULL;
    const struct node *id = node_field(f->tree, "chip_id") == NULL ? NULL : f->tree;
    f->what = s->out->final = bootloader ? "bootloader" : "partition_table";
    f->ran = device_partition(s->device, s->device->running);
    f->to = device_final(
        s->device, t->final,
        chip != NULL || id == NULL ? chip : chip_by_id((uint16_t)node_number(id, "chip_id")),
        s->options->table_at);
    f->to.recovery = bootloader ? f->to.recovery : NULL;
    f->lost_message =
        f->to.recovery != NULL
            ? arena_printf(s->arena,
                           "the ROM starts the bootloader in %s, if the eFuses say where it is, "
                           "and %s boots again",
                           final_label(f, f->to.recovery), final_label(f, f->ran))
        : bootloader ? "nothing boots: the ROM finds no whole bootloader"
                     : "nothing boots: the bootloader finds no whole partition table";
}

// The device takes no more. By then, what was written over the old one is neither.
static bool deny(struct finalizing *f, uint64_t at, const char *message)
{
    if (!f->direct) {
        return refuse_at(f->s, at, f->what, "%s", message);
    }
    f->s->effect = "has lost the old one before the new one was refused";
    f->s->out->boots = f->to.recovery == NULL ? NULL : f->s->out->runs;
    add_step(f->s, at, f->what, STEP_BROKEN, "%s", message);
    return false;
}

// ---- The download -------------------------------------------------------------------------------

static void back_up(struct finalizing *f)
{
    if (f->to.recovery != NULL) {
        struct step *step = add_step(f->s, 0, f->what, STEP_OK,
                                     "the old one is taken to be copied to %s at 0x%06" PRIx32
                                     " first, as ESP-IDF's example does",
                                     final_label(f, f->to.recovery), f->to.recovery->offset);
        add_place(f->s, step, f->to.recovery, f->to.part.size);
        cut_runs(f, step);
    }
}

// What esp_https_ota asks of a bootloader's first bytes, of which nothing is written yet.
static bool judge_header(struct finalizing *f)
{
    static const struct {
        enum check_id check;
        uint64_t at;
    } asked[] = {{CHECK_DEVICE_CHIP, 12}, {CHECK_DEVICE_REVISION, 15}};
    struct simulating *s = f->s;
    uint64_t size = s->file->size, chunk = s->options->chunk;
    s->app_name = f->what;
    s->out->received = size < chunk ? size : chunk;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        const struct finding *x = finding_against(f->tree, asked[i].check);
        if (x != NULL && x->verdict == VERDICT_FAIL) {
            return refuse_at(s, asked[i].at, f->what, "esp_https_ota does not take it: %s [%s]",
                             x->message, checks[x->check].id);
        }
    }
    return s->options->target->final != FINAL_BOOTLOADER || simulate_length(s);
}

static bool download(struct finalizing *f)
{
    struct simulating *s = f->s;
    uint64_t size = s->file->size, room = f->staging->size;
    struct step *step = add_step(s, 0, f->what, f->direct ? STEP_WARN : STEP_OK,
                                 "%s, goes to %s at 0x%06" PRIx32 " (%s of %s bytes)%s",
                                 f->tree->summary, final_label(f, f->staging), f->staging->offset,
                                 text_count(s->arena, size), text_count(s->arena, room),
                                 f->direct ? ", over the old one, before anything is verified"
                                 : f->staging->type == OTAPACK_PARTITION_TYPE_APP
                                     ? ", and no app to go back to is left there"
                                     : "");
    add_place(s, step, f->staging, size);
    if (f->direct) {
        cut_lost(f, step);
    } else {
        cut_runs(f, step);
    }
    s->out->received = s->out->written = size;
    if (size <= room) {
        return true;
    }
    uint64_t chunks = (room / s->options->chunk + 1) * s->options->chunk;
    s->out->received = chunks < size ? chunks : size;
    s->out->written = room;
    return deny(f, room,
                arena_printf(s->arena, "%s is full: the file has %s bytes, the partition %s",
                             final_label(f, f->staging), text_count(s->arena, size),
                             text_count(s->arena, room)));
}

// ---- Verified in its staging partition ----------------------------------------------------------

// esp_ota_end has esp_partition_table_verify look at a table.
static bool is_refused(const struct finalizing *f, enum check_id check)
{
    static const enum check_id of_table[] = {CHECK_PT_ENTRIES, CHECK_PT_MD5,
                                             CHECK_DEVICE_FLASH_SIZE, CHECK_SLOT_CONTENT};
    bool table = f->s->options->target->final == FINAL_TABLE;
    for (size_t i = 0; table && i < sizeof(of_table) / sizeof(of_table[0]); i++) {
        if (of_table[i] == check) {
            return true;
        }
    }
    return check == CHECK_SLOT_CONTENT || check == CHECK_KNOWN_FORMAT ||
           (!table && (checks[check].who & WHO_OTA) != 0);
}

// What is decided here by itself, for the device as it is.
static bool is_answered(enum check_id check)
{
    return check == CHECK_FINAL_STAGING || check == CHECK_FINAL_APPS || check == CHECK_FINAL_IDF;
}

const struct finding *final_failed(const struct finalizing *f, const struct node *n,
                                   final_check *is)
{
    const struct finding *first = NULL;
    for (const struct finding *x = n->findings; x != NULL && first == NULL; x = x->next) {
        bool fits = x->verdict == VERDICT_FAIL && !is_answered(x->check);
        first = fits && is(f, x->check) ? x : NULL;
    }
    for (const struct node *p = n->parts; p != NULL && first == NULL; p = p->next) {
        first = final_failed(f, p, is);
    }
    return first;
}

static bool verify(struct finalizing *f)
{
    struct simulating *s = f->s;
    const struct finding *x = final_failed(f, f->tree, is_refused);
    if (x != NULL) {
        return deny(f, s->out->received,
                    arena_printf(s->arena, "esp_ota_end does not take it: %s [%s]", x->message,
                                 checks[x->check].id));
    }
    struct step *step =
        add_step(s, s->out->received, f->what, STEP_OK, "it is whole, as esp_ota_end finds in %s",
                 final_label(f, f->staging));
    cut_runs(f, step);
    return true;
}

// ---- Copied to its place ------------------------------------------------------------------------

static bool copy(struct finalizing *f)
{
    struct simulating *s = f->s;
    uint64_t at = s->out->received;
    const struct otapack_partition *p = &f->to.part;
    if (p->size > f->staging->size) {
        return refuse_at(s, at, f->what,
                         "esp_partition_copy takes all %s bytes of %s from %s, which has %s",
                         text_count(s->arena, p->size), final_label(f, p),
                         final_label(f, f->staging), text_count(s->arena, f->staging->size));
    }
    if (device_is_read_only(p)) {
        return refuse_at(s, at, f->what,
                         "esp_partition_copy does not write to %s: it is marked as read-only",
                         final_label(f, p));
    }
    struct step *erase = add_step(s, at, f->what, STEP_OK, "%s at 0x%06" PRIx32 " is erased",
                                  final_label(f, p), p->offset);
    add_place(s, erase, p, p->size);
    cut_lost(f, erase);
    struct step *write = add_step(s, at, f->what, STEP_OK, "it is copied there from %s, %s bytes",
                                  final_label(f, f->staging), text_count(s->arena, p->size));
    add_place(s, write, p, p->size);
    cut_lost(f, write);
    s->out->written += p->size;
    return true;
}

// ---- And then -----------------------------------------------------------------------------------

static void conclude(struct finalizing *f)
{
    struct simulation *out = f->s->out;
    const char *part = strcmp(f->what, "bootloader") == 0 ? "bootloader" : "partition table";
    const char *cut =
        f->to.recovery != NULL
            ? ""
            : "; a power cut while it was replaced would have left a device that does not boot";
    out->message =
        f->s->effect != NULL
            ? arena_printf(f->s->arena, "broken: with the new %s, the device %s; %s%s", part,
                           f->s->effect, out->boots == NULL ? "nothing" : out->boots, " boots")
            : arena_printf(f->s->arena, "taken: boots %s again, with the new %s%s", out->boots,
                           part, cut);
}

void simulate_final(struct simulating *s, const struct node *tree)
{
    struct finalizing *f = ARENA_NEW(s->arena, struct finalizing); // steps name its partitions
    *f = (struct finalizing){.s = s, .tree = tree};
    look(f);
    if (!final_choose_staging(f) || f->staging == NULL || !judge_header(f)) {
        return;
    }
    back_up(f);
    bool good = download(f) && verify(f) && (f->direct || copy(f));
    if (good) {
        final_say_lost(f);
        final_restart(f);
    }
    if (good || f->direct) {
        conclude(f);
    }
}
