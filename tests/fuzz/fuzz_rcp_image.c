// SPDX-License-Identifier: Apache-2.0
//
// otapack/rcp_image.h: a table that is taken is one that a device has room for, and writes back to
// the same bytes; where parts end does not wrap.
#include "fuzz.h"

#include <otapack/rcp_image.h>

static void law_table(const struct otapack_rcp_image *image, const uint8_t *data)
{
    LAW(image->count >= 2 && image->count <= OTAPACK_RCP_MAX_ENTRIES);
    LAW(image->count * OTAPACK_RCP_ENTRY_SIZE == image->table_size);
    for (uint32_t i = 0; i < image->count; i++) {
        const struct otapack_rcp_entry *e = &image->entries[i];
        uint8_t raw[OTAPACK_RCP_ENTRY_SIZE];
        otapack_rcp_entry_write(e, raw);
        LAW(memcmp(raw, data + (size_t)i * sizeof(raw), sizeof(raw)) == 0);
        LAW(otapack_rcp_entry_end(e) >= e->offset && otapack_rcp_entry_end(e) >= e->size);
        const struct otapack_rcp_entry *found = otapack_rcp_find(image, e->tag);
        LAW(i == 0 || (found != NULL && found->tag == e->tag && found <= e));
    }
}

// The bytes as flash arguments: every record that is there reads and writes back.
static void law_records(const struct otapack_source *src, const uint8_t *data)
{
    for (uint32_t i = 0; i < 16; i++) {
        struct otapack_rcp_record r;
        uint8_t raw[OTAPACK_RCP_RECORD_SIZE];
        uint64_t at = (uint64_t)i * sizeof(raw);
        struct otapack_status s = otapack_rcp_record_read(src, i, &r);
        LAW((s.code == OTAPACK_OK) == otapack_has(src, at, sizeof(raw)));
        if (s.code == OTAPACK_OK) {
            otapack_rcp_record_write(&r, raw);
            LAW(memcmp(raw, data + at, sizeof(raw)) == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_rcp_image image, other;
    struct otapack_status s = otapack_rcp_image_open(&src, &image);
    law_same(s, otapack_rcp_image_open(&hook, &other));
    LAW(memcmp(&image, &other, sizeof(image)) == 0 && s.code != OTAPACK_READ_FAILED);
    law_points_into(s, size);
    LAW((uint64_t)image.count * OTAPACK_RCP_ENTRY_SIZE <= size);
    if (s.code == OTAPACK_OK) {
        law_table(&image, data);
    }
    law_records(&src, data);
    return 0;
}
