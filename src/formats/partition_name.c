// SPDX-License-Identifier: Apache-2.0
#include "partition_name.h"

#include <otapack/partition_table.h>
#include <string.h>

#include "text.h"

static const struct {
    uint8_t type, subtype;
    const char *name;
} names[] = {
    {OTAPACK_PARTITION_TYPE_APP, OTAPACK_PARTITION_APP_FACTORY, "factory"},
    {OTAPACK_PARTITION_TYPE_APP, OTAPACK_PARTITION_APP_TEST, "test"},
    {OTAPACK_PARTITION_TYPE_APP, 0x30, "tee_0"},
    {OTAPACK_PARTITION_TYPE_APP, 0x31, "tee_1"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x00, "ota"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x01, "phy"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x02, "nvs"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x03, "coredump"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x04, "nvs_keys"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x05, "efuse"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x06, "undefined"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x80, "esphttpd"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x81, "fat"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x82, "spiffs"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x83, "littlefs"},
    {OTAPACK_PARTITION_TYPE_DATA, 0x90, "tee_ota"},
    {OTAPACK_PARTITION_TYPE_BOOTLOADER, 0x00, "primary"},
    {OTAPACK_PARTITION_TYPE_BOOTLOADER, 0x01, "ota"},
    {OTAPACK_PARTITION_TYPE_BOOTLOADER, 0x02, "recovery"},
    {OTAPACK_PARTITION_TYPE_TABLE, 0x00, "primary"},
    {OTAPACK_PARTITION_TYPE_TABLE, 0x01, "ota"},
};

static const char *const types[] = {"app", "data", "bootloader", "partition_table"};
enum { TYPES = sizeof(types) / sizeof(types[0]), OTA_SLOTS = 16 };

const char *partition_type_name(uint8_t type)
{
    return type < TYPES ? types[type] : NULL;
}

const char *partition_subtype_name(uint8_t type, uint8_t subtype, struct arena *a)
{
    if (type == OTAPACK_PARTITION_TYPE_APP && subtype >= OTAPACK_PARTITION_APP_OTA_0 &&
        subtype <= OTAPACK_PARTITION_APP_OTA_15) {
        return arena_printf(a, "ota_%u", subtype - OTAPACK_PARTITION_APP_OTA_0);
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].type == type && names[i].subtype == subtype) {
            return names[i].name;
        }
    }
    return NULL;
}

const char *partition_label(struct arena *a, const struct otapack_partition *p)
{
    return text_utf8(a, p->label, otapack_text_length(p->label, sizeof(p->label)));
}

bool partition_type_by_name(const char *name, int64_t *type)
{
    *type = (int64_t)text_place(name, types, TYPES);
    return *type < TYPES;
}

bool partition_subtype_by_name(int64_t type, const char *name, int64_t *subtype)
{
    static const char *const slots[OTA_SLOTS] = {
        "ota_0", "ota_1", "ota_2",  "ota_3",  "ota_4",  "ota_5",  "ota_6",  "ota_7",
        "ota_8", "ota_9", "ota_10", "ota_11", "ota_12", "ota_13", "ota_14", "ota_15"};
    size_t slot = text_place(name, slots, OTA_SLOTS);
    if (type == OTAPACK_PARTITION_TYPE_APP && slot < OTA_SLOTS) {
        *subtype = OTAPACK_PARTITION_APP_OTA_0 + (int64_t)slot;
        return true;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].type == type && strcmp(names[i].name, name) == 0) {
            *subtype = names[i].subtype;
            return true;
        }
    }
    return false;
}

const char *partition_subtype_names(uint8_t type, struct arena *a)
{
    const char *list = type == OTAPACK_PARTITION_TYPE_APP ? "ota_0 to ota_15" : "";
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].type == type) {
            list = arena_printf(a, "%s%s%s", list, *list == '\0' ? "" : ", ", names[i].name);
        }
    }
    return list;
}
