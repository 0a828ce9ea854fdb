// SPDX-License-Identifier: Apache-2.0
//
// What the app that runs on a device makes of its partition table and OTA data: where an update
// goes, and what is written so that it boots (esp_ota_ops.c).

#include "crc.h"
#include "device.h"

enum { READ_ONLY = 1 << 1 }; // of a partition's flags; ESP-IDF looks at it from 5.2 on

#define NO_APP "with this partition table, no app boots that could take it"

const char *device_text(enum device_answer answer)
{
    static const char *const texts[] = {
        [DEVICE_OK] = "the update boots",
        [DEVICE_BEYOND_FLASH] = NO_APP ": a partition ends beyond the flash, and then the "
                                       "bootloader takes no part of the table",
        [DEVICE_OTA_DATA_SHORT] = NO_APP ": otadata has less than the two sectors, 0x2000 bytes, "
                                         "that the bootloader wants",
        [DEVICE_OTA_DATA_FAR] = NO_APP ": otadata lies beyond the end of any flash, so that the "
                                       "bootloader cannot read it",
        [DEVICE_NO_APP] = NO_APP,
        [DEVICE_NO_SLOT] = "the partition table has no OTA partition that it could go to",
        [DEVICE_SLOT_RUNS] = "the only OTA partition is the one that the running app is in",
        [DEVICE_SLOT_EMPTY] = "the OTA partition that comes next has a size of 0",
        [DEVICE_SLOT_READ_ONLY] = "the OTA partition that comes next is marked as read-only, and "
                                  "ESP-IDF from 5.2 on does not write to such",
        [DEVICE_UNCONFIRMED] = "the running app has not confirmed yet that it works (its OTA data "
                               "says pending verify), and esp_ota_begin wants that first",
        [DEVICE_NO_OTA_DATA] = "the partition table has no otadata, so that nothing can say that "
                               "the new app boots",
        [DEVICE_OTA_DATA_SIZE] = "otadata has more than its two sectors, 0x2000 bytes; "
                                 "gen_esp32part.py refuses such a table, so that no build of "
                                 "ESP-IDF comes with one",
        [DEVICE_OTA_DATA_READ_ONLY] = "otadata is marked as read-only, and ESP-IDF from 5.2 on "
                                      "does not write to such, so that nothing can say that the "
                                      "new app boots",
        [DEVICE_SLOTS_BEHIND_TEST] = "there are all 16 OTA partitions and a test app, which "
                                     "esp_ota_set_boot_partition counts as a 17th, and aborts",
        [DEVICE_SLOT_NOT_KNOWN] = "the numbers of the OTA partitions have a gap, and "
                                  "esp_ota_set_boot_partition knows none behind it",
        [DEVICE_SEQUENCE_ENDS] = "ota_seq is at its end, and no higher number can say that the new "
                                 "app boots",
        [DEVICE_OTA_DATA_TWICE] = "there are two otadata: the app writes the first, the bootloader "
                                  "reads the last",
        [DEVICE_NOT_CHOSEN] = "the bootloader counts the OTA partitions otherwise than the app "
                              "does, and finds another one by the number that this writes",
    };
    return texts[answer];
}

bool device_takes(enum device_answer answer)
{
    return answer == DEVICE_OTA_DATA_TWICE || answer == DEVICE_NOT_CHOSEN;
}

const struct otapack_partition *device_target(const struct device *d, int slot)
{
    int i = slot >= 0 && slot < DEVICE_SLOTS ? d->found.slots[slot] : -1;
    return i < 0 ? NULL : &d->parts[i];
}

static const struct otapack_partition *part_at(const struct device *d, uint64_t address, bool app)
{
    for (int i = 0; i < d->count; i++) {
        const struct otapack_partition *p = &d->parts[i];
        if ((p->type == OTAPACK_PARTITION_TYPE_APP) == app && p->offset == address) {
            return p;
        }
    }
    return NULL;
}

bool device_data_at(const struct device *d, uint64_t address)
{
    return part_at(d, address, false) != NULL;
}

const struct otapack_partition *device_app_at(const struct device *d, uint64_t address)
{
    return part_at(d, address, true);
}

// The partition in which the app finds itself: the first one around its address; -1: none.
static int running_part(const struct device *d)
{
    const struct otapack_partition *runs = device_partition(d, d->running);
    for (int i = 0; runs != NULL && i < d->count; i++) {
        const struct otapack_partition *p = &d->parts[i];
        if (p->type == OTAPACK_PARTITION_TYPE_APP && p->offset <= runs->offset &&
            runs->offset - p->offset < p->size) {
            return i;
        }
    }
    return -1;
}

// How many slots the app counts: up to the first number that is missing.
static uint32_t counted_slots(const struct device *d)
{
    uint32_t n = 0;
    while (n < DEVICE_SLOTS && d->found.slots[n] >= 0) {
        n++;
    }
    return n;
}

bool device_is_read_only(const struct otapack_partition *p)
{
    return (p->flags & READ_ONLY) != 0;
}

// The OTA data that the app writes is not what the bootloader reads.
static bool is_twice(const struct device *d)
{
    return d->found.otadata >= 0 &&
           d->parts[d->found.otadata].offset != d->parts[d->booted.otadata].offset;
}

// What esp_ota_get_state_partition says of the app that runs: by the first entry of its slot.
static bool is_unconfirmed(const struct device *d, int running)
{
    uint32_t n = counted_slots(d);
    if (running < 0 || !otapack_partition_is_ota(&d->parts[running]) || n == 0 || is_twice(d) ||
        d->found.otadata < 0) {
        return false;
    }
    uint32_t slot = d->parts[running].subtype - OTAPACK_PARTITION_APP_OTA_0;
    for (int i = 0; i < 2; i++) {
        const struct otapack_ota_entry *e = &d->entries[i];
        if ((e->ota_seq - 1) % n == slot && e->crc == otapack_ota_seq_crc(e->ota_seq, crc_32)) {
            return e->ota_state == OTAPACK_OTA_PENDING_VERIFY;
        }
    }
    return false;
}

