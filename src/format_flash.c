// SPDX-License-Identifier: Apache-2.0
//
// A merged flash image: what esptool merge_bin writes, or a dump. It has no header: it is known by
// a bootloader where a chip's ROM looks for one, and a partition table behind it.
#include <ctype.h>
#include <inttypes.h>
#include <otapack/esp_image.h>
#include <otapack/partition_table.h>
#include <string.h>

#include "device.h"
#include "format.h"
#include "rule.h"
#include "text.h"

enum { SECTOR = 0x1000, TABLE_FIRST = 0x2000, TABLE_LAST = 0x40000 };

struct layout {
    uint64_t bootloader_at, bootloader_size;
    uint64_t table_at;
};

static bool find_bootloader(const struct otapack_source *src, struct layout *l)
{
    static const uint64_t places[] = {0, 0x1000, 0x2000}; // of all the chips
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct otapack_source here = otapack_part(src, places[i], src->size);
        struct otapack_esp_image image;
        if (otapack_esp_image_open(&here, &image).code == OTAPACK_OK) {
            l->bootloader_at = places[i];
            l->bootloader_size = image.length;
            return true;
        }
    }
    return false;
}

// A table that can be read; or, `damaged`, one that has the magic in one of its first two entries.
static bool is_table(const struct otapack_source *here, bool damaged)
{
    struct otapack_partition_table t;
    uint8_t first[OTAPACK_PARTITION_ENTRY_SIZE * 2];
    if (!damaged) {
        return otapack_partition_table_open(here, &t).code == OTAPACK_OK;
    }
    return otapack_read(here, 0, first, sizeof(first), "").code == OTAPACK_OK &&
           (otapack_le16(first) == OTAPACK_PARTITION_MAGIC ||
            otapack_le16(first + OTAPACK_PARTITION_ENTRY_SIZE) == OTAPACK_PARTITION_MAGIC);
}

// The table is behind the bootloader, and behind its signature where it has one; by default at
// 0x8000.
static bool find_layout(const struct otapack_source *src, struct layout *l)
{
    uint8_t first;
    if (otapack_read(src, 0, &first, 1, "").code != OTAPACK_OK ||
        (first != OTAPACK_ESP_MAGIC && first != 0xFF) || !find_bootloader(src, l)) {
        return false;
    }
    uint64_t end = l->bootloader_at + l->bootloader_size;
    for (int damaged = 0; damaged <= 1; damaged++) {
        for (uint64_t at = TABLE_FIRST; at <= TABLE_LAST; at += SECTOR) {
            struct otapack_source here = otapack_part(src, at, OTAPACK_PARTITION_TABLE_SIZE);
            if (at >= end && is_table(&here, damaged == 1)) {
                l->table_at = at;
                return true;
            }
        }
    }
    return false;
}

static bool flash_probe(const struct otapack_source *src)
{
    struct layout l;
    return find_layout(src, &l);
}

// A partition's label as a name in a path; what a path cannot hold becomes '_'.
static const char *name_of(struct reader *r, const struct node *n,
                           const struct otapack_partition *p)
{
    size_t length = otapack_text_length(p->label, sizeof(p->label));
    char *name =
        length == 0 ? arena_string(r->arena, "partition") : arena_copy(r->arena, p->label, length);
    for (char *c = name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && *c != '-') {
            *c = '_';
        }
    }
    // "unused" is what lies between partitions.
    const char *plain = name;
    for (int i = 2; node_find(n, name, -1) != NULL || strcmp(name, "unused") == 0; i++) {
        name = arena_printf(r->arena, "%s_%d", plain, i);
    }
    return name;
}

// Adds what a partition holds. Returns where it ends; the rest of the partition is unused.
static uint64_t add_partition(struct reader *r, struct node *n, const struct otapack_partition *p)
{
    struct otapack_source all = otapack_part(&n->src, p->offset, p->size);
    const struct format *format = &format_raw;
    bool app = p->type == OTAPACK_PARTITION_TYPE_APP;
    if (app) {
        format = format_probe_inside(&all);
    } else if (p->type == OTAPACK_PARTITION_TYPE_DATA && p->subtype == OTAPACK_PARTITION_DATA_OTA) {
        format = &format_ota_data;
    }
    uint64_t size = format->extent == NULL ? all.size : format->extent(&all);
    struct node *part = read_part(r, n, name_of(r, n, p), -1, p->offset, size, format);
    bool erased = node_is(part, &format_raw) && strcmp(node_text(part, "kind"), "erased") == 0;
    if (app && !erased) {
        struct node *bootloader = node_find(n, "bootloader", -1);
        rule_slot(r, part, "app");
        rule_chip_match(r, bootloader, part);
        rule_idf_order(r, bootloader, part);
    }
    return p->offset + size;
}

