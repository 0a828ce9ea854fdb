// SPDX-License-Identifier: Apache-2.0
#include "rcp_part.h"

#include <string.h>

#include "format_list.h"

static const char *const names[] = {
    [OTAPACK_RCP_VERSION] = "version",       [OTAPACK_RCP_FLASH_ARGS] = "flash_args",
    [OTAPACK_RCP_BOOTLOADER] = "bootloader", [OTAPACK_RCP_PARTITION_TABLE] = "partition_table",
    [OTAPACK_RCP_FIRMWARE] = "firmware",     [OTAPACK_RCP_HOST] = "host",
};

const char *rcp_part_name(uint32_t tag)
{
    if (tag == OTAPACK_RCP_TABLE) {
        return "table";
    }
    return tag < sizeof(names) / sizeof(names[0]) ? names[tag] : NULL;
}

uint32_t rcp_part_tag(const char *name)
{
    for (uint32_t tag = 0; tag < sizeof(names) / sizeof(names[0]); tag++) {
        if (strcmp(name, names[tag]) == 0) {
            return tag;
        }
    }
    return OTAPACK_RCP_TABLE;
}

const char *rcp_part_build_path(uint32_t tag)
{
    static const char *const paths[] = {
        [OTAPACK_RCP_VERSION] = "rcp_version",
        [OTAPACK_RCP_FLASH_ARGS] = "flash_args",
        [OTAPACK_RCP_BOOTLOADER] = "bootloader/bootloader.bin",
        [OTAPACK_RCP_PARTITION_TABLE] = "partition_table/partition-table.bin",
        [OTAPACK_RCP_FIRMWARE] = "esp_ot_rcp.bin",
    };
    return tag < sizeof(paths) / sizeof(paths[0]) ? paths[tag] : NULL;
}

bool rcp_part_is_flashed(uint32_t tag)
{
    return tag == OTAPACK_RCP_BOOTLOADER || tag == OTAPACK_RCP_PARTITION_TABLE ||
           tag == OTAPACK_RCP_FIRMWARE;
}

bool rcp_part_is_not_stored(const struct node *image, const struct otapack_rcp_entry *e)
{
    const struct node *in = image->parent;
    while (in != NULL && !node_is(in, &format_flash) && !node_is(in, &format_spiffs) &&
           !node_is(in, &format_littlefs)) {
        in = in->parent;
    }
    return e->tag == OTAPACK_RCP_HOST && e->offset == image->src.size && in != NULL;
}
