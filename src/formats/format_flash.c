// SPDX-License-Identifier: Apache-2.0
//
// A merged flash image: what esptool merge_bin writes, or a dump. It has no header: it is known by
// a bootloader where a chip's ROM looks for one, and a partition table behind it. What stands in
// the tree is where it lies in the file; what the table says are flash addresses.
#include <ctype.h>
#include <inttypes.h>
#include <otapack/partition_table.h>
#include <string.h>

#include "device.h"
#include "flash_app.h"
#include "flash_find.h"
#include "flash_payload.h"
#include "format_list.h"
#include "hosted.h"
#include "partition_judge.h"
#include "rcp_seal.h"
#include "rule.h"
#include "rule_flash.h"

enum { STRAYS_MOST = 16 };

// The image while it is opened: its parts are added in the order of their offsets.
struct flash {
    struct reader *r;
    struct node *n;
    struct flash_image image;
    struct flash_app strays[STRAYS_MOST];
    size_t stray_count;
    uint64_t at; // where what has been added ends
    int unused, misplaced;
};

// What comes next; `add` NULL: nothing.
struct item {
    const struct node *(*add)(struct flash *f, const struct item *item);
    uint64_t at;
    struct otapack_partition partition;
    const struct flash_app *stray;
};

static bool flash_probe(const struct otapack_source *src)
{
    static const struct read_options plain;
    struct flash_layout l;
    return flash_find(src, &plain, &l);
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
    // "unused" and "misplaced" are what lies between partitions.
    const char *plain = name;
    for (int i = 2; node_find(n, name, -1) != NULL || strcmp(name, "unused") == 0 ||
                    strcmp(name, "misplaced") == 0;
         i++) {
        name = arena_printf(r->arena, "%s_%d", plain, i);
    }
    return name;
}

// ---- The parts ----------------------------------------------------------------------------------

// Fills up to `next` with what is between parts.
static void add_between(struct flash *f, uint64_t next)
{
    uint64_t end = next < f->n->src.size ? next : f->n->src.size;
    if (end > f->at) {
        read_rest(f->r, f->n, "unused", f->unused++, f->at, end - f->at);
        f->at = end;
    }
}

// One that reaches into the table is shown, but not read: what is wrong with it is its size.
static const struct node *add_bootloader(struct flash *f, const struct item *item)
{
    const struct flash_layout *l = &f->image.layout;
    bool cut =
        l->has_table && l->table_at > item->at && l->table_at - item->at < l->bootloader_size;
    f->image.bootloader = read_part(f->r, f->n, "bootloader", -1, item->at,
                                    cut ? l->table_at - item->at : l->bootloader_size,
                                    cut ? &format_raw : &format_esp_image);
    if (cut) {
        f->image.bootloader->summary = "bootloader that reaches into the partition table";
    }
    return f->image.bootloader;
}

static const struct node *add_table(struct flash *f, const struct item *item)
{
    f->image.table = read_part(f->r, f->n, "partition_table", -1, item->at,
                               OTAPACK_PARTITION_TABLE_SIZE, &format_partition_table);
    return f->image.table;
}

static const struct node *add_stray(struct flash *f, const struct item *item)
{
    return read_part(f->r, f->n, "misplaced", f->misplaced++, item->at, item->stray->size,
                     &format_esp_image);
}

// An app that is longer than its partition is not damaged, but reaches into what follows; so it is
// shown whole where it can be read, and its bytes are not judged.
static struct node *add_long_app(struct flash *f, const struct item *item, uint64_t length,
                                 bool whole)
{
    const struct otapack_partition *p = &item->partition;
    struct flash_image *image = &f->image;
    struct node *part =
        read_part(f->r, f->n, name_of(f->r, f->n, p), -1, item->at, whole ? length : p->size,
                  whole ? &format_esp_image : &format_raw);
    part->partial = true;
    if (!whole) {
        part->summary = "app that is larger than its partition";
    }
    if (image->long_count < FLASH_APPS_MOST) {
        image->longs[image->long_count++] = (struct flash_long_app){part, length, p->size, whole};
    }
    return part;
}

static bool is_readable_image(const struct otapack_source *src)
{
    struct otapack_esp_image image;
    return otapack_esp_image_open(src, &image).code == OTAPACK_OK;
}

