// SPDX-License-Identifier: Apache-2.0
#include "flash_payload.h"

#include <otapack/littlefs.h>
#include <otapack/rcp_image.h>
#include <otapack/spiffs.h>
#include <string.h>

#include "format_list.h"
#include "hosted.h"

#define RCP_PARTITION "rcp_fw" // as CONFIG_RCP_PARTITION_NAME is by itself

// A file system that can be mounted; what cannot, its device formats.
static bool littlefs_lies(const struct otapack_partition *p, const struct otapack_source *bytes)
{
    struct otapack_littlefs fs;
    (void)p;
    return otapack_littlefs_open(bytes, &fs).code == OTAPACK_OK;
}

// One that is whole.
static bool spiffs_lies(const struct otapack_partition *p, const struct otapack_source *bytes)
{
    struct otapack_spiffs fs;
    (void)p;
    return otapack_spiffs_open(bytes, &fs).code == OTAPACK_OK &&
           otapack_spiffs_size(&fs) <= bytes->size;
}

// Four bytes are too few to know one by; its table begins with itself, and the version follows.
static bool is_combined(const struct otapack_source *bytes)
{
    struct otapack_rcp_image image;
    return otapack_rcp_image_open(bytes, &image).code == OTAPACK_OK &&
           image.entries[1].tag <= OTAPACK_RCP_HOST;
}

// Under the name that esp_rcp_update has for it whatever begins as one does.
static bool combined_lies(const struct otapack_partition *p, const struct otapack_source *bytes)
{
    bool named = strncmp(p->label, RCP_PARTITION, sizeof(p->label)) == 0;
    return is_combined(bytes) || (named && format_rcp_image.probe(bytes));
}

// The bootloader unpacks it from there, where there is no second OTA slot to take it from.
static bool compressed_lies(const struct otapack_partition *p, const struct otapack_source *bytes)
{
    return p->subtype == FLASH_COMPRESSED_SUBTYPE && format_compressed_image.probe(bytes);
}

static const struct {
    const struct format *format;
    bool (*lies)(const struct otapack_partition *p, const struct otapack_source *bytes);
    bool elsewhere;
} payloads[] = {
    {&format_esp_image, hosted_lies_in, true},
    {&format_rcp_image, combined_lies, false}, // which says it of its parts
    {&format_compressed_image, compressed_lies, false},
    {&format_littlefs, littlefs_lies, true},
    {&format_spiffs, spiffs_lies, true},
};

const struct format *flash_payload(const struct otapack_partition *p,
                                   const struct otapack_source *bytes)
{
    bool data = p->type == OTAPACK_PARTITION_TYPE_DATA;
    for (size_t i = 0; data && i < sizeof(payloads) / sizeof(payloads[0]); i++) {
        if (payloads[i].lies(p, bytes)) {
            return payloads[i].format;
        }
    }
    return NULL;
}

const struct format *flash_payload_file(const struct otapack_source *bytes)
{
    return format_esp_image.probe(bytes) ? &format_esp_image
           : is_combined(bytes)          ? &format_rcp_image
                                         : NULL;
}

bool flash_payload_is_elsewhere(const struct node *part)
{
    for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
        if (node_is(part, payloads[i].format)) {
            return payloads[i].elsewhere;
        }
    }
    return false;
}
