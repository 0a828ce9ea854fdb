// SPDX-License-Identifier: Apache-2.0
//
// What a device does once it has another bootloader or another partition table.
#include <inttypes.h>
#include <string.h>

#include "judge.h"
#include "simulate_final.h"

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
void final_say_lost(struct finalizing *f)
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
void final_restart(struct finalizing *f)
{
    struct simulating *s = f->s;
    const struct finding *x = final_failed(f, f->tree, is_for_start);
    bool starts_not = x != NULL;
    uint64_t at = s->out->received;
    struct device after = s->options->target->final == FINAL_TABLE ? with_table(f) : *s->device;
    after.starts = starts;
    after.ctx = f;
    (void)device_boot(&after);
    const struct otapack_partition *p = device_partition(&after, after.running);
    bool moved = p == NULL || p->offset != f->ran->offset;
    x = starts_not || moved ? x : final_failed(f, f->tree, is_any);
    if (x != NULL) {
        s->effect = starts_not                     ? "does not start with it"
                    : x->check == CHECK_FINAL_OVER ? "loses it once that partition is written to"
                                                   : "starts, and what is wrong shows later";
        add_step(s, at, f->what, STEP_BROKEN, "%s [%s]", x->message, checks[x->check].id);
    } else if (moved) {
        s->effect =
            p == NULL ? "finds no app to start" : "starts another app than the one that ran";
        add_step(s, at, "bootloader", STEP_BROKEN, "%s ran, and it %s%s", final_label(f, f->ran),
                 p == NULL ? "finds no app where this table has one" : "starts ",
                 p == NULL ? "" : final_label(f, p));
    }
    s->out->boots = starts_not || p == NULL ? NULL : final_label(f, p);
}