// The slot behind the one that runs, else the first.
static int next_slot(const struct device *d, int running)
{
    int first = DEVICE_NOTHING;
    bool behind = false;
    for (int i = 0; i < DEVICE_SLOTS; i++) {
        int p = d->found.slots[i];
        if (p < 0) {
            continue;
        }
        first = first == DEVICE_NOTHING ? i : first;
        if (p == running) {
            behind = true;
        } else if (behind) {
            return i;
        }
    }
    return first;
}

enum device_answer device_next(const struct device *d, int *slot)
{
    int running = running_part(d);
    *slot = next_slot(d, running);
    if (*slot == DEVICE_NOTHING) {
        return DEVICE_NO_SLOT;
    }
    const struct otapack_partition *p = device_target(d, *slot);
    return d->found.slots[*slot] == running ? DEVICE_SLOT_RUNS
           : is_unconfirmed(d, running)     ? DEVICE_UNCONFIRMED
           : device_is_read_only(p)         ? DEVICE_SLOT_READ_ONLY
           : p->size == 0                   ? DEVICE_SLOT_EMPTY
                                            : DEVICE_OK;
}

// What stands against writing that this slot boots, of the `n` that the app counts.
static enum device_answer may_select(const struct device *d, uint32_t slot, uint32_t n)
{
    if (d->found.otadata < 0) {
        return DEVICE_NO_OTA_DATA;
    }
    const struct otapack_partition *data = &d->parts[d->found.otadata];
    return n == DEVICE_SLOTS && d->found.test >= 0            ? DEVICE_SLOTS_BEHIND_TEST
           : slot >= n                                        ? DEVICE_SLOT_NOT_KNOWN
           : device_is_read_only(data)                        ? DEVICE_OTA_DATA_READ_ONLY
           : is_twice(d)                                      ? DEVICE_OTA_DATA_TWICE
           : data->size < OTAPACK_OTA_DATA_SIZE               ? DEVICE_OTA_DATA_SHORT
           : device_ota_data(d)->size > OTAPACK_OTA_DATA_SIZE ? DEVICE_OTA_DATA_SIZE
                                                              : DEVICE_OK;
}

// Which entry gets which number. An entry that counts and is this slot's already keeps its own (so
// from 6.0 on; before, the other one got the same number, and the same app booted). Else the other
// entry gets the lowest number of this slot that is not below. False: there is none.
static bool change_of(const struct device *d, uint32_t slot, uint32_t n,
                      struct device_change *change)
{
    int active = device_active_entry(d);
    uint32_t rest = (slot + 1) % n;
    if (active < 0) {
        *change = (struct device_change){0, slot + 1};
        return true;
    }
    uint32_t seq = d->entries[active].ota_seq;
    if ((seq - 1) % n == slot) {
        *change = (struct device_change){(unsigned)active, seq};
        return true;
    }
    uint64_t next = seq > rest ? rest + ((uint64_t)(seq - rest) / n + 1) * n : rest;
    *change = (struct device_change){active == 0 ? 1 : 0, (uint32_t)next};
    return next < OTAPACK_OTA_SEQ_EMPTY;
}

static bool boots(struct device d, int slot)
{
    return device_boot(&d) == DEVICE_OK && d.running == slot &&
           device_partition(&d, slot)->offset == device_target(&d, slot)->offset;
}

enum device_answer device_select(struct device *d, int slot, struct device_change *change)
{
    uint32_t n = counted_slots(d);
    enum device_answer answer = may_select(d, (uint32_t)slot, n);
    if (answer != DEVICE_OK) {
        return answer;
    }
    if (!change_of(d, (uint32_t)slot, n, change)) {
        return DEVICE_SEQUENCE_ENDS;
    }
    struct otapack_ota_entry *e = &d->entries[change->entry];
    e->ota_seq = change->ota_seq;
    e->ota_state = d->rollback ? OTAPACK_OTA_NEW : OTAPACK_OTA_UNDEFINED;
    e->crc = otapack_ota_seq_crc(e->ota_seq, crc_32);
    return boots(*d, slot) ? DEVICE_OK : DEVICE_NOT_CHOSEN;
}

struct device_outlook device_outlook(const struct device *device)
{
    struct device d = *device;
    struct device_outlook o = {0};
    struct device_change change;
    int slot;
    // By then each slot has had its turn.
    while (o.answer == DEVICE_OK && o.updates <= DEVICE_SLOTS) {
        o.answer = device_boot(&d);
        device_confirm(&d);
        o.answer = o.answer == DEVICE_OK ? device_next(&d, &slot) : o.answer;
        o.answer = o.answer == DEVICE_OK ? device_select(&d, slot, &change) : o.answer;
        if (o.answer == DEVICE_OK) {
            o.slots |= 1u << slot;
            o.updates++;
        }
    }
    return o;
}

const struct otapack_partition *device_smallest_slot(const struct device *d,
                                                     const struct device_outlook *o)
{
    const struct otapack_partition *smallest = NULL;
    for (int i = 0; i < DEVICE_SLOTS; i++) {
        const struct otapack_partition *p = device_target(d, i);
        bool has_turn = o->slots == 0 || (o->slots >> i & 1) == 1;
        if (p != NULL && p->size > 0 && has_turn &&
            (smallest == NULL || p->size < smallest->size)) {
            smallest = p;
        }
    }
    return smallest;
}
