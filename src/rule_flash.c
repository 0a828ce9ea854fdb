// SPDX-License-Identifier: Apache-2.0
//
// A merged flash image as a whole. ROM and bootloader say nothing of most of this: they find no
// bootloader, no table, no app, and start again.
#include "rule_flash.h"

#include <inttypes.h>
#include <string.h>

#include "device.h"
#include "format.h"
#include "partition_name.h"
#include "rule.h"
#include "text.h"

static bool is_kind(const struct node *part, const char *kind)
{
    return node_is(part, &format_raw) && strcmp(node_text(part, "kind"), kind) == 0;
}

// Nothing was written there, or the image was filled up so.
static bool is_empty(const struct node *part)
{
    return is_kind(part, "erased") || is_kind(part, "zeros");
}

void rule_flash_app_size(struct reader *r, struct node *part, uint64_t length, bool whole,
                         uint64_t room)
{
    found(r, part, CHECK_FLASH_APP_SIZE, false,
          "the app is larger than its partition: it has %s%s bytes, the partition %s",
          whole ? "" : "at least ", text_count(r->arena, length), text_count(r->arena, room));
}

// "0x10000 (factory), 0x110000 (ota_0)": where the bootloader looks for apps; NULL: nowhere.
static const char *app_places(struct reader *r, const struct flash_image *image)
{
    const char *list = NULL;
    struct device d;
    bool any = device_open(&d, &image->source);
    for (int i = DEVICE_FACTORY; any && i <= (int)d.slot_count; i++) {
        const struct otapack_partition *p =
            device_partition(&d, i < (int)d.slot_count ? i : DEVICE_TEST);
        if (p != NULL) {
            list = arena_printf(r->arena, "%s%s0x%" PRIx32 " (%s)", list == NULL ? "" : list,
                                list == NULL ? "" : ", ", p->offset, partition_label(r->arena, p));
        }
    }
    return list;
}

void rule_flash_misplaced(struct reader *r, struct node *part, const struct flash_image *image)
{
    const char *places = app_places(r, image);
    uint64_t address = part->src.base - part->parent->src.base + image->layout.base;
    if (image->layout.has_table) {
        found(r, part, image->bootable ? CHECK_FLASH_STRAY_APP : CHECK_FLASH_APP_PLACE, false,
              "an app lies at flash address 0x%" PRIx64 ", where no app partition begins: %s%s",
              address,
              places == NULL ? "the partition table has none" : "the bootloader looks for apps at ",
              places == NULL ? "" : places);
    }
}

// ---- Bootloader and table -----------------------------------------------------------------------

static void check_layout(struct reader *r, struct node *n, const struct flash_layout *l)
{
    found(r, n, CHECK_FLASH_LAYOUT, l->has_bootloader && l->has_table, "%s",
          l->has_bootloader
              ? "there is no partition table behind the bootloader, which finds no app "
                "without it"
          : l->has_table ? "there is no bootloader before the partition table, where a chip's ROM "
                           "looks for it"
                         : "there is neither a bootloader where a chip's ROM looks for one, nor a "
                           "partition table");
}

static void check_address(struct reader *r, struct node *n, const struct flash_image *image)
{
    const struct chip *chip = image_chip(image->bootloader);
    if (chip != NULL) {
        uint64_t address = image->bootloader->src.base - n->src.base + image->layout.base;
        found(r, image->bootloader, CHECK_FLASH_BOOTLOADER_ADDRESS, address == chip->bootloader_at,
              "the bootloader lies at 0x%" PRIx64 ", the %s looks for it at 0x%" PRIx32, address,
              chip->title, chip->bootloader_at);
    }
}

static bool lies_over(struct reader *r, const struct flash_image *image, uint32_t i,
                      const char **what)
{
    const struct flash_layout *l = &image->layout;
    struct otapack_partition p;
    if (otapack_partition_read(&image->source, i, &p).code != OTAPACK_OK ||
        flash_layout_is_primary(&p)) {
        return false;
    }
    const char *under = flash_layout_under(l, &p);
    if (under == NULL) {
        return false;
    }
    *what = arena_printf(
        r->arena, "partition %s, 0x%" PRIx32 " to 0x%" PRIx64 ", lies over the %s at 0x%" PRIx64,
        text_utf8(r->arena, p.label, otapack_text_length(p.label, sizeof(p.label))), p.offset,
        (uint64_t)p.offset + p.size, under,
        l->base + (strcmp(under, "bootloader") == 0 ? l->bootloader_at : l->table_at));
    return true;
}

// Two things in one place: the later one is what is left, and what is written there destroys both.
static void check_overlap(struct reader *r, struct node *n, const struct flash_image *image)
{
    const struct flash_layout *l = &image->layout;
    uint64_t end = l->bootloader_at + l->bootloader_size;
    const char *what = "";
    bool over = l->table_at > l->bootloader_at && end > l->table_at;
    if (over) {
        what = arena_printf(r->arena,
                            "the bootloader ends at 0x%" PRIx64 ", behind the beginning of the "
                            "partition table at 0x%" PRIx64,
                            l->base + end, l->base + l->table_at);
    }
    for (uint32_t i = 0; !over && i < image->count; i++) {
        over = lies_over(r, image, i, &what);
    }
    found(r, n, CHECK_FLASH_OVERLAP, !over, "%s", what);
}

