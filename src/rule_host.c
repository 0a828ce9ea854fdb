// SPDX-License-Identifier: Apache-2.0
//
// The host of a border router: its firmware beside the RCP's, and its partition table, where the
// user gave one.
#include <inttypes.h>
#include <otapack/partition_table.h>
#include <string.h>

#include "device.h"
#include "format.h"
#include "rule.h"
#include "text.h"

// What a border router keeps in its storage: the table and every part that is not the host's.
static uint64_t stored_size(const struct otapack_rcp_image *image)
{
    uint64_t size = image->table_size;
    for (uint32_t i = 1; i < image->count; i++) {
        size += image->entries[i].tag == OTAPACK_RCP_HOST ? 0 : image->entries[i].size;
    }
    return size;
}

static void check_slot(struct reader *r, struct node *host,
                       const struct otapack_partition *smallest)
{
    found(r, host, CHECK_HOST_SLOT, host->src.size <= smallest->size,
          "the app has %s bytes, OTA partition %s has %s", text_count(r->arena, host->src.size),
          text_utf8(r->arena, smallest->label,
                    otapack_text_length(smallest->label, sizeof(smallest->label))),
          text_count(r->arena, smallest->size));
}

static void check_storage(struct reader *r, struct node *n, const struct otapack_rcp_image *image,
                          const struct otapack_partition *storage)
{
    uint64_t size = stored_size(image);
    uint64_t room = device_storage_room(storage);
    const char *size_text = text_count(r->arena, size);
    const char *room_text = text_count(r->arena, room);
    found(r, n, CHECK_HOST_STORAGE, size <= room,
          "the RCP part has %s bytes, partition rcp_fw has room for %s", size_text, room_text);
    if (size <= room) {
        found(r, n, CHECK_HOST_STORAGE_UPDATE, 2 * size <= room,
              "the RCP part has %s bytes, partition rcp_fw has room for %s", size_text, room_text);
    }
}

static void check_table(struct reader *r, struct node *n, struct node *host,
                        const struct otapack_rcp_image *image,
                        const struct otapack_source *host_table)
{
    struct otapack_partition_table t;
    struct otapack_partition p, smallest = {.size = UINT32_MAX};
    bool any = false, storage = false;
    if (otapack_partition_table_open(host_table, &t).code != OTAPACK_OK) {
        return; // the verb has refused it already
    }
    for (uint32_t i = 0; i < t.count; i++) {
        if (otapack_partition_read(host_table, i, &p).code != OTAPACK_OK) {
            return;
        }
        if (otapack_partition_is_ota(&p) && p.size < smallest.size) {
            smallest = p;
            any = true;
        }
        if (image != NULL && strncmp(p.label, "rcp_fw", sizeof(p.label)) == 0) {
            storage = true;
            check_storage(r, n, image, &p);
        }
    }
    if (image != NULL && !storage) {
        found(r, n, CHECK_HOST_STORAGE_UPDATE, false,
              "no partition is called rcp_fw, so the room for the RCP part is not known");
    }
    if (host != NULL && !any) {
        found(r, host, CHECK_HOST_SLOT, false, "the partition table has no OTA partition");
    } else if (host != NULL) {
        check_slot(r, host, &smallest);
    }
}

static const char *idf_of(const struct node *image)
{
    const struct node *desc = image_desc(image);
    return desc == NULL ? NULL : node_text(desc, "idf_ver");
}

void rule_host(struct reader *r, struct node *n, const struct otapack_rcp_image *image)
{
    struct node *host = image == NULL ? n : node_find(n, "host", -1);
    const char *host_idf = idf_of(host);
    const char *rcp_idf = image == NULL ? NULL : idf_of(node_find(n, "firmware", -1));
    if (host_idf != NULL && rcp_idf != NULL) {
        found(r, n, CHECK_RCP_IDF, strcmp(host_idf, rcp_idf) == 0,
              "the host is built with ESP-IDF %s, the RCP with %s", host_idf, rcp_idf);
    }
    if (r->options->host_table != NULL) {
        check_table(r, n, host, image, r->options->host_table);
    }
}
