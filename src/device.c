// SPDX-License-Identifier: Apache-2.0
#include "device.h"

#include <string.h>

#include "crc.h"

static bool is_there(const struct otapack_partition *p)
{
    return p->size != 0;
}

// Where a partition of the table belongs; NULL: it is of no interest here.
static struct otapack_partition *place(struct device *d, const struct otapack_partition *p)
{
    if (otapack_partition_is_ota(p)) {
        return &d->slots[p->subtype - OTAPACK_PARTITION_APP_OTA_0];
    }
    if (p->type == OTAPACK_PARTITION_TYPE_APP) {
        return p->subtype == OTAPACK_PARTITION_APP_FACTORY ? &d->factory
               : p->subtype == OTAPACK_PARTITION_APP_TEST  ? &d->test
                                                           : NULL;
    }
    if (p->type == OTAPACK_PARTITION_TYPE_DATA && p->subtype == OTAPACK_PARTITION_DATA_OTA) {
        return &d->otadata;
    }
    return strncmp(p->label, "rcp_fw", sizeof(p->label)) == 0 ? &d->storage : NULL;
}

bool device_open(struct device *d, const struct otapack_source *table)
{
    struct otapack_partition_table t;
    struct otapack_partition p;
    memset(d, 0, sizeof(*d));
    memset(d->entries, 0xFF, sizeof(d->entries));
    d->running = DEVICE_NOTHING;
    if (otapack_partition_table_open(table, &t).code != OTAPACK_OK) {
        return false;
    }
    for (uint32_t i = 0; i < t.count; i++) {
        if (otapack_partition_read(table, i, &p).code != OTAPACK_OK) {
            return false;
        }
        struct otapack_partition *to = place(d, &p);
        if (to != NULL && !is_there(to)) {
            *to = p;
            d->slot_count += otapack_partition_is_ota(&p) && is_there(to) ? 1 : 0;
        }
    }
    return true;
}

bool device_take_ota_data(struct device *d, const struct otapack_source *dump)
{
    return otapack_ota_entry_read(dump, 0, &d->entries[0]).code == OTAPACK_OK &&
           otapack_ota_entry_read(dump, 1, &d->entries[1]).code == OTAPACK_OK;
}

static bool is_empty(const struct otapack_ota_entry *e)
{
    return e->ota_seq == OTAPACK_OTA_SEQ_EMPTY;
}

static bool crc_fits(const struct otapack_ota_entry *e)
{
    return e->crc == otapack_ota_seq_crc(e->ota_seq, crc_32);
}

// ESP-IDF asks in two ways, and what it does at the first boot depends on which one says no.
static bool is_invalid(const struct otapack_ota_entry *e)
{
    return is_empty(e) || e->ota_state == OTAPACK_OTA_INVALID ||
           e->ota_state == OTAPACK_OTA_ABORTED;
}

bool device_entry_counts(const struct otapack_ota_entry *entry)
{
    return !is_invalid(entry) && crc_fits(entry);
}

int device_active_entry(const struct device *d)
{
    bool first = device_entry_counts(&d->entries[0]);
    bool second = device_entry_counts(&d->entries[1]);
    if (first && second) {
        return d->entries[1].ota_seq > d->entries[0].ota_seq ? 1 : 0;
    }
    return first ? 0 : second ? 1 : -1;
}

const struct otapack_partition *device_partition(const struct device *d, int which)
{
    const struct otapack_partition *p = which >= 0 && which < DEVICE_SLOTS ? &d->slots[which]
                                        : which == DEVICE_FACTORY          ? &d->factory
                                        : which == DEVICE_TEST             ? &d->test
                                                                           : NULL;
    return p != NULL && is_there(p) ? p : NULL;
}

// From the one that was chosen down to the factory app, then up, then the test app: the first that
// there is.
static int first_there(const struct device *d, int chosen)
{
    for (int i = chosen; i >= DEVICE_FACTORY; i--) {
        if (device_partition(d, i) != NULL) {
            return i;
        }
    }
    for (int i = chosen + 1; i < (int)d->slot_count; i++) {
        if (device_partition(d, i) != NULL) {
            return i;
        }
    }
    return is_there(&d->test) ? DEVICE_TEST : DEVICE_NOTHING;
}

