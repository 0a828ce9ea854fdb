// SPDX-License-Identifier: Apache-2.0
//
// An update of the bootloader or of the partition table, as ESP-IDF 5.5 and later do it: downloaded
// to one partition, verified there, copied to where it belongs. Between the erasing of the old one
// and the end of the copy, there is none.
#include "device_final.h"

#include <inttypes.h>
#include <string.h>

#include "judge.h"
#include "simulate_state.h"
#include "text.h"

struct finalizing {
    struct simulating *s;
    const struct node *tree;
    const char *what; // "bootloader"
    struct device_final to;
    const struct otapack_partition *staging, *ran;
    bool direct;              // the download goes to its place itself
    const char *lost_message; // what a power cut leaves while neither is whole
};

bool simulate_is_final(const struct simulating *s)
{
    return target_use(s->options->target, TARGET_FINAL) && s->options->target->final != FINAL_APP;
}

static const char *label(const struct finalizing *f, const struct otapack_partition *p)
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
    add_cut(step, true, arena_printf(f->s->arena, "%s boots again", label(f, f->ran)));
}

static void cut_lost(const struct finalizing *f, struct step *step)
{
    add_cut(step, f->to.recovery != NULL, f->lost_message);
}

// ---- Where it goes ------------------------------------------------------------------------------

static bool no_such(const struct finalizing *f)
{
    const struct device *d = f->s->device;
    const char *list = "";
    for (int i = 0; i < d->count; i++) {
        list =
            arena_printf(f->s->arena, "%s%s%s", list, i == 0 ? "" : ", ", label(f, &d->parts[i]));
    }
    return err_set(f->s->e, STATUS_CANNOT,
                   "--staging %s: the partition table has no such partition; write %s or %s",
                   text_printable(f->s->arena, f->s->options->staging), list,
                   label(f, &f->to.part));
}

// What stands against writing to the partition that was named; NULL: nothing.
static const char *staging_fault(const struct finalizing *f, enum device_answer answer)
{
    const struct otapack_partition *p = f->staging;
    if (device_is_read_only(p)) {
        return "it is marked as read-only";
    }
    if (p->type != OTAPACK_PARTITION_TYPE_APP) {
        return NULL;
    }
    return !otapack_partition_is_ota(p)   ? "it is no OTA partition, and esp_ota_begin takes no "
                                            "other app partition"
           : p->offset == f->ran->offset  ? "the app runs from it"
           : answer == DEVICE_UNCONFIRMED ? device_text(answer)
                                          : NULL;
}

static bool choose_staging(struct finalizing *f)
{
    struct simulating *s = f->s;
    const struct finding *old = finding_against(f->tree, CHECK_FINAL_IDF);
    if (old != NULL) {
        return refuse_at(s, 0, f->what, "%s [%s]", old->message, checks[old->check].id);
    }
    const char *name = s->options->staging;
    int slot;
    enum device_answer answer = device_next(s->device, &slot);
    if (name == NULL) {
        f->staging = device_target(s->device, slot);
        if (answer != DEVICE_OK || f->staging == NULL) {
            (void)refuse_answer(s, 0, f->what, answer);
            return false;
        }
        return true;
    }
    f->staging = device_labelled(s->device, name);
    if (f->staging == NULL && strcmp(name, label(f, &f->to.part)) == 0) {
        f->staging = &f->to.part;
    }
    if (f->staging == NULL) {
        return no_such(f);
    }
    f->direct = f->staging->offset == f->to.part.offset;
    const char *fault = staging_fault(f, answer);
    return fault == NULL || refuse_at(s, 0, f->what, "%s: %s", name, fault);
}

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
                           label(f, f->to.recovery), label(f, f->ran))
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
                                     label(f, f->to.recovery), f->to.recovery->offset);
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
                                 f->tree->summary, label(f, f->staging), f->staging->offset,
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
                             label(f, f->staging), text_count(s->arena, size),
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

// Made at the next boot; or what nobody looks at keeps ROM or app from starting.
static bool is_for_start(const struct finalizing *f, enum check_id check)
{
    (void)f;
    return check == CHECK_FINAL_PLACE || check == CHECK_IDF_ORDER ||
           (checks[check].who & (WHO_ROM | WHO_BOOTLOADER)) != 0;
}

static bool is_any(const struct finalizing *f, enum check_id check)
{
    (void)f;
    (void)check;
    return true;
}

typedef bool of_check(const struct finalizing *f, enum check_id check);

// The first finding that fails and is one of these.
static const struct finding *failed(const struct finalizing *f, const struct node *n, of_check *is)
{
    const struct finding *first = NULL;
    for (const struct finding *x = n->findings; x != NULL && first == NULL; x = x->next) {
        bool fits = x->verdict == VERDICT_FAIL && !is_answered(x->check);
        first = fits && is(f, x->check) ? x : NULL;
    }
    for (const struct node *p = n->parts; p != NULL && first == NULL; p = p->next) {
        first = failed(f, p, is);
    }
    return first;
}

