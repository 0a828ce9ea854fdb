// SPDX-License-Identifier: Apache-2.0
//
// What two parts of one device must agree on, whatever file they come in.
#include <inttypes.h>
#include <string.h>

#include "format.h"
#include "rule.h"
#include "text.h"

bool is_image(const struct node *n, const char *type)
{
    return node_is(n, &format_esp_image) && n->error == NULL &&
           (type == NULL || strcmp(node_text(n, "type"), type) == 0);
}

const struct node *image_desc(const struct node *n)
{
    return is_image(n, NULL) ? node_find(n, "desc", -1) : NULL;
}

const struct chip *image_chip(const struct node *n)
{
    return is_image(n, NULL) ? chip_by_id((uint16_t)node_number(n, "chip_id")) : NULL;
}

uint64_t image_flash_size(const struct node *n)
{
    return is_image(n, NULL) ? chip_flash_size((uint8_t)node_number(n, "spi_size")) : 0;
}

// What a node is, for a sentence.
static const char *what_is(struct reader *r, const struct node *n)
{
    if (node_is(n, &format_esp_image)) {
        return arena_printf(r->arena, "%s image", node_text(n, "type"));
    }
    if (node_is(n, &format_raw)) {
        return arena_printf(r->arena, "%s (%s)", format_raw.title, node_text(n, "kind"));
    }
    for (size_t i = 0; i < format_count; i++) {
        if (node_is(n, formats[i])) {
            return formats[i]->title;
        }
    }
    return "something else";
}

void rule_slot(struct reader *r, struct node *n, const char *type)
{
    if (n == NULL || n->error != NULL) {
        return;
    }
    bool table = strcmp(type, format_partition_table.name) == 0;
    bool good = table ? node_is(n, &format_partition_table) : is_image(n, type);
    found(r, n, CHECK_SLOT_CONTENT, good, "this slot is for %s%s, but holds: %s",
          table ? format_partition_table.title : type, table ? "" : " images", what_is(r, n));
}

void rule_chip_match(struct reader *r, struct node *bootloader, struct node *app)
{
    if (is_image(bootloader, NULL) && is_image(app, NULL)) {
        found(r, app, CHECK_CHIP_MATCH,
              node_number(bootloader, "chip_id") == node_number(app, "chip_id"),
              "the app is for %s, its bootloader for %s", node_text(app, "chip"),
              node_text(bootloader, "chip"));
    }
}

static const char *idf_version(const struct node *image)
{
    const struct node *desc = image_desc(image);
    const char *version = desc == NULL ? "" : node_text(desc, "idf_ver");
    return text_is_version(version) ? version : NULL;
}

// v5.4.1-dirty and v5.4.1-12-gabcdef are builds of v5.4.1: only the numbers count.
static int compare_idf(struct reader *r, const char *a, const char *b)
{
    const char *plain_a = arena_copy(r->arena, a, strcspn(a, "-"));
    const char *plain_b = arena_copy(r->arena, b, strcspn(b, "-"));
    return text_compare_versions(plain_a, plain_b);
}

void rule_idf_order(struct reader *r, struct node *bootloader, struct node *app)
{
    const char *below = idf_version(bootloader);
    const char *above = idf_version(app);
    if (below != NULL && above != NULL) {
        found(r, app, CHECK_IDF_ORDER, compare_idf(r, below, above) <= 0,
              "the app is built with ESP-IDF %s, its bootloader with the newer %s", above, below);
    }
}

void rule_flash_size(struct reader *r, struct node *bootloader, struct node *table)
{
    uint64_t flash = image_flash_size(bootloader);
    if (flash == 0 || !node_is(table, &format_partition_table)) {
        return;
    }
    const struct node *last = NULL;
    uint64_t end = 0;
    for (const struct node *p = table->parts; p != NULL; p = p->next) {
        uint64_t p_end = node_number(p, "offset") + node_number(p, "size");
        if (strcmp(p->name, "partitions") == 0 && p_end > end) {
            end = p_end;
            last = p;
        }
    }
    if (last != NULL) {
        found(r, table, CHECK_PT_FLASH_SIZE, end <= flash,
              "partition %s ends at 0x%" PRIx64 ", the bootloader's header says %s of flash",
              node_text(last, "label"), end, text_size(r->arena, flash));
    }
}
