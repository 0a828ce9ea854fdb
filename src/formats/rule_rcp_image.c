// SPDX-License-Identifier: Apache-2.0
//
// What a combined image must be for a border router to store it, take it apart and flash it.
#include <inttypes.h>
#include <string.h>

#include "format_list.h"
#include "rcp_part.h"
#include "rule.h"
#include "text.h"

static void check_bounds(struct judge *j, struct node *n)
{
    const struct otapack_rcp_image *image = n->parsed;
    for (uint32_t i = 1; i < image->count; i++) {
        const struct otapack_rcp_entry *e = &image->entries[i];
        if (!otapack_has(&n->src, e->offset, e->size) && !rcp_part_is_not_stored(n, e)) {
            const char *name = rcp_part_name(e->tag);
            found(j, n, CHECK_RCP_BOUNDS, false,
                  "%s lies at 0x%" PRIx32 " to 0x%" PRIx64 ", the file ends at 0x%" PRIx64,
                  name == NULL ? "an unknown part" : name, e->offset, otapack_rcp_entry_end(e),
                  n->src.size);
            return;
        }
    }
    passed(j, n, CHECK_RCP_BOUNDS);
}

static void check_contiguous(struct judge *j, struct node *n)
{
    const struct otapack_rcp_image *image = n->parsed;
    uint64_t expected = image->table_size;
    for (uint32_t i = 1; i < image->count; i++) {
        const struct otapack_rcp_entry *e = &image->entries[i];
        if (e->offset != expected) {
            found(j, n, CHECK_RCP_CONTIGUOUS, false,
                  "entry %" PRIu32 " of the table begins at 0x%" PRIx32
                  ", the one before it ends at "
                  "0x%" PRIx64,
                  i, e->offset, expected);
            return;
        }
        expected += e->size;
    }
    passed(j, n, CHECK_RCP_CONTIGUOUS);
}

static void check_tags(struct judge *j, struct node *n)
{
    const struct otapack_rcp_image *image = n->parsed;
    uint32_t unknown = 0, twice = 0;
    for (uint32_t i = 1; i < image->count; i++) {
        uint32_t tag = image->entries[i].tag;
        if (tag > OTAPACK_RCP_HOST) {
            unknown = i;
        } else if (otapack_rcp_find(image, tag) != &image->entries[i]) {
            twice = i;
        }
    }
    found(j, n, CHECK_RCP_TAGS, unknown == 0, "entry %" PRIu32 " has tag %" PRIu32, unknown,
          image->entries[unknown].tag);
    found(j, n, CHECK_RCP_DUPLICATE, twice == 0, "tag %" PRIu32 " stands in the table twice",
          image->entries[twice].tag);
}

static void check_host_last(struct judge *j, struct node *n)
{
    const struct otapack_rcp_image *image = n->parsed;
    const struct otapack_rcp_entry *host = otapack_rcp_find(image, OTAPACK_RCP_HOST);
    bool host_last = host == NULL || host == &image->entries[image->count - 1];
    found(j, n, CHECK_RCP_HOST_LAST, host_last, "other parts follow the host firmware");
}

static void check_trailing(struct judge *j, struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    found(j, n, CHECK_RCP_TRAILING, trailing == NULL, "%s after the last part",
          trailing == NULL ? "" : text_size(j->arena, trailing->src.size));
}

static void check_table(struct judge *j, struct node *n)
{
    found(j, n, CHECK_RCP_TABLE, n->error == NULL, "%s", n->error);
}

const struct rule rules_rcp_table[] = {
    {.run = check_table, .unread = true},
    {.run = check_bounds},
    {.run = check_tags},
    {.run = check_contiguous},
    {.run = check_host_last},
    {.run = check_trailing},
    {.run = NULL},
};

// Version and flash arguments are there, and whatever the arguments name.
static void check_present(struct judge *j, struct node *n)
{
    const struct otapack_rcp_image *image = n->parsed;
    const char *missing = otapack_rcp_find(image, OTAPACK_RCP_VERSION) == NULL      ? "version"
                          : otapack_rcp_find(image, OTAPACK_RCP_FLASH_ARGS) == NULL ? "flash_args"
                                                                                    : NULL;
    const struct node *args = node_find(n, "flash_args", -1);
    for (const struct node *p = args == NULL ? NULL : args->parts; p != NULL; p = p->next) {
        uint32_t tag = (uint32_t)node_number(p, "tag");
        if (rcp_part_is_flashed(tag) && otapack_rcp_find(image, tag) == NULL) {
            missing = rcp_part_name(tag);
        }
    }
    found(j, n, CHECK_RCP_PARTS, missing == NULL, "there is no %s", missing);
}

// The RCP's firmware in the host's slot is an app, and still the wrong one.
static bool is_same_app(const struct node *a, const struct node *b)
{
    const struct node *x = image_desc(a), *y = image_desc(b);
    const char *hash = x == NULL ? "" : node_text(x, "app_elf_sha256");
    return y != NULL && strspn(hash, "0") != strlen(hash) &&
           strcmp(hash, node_text(y, "app_elf_sha256")) == 0;
}

static void check_slots(struct judge *j, struct node *n)
{
    struct node *host = node_find(n, "host", -1), *firmware = node_find(n, "firmware", -1);
    rule_slot(j, node_find(n, "bootloader", -1), "bootloader");
    rule_slot(j, node_find(n, "partition_table", -1), format_partition_table.name);
    rule_slot(j, firmware, "app");
    if (is_same_app(host, firmware)) {
        found(j, host, CHECK_SLOT_CONTENT, false,
              "host and RCP have one and the same app, %s, which one of them must not have",
              node_text(image_desc(host) == NULL ? host : image_desc(host), "project_name"));
    } else {
        rule_slot(j, host, "app");
    }
}

static void check_pair(struct judge *j, struct node *n)
{
    struct node *bootloader = node_find(n, "bootloader", -1);
    struct node *firmware = node_find(n, "firmware", -1);
    rule_chip_match(j, bootloader, firmware);
    rule_revision_match(j, bootloader, firmware);
    rule_idf_order(j, bootloader, firmware);
    rule_flash_size(j, bootloader, node_find(n, "partition_table", -1));
}

const struct rule rules_rcp_parts[] = {
    {.run = check_present},
    {.run = check_slots},
    {.run = check_pair},
    {.run = NULL},
};