static const struct format *format_of(struct reader *r, const struct otapack_partition *p,
                                      const struct otapack_source *all)
{
    bool loader = p->type == OTAPACK_PARTITION_TYPE_BOOTLOADER && is_readable_image(all);
    bool ota_data =
        p->type == OTAPACK_PARTITION_TYPE_DATA && p->subtype == OTAPACK_PARTITION_DATA_OTA;
    const struct format *payload = flash_payload(p, all);
    return p->type == OTAPACK_PARTITION_TYPE_APP ? format_of_part(r, all)
           : loader                              ? &format_esp_image
           : payload != NULL                     ? payload
           : ota_data                            ? &format_ota_data
                                                 : &format_raw;
}

// Where the first app that is misplaced begins, from here on.
static uint64_t next_stray(const struct flash *f, uint64_t at)
{
    for (size_t i = 0; i < f->stray_count; i++) {
        if (f->strays[i].at > at) {
            return f->strays[i].at;
        }
    }
    return UINT64_MAX;
}

// What the rules will ask for.
static void keep_part(struct flash_image *image, const struct otapack_partition *p,
                      struct node *part)
{
    bool loader =
        p->type == OTAPACK_PARTITION_TYPE_BOOTLOADER && !partition_is_primary(p->type, p->subtype);
    if (p->type == OTAPACK_PARTITION_TYPE_APP && image->app_count < FLASH_APPS_MOST) {
        image->room[image->app_count] = p->size;
        image->apps[image->app_count++] = part;
    } else if (loader && image->loader_count < FLASH_LOADERS_MOST) {
        image->recovery[image->loader_count] = p->subtype == OTAPACK_PARTITION_BOOTLOADER_RECOVERY;
        image->loaders[image->loader_count++] = part;
    }
}

// What a partition holds; the rest of it is unused.
static const struct node *add_partition(struct flash *f, const struct item *item)
{
    const struct otapack_partition *p = &item->partition;
    struct otapack_source all = otapack_part(&f->n->src, item->at, p->size);
    const struct format *format = format_of(f->r, p, &all);
    bool app = p->type == OTAPACK_PARTITION_TYPE_APP, whole = false;
    uint64_t length =
        app && format == &format_esp_image ? flash_app_length(&f->n->src, item->at, &whole) : 0;
    uint64_t size = format->extent == NULL ? all.size : format->extent(&all);
    uint64_t stray = next_stray(f, item->at) - item->at;
    struct node *part = length > p->size ? add_long_app(f, item, length, whole)
                                         : read_part(f->r, f->n, name_of(f->r, f->n, p), -1,
                                                     item->at, size < stray ? size : stray, format);
    // A co-processor's firmware, which the host hands on, also out of a file.
    part->elsewhere = p->type == OTAPACK_PARTITION_TYPE_DATA && flash_payload_is_elsewhere(part);
    keep_part(&f->image, p, part);
    return part;
}

// ---- What comes next ----------------------------------------------------------------------------

static void offer(const struct flash *f, struct item *best, struct item one)
{
    if (one.at >= f->at && one.at < f->n->src.size && (best->add == NULL || one.at < best->at)) {
        *best = one;
    }
}

// A partition over bootloader or table, or over one before it, is not shown: a check says so.
static struct item next_item(const struct flash *f)
{
    const struct flash_image *image = &f->image;
    const struct flash_layout *l = &image->layout;
    struct item best = {.add = NULL};
    if (l->has_bootloader) {
        offer(f, &best, (struct item){.add = add_bootloader, .at = l->bootloader_at});
    }
    if (l->has_table) {
        offer(f, &best, (struct item){.add = add_table, .at = l->table_at});
    }
    for (size_t i = 0; i < f->stray_count; i++) {
        offer(f, &best,
              (struct item){.add = add_stray, .at = f->strays[i].at, .stray = &f->strays[i]});
    }
    for (uint32_t i = 0; i < image->count; i++) {
        struct item one = {.add = add_partition};
        if (otapack_partition_read(&image->source, i, &one.partition).code == OTAPACK_OK &&
            one.partition.size > 0 && flash_layout_under(l, &one.partition) == NULL) {
            one.at = flash_layout_at(l, one.partition.offset);
            offer(f, &best, one);
        }
    }
    return best;
}

static void add_parts(struct flash *f)
{
    for (struct item item = next_item(f); item.add != NULL; item = next_item(f)) {
        add_between(f, item.at);
        f->at += item.add(f, &item)->src.size;
    }
    add_between(f, f->n->src.size);
}

// ---- Which app boots ----------------------------------------------------------------------------

// Something that begins as an app does; a bootloader passes over an empty partition.
static bool has_app(void *flash, const struct otapack_partition *p)
{
    const struct flash *f = flash;
    uint64_t at = flash_layout_at(&f->image.layout, p->offset);
    uint8_t magic;
    return otapack_read(&f->n->src, at, &magic, 1, "").code == OTAPACK_OK &&
           magic == OTAPACK_ESP_MAGIC;
}

