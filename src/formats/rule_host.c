// SPDX-License-Identifier: Apache-2.0
//
// The host of a border router: its firmware beside the RCP's, and its partition table, where the
// user gave one.
#include <otapack/partition_table.h>
#include <string.h>

#include "format_list.h"
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

static void check_storage(struct judge *j, struct node *n, const struct otapack_rcp_image *image,
                          const struct otapack_partition *storage)
{
    uint64_t size = stored_size(image);
    uint64_t room = device_storage_room(storage);
    const char *size_text = text_count(j->arena, size);
    const char *room_text = text_count(j->arena, room);
    found(j, n, CHECK_HOST_STORAGE, size <= room,
          "the RCP part has %s bytes, partition rcp_fw has room for %s", size_text, room_text);
    if (size <= room) {
        found(j, n, CHECK_HOST_STORAGE_UPDATE, 2 * size <= room,
              "the RCP part has %s bytes, partition rcp_fw has room for %s", size_text, room_text);
    }
}

static const char *idf_of(const struct node *image)
{
    const struct node *desc = image_desc(image);
    return desc == NULL ? NULL : node_text(desc, "idf_ver");
}

void rule_rcp_host(struct judge *j, struct node *rcp, const struct node *host)
{
    const char *host_idf = idf_of(host);
    const char *rcp_idf = idf_of(node_find(rcp, "firmware", -1));
    if (host_idf != NULL && rcp_idf != NULL) {
        found(j, rcp, CHECK_RCP_IDF, strcmp(host_idf, rcp_idf) == 0,
              "the host is built with ESP-IDF %s, the RCP with %s", host_idf, rcp_idf);
    }
}

static void check_idf(struct judge *j, struct node *n)
{
    rule_rcp_host(j, n, node_find(n, "host", -1));
}

static void check_device(struct judge *j, struct node *n)
{
    struct node *host = node_find(n, "host", -1);
    struct device d;
    if (!rule_host_table(j, n, &d)) {
        return;
    }
    if (d.storage.size == 0) {
        found(j, n, CHECK_HOST_STORAGE_UPDATE, false,
              "no partition is called rcp_fw, in which border routers keep the RCP part");
    } else {
        check_storage(j, n, n->parsed, &d.storage);
    }
    if (host != NULL) {
        rule_host_update(j, host, &d);
    }
}

// A flash has a table of its own.
static bool is_sent(const struct node *n)
{
    while (n != NULL && !node_is(n, &format_flash)) {
        n = n->parent;
    }
    return n == NULL;
}

// Of a border router.
const struct rule rules_host[] = {
    {.run = check_idf},
    {.run = check_device,
     .concerns = is_sent,
     .needs = TARGET_TABLE,
     .says = RULE_SAYS(CHECK_HOST_TABLE, CHECK_HOST_STORAGE, CHECK_HOST_STORAGE_UPDATE,
                       CHECK_HOST_SLOT, CHECK_HOST_UPDATE, CHECK_HOST_UPDATE_AGAIN)},
    {.run = NULL},
};
