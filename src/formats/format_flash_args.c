// SPDX-License-Identifier: Apache-2.0
//
// What a border router flashes to its co-processor, where, and in which order.
#include <inttypes.h>
#include <otapack/rcp_image.h>

#include "format_list.h"
#include "rcp_part.h"

static void flash_args_open(struct reader *r, struct node *n)
{
    uint64_t count = n->src.size / OTAPACK_RCP_RECORD_SIZE;
    const char *summary = "";
    // More than one record a part is a damaged image: enough are shown to see it.
    uint32_t shown = count < 16 ? (uint32_t)count : 16;
    for (uint32_t i = 0; i < shown; i++) {
        struct otapack_rcp_record record;
        struct node *part =
            node_part(r->arena, n, "records", (int)i, (uint64_t)i * OTAPACK_RCP_RECORD_SIZE,
                      OTAPACK_RCP_RECORD_SIZE);
        struct otapack_status s = otapack_rcp_record_read(&n->src, i, &record);
        part->format = "flash_args_record";
        part->record = true;
        if (s.code != OTAPACK_OK) {
            part->error = status_text(r->arena, part, s);
            return;
        }
        const char *name = rcp_part_name(record.tag);
        node_enum(r->arena, part, "tag", record.tag, name, QUIET(0, 4));
        node_hex(r->arena, part, "address", record.address, QUIET(4, 4));
        part->summary = arena_printf(r->arena, "%s to 0x%" PRIx32,
                                     name == NULL ? "unknown tag" : name, record.address);
        summary = arena_printf(r->arena, "%s%s%s", summary, i > 0 ? ", " : "", part->summary);
    }
    n->summary = summary;
    uint64_t read = (uint64_t)shown * OTAPACK_RCP_RECORD_SIZE;
    read_rest(r, n, "unread", -1, read, n->src.size - read);
}

const struct format format_flash_args = {
    .name = "flash_args", .title = "RCP flash arguments", .open = flash_args_open};