static bool verify(struct finalizing *f)
{
    struct simulating *s = f->s;
    const struct finding *x = failed(f, f->tree, is_refused);
    if (x != NULL) {
        return deny(f, s->out->received,
                    arena_printf(s->arena, "esp_ota_end does not take it: %s [%s]", x->message,
                                 checks[x->check].id));
    }
    struct step *step = add_step(s, s->out->received, f->what, STEP_OK,
                                 "it is whole, as esp_ota_end finds in %s", label(f, f->staging));
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
                         text_count(s->arena, p->size), label(f, p), label(f, f->staging),
                         text_count(s->arena, f->staging->size));
    }
    if (device_is_read_only(p)) {
        return refuse_at(s, at, f->what,
                         "esp_partition_copy does not write to %s: it is marked as read-only",
                         label(f, p));
    }
    struct step *erase = add_step(s, at, f->what, STEP_OK, "%s at 0x%06" PRIx32 " is erased",
                                  label(f, p), p->offset);
    add_place(s, erase, p, p->size);
    cut_lost(f, erase);
    struct step *write = add_step(s, at, f->what, STEP_OK, "it is copied there from %s, %s bytes",
                                  label(f, f->staging), text_count(s->arena, p->size));
    add_place(s, write, p, p->size);
    cut_lost(f, write);
    s->out->written += p->size;
    return true;
}

// ---- And then -----------------------------------------------------------------------------------

// An app is where the old table had one, unless the download went there.
static bool starts(void *ctx, const struct otapack_partition *app)
{
    const struct finalizing *f = ctx;
    const struct device *d = f->s->device;
    for (int i = 0; i < d->count && app->offset != f->staging->offset; i++) {
        const struct otapack_partition *was = &d->parts[i];
        if (was->type == OTAPACK_PARTITION_TYPE_APP && was->offset == app->offset &&
            app->size >= was->size) {
            return true;
        }
    }
    return false;
}

// The device with the new table; OTA data elsewhere is taken to be empty.
static struct device with_table(struct finalizing *f)
{
    const struct device *old = f->s->device;
    const struct otapack_partition *was = device_ota_data(old);
    struct device new;
    (void)device_open(&new, &f->tree->src); // it was verified
    const struct otapack_partition *is = device_ota_data(&new);
    if (was != NULL && is != NULL && was->offset == is->offset) {
        memcpy(new.entries, old->entries, sizeof(new.entries));
    }
    new.flash_size = old->flash_size;
    new.rollback = old->rollback;
    return new;
}

// What is lost by another table. Data are lost, and the device goes on without them.
static void say_lost(struct finalizing *f)
{
    for (const struct finding *x = f->tree->findings; x != NULL; x = x->next) {
        bool lost = x->check == CHECK_FINAL_DATA || x->check == CHECK_FINAL_ENCRYPTED ||
                    x->check == CHECK_FINAL_OTADATA || x->check == CHECK_FINAL_SLOTS ||
                    x->check == CHECK_FINAL_APPS || x->check == CHECK_FINAL_UPDATES;
        if (lost && x->verdict != VERDICT_PASS) {
            add_step(f->s, 0, f->what, STEP_WARN, "%s [%s]", x->message, checks[x->check].id);
        }
    }
}

// The first thing that is wrong with what was copied, and that nobody has looked at by now: what
// keeps the device from starting comes before what shows later.
static void restart(struct finalizing *f)
{
    struct simulating *s = f->s;
    const struct finding *x = failed(f, f->tree, is_for_start);
    bool starts_not = x != NULL;
    uint64_t at = s->out->received;
    struct device after = s->options->target->final == FINAL_TABLE ? with_table(f) : *s->device;
    after.starts = starts;
    after.ctx = f;
    (void)device_boot(&after);
    const struct otapack_partition *p = device_partition(&after, after.running);
    bool moved = p == NULL || p->offset != f->ran->offset;
    x = starts_not || moved ? x : failed(f, f->tree, is_any);
    if (x != NULL) {
        s->effect = starts_not                     ? "does not start with it"
                    : x->check == CHECK_FINAL_OVER ? "loses it once that partition is written to"
                                                   : "starts, and what is wrong shows later";
        add_step(s, at, f->what, STEP_BROKEN, "%s [%s]", x->message, checks[x->check].id);
    } else if (moved) {
        s->effect =
            p == NULL ? "finds no app to start" : "starts another app than the one that ran";
        add_step(s, at, "bootloader", STEP_BROKEN, "%s ran, and it %s%s", label(f, f->ran),
                 p == NULL ? "finds no app where this table has one" : "starts ",
                 p == NULL ? "" : label(f, p));
    }
    s->out->boots = starts_not || p == NULL ? NULL : label(f, p);
}

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
    if (!choose_staging(f) || f->staging == NULL || !judge_header(f)) {
        return;
    }
    back_up(f);
    bool good = download(f) && verify(f) && (f->direct || copy(f));
    if (good) {
        say_lost(f);
        restart(f);
    }
    if (good || f->direct) {
        conclude(f);
    }
}
