// SPDX-License-Identifier: Apache-2.0
//
// A merged flash image as a whole. ROM and bootloader say nothing of most of this: they find no
// bootloader, no table, no app, and start again.
#include "rule_flash.h"

#include <inttypes.h>
#include <string.h>

#include "device.h"
#include "format_list.h"
#include "partition_judge.h"
#include "partition_name.h"
#include "rule.h"
#include "text.h"

static const struct flash_image *image_of(const struct node *n)
{
    return n->parsed;
}

static bool is_kind(const struct node *part, const char *kind)
{
    return node_is(part, &format_raw) && strcmp(node_text(part, "kind"), kind) == 0;
}

// Nothing was written there, or the image was filled up so.
static bool is_empty(const struct node *part)
{
    return is_kind(part, "erased") || is_kind(part, "zeros");
}

static void say_long(struct judge *j, const struct flash_long_app *app)
{
    found(j, app->part, CHECK_FLASH_APP_SIZE, false,
          "the app is larger than its partition: it has %s%s bytes, the partition %s",
          app->whole ? "" : "at least ", text_count(j->arena, app->length),
          text_count(j->arena, app->room));
}

// "0x10000 (factory), 0x110000 (ota_0)": where the bootloader looks for apps; NULL: nowhere.
static const char *app_places(struct judge *j, const struct flash_image *image)
{
    const char *list = NULL;
    struct device d;
    bool any = device_open(&d, &image->source);
    for (int i = DEVICE_FACTORY; any && i <= (int)d.slot_count; i++) {
        const struct otapack_partition *p =
            device_partition(&d, i < (int)d.slot_count ? i : DEVICE_TEST);
        if (p != NULL) {
            list = arena_printf(j->arena, "%s%s0x%" PRIx32 " (%s)", list == NULL ? "" : list,
                                list == NULL ? "" : ", ", p->offset, partition_label(j->arena, p));
        }
    }
    return list;
}

static void say_misplaced(struct judge *j, struct node *part, const struct flash_image *image)
{
    const char *places = app_places(j, image);
    uint64_t address = part->src.base - part->parent->src.base + image->layout.base;
    if (image->layout.has_table) {
        found(j, part, image->bootable ? CHECK_FLASH_STRAY_APP : CHECK_FLASH_APP_PLACE, false,
              "an app lies at flash address 0x%" PRIx64 ", where no app partition begins: %s%s",
              address,
              places == NULL ? "the partition table has none" : "the bootloader looks for apps at ",
              places == NULL ? "" : places);
    }
}

// ---- Bootloader and table -----------------------------------------------------------------------

static void check_layout(struct judge *j, struct node *n)
{
    const struct flash_layout *l = &image_of(n)->layout;
    found(j, n, CHECK_FLASH_LAYOUT, l->has_bootloader && l->has_table, "%s",
          l->has_bootloader
              ? "there is no partition table behind the bootloader, which finds no app "
                "without it"
          : l->has_table ? "there is no bootloader before the partition table, where a chip's ROM "
                           "looks for it"
                         : "there is neither a bootloader where a chip's ROM looks for one, nor a "
                           "partition table");
}

static void check_address(struct judge *j, struct node *n, const struct flash_image *image)
{
    const struct chip *chip = image_chip(image->bootloader);
    if (chip != NULL) {
        uint64_t address = image->bootloader->src.base - n->src.base + image->layout.base;
        found(j, image->bootloader, CHECK_FLASH_BOOTLOADER_ADDRESS, address == chip->bootloader_at,
              "the bootloader lies at 0x%" PRIx64 ", the %s looks for it at 0x%" PRIx32, address,
              chip->title, chip->bootloader_at);
    }
}

