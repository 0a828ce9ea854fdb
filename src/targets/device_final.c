// SPDX-License-Identifier: Apache-2.0
#include "device_final.h"

#include <string.h>

enum { PRIMARY = 0, TABLE_SIZE = 0x1000, ENCRYPTED = 1, NVS_KEYS = 0x04, TEE_OTA = 0x90 };

static const struct otapack_partition *listed(const struct device *d, unsigned type,
                                              unsigned subtype)
{
    for (int i = 0; i < d->count; i++) {
        if (d->parts[i].type == type && d->parts[i].subtype == subtype) {
            return &d->parts[i];
        }
    }
    return NULL;
}

static struct otapack_partition registered(unsigned type, const char *label, uint32_t at,
                                           uint32_t size)
{
    struct otapack_partition p = {
        .type = (uint8_t)type, .subtype = PRIMARY, .offset = at, .size = size};
    memcpy(p.label, label, strlen(label)); // shorter than the field
    return p;
}

struct device_final device_final(const struct device *d, enum target_final what,
                                 const struct chip *chip, uint32_t table_at)
{
    struct device_final f = {0};
    const struct otapack_partition *table = listed(d, OTAPACK_PARTITION_TYPE_TABLE, PRIMARY);
    const struct otapack_partition *loader = listed(d, OTAPACK_PARTITION_TYPE_BOOTLOADER, PRIMARY);
    f.table = table != NULL ? *table
                            : registered(OTAPACK_PARTITION_TYPE_TABLE, "PrimaryPrtTable", table_at,
                                         TABLE_SIZE);
    f.bootloader_at = loader != NULL ? loader->offset
                      : chip != NULL ? chip->bootloader_at
                                     : f.table.offset;
    f.part = f.table;
    if (what == FINAL_BOOTLOADER) {
        uint32_t room = f.table.offset < f.bootloader_at ? 0 : f.table.offset - f.bootloader_at;
        f.part = loader != NULL ? *loader
                                : registered(OTAPACK_PARTITION_TYPE_BOOTLOADER, "PrimaryBTLDR",
                                             f.bootloader_at, room);
    }
    f.recovery = chip != NULL && chip->recovery ? listed(d, OTAPACK_PARTITION_TYPE_BOOTLOADER,
                                                         OTAPACK_PARTITION_BOOTLOADER_RECOVERY)
                                                : NULL;
    return f;
}

const struct otapack_partition *device_bootloader(const struct device *d)
{
    return listed(d, OTAPACK_PARTITION_TYPE_BOOTLOADER, PRIMARY);
}

const struct otapack_partition *device_labelled(const struct device *d, const char *label)
{
    for (int i = 0; i < d->count; i++) {
        const char *has = d->parts[i].label;
        size_t n = strlen(label);
        if (n <= sizeof(d->parts[i].label) && memcmp(has, label, n) == 0 &&
            (n == sizeof(d->parts[i].label) || has[n] == '\0')) {
            return &d->parts[i];
        }
    }
    return NULL;
}

const struct otapack_partition *device_lost_app(const struct device *old, const struct device *new)
{
    for (int i = DEVICE_TEST; i < DEVICE_SLOTS; i++) {
        const struct otapack_partition *was = device_partition(old, i);
        const struct otapack_partition *is = device_partition(new, i);
        if (was != NULL && (is == NULL || is->offset != was->offset || is->size < was->size)) {
            return was;
        }
    }
    return NULL;
}

static bool is_primary(const struct otapack_partition *p)
{
    return p->subtype == PRIMARY && (p->type == OTAPACK_PARTITION_TYPE_BOOTLOADER ||
                                     p->type == OTAPACK_PARTITION_TYPE_TABLE);
}

// Bootloader and table are what is updated, and apps are judged apart.
static bool is_data(const struct otapack_partition *p)
{
    return p->size != 0 && p->type != OTAPACK_PARTITION_TYPE_APP && !is_primary(p);
}

static const struct otapack_partition *same_place(const struct device *d,
                                                  const struct otapack_partition *was)
{
    for (int i = 0; i < d->count; i++) {
        const struct otapack_partition *is = &d->parts[i];
        if (is->type == was->type && is->subtype == was->subtype && is->offset == was->offset &&
            is->size == was->size) {
            return is;
        }
    }
    return NULL;
}

static bool is_ota_data(const struct otapack_partition *p)
{
    return p->type == OTAPACK_PARTITION_TYPE_DATA && p->subtype == OTAPACK_PARTITION_DATA_OTA;
}

// With flash encryption, some are encrypted whatever their flags say.
static bool goes_by_flag(const struct otapack_partition *p)
{
    return is_data(p) && p->type != OTAPACK_PARTITION_TYPE_BOOTLOADER && !is_ota_data(p) &&
           !(p->type == OTAPACK_PARTITION_TYPE_DATA &&
             (p->subtype == TEE_OTA || p->subtype == NVS_KEYS));
}

const struct otapack_partition *device_lost_data(const struct device *old, const struct device *new,
                                                 int *i)
{
    while (*i < old->count) {
        const struct otapack_partition *was = &old->parts[(*i)++];
        if (is_data(was) && !is_ota_data(was) && same_place(new, was) == NULL) {
            return was;
        }
    }
    return NULL;
}

const struct otapack_partition *device_lost_flag(const struct device *old, const struct device *new,
                                                 int *i)
{
    while (*i < old->count) {
        const struct otapack_partition *was = &old->parts[(*i)++];
        const struct otapack_partition *is = goes_by_flag(was) ? same_place(new, was) : NULL;
        if (is != NULL && ((is->flags ^ was->flags) & ENCRYPTED) != 0) {
            return was;
        }
    }
    return NULL;
}

// No chip's ROM looks for a bootloader behind this.
enum { ANY_BOOTLOADER = 0x2000 };

const struct otapack_partition *device_over_table(const struct device *new,
                                                  const struct device_final *f)
{
    uint64_t from = f->bootloader_at < ANY_BOOTLOADER ? f->bootloader_at : ANY_BOOTLOADER;
    from = from < f->table.offset ? from : f->table.offset;
    uint64_t to = (uint64_t)f->table.offset + f->table.size;
    for (int i = 0; i < new->count; i++) {
        const struct otapack_partition *p = &new->parts[i];
        bool over = p->offset < to && (uint64_t)p->offset + p->size > from;
        if (over && p->size != 0 && !is_primary(p)) {
            return p;
        }
    }
    return NULL;
}
