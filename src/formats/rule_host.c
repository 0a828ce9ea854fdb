// SPDX-License-Identifier: Apache-2.0
//
// The host of a border router: its firmware beside the RCP's, and its partition table, where the
// user gave one.
#include <inttypes.h>
#include <otapack/partition_table.h>
#include <string.h>

#include "device.h"
#include "partition_name.h"
#include "rule.h"
#include "source.h"
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

static void check_slot(struct judge *j, struct node *host, const struct otapack_partition *smallest)
{
    found(j, host, CHECK_HOST_SLOT, host->src.size <= smallest->size,
          "the app has %s bytes, OTA partition %s has %s", text_count(j->arena, host->src.size),
          partition_label(j->arena, smallest), text_count(j->arena, smallest->size));
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

// The first of the OTA partitions that the app's chip cannot map; otherwise, the last that it can.
static void check_large(struct judge *j, struct node *host, const struct device *d)
{
    const struct chip *chip = image_chip(host);
    const struct otapack_partition *p = NULL;
    for (int i = 0; i < DEVICE_SLOTS; i++) {
        const struct otapack_partition *one = device_target(d, i);
        bool found_one = p != NULL && partition_is_too_large(j, chip, p->size);
        p = one == NULL || found_one ? p : one;
    }
    if (p != NULL && chip != NULL) {
        rule_partition_large(j, host, chip, partition_label(j->arena, p), p->size);
    }
}

// The table of the RCP goes with the image, and is taken for the host's by mistake.
static bool is_table_of_rcp(const struct judge *j, const struct node *host)
{
    const struct node *table =
        host->parent == NULL ? NULL : node_find(host->parent, "partition_table", -1);
    return table != NULL &&
           source_difference(&table->src, j->options->host_table) >= OTAPACK_PARTITION_TABLE_SIZE;
}

// Can an update of the app take effect on a device with this table, and one after it?
static void check_update(struct judge *j, struct node *host, const struct device *d)
{
    struct device_outlook o = device_outlook(d);
    const struct otapack_partition *smallest = device_smallest_slot(d, &o);
    bool never = o.updates == 0 && o.answer != DEVICE_OK;
    if (smallest != NULL) {
        check_slot(j, host, smallest);
    }
    check_large(j, host, d);
    found(j, host, CHECK_HOST_UPDATE, !never, "%s",
          is_table_of_rcp(j, host) ? "the partition table that was given is the RCP's own, and the "
                                     "host's lies in the host's build folder"
                                   : device_text(o.answer));
    if (!never) {
        found(j, host, CHECK_HOST_UPDATE_AGAIN, o.answer == DEVICE_OK,
              "after %u update%s that a device from the factory takes, no more take effect: %s",
              o.updates, o.updates == 1 ? "" : "s", device_text(o.answer));
    }
}

// What becomes of an update on a device with such a table, and whether its flash is large enough,
// is judged apart.
static bool is_judged_apart(enum check_id check)
{
    return check == CHECK_DEVICE_FLASH_SIZE || check == CHECK_PT_OTADATA_SMALL ||
           check == CHECK_PT_OTADATA_TWICE || check == CHECK_PT_OTADATA_READONLY;
}

// What else is wrong with the table itself.
static void check_table(struct judge *j, struct node *n, const struct node *table)
{
    for (const struct finding *f = table == NULL ? NULL : table->findings; f != NULL; f = f->next) {
        if (f->verdict == VERDICT_FAIL && !is_judged_apart(f->check)) {
            found(j, n, CHECK_HOST_TABLE, false, "the partition table: %s [%s]", f->message,
                  checks[f->check].id);
            return;
        }
    }
    passed(j, n, CHECK_HOST_TABLE);
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

// False: the verb has refused it already.
static bool open_table(struct judge *j, struct node *n, struct device *d)
{
    bool good = device_open(d, j->options->host_table);
    if (good) {
        check_table(j, n, j->options->host_table_tree);
    }
    return good;
}

static void check_device(struct judge *j, struct node *n)
{
    struct node *host = node_find(n, "host", -1);
    struct device d;
    if (!open_table(j, n, &d)) {
        return;
    }
    if (d.storage.size == 0) {
        found(j, n, CHECK_HOST_STORAGE_UPDATE, false,
              "no partition is called rcp_fw, in which border routers keep the RCP part");
    } else {
        check_storage(j, n, n->parsed, &d.storage);
    }
    if (host != NULL) {
        check_update(j, host, &d);
    }
}

// Of a border router.
const struct rule rules_host[] = {
    {.run = check_idf},
    {.run = check_device,
     .needs = TARGET_TABLE,
     .says = RULE_SAYS(CHECK_HOST_TABLE, CHECK_HOST_STORAGE, CHECK_HOST_STORAGE_UPDATE,
                       CHECK_HOST_SLOT, CHECK_HOST_UPDATE, CHECK_HOST_UPDATE_AGAIN)},
    {.run = NULL},
};

static void check_app(struct judge *j, struct node *app)
{
    struct device d;
    if (open_table(j, app, &d)) {
        check_update(j, app, &d);
    }
}

const struct rule rules_host_app[] = {
    {.run = check_app,
     .needs = TARGET_TABLE,
     .says =
         RULE_SAYS(CHECK_HOST_TABLE, CHECK_HOST_SLOT, CHECK_HOST_UPDATE, CHECK_HOST_UPDATE_AGAIN)},
    {.run = NULL},
};