// What the file does not have of the OTA data is erased.
static void take_ota_data(struct device *d, const struct flash *f)
{
    const struct otapack_partition *data = device_ota_data(d);
    uint64_t at = data == NULL ? UINT64_MAX : flash_layout_at(&f->image.layout, data->offset);
    if (at != UINT64_MAX) {
        struct otapack_source dump = otapack_part(&f->n->src, at, data->size);
        (void)device_take_ota_data(d, &dump);
    }
}

// What lies at this offset of the flash, by itself.
static struct node *part_at(const struct node *flash, uint64_t at)
{
    struct node *part = flash->parts;
    while (part != NULL && part->src.base != flash->src.base + at) {
        part = part->next;
    }
    return part;
}

// Which app the bootloader starts; where there is none at all, which one it looks for.
static void add_boot(struct flash *f)
{
    const struct node *table = f->image.table;
    struct device d;
    if (table == NULL || !device_open(&d, &table->src) || partition_table_is_damaged(table)) {
        return; // nor can the bootloader read it
    }
    take_ota_data(&d, f);
    d.flash_size = image_flash_size(f->image.bootloader);
    d.starts = has_app;
    d.ctx = f;
    struct device any = d;
    any.starts = NULL;
    f->image.passed_over = device_boot(&d) == DEVICE_NO_APP;
    d = f->image.passed_over ? any : d;
    if (device_boot(&d) == DEVICE_OK) {
        const struct otapack_partition *app = device_partition(&d, d.running);
        node_string(f->r->arena, f->n, "boot_partition", app->label, sizeof(app->label), DERIVED);
        f->image.boot = part_at(f->n, flash_layout_at(&f->image.layout, app->offset));
    }
}

// -------------------------------------------------------------------------------------------------

static void flash_open(struct reader *r, struct node *n)
{
    (void)target_use(&r->options->target, TARGET_FLASH_OFFSET);
    struct flash f = {.r = r, .n = n};
    struct flash_image *image = &f.image;
    struct flash_layout *l = &image->layout;
    struct otapack_partition_table t = {0};
    (void)flash_find(&n->src, r->options, l);
    if (l->has_table) {
        image->source = otapack_part(&n->src, l->table_at, OTAPACK_PARTITION_TABLE_SIZE);
        (void)otapack_partition_table_open(&image->source, &t);
    }
    image->count = t.count;
    image->bootable = flash_app_is_there(&n->src, l, &image->source, t.count);
    f.stray_count = flash_app_strays(&n->src, l, &image->source, t.count, f.strays, STRAYS_MOST);
    node_hex(r->arena, n, "flash_offset", l->base, l->base == 0 ? DERIVED_QUIET : DERIVED);
    add_parts(&f);
    add_boot(&f);
    n->summary = l->base == 0 ? "merged flash image"
                              : arena_printf(r->arena, "merged flash image, write it to 0x%" PRIx64,
                                             l->base);
    NODE_KEEP(r->arena, n, *image);
    rcp_seal_tell(r->arena, n);
    rcp_seal_tell_stored(r->arena, n);
}

// What lies behind the bootloader goes to its device.
static const struct target *flash_device(struct judge *j, const struct node *n,
                                         const struct node *part)
{
    const struct flash_image *image = n->parsed;
    bool first = j->implied == NULL && image->bootloader != NULL && part == image->bootloader->next;
    return first ? rule_flash_device(j, image) : j->implied;
}

// What a flash image is made to be, or is said to be, it is, whatever its bytes look like; but for
// an ESP8266, whose flash has no partition table.
static const struct format *flash_said(const struct read_options *options,
                                       const struct otapack_source *src, const struct format *looks)
{
    bool more =
        looks == &format_raw || (looks == &format_esp_image && looks->extent(src) < src->size);
    bool esp8266 = looks == &format_esp8266_flash || looks == &format_esp8266_arduino ||
                   looks == &format_esp8266_v2 || looks == &format_esp8266_image;
    bool flash = (options->is_flash && !esp8266) || (options->flash_offset_given && more);
    return flash ? &format_flash : looks;
}

const struct format format_flash = {.name = "flash",
                                    .title = "merged flash image",
                                    .probe = flash_probe,
                                    .said = flash_said,
                                    .open = flash_open,
                                    .rules = {rules_flash, rules_hosted_flash, rules_rcp_seal},
                                    .device_of = flash_device,
                                    .container = CONTAINER_FLASH};
