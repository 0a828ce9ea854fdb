// SPDX-License-Identifier: Apache-2.0
//
// A device's partition table and OTA data, and which app its bootloader starts. What the app makes
// of them is in device_update.c.
#include "device.h"

#include <string.h>

#include "crc.h"

// The largest flash that an image's header can name.
enum { FLASH_MOST = 128 * 1024 * 1024 };

// ---- The table ----------------------------------------------------------------------------------

// Where a partition of this kind is noted; NULL: it is of no interest here.
static int *place(struct device_kinds *kinds, const struct otapack_partition *p)
{
    if (otapack_partition_is_ota(p)) {
        return &kinds->slots[p->subtype - OTAPACK_PARTITION_APP_OTA_0];
    }
    if (p->type == OTAPACK_PARTITION_TYPE_APP) {
        return p->subtype == OTAPACK_PARTITION_APP_FACTORY ? &kinds->factory
               : p->subtype == OTAPACK_PARTITION_APP_TEST  ? &kinds->test
                                                           : NULL;
    }
    return p->type == OTAPACK_PARTITION_TYPE_DATA && p->subtype == OTAPACK_PARTITION_DATA_OTA
               ? &kinds->otadata
               : NULL;
}

static void take_partition(struct device *d, int i)
{
    const struct otapack_partition *p = &d->parts[i];
    uint64_t end = (uint64_t)p->offset + p->size;
    int *booted = place(&d->booted, p), *found = place(&d->found, p);
    d->end = end > d->end ? end : d->end;
    if (booted != NULL) {
        *booted = i;
        *found = *found < 0 ? i : *found;
        d->slot_count += otapack_partition_is_ota(p) ? 1 : 0;
    } else if (d->storage.size == 0 && p->type == OTAPACK_PARTITION_TYPE_DATA &&
               strncmp(p->label, "rcp_fw", sizeof(p->label)) == 0) {
        d->storage = *p;
    }
}

bool device_open(struct device *d, const struct otapack_source *table)
{
    struct otapack_partition_table t;
    memset(d, 0, sizeof(*d));
    memset(&d->booted, 0xFF, sizeof(d->booted)); // -1
    memset(&d->found, 0xFF, sizeof(d->found));
    memset(d->entries, 0xFF, sizeof(d->entries));
    d->running = DEVICE_NOTHING;
    d->on_trial = -1;
    if (otapack_partition_table_open(table, &t).code != OTAPACK_OK) {
        return false;
    }
    for (; d->count < (int)t.count; d->count++) {
        if (otapack_partition_read(table, (uint32_t)d->count, &d->parts[d->count]).code !=
            OTAPACK_OK) {
            return false;
        }
        take_partition(d, d->count);
    }
    return true;
}

static const struct otapack_partition *part_at(const struct device *d, int i)
{
    return i < 0 ? NULL : &d->parts[i];
}

const struct otapack_partition *device_partition(const struct device *d, int which)
{
    const struct otapack_partition *p =
        part_at(d, which >= 0 && which < DEVICE_SLOTS ? d->booted.slots[which]
                   : which == DEVICE_FACTORY          ? d->booted.factory
                   : which == DEVICE_TEST             ? d->booted.test
                                                      : -1);
    return p != NULL && p->size != 0 ? p : NULL;
}

const struct otapack_partition *device_ota_data(const struct device *d)
{
    return part_at(d, d->booted.otadata);
}

// ---- The OTA data -------------------------------------------------------------------------------

bool device_take_ota_data(struct device *d, const struct otapack_source *dump)
{
    return otapack_ota_entry_read(dump, 0, &d->entries[0]).code == OTAPACK_OK &&
           otapack_ota_entry_read(dump, 1, &d->entries[1]).code == OTAPACK_OK;
}

static bool is_written(const struct otapack_ota_entry *e)
{
    return e->ota_seq != OTAPACK_OTA_SEQ_EMPTY && e->crc == otapack_ota_seq_crc(e->ota_seq, crc_32);
}

// ESP-IDF asks in two ways, and what it does at the first boot depends on which one says no.
static bool is_invalid(const struct otapack_ota_entry *e)
{
    return e->ota_seq == OTAPACK_OTA_SEQ_EMPTY || e->ota_state == OTAPACK_OTA_INVALID ||
           e->ota_state == OTAPACK_OTA_ABORTED;
}

