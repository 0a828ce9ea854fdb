// SPDX-License-Identifier: Apache-2.0
//
// Source of the facts: ESP-IDF, gen_esp32part.py for what the tool refuses; bootloader_utility.c
// (OTA data), partition_target.c (flags, sectors) and nvs_pagemanager.cpp for what a device does.
#include "partition_judge.h"

#include <inttypes.h>

enum {
    NVS = 0x02,
    COREDUMP = 0x03,
    TEE_OTA = 0x90,
    NVS_LEAST = 3 * PARTITION_SECTOR,
    OTA_DATA_SIZE = 2 * PARTITION_SECTOR,
};

static bool is_data(const struct otapack_partition *p, uint8_t subtype)
{
    return p->type == OTAPACK_PARTITION_TYPE_DATA && p->subtype == subtype;
}

bool partition_is_ota_data(const struct otapack_partition *p)
{
    return is_data(p, OTAPACK_PARTITION_DATA_OTA);
}

bool partition_is_tee_ota_data(const struct otapack_partition *p)
{
    return is_data(p, TEE_OTA);
}

static bool is_app(const struct otapack_partition *p)
{
    return p->type == OTAPACK_PARTITION_TYPE_APP;
}

static bool is_readonly(const struct otapack_partition *p)
{
    return (p->flags & PARTITION_READONLY) != 0;
}

bool partition_is_primary(int64_t type, int64_t subtype)
{
    return (type == OTAPACK_PARTITION_TYPE_BOOTLOADER || type == OTAPACK_PARTITION_TYPE_TABLE) &&
           subtype == 0;
}

uint32_t partition_alignment(uint32_t type)
{
    return type == OTAPACK_PARTITION_TYPE_APP ? PARTITION_APP_ALIGN : PARTITION_SECTOR;
}

// ---- Each rule: does it hold, and what is wrong -------------------------------------------------

static bool is_aligned(const struct otapack_partition *p)
{
    return p->offset % partition_alignment(p->type) == 0;
}

// An app is mapped in pages, and OTA data is erased by sectors; other data can still be read.
static bool app_is_aligned(const struct otapack_partition *p)
{
    return (!is_app(p) && !partition_is_ota_data(p)) || is_aligned(p);
}

static bool data_is_aligned(const struct otapack_partition *p)
{
    return is_app(p) || partition_is_ota_data(p) || is_aligned(p);
}

static const char *misaligned(struct arena *a, const struct otapack_partition *p)
{
    return arena_printf(a, "begins at 0x%" PRIx32 ", no multiple of 0x%" PRIx32, p->offset,
                        partition_alignment(p->type));
}

static bool app_is_in_sectors(const struct otapack_partition *p)
{
    return !is_app(p) || p->size % PARTITION_SECTOR == 0;
}

static const char *not_in_sectors(struct arena *a, const struct otapack_partition *p)
{
    return arena_printf(a, "has 0x%" PRIx32 " bytes, no multiple of 0x1000", p->size);
}

static bool nvs_has_room(const struct otapack_partition *p)
{
    return !is_data(p, NVS) || is_readonly(p) || p->size >= NVS_LEAST;
}

static const char *too_small(struct arena *a, const struct otapack_partition *p)
{
    return arena_printf(a, "has 0x%" PRIx32 " bytes, less than 0x%x", p->size,
                        is_data(p, NVS) ? NVS_LEAST : OTA_DATA_SIZE);
}

static bool ota_data_has_room(const struct otapack_partition *p)
{
    return !partition_is_ota_data(p) || p->size >= OTA_DATA_SIZE;
}

// Where the rule before this one holds.
static bool ota_data_is_two_sectors(const struct otapack_partition *p)
{
    bool tee = partition_is_tee_ota_data(p);
    return (!partition_is_ota_data(p) && !tee) || p->size == OTA_DATA_SIZE ||
           (!tee && p->size < OTA_DATA_SIZE);
}

static const char *not_two_sectors(struct arena *a, const struct otapack_partition *p)
{
    return arena_printf(a, "has 0x%" PRIx32 " bytes, not 0x%x", p->size, OTA_DATA_SIZE);
}

static bool ota_data_is_writable(const struct otapack_partition *p)
{
    return !partition_is_ota_data(p) || !is_readonly(p);
}

static bool coredump_is_writable(const struct otapack_partition *p)
{
    return !is_data(p, COREDUMP) || !is_readonly(p);
}

static const char *readonly(struct arena *a, const struct otapack_partition *p)
{
    (void)a;
    (void)p;
    return "is read-only";
}

const struct partition_rule partition_rules[] = {
    {CHECK_PT_ALIGN, app_is_aligned, misaligned},
    {CHECK_PT_DATA_ALIGN, data_is_aligned, misaligned},
    {CHECK_PT_APP_SIZE, app_is_in_sectors, not_in_sectors},
    {CHECK_PT_NVS_SIZE, nvs_has_room, too_small},
    {CHECK_PT_OTADATA_SMALL, ota_data_has_room, too_small},
    {CHECK_PT_OTADATA_SIZE, ota_data_is_two_sectors, not_two_sectors},
    {CHECK_PT_OTADATA_READONLY, ota_data_is_writable, readonly},
    {CHECK_PT_COREDUMP_READONLY, coredump_is_writable, readonly},
};
const size_t partition_rule_count = sizeof(partition_rules) / sizeof(partition_rules[0]);