// Fills from *at to `next` with what is between parts, and moves on.
static void add_between(struct reader *r, struct node *n, uint64_t *at, uint64_t next, int *count)
{
    uint64_t end = next < n->src.size ? next : n->src.size;
    if (end > *at) {
        read_rest(r, n, "unused", (*count)++, *at, end - *at);
        *at = end;
    }
}

// The next partition from `at` on, in the order of their offsets.
static bool next_partition(const struct otapack_source *table, uint32_t count, uint64_t at,
                           struct otapack_partition *next)
{
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        struct otapack_partition p;
        if (otapack_partition_read(table, i, &p).code == OTAPACK_OK && p.offset >= at &&
            p.size > 0 && (!any || p.offset < next->offset)) {
            *next = p;
            any = true;
        }
    }
    return any;
}

// Something that begins as an app does; a bootloader passes over an empty partition.
static bool has_app(void *flash, const struct otapack_partition *p)
{
    uint8_t magic;
    return otapack_read(flash, p->offset, &magic, 1, "").code == OTAPACK_OK &&
           magic == OTAPACK_ESP_MAGIC;
}

// Which app the bootloader starts; where there is none at all, which one it looks for.
static void add_boot(struct reader *r, struct node *n, const struct node *bootloader,
                     const struct node *table)
{
    struct device d;
    if (!device_open(&d, &table->src) || finding_against(table, CHECK_PT_MD5) != NULL) {
        return; // nor can the bootloader read it
    }
    const struct otapack_partition *data = device_ota_data(&d);
    if (data != NULL) {
        // What the file does not have of it is erased.
        struct otapack_source dump = otapack_part(&n->src, data->offset, data->size);
        (void)device_take_ota_data(&d, &dump);
    }
    d.flash_size = image_flash_size(bootloader);
    d.starts = has_app;
    d.ctx = &n->src;
    struct device any = d;
    any.starts = NULL;
    d = device_boot(&d) == DEVICE_NO_APP ? any : d;
    if (device_boot(&d) == DEVICE_OK) {
        const struct otapack_partition *app = device_partition(&d, d.running);
        node_string(r->arena, n, "boot_partition", app->label, sizeof(app->label), DERIVED);
    }
}

// What a chip that is flashed with this image needs to start.
static void check_boot(struct reader *r, struct node *n, struct node *bootloader)
{
    const struct chip *chip = image_chip(bootloader);
    bool app = false;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        app = app || is_image(part, "app");
    }
    if (chip != NULL) {
        found(r, bootloader, CHECK_FLASH_BOOTLOADER_ADDRESS,
              bootloader->src.base - n->src.base == chip->bootloader_at,
              "the bootloader lies at 0x%" PRIx64 ", the %s looks for it at 0x%" PRIx32,
              bootloader->src.base - n->src.base, chip->title, chip->bootloader_at);
    }
    found(r, n, CHECK_FLASH_NO_APP, app, "no app partition has an app");
}

static void flash_open(struct reader *r, struct node *n)
{
    struct layout l;
    struct otapack_partition_table t;
    struct otapack_partition p;
    int unused = 0;
    if (!find_layout(&n->src, &l)) {
        return;
    }
    struct otapack_source rest =
        otapack_part(&n->src, l.bootloader_at, l.table_at - l.bootloader_at);
    uint64_t at = 0;
    add_between(r, n, &at, l.bootloader_at, &unused);
    struct node *bootloader =
        read_part(r, n, "bootloader", -1, at, format_esp_image.extent(&rest), &format_esp_image);
    at += bootloader->src.size;
    add_between(r, n, &at, l.table_at, &unused);
    struct node *table = read_part(r, n, "partition_table", -1, at, OTAPACK_PARTITION_TABLE_SIZE,
                                   &format_partition_table);
    at += table->src.size;
    rule_slot(r, bootloader, "bootloader");
    rule_flash_size(r, bootloader, table);
    (void)otapack_partition_table_open(&table->src, &t);
    while (next_partition(&table->src, t.count, at, &p) && p.offset < n->src.size) {
        add_between(r, n, &at, p.offset, &unused);
        at = add_partition(r, n, &p);
    }
    add_between(r, n, &at, n->src.size, &unused);
    add_boot(r, n, bootloader, table);
    check_boot(r, n, bootloader);
    n->summary = "merged flash image";
}

const struct format format_flash = {
    .name = "flash", .title = "merged flash image", .probe = flash_probe, .open = flash_open};
