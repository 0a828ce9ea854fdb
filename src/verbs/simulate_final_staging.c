// SPDX-License-Identifier: Apache-2.0
//
// Which partition an update of the bootloader or of the partition table is downloaded to.
#include <string.h>

#include "judge.h"
#include "simulate_final.h"
#include "text.h"

static bool no_such(const struct finalizing *f)
{
    const struct device *d = f->s->device;
    const char *list = "";
    for (int i = 0; i < d->count; i++) {
        list = arena_printf(f->s->arena, "%s%s%s", list, i == 0 ? "" : ", ",
                            final_label(f, &d->parts[i]));
    }
    return err_set(f->s->e, STATUS_CANNOT,
                   "--staging %s: the partition table has no such partition; write %s or %s",
                   text_printable(f->s->arena, f->s->options->staging), list,
                   final_label(f, &f->to.part));
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

bool final_choose_staging(struct finalizing *f)
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
    if (f->staging == NULL && strcmp(name, final_label(f, &f->to.part)) == 0) {
        f->staging = &f->to.part;
    }
    if (f->staging == NULL) {
        return no_such(f);
    }
    f->direct = f->staging->offset == f->to.part.offset;
    const char *fault = staging_fault(f, answer);
    return fault == NULL || refuse_at(s, 0, f->what, "%s: %s", name, fault);
}