static void write_entry(struct device *d, unsigned which, uint32_t ota_seq, uint32_t state)
{
    struct otapack_ota_entry *e = &d->entries[which];
    memset(e, 0xFF, sizeof(*e));
    e->ota_seq = ota_seq;
    e->ota_state = state;
    e->crc = otapack_ota_seq_crc(ota_seq, crc_32);
}

// Neither entry says anything, and there is no factory app: ota_0 starts, and is noted down unless
// an entry is good but for its state.
static int boot_first_slot(struct device *d)
{
    int slot = first_there(d, 0);
    bool unwritten = (is_empty(&d->entries[0]) || !crc_fits(&d->entries[0])) &&
                     (is_empty(&d->entries[1]) || !crc_fits(&d->entries[1]));
    if (unwritten && slot >= 0) {
        write_entry(d, 0, (uint32_t)slot + 1, OTAPACK_OTA_VALID);
        d->first_boot_wrote = true;
    }
    return slot;
}

void device_boot(struct device *d)
{
    int active = device_active_entry(d);
    bool asks = is_there(&d->otadata);
    bool unused = d->slot_count == 0 || (is_invalid(&d->entries[0]) && is_invalid(&d->entries[1]));
    if (asks && d->otadata.size < OTAPACK_OTA_DATA_SIZE) {
        d->running = DEVICE_NOTHING; // the bootloader resets, again and again
    } else if (asks && unused) {
        d->running = is_there(&d->factory) ? DEVICE_FACTORY : boot_first_slot(d);
    } else if (asks && active >= 0) {
        d->running = first_there(d, (int)((d->entries[active].ota_seq - 1) % d->slot_count));
    } else {
        d->running = first_there(d, DEVICE_FACTORY);
    }
}

// The slot behind the one that runs, else the first.
static int next_slot(const struct device *d)
{
    int first = DEVICE_NOTHING;
    for (int i = 0; i < DEVICE_SLOTS; i++) {
        if (is_there(&d->slots[i])) {
            first = first == DEVICE_NOTHING ? i : first;
            if (d->running >= 0 && i > d->running) {
                return i;
            }
        }
    }
    return first;
}

enum device_answer device_next(const struct device *d, int *slot)
{
    int active = device_active_entry(d);
    *slot = next_slot(d);
    if (*slot == DEVICE_NOTHING) {
        return DEVICE_NO_SLOT;
    }
    if (*slot == d->running) {
        return DEVICE_SLOT_RUNS;
    }
    return d->running >= 0 && active >= 0 &&
                   d->entries[active].ota_state == OTAPACK_OTA_PENDING_VERIFY
               ? DEVICE_UNCONFIRMED
               : DEVICE_OK;
}

// How many slots the app counts: up to the first number that is missing.
static uint32_t counted_slots(const struct device *d)
{
    uint32_t n = 0;
    while (n < DEVICE_SLOTS && is_there(&d->slots[n])) {
        n++;
    }
    return n;
}

enum device_answer device_select(struct device *d, int slot, struct device_change *change)
{
    uint32_t n = counted_slots(d), wanted = (uint32_t)slot + 1;
    int active = device_active_entry(d);
    if (!is_there(&d->otadata)) {
        return DEVICE_NO_OTA_DATA;
    }
    if (n == 0 || wanted > n) {
        return DEVICE_SLOT_NOT_KNOWN;
    }
    change->entry = active == 0 ? 1 : 0;
    change->ota_seq = wanted;
    if (active >= 0) {
        // The lowest number of this slot that is not below the one that counts now.
        uint64_t seq = d->entries[active].ota_seq, rest = wanted % n;
        uint64_t rounds = seq > rest ? (seq - rest + n - 1) / n : 0;
        change->ota_seq = (uint32_t)(rest + rounds * n);
    }
    write_entry(d, change->entry, change->ota_seq, OTAPACK_OTA_UNDEFINED);
    return DEVICE_OK;
}

// Pages of 256 bytes, 251 of them data; blocks of 16 pages, of which one is an index; two blocks
// spare; a page of index for each 123 of a file.
enum { BLOCK = 4096, PAGES = 15, PAGE_DATA = 251, SPARE_BLOCKS = 2, RECORDS_OF_INDEX = 123 };

uint64_t device_storage_room(const struct otapack_partition *storage)
{
    uint64_t blocks = storage->size / BLOCK;
    uint64_t pages = blocks > SPARE_BLOCKS ? (blocks - SPARE_BLOCKS) * PAGES + 1 : 0;
    return (pages - pages / RECORDS_OF_INDEX) * PAGE_DATA;
}