static bool lies_over(struct judge *j, const struct flash_image *image, uint32_t i,
                      const char **what)
{
    const struct flash_layout *l = &image->layout;
    struct otapack_partition p;
    if (otapack_partition_read(&image->source, i, &p).code != OTAPACK_OK ||
        partition_is_primary(p.type, p.subtype)) {
        return false;
    }
    const char *under = flash_layout_under(l, &p);
    if (under == NULL) {
        return false;
    }
    *what = arena_printf(
        j->arena, "partition %s, 0x%" PRIx32 " to 0x%" PRIx64 ", lies over the %s at 0x%" PRIx64,
        text_utf8(j->arena, p.label, otapack_text_length(p.label, sizeof(p.label))), p.offset,
        (uint64_t)p.offset + p.size, under,
        l->base + (strcmp(under, "bootloader") == 0 ? l->bootloader_at : l->table_at));
    return true;
}

// Two things in one place: the later one is what is left, and what is written there destroys both.
static void check_overlap(struct judge *j, struct node *n)
{
    const struct flash_image *image = image_of(n);
    const struct flash_layout *l = &image->layout;
    uint64_t end = l->bootloader_at + l->bootloader_size;
    const char *what = "";
    bool over = l->table_at > l->bootloader_at && end > l->table_at;
    if (over) {
        what = arena_printf(j->arena,
                            "the bootloader ends at 0x%" PRIx64 ", behind the beginning of the "
                            "partition table at 0x%" PRIx64,
                            l->base + end, l->base + l->table_at);
    }
    for (uint32_t i = 0; !over && i < image->count; i++) {
        over = lies_over(j, image, i, &what);
    }
    found(j, n, CHECK_FLASH_OVERLAP, !over, "%s", what);
}

// Whatever writes the image to flash writes all of it, and refuses what does not fit.
static void check_device(struct judge *j, struct node *n)
{
    uint64_t end = image_of(n)->layout.base + n->src.size, size = j->options->target.flash_size;
    found(j, n, CHECK_DEVICE_FLASH_SIZE, end <= size,
          "the image ends at flash address 0x%" PRIx64 ", the device has %s of flash", end,
          text_size(j->arena, size));
}

// ---- Apps ---------------------------------------------------------------------------------------

// Of a partition that has something else than an app, while another has its app: the bootloader
// passes over it.
static void check_slot(struct judge *j, struct node *part, bool any_app)
{
    if (is_image(part, "app") || !any_app) {
        rule_slot(j, part, "app");
    } else if (part->error == NULL) {
        found(j, part, CHECK_FLASH_SLOT, false, "the app partition holds no app, but: %s",
              part->summary == NULL ? part->format : part->summary);
    }
}

static bool is_long(const struct node *part)
{
    return finding_against(part, CHECK_FLASH_APP_SIZE) != NULL;
}

static void check_apps(struct judge *j, struct node *n)
{
    const struct flash_image *image = image_of(n);
    bool any = false, strays = !image->bootable && node_find(n, "misplaced", -1) != NULL;
    for (size_t i = 0; i < image->app_count; i++) {
        any = any || is_image(image->apps[i], "app") || is_long(image->apps[i]);
    }
    for (size_t i = 0; i < image->app_count; i++) {
        struct node *part = image->apps[i];
        bool said = is_empty(part) || (node_is(part, &format_raw) && (strays || is_long(part)));
        if (!said) {
            check_slot(j, part, any);
            rule_chip_match(j, image->bootloader, part);
            rule_revision_match(j, image->bootloader, part);
            rule_idf_order(j, image->bootloader, part);
        }
    }
    if (image->bootable) {
        const char *places = app_places(j, image);
        found(j, n, CHECK_FLASH_APP_PLACE, !image->passed_over,
              "the bootloader starts none of the apps: it looks for one %s%s",
              places == NULL ? "in no partition of this table" : "only at ",
              places == NULL ? "" : places);
    }
    found(j, n, CHECK_FLASH_NO_APP, any || strays, "no app partition has an app");
}

