// SPDX-License-Identifier: Apache-2.0
//
// How much an app has grown, and how much room it leaves in its slot.
#include <inttypes.h>

#include "device.h"
#include "partition_name.h"
#include "policy_look.h"
#include "text.h"

// What goes into a slot; of a file without an app, the whole.
static uint64_t size_of(const struct policy_file *file)
{
    return file->app != NULL ? file->app->src.size : file->root->src.size;
}

static const char *what(const struct policy_file *file)
{
    return file->app != NULL ? "app" : "file";
}

// "1,234 bytes (3.1%)"
static const char *share_text(struct arena *a, uint64_t bytes, uint64_t whole)
{
    uint64_t tenths = whole == 0 ? 0 : bytes * 1000 / whole;
    return arena_printf(a, "%s bytes (%" PRIu64 ".%" PRIu64 "%%)", text_count(a, bytes),
                        tenths / 10, tenths % 10);
}

void policy_growth(struct policy_look *look)
{
    const struct policy_range *range = &look->asked->growth;
    uint64_t is = size_of(&look->release), was = size_of(&look->baseline);
    int64_t grown = (int64_t)is - (int64_t)was;
    if ((look->release.app == NULL) != (look->baseline.app == NULL)) {
        policy_say_no_but(look, "give two apps, or two files that have none",
                          "the file has %s app in it, and the baseline has %s",
                          look->release.app == NULL ? "no" : "an",
                          look->baseline.app == NULL ? "none" : "one");
        return;
    }
    const char *text = arena_printf(look->arena, "the %s %s by %s, from %s to %s bytes",
                                    what(&look->release), grown < 0 ? "shrank" : "grew",
                                    share_text(look->arena, grown < 0 ? was - is : is - was, was),
                                    text_count(look->arena, was), text_count(look->arena, is));
    if (range->max.text != NULL && policy_amount_compare(grown, &range->max, was) > 0) {
        policy_say_no(look, "%s, and growth has max: %s", text, range->max.text);
    } else if (range->min.text != NULL && policy_amount_compare(grown, &range->min, was) < 0) {
        policy_say_no(look, "%s, and growth has min: %s", text, range->min.text);
    } else {
        policy_say_yes(look, "%s", text);
    }
}

void policy_headroom(struct policy_look *look)
{
    const struct policy_amount *wanted = &look->asked->headroom;
    struct device d;
    (void)target_use(&look->release.read->target, TARGET_TABLE);
    if (look->release.table_source == NULL || !device_open(&d, look->release.table_source)) {
        policy_say_unmade(look, "--partition-table");
        return;
    }
    struct device_outlook outlook = device_outlook(&d);
    const struct otapack_partition *slot = device_smallest_slot(&d, &outlook);
    if (slot == NULL) {
        policy_say_no_but(look, "give the device's partition table, or leave headroom out",
                          "the partition table has no OTA partition");
        return;
    }
    uint64_t size = size_of(&look->release);
    int64_t left = (int64_t)slot->size - (int64_t)size;
    bool enough = policy_amount_compare(left, wanted, slot->size) >= 0;
    const char *text = left < 0 ? arena_printf(look->arena, "does not fit")
                                : arena_printf(look->arena, "leaves %s free in",
                                               share_text(look->arena, (uint64_t)left, slot->size));
    (enough ? policy_say_yes : policy_say_no)(
        look, "the %s has %s bytes and %s OTA partition %s; headroom is %s", what(&look->release),
        text_count(look->arena, size), text, partition_label(look->arena, slot), wanted->text);
}