bool device_entry_counts(const struct otapack_ota_entry *entry)
{
    return !is_invalid(entry) && is_written(entry);
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

// ---- The bootloader -----------------------------------------------------------------------------

static bool starts(const struct device *d, int which)
{
    const struct otapack_partition *p =
        which < (int)d->slot_count ? device_partition(d, which) : NULL;
    return p != NULL && (d->starts == NULL || d->starts(d->ctx, p));
}

// From the one that was chosen down to the factory app, then up, then the test app: the first that
// there is.
static int first_there(const struct device *d, int chosen)
{
    for (int i = chosen; i >= DEVICE_FACTORY; i--) {
        if (starts(d, i)) {
            return i;
        }
    }
    for (int i = chosen + 1; i < (int)d->slot_count; i++) {
        if (starts(d, i)) {
            return i;
        }
    }
    return starts(d, DEVICE_TEST) ? DEVICE_TEST : DEVICE_NOTHING;
}

// An app that was on trial, and is found so again, has not confirmed that it works.
static void abort_trials(struct device *d)
{
    for (int i = 0; i < 2; i++) {
        if (d->entries[i].ota_state == OTAPACK_OTA_PENDING_VERIFY) {
            d->entries[i].ota_state = OTAPACK_OTA_ABORTED;
            d->aborted[i] = true;
        }
    }
}

// What the OTA data chooses. `unwritten`: nothing, and the bootloader notes down what it starts.
static int choose(struct device *d, bool *unwritten)
{
    const struct otapack_partition *factory = part_at(d, d->booted.factory);
    if ((is_invalid(&d->entries[0]) && is_invalid(&d->entries[1])) || d->slot_count == 0) {
        *unwritten = !is_written(&d->entries[0]) && !is_written(&d->entries[1]);
        return factory != NULL && factory->offset != 0 ? DEVICE_FACTORY : 0;
    }
    int active = device_active_entry(d);
    if (active < 0) {
        return DEVICE_FACTORY;
    }
    if (d->rollback && d->entries[active].ota_state == OTAPACK_OTA_NEW) {
        d->entries[active].ota_state = OTAPACK_OTA_PENDING_VERIFY;
        d->on_trial = active;
    }
    return (int)((d->entries[active].ota_seq - 1) % d->slot_count);
}

static void boot_by_ota_data(struct device *d)
{
    bool unwritten = false;
    if (d->rollback) {
        abort_trials(d);
    }
    int chosen = choose(d, &unwritten);
    d->running = first_there(d, chosen);
    // With a factory app that does not start, it notes down nothing.
    d->first_boot_wrote = unwritten && chosen != DEVICE_FACTORY && d->running >= 0;
    if (d->first_boot_wrote) {
        struct otapack_ota_entry *e = &d->entries[0];
        memset(e, 0xFF, sizeof(*e));
        e->ota_seq = (uint32_t)d->running + 1;
        e->ota_state = OTAPACK_OTA_VALID;
        e->crc = otapack_ota_seq_crc(e->ota_seq, crc_32);
    }
}

enum device_answer device_boot(struct device *d)
{
    const struct otapack_partition *data = device_ota_data(d);
    d->running = DEVICE_NOTHING;
    d->first_boot_wrote = d->aborted[0] = d->aborted[1] = false;
    d->on_trial = -1;
    if (d->flash_size != 0 && d->end > d->flash_size) {
        return DEVICE_BEYOND_FLASH;
    }
    if (data == NULL || data->offset == 0) {
        d->running = first_there(d, DEVICE_FACTORY);
    } else if (data->size < OTAPACK_OTA_DATA_SIZE) {
        return DEVICE_OTA_DATA_SHORT;
    } else if ((uint64_t)data->offset + data->size > FLASH_MOST) {
        return DEVICE_OTA_DATA_FAR;
    } else {
        boot_by_ota_data(d);
    }
    return d->running == DEVICE_NOTHING ? DEVICE_NO_APP : DEVICE_OK;
}

void device_confirm(struct device *d)
{
    if (d->on_trial >= 0) {
        d->entries[d->on_trial].ota_state = OTAPACK_OTA_VALID;
    }
}

// ---- The storage --------------------------------------------------------------------------------

// Pages of 256 bytes, 251 of them data; blocks of 16 pages, of which one is an index; two blocks
// spare; a page of index for each 123 of a file.
enum { BLOCK = 4096, PAGES = 15, PAGE_DATA = 251, SPARE_BLOCKS = 2, RECORDS_OF_INDEX = 123 };

uint64_t device_storage_room(const struct otapack_partition *storage)
{
    uint64_t blocks = storage->size / BLOCK;
    uint64_t pages = blocks > SPARE_BLOCKS ? (blocks - SPARE_BLOCKS) * PAGES + 1 : 0;
    return (pages - pages / RECORDS_OF_INDEX) * PAGE_DATA;
}