// Whatever writes the image to flash writes all of it, and refuses what does not fit.
static void check_device(struct reader *r, struct node *n, const struct flash_layout *l)
{
    const struct target *t = &r->options->target;
    if (target_use(t, TARGET_FLASH_SIZE)) {
        uint64_t end = l->base + n->src.size;
        found(r, n, CHECK_DEVICE_FLASH_SIZE, end <= t->flash_size,
              "the image ends at flash address 0x%" PRIx64 ", the device has %s of flash", end,
              text_size(r->arena, t->flash_size));
    }
}

// ---- Apps ---------------------------------------------------------------------------------------

// Of a partition that has something else than an app, while another has its app: the bootloader
// passes over it.
static void check_slot(struct reader *r, struct node *part, bool any_app)
{
    if (is_image(part, "app") || !any_app) {
        rule_slot(r, part, "app");
    } else if (part->error == NULL) {
        found(r, part, CHECK_FLASH_SLOT, false, "the app partition holds no app, but: %s",
              part->summary == NULL ? part->format : part->summary);
    }
}

static bool is_long(const struct node *part)
{
    return finding_against(part, CHECK_FLASH_APP_SIZE) != NULL;
}

static void check_apps(struct reader *r, struct node *n, const struct flash_image *image)
{
    bool any = false, strays = !image->bootable && node_find(n, "misplaced", -1) != NULL;
    for (size_t i = 0; i < image->app_count; i++) {
        any = any || is_image(image->apps[i], "app") || is_long(image->apps[i]);
    }
    for (size_t i = 0; i < image->app_count; i++) {
        struct node *part = image->apps[i];
        bool said = is_empty(part) || (node_is(part, &format_raw) && (strays || is_long(part)));
        if (!said) {
            check_slot(r, part, any);
            rule_chip_match(r, image->bootloader, part);
            rule_revision_match(r, image->bootloader, part);
            rule_idf_order(r, image->bootloader, part);
        }
    }
    if (image->bootable) {
        const char *places = app_places(r, image);
        found(r, n, CHECK_FLASH_APP_PLACE, !image->passed_over,
              "the bootloader starts none of the apps: it looks for one %s%s",
              places == NULL ? "in no partition of this table" : "only at ",
              places == NULL ? "" : places);
    }
    found(r, n, CHECK_FLASH_NO_APP, any || strays, "no app partition has an app");
}

// An app in a partition that the chip cannot map is not started; where another one can be, it is
// passed over.
static void check_large(struct reader *r, const struct flash_image *image)
{
    const struct chip *chip = image_chip(image->bootloader);
    bool other = false;
    for (size_t i = 0; i < image->app_count; i++) {
        other = other || (is_image(image->apps[i], "app") &&
                          !partition_is_too_large(r, chip, image->room[i]));
    }
    for (size_t i = 0; i < image->app_count; i++) {
        struct node *part = image->apps[i];
        bool large = partition_is_too_large(r, chip, image->room[i]);
        if (chip != NULL && large && other && !is_empty(part)) {
            found(r, part, CHECK_FLASH_SLOT, false,
                  "its partition has %s, more than the 16 MiB that the bootloader of the %s takes",
                  text_size(r->arena, image->room[i]), chip->title);
        } else if (chip != NULL && is_image(part, "app")) {
            rule_partition_large(r, part, chip, part->name, image->room[i]);
        }
    }
}

// ---- More bootloaders ---------------------------------------------------------------------------

static void check_loader(struct reader *r, const struct flash_image *image, struct node *part,
                         bool recovery)
{
    const struct chip *chip = image_chip(image->bootloader);
    const char *wrong = NULL;
    if (!is_empty(part) && !is_image(part, "bootloader")) {
        wrong = arena_printf(r->arena, "the bootloader partition holds no bootloader, but: %s",
                             part->summary == NULL ? part->format : part->summary);
    } else if (is_image(part, NULL) && chip != NULL && image_chip(part) != chip) {
        wrong = arena_printf(r->arena, "it is for %s, and the first bootloader for %s",
                             node_text(part, "chip"), chip->name);
    } else if (recovery && chip != NULL && !chip->recovery) {
        wrong = arena_printf(r->arena, "the ROM of the %s looks for no recovery bootloader",
                             chip->title);
    }
    found(r, part, CHECK_FLASH_BOOTLOADER_SLOT, wrong == NULL, "%s", wrong);
}

void rule_flash(struct reader *r, struct node *n, struct flash_image *image)
{
    const struct flash_layout *l = &image->layout;
    check_layout(r, n, l);
    check_device(r, n, l);
    if (image->bootloader != NULL && !node_is(image->bootloader, &format_raw)) {
        rule_slot(r, image->bootloader, "bootloader");
        check_address(r, n, image);
        rule_flash_size(r, image->bootloader, image->table);
    }
    if (l->has_table) {
        check_overlap(r, n, image);
        check_apps(r, n, image);
        check_large(r, image);
    }
    for (size_t i = 0; i < image->loader_count; i++) {
        check_loader(r, image, image->loaders[i], image->recovery[i]);
    }
}