// An app in a partition that the chip cannot map is not started; where another one can be, it is
// passed over.
static void check_large(struct judge *j, struct node *n)
{
    const struct flash_image *image = image_of(n);
    const struct chip *chip = image_chip(image->bootloader);
    bool other = false;
    for (size_t i = 0; i < image->app_count; i++) {
        other = other || (is_image(image->apps[i], "app") &&
                          !partition_is_too_large(j, chip, image->room[i]));
    }
    for (size_t i = 0; i < image->app_count; i++) {
        struct node *part = image->apps[i];
        bool large = partition_is_too_large(j, chip, image->room[i]);
        if (chip != NULL && large && other && !is_empty(part)) {
            found(j, part, CHECK_FLASH_SLOT, false,
                  "its partition has %s, more than the 16 MiB that the bootloader of the %s takes",
                  text_size(j->arena, image->room[i]), chip->title);
        } else if (chip != NULL && is_image(part, "app")) {
            rule_partition_large(j, part, chip, part->name, image->room[i]);
        }
    }
}

// ---- More bootloaders ---------------------------------------------------------------------------

static void check_loader(struct judge *j, const struct flash_image *image, struct node *part,
                         bool recovery)
{
    const struct chip *chip = image_chip(image->bootloader);
    const char *wrong = NULL;
    if (!is_empty(part) && !is_image(part, "bootloader")) {
        wrong = arena_printf(j->arena, "the bootloader partition holds no bootloader, but: %s",
                             part->summary == NULL ? part->format : part->summary);
    } else if (is_image(part, NULL) && chip != NULL && image_chip(part) != chip) {
        wrong = arena_printf(j->arena, "it is for %s, and the first bootloader for %s",
                             node_text(part, "chip"), chip->name);
    } else if (recovery && chip != NULL && !chip->recovery) {
        wrong = arena_printf(j->arena, "the ROM of the %s looks for no recovery bootloader",
                             chip->title);
    }
    found(j, part, CHECK_FLASH_BOOTLOADER_SLOT, wrong == NULL, "%s", wrong);
}

const struct target *rule_flash_device(struct judge *j, const struct flash_image *image)
{
    const char *release = image_idf_release(j->arena, image->bootloader);
    if (release == NULL || (j->options->target.known & TARGET_IDF) != 0) {
        return NULL;
    }
    struct target *device = ARENA_NEW(j->arena, struct target);
    *device = j->options->target;
    device->known |= TARGET_IDF;
    device->idf = release;
    return device;
}

static void check_loaders(struct judge *j, struct node *n)
{
    const struct flash_image *image = image_of(n);
    for (size_t i = 0; i < image->loader_count; i++) {
        check_loader(j, image, image->loaders[i], image->recovery[i]);
    }
}

static void check_long(struct judge *j, struct node *n)
{
    const struct flash_image *image = image_of(n);
    for (size_t i = 0; i < image->long_count; i++) {
        say_long(j, &image->longs[i]);
    }
}

static void check_misplaced(struct judge *j, struct node *n)
{
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        if (strcmp(part->name, "misplaced") == 0) {
            say_misplaced(j, part, image_of(n));
        }
    }
}

static void check_bootloader(struct judge *j, struct node *n)
{
    const struct flash_image *image = image_of(n);
    if (image->bootloader != NULL && !node_is(image->bootloader, &format_raw)) {
        rule_slot(j, image->bootloader, "bootloader");
        check_address(j, n, image);
        rule_flash_size(j, image->bootloader, image->table);
    }
}

static bool has_table(const struct node *n)
{
    return image_of(n)->layout.has_table;
}

const struct rule rules_flash[] = {
    {.run = check_long},
    {.run = check_misplaced},
    {.run = check_layout},
    {.run = check_device, .needs = TARGET_FLASH_SIZE, .says = RULE_SAYS(CHECK_DEVICE_FLASH_SIZE)},
    {.run = check_bootloader},
    {.run = check_overlap, .concerns = has_table},
    {.run = check_apps, .concerns = has_table},
    {.run = check_large, .concerns = has_table},
    {.run = check_loaders},
    {.run = NULL},
};
