// SPDX-License-Identifier: Apache-2.0
#include "zigbee_tree.h"

static const struct tag {
    const char *name;
    uint32_t size;
} tags[] = {
    [OTAPACK_ZIGBEE_IMAGE] = {"image", 0},
    [OTAPACK_ZIGBEE_SIGNATURE_CS1] = {"signature_cs1", 50},
    [OTAPACK_ZIGBEE_CERTIFICATE_CS1] = {"certificate_cs1", 48},
    [OTAPACK_ZIGBEE_INTEGRITY] = {"integrity_code", 16},
    [OTAPACK_ZIGBEE_PICTURE] = {"picture", 0},
    [OTAPACK_ZIGBEE_SIGNATURE_CS2] = {"signature_cs2", 80},
    [OTAPACK_ZIGBEE_CERTIFICATE_CS2] = {"certificate_cs2", 74},
};
enum { TAGS = sizeof(tags) / sizeof(tags[0]) };

const char *zigbee_tag_name(uint16_t tag)
{
    return tag < TAGS ? tags[tag].name : NULL;
}

uint32_t zigbee_tag_size(uint16_t tag)
{
    return tag < TAGS ? tags[tag].size : 0;
}
