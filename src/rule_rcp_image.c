// SPDX-License-Identifier: Apache-2.0
//
// What a combined image must be for a border router to store it, take it apart and flash it.
#include <inttypes.h>
#include <string.h>

#include "format.h"
#include "rcp_part.h"
#include "rule.h"
#include "text.h"

static void check_bounds(struct reader *r, struct node *n, const struct otapack_rcp_image *image)
{
    for (uint32_t i = 1; i < image->count; i++) {
        const struct otapack_rcp_entry *e = &image->entries[i];
        if (!otapack_has(&n->src, e->offset, e->size)) {
            const char *name = rcp_part_name(e->tag);
            found(r, n, CHECK_RCP_BOUNDS, false,
                  "%s lies at 0x%" PRIx32 " to 0x%" PRIx64 ", the file ends at 0x%" PRIx64,
                  name == NULL ? "an unknown part" : name, e->offset, otapack_rcp_entry_end(e),
                  n->src.size);
            return;
        }
    }
    passed(r, n, CHECK_RCP_BOUNDS);
}

static void check_contiguous(struct reader *r, struct node *n,
                             const struct otapack_rcp_image *image)
{
    uint64_t expected = image->table_size;
    for (uint32_t i = 1; i < image->count; i++) {
        const struct otapack_rcp_entry *e = &image->entries[i];
        if (e->offset != expected) {
            found(r, n, CHECK_RCP_CONTIGUOUS, false,
                  "entry %" PRIu32 " of the table begins at 0x%" PRIx32
                  ", the one before it ends at "
                  "0x%" PRIx64,
                  i, e->offset, expected);
            return;
        }
        expected += e->size;
    }
    passed(r, n, CHECK_RCP_CONTIGUOUS);
}

static void check_tags(struct reader *r, struct node *n, const struct otapack_rcp_image *image)
{
    uint32_t unknown = 0, twice = 0;
    for (uint32_t i = 1; i < image->count; i++) {
        uint32_t tag = image->entries[i].tag;
        if (tag > OTAPACK_RCP_HOST) {
            unknown = i;
        } else if (otapack_rcp_find(image, tag) != &image->entries[i]) {
            twice = i;
        }
    }
    found(r, n, CHECK_RCP_TAGS, unknown == 0, "entry %" PRIu32 " has tag %" PRIu32, unknown,
          image->entries[unknown].tag);
    found(r, n, CHECK_RCP_DUPLICATE, twice == 0, "tag %" PRIu32 " stands in the table twice",
          image->entries[twice].tag);
}

void rule_rcp_table(struct reader *r, struct node *n, const struct otapack_rcp_image *image)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    const struct otapack_rcp_entry *host = otapack_rcp_find(image, OTAPACK_RCP_HOST);
    bool host_last = host == NULL || host == &image->entries[image->count - 1];
    check_bounds(r, n, image);
    check_tags(r, n, image);
    check_contiguous(r, n, image);
    found(r, n, CHECK_RCP_HOST_LAST, host_last, "other parts follow the host firmware");
    found(r, n, CHECK_RCP_TRAILING, trailing == NULL, "%s after the last part",
          trailing == NULL ? "" : text_size(r->arena, trailing->src.size));
}

// Version and flash arguments are there, and whatever the arguments name.
static void check_present(struct reader *r, struct node *n, const struct otapack_rcp_image *image)
{
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
    found(r, n, CHECK_RCP_PARTS, missing == NULL, "there is no %s", missing);
}

// The RCP's firmware in the host's slot is an app, and still the wrong one.
static bool is_same_app(const struct node *a, const struct node *b)
{
    const struct node *x = image_desc(a), *y = image_desc(b);
    const char *hash = x == NULL ? "" : node_text(x, "app_elf_sha256");
    return y != NULL && strspn(hash, "0") != strlen(hash) &&
           strcmp(hash, node_text(y, "app_elf_sha256")) == 0;
}

void rule_rcp_parts(struct reader *r, struct node *n, const struct otapack_rcp_image *image)
{
    struct node *bootloader = node_find(n, "bootloader", -1);
    struct node *table = node_find(n, "partition_table", -1);
    struct node *firmware = node_find(n, "firmware", -1);
    struct node *host = node_find(n, "host", -1);
    check_present(r, n, image);
    rule_slot(r, bootloader, "bootloader");
    rule_slot(r, table, format_partition_table.name);
    rule_slot(r, firmware, "app");
    if (is_same_app(host, firmware)) {
        found(r, host, CHECK_SLOT_CONTENT, false,
              "this slot is for the host, but holds the RCP's app");
    } else {
        rule_slot(r, host, "app");
    }
    rule_chip_match(r, bootloader, firmware);
    rule_revision_match(r, bootloader, firmware);
    rule_idf_order(r, bootloader, firmware);
    rule_flash_size(r, bootloader, table);
    rule_rcp_flash(r, n);
    rule_rcp_version(r, node_find(n, "version", -1), firmware);
    rule_host(r, n, image);
}
