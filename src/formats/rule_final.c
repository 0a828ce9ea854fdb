// SPDX-License-Identifier: Apache-2.0
//
// An update of the bootloader or of the partition table, and the table that the device has. Source
// of the facts: device_final.h; bootloader_utility.c for what is started with another table.
#include <inttypes.h>

#include "device_final.h"
#include "esp_tree.h"
#include "format_list.h"
#include "partition_file.h"
#include "partition_name.h"
#include "rule.h"
#include "text.h"

// The device with its table, and where the update goes. False: the verb has refused the table.
static bool look(struct judge *j, enum target_final what, const struct chip *chip, struct device *d,
                 struct device_final *f)
{
    const struct target *t = &j->options->target;
    const struct partition_csv_options *csv = j->options->table_csv;
    const struct chip *has = target_use(t, TARGET_CHIP) ? t->chip : NULL;
    (void)target_use(t, TARGET_CSV);
    bool good = t->final == what && device_open(d, j->options->host_table);
    if (good) {
        *f = device_final(d, what, chip == NULL ? has : chip,
                          csv == NULL ? partition_file_options().table_at : csv->table_at);
    }
    return good;
}

// What is downloaded goes to the next OTA partition, which is any of them in time.
static void check_staging(struct judge *j, struct node *n, const struct device *d,
                          const struct device_final *f)
{
    struct device_outlook o = device_outlook(d);
    const struct otapack_partition *p = device_smallest_slot(d, &o);
    if (p == NULL || (o.updates == 0 && o.answer != DEVICE_OK)) {
        found(j, n, CHECK_FINAL_STAGING, false, "%s", device_text(o.answer));
        return;
    }
    if (device_is_read_only(&f->part)) {
        found(j, n, CHECK_FINAL_STAGING, false,
              "partition %s, to which the update is copied, is marked as read-only, and "
              "esp_partition_copy writes nothing there",
              partition_label(j->arena, &f->part));
        return;
    }
    found(j, n, CHECK_FINAL_STAGING, p->size >= f->part.size,
          "OTA partition %s has %s bytes, and %s, to which it is copied, has %s",
          partition_label(j->arena, p), text_count(j->arena, p->size),
          partition_label(j->arena, &f->part), text_count(j->arena, f->part.size));
}

// ---- A bootloader -------------------------------------------------------------------------------

static void check_place(struct judge *j, struct node *n, const struct device_final *f)
{
    uint64_t end = (uint64_t)f->part.offset + f->part.size;
    uint64_t most = end < f->table.offset ? end : f->table.offset;
    uint64_t room = f->part.offset < most ? most - f->part.offset : 0;
    found(j, n, CHECK_FINAL_PLACE, n->src.size <= room,
          "the bootloader has %s bytes, and from 0x%" PRIx32 " to %s at 0x%" PRIx64 " there are %s",
          text_count(j->arena, n->src.size), f->part.offset,
          most == f->table.offset ? "the partition table" : "the end of its partition", most,
          text_count(j->arena, room));
}

// What the new bootloader takes the flash's size for is in its header.
static void check_flash_end(struct judge *j, struct node *n, const struct device *d)
{
    uint64_t size = image_flash_size(n);
    if (size != 0) {
        found(j, n, CHECK_PT_FLASH_SIZE, d->end <= size,
              "the device's last partition ends at 0x%" PRIx64
              ", and the bootloader's header says %s of flash",
              d->end, text_size(j->arena, size));
    }
}

static void check_bootloader(struct judge *j, struct node *n)
{
    const struct chip *chip = image_chip(n);
    struct device d;
    struct device_final f;
    if (chip == NULL || !look(j, FINAL_BOOTLOADER, chip, &d, &f)) {
        return;
    }
    found(j, n, CHECK_FINAL_ADDRESS, f.bootloader_at == chip->bootloader_at,
          "partition %s lies at 0x%" PRIx32 ", the %s looks for a bootloader at 0x%" PRIx32,
          partition_label(j->arena, &f.part), f.bootloader_at, chip->title, chip->bootloader_at);
    check_place(j, n, &f);
    check_staging(j, n, &d, &f);
    check_flash_end(j, n, &d);
}

static void check_secure_boot(struct judge *j, struct node *n)
{
    if (j->options->target.final == FINAL_BOOTLOADER) {
        found(j, n, CHECK_FINAL_SECURE_BOOT_V1, target_for(j, n)->secure_boot != SECURE_BOOT_V1,
              "the device has Secure Boot v1, and does not start another bootloader");
    }
}

// The ESP-IDF of the app that runs: it receives the update, and goes on with the new bootloader.
static const char *running_idf(struct judge *j, const struct node *n)
{
    const struct otapack_app_desc *desc = target_for(j, n)->running;
    size_t length = otapack_text_length(desc->idf_ver, sizeof(desc->idf_ver));
    return idf_release(j->arena, text_utf8(j->arena, desc->idf_ver, length));
}

static void check_idf(struct judge *j, struct node *n)
{
    static const char from[] = "5.5";
    const char *above = running_idf(j, n), *below = image_idf_release(j->arena, n);
    if (above == NULL) {
        return;
    }
    found(j, n, CHECK_FINAL_IDF, text_compare_versions(above, from) >= 0,
          "the app that runs is built with ESP-IDF %s", above);
    if (below != NULL) {
        found(j, n, CHECK_IDF_ORDER, text_compare_versions(below, above) <= 0,
              "the app that runs is built with ESP-IDF %s, the bootloader with the newer %s", above,
              below);
    }
}

static bool is_alone(const struct node *n)
{
    return n->parent == NULL && esp_is_bootloader(n);
}

const struct rule rules_final_bootloader[] = {
    {.run = check_bootloader,
     .concerns = is_alone,
     .needs = TARGET_FINAL | TARGET_TABLE,
     .says = RULE_SAYS(CHECK_FINAL_ADDRESS, CHECK_FINAL_PLACE, CHECK_FINAL_STAGING)},
    {.run = check_secure_boot,
     .concerns = is_alone,
     .needs = TARGET_FINAL | TARGET_SECURE_BOOT,
     .says = RULE_SAYS(CHECK_FINAL_SECURE_BOOT_V1)},
    {.run = check_idf,
     .concerns = is_alone,
     .needs = TARGET_FINAL | TARGET_RUNNING,
     .says = RULE_SAYS(CHECK_FINAL_IDF, CHECK_IDF_ORDER)},
    {.run = NULL},
};

// ---- A partition table --------------------------------------------------------------------------

static void check_apps(struct judge *j, struct node *n, const struct device *old,
                       const struct device *new)
{
    const struct otapack_partition *lost = device_lost_app(old, new);
    found(j, n, CHECK_FINAL_APPS, lost == NULL,
          "app partition %s of the device, 0x%" PRIx32 " with 0x%" PRIx32
          " bytes, is not there in the new table",
          lost == NULL ? "" : partition_label(j->arena, lost), lost == NULL ? 0 : lost->offset,
          lost == NULL ? 0 : lost->size);
    found(j, n, CHECK_FINAL_SLOTS, old->slot_count == new->slot_count,
          "the device has %u OTA partition%s, the new table %u", old->slot_count,
          old->slot_count == 1 ? "" : "s", new->slot_count);
}

static void check_ota_data(struct judge *j, struct node *n, const struct device *old,
                           const struct device *new)
{
    const struct otapack_partition *was = device_ota_data(old), *is = device_ota_data(new);
    if (was != NULL) {
        found(j, n, CHECK_FINAL_OTADATA, is != NULL && is->offset == was->offset,
              "OTA data lies at 0x%" PRIx32 " on the device, and %s in the new table", was->offset,
              is == NULL ? "nowhere" : arena_printf(j->arena, "at 0x%" PRIx32, is->offset));
    }
}

typedef const struct otapack_partition *next_fn(const struct device *old, const struct device *new,
                                                int *i);

// "nvs, storage": the labels of all that are lost; "": none is.
static const char *labels(struct judge *j, const struct device *old, const struct device *new,
                          next_fn *next)
{
    const char *list = "";
    const struct otapack_partition *p;
    int i = 0;
    while ((p = next(old, new, &i)) != NULL) {
        list = arena_printf(j->arena, "%s%s%s", list, *list == '\0' ? "" : ", ",
                            partition_label(j->arena, p));
    }
    return list;
}

static void check_data(struct judge *j, struct node *n, const struct device *old,
                       const struct device *new)
{
    const char *lost = labels(j, old, new, device_lost_data);
    const char *other = labels(j, old, new, device_lost_flag);
    found(j, n, CHECK_FINAL_DATA, *lost == '\0',
          "the new table has these not where they were, or not of their size: %s", lost);
    found(j, n, CHECK_FINAL_ENCRYPTED, *other == '\0',
          "the new table has another flag encrypted for these: %s", other);
}

// The bootloader that the new table lists; NULL: it is where this chip has it, or may have it.
static const struct otapack_partition *moved_bootloader(struct judge *j, const struct device *new)
{
    const struct target *t = &j->options->target;
    const struct otapack_partition *p = device_bootloader(new);
    bool known = target_use(t, TARGET_CHIP);
    return known && p != NULL && p->offset != t->chip->bootloader_at ? p : NULL;
}

// What the device can be sent once it has the new table.
static void check_updates(struct judge *j, struct node *n, const struct device *new)
{
    const struct device_outlook o = device_outlook(new);
    const struct otapack_partition *moved = moved_bootloader(j, new);
    if (o.answer != DEVICE_OK) {
        found(j, n, CHECK_FINAL_UPDATES, false, "%s", device_text(o.answer));
        return;
    }
    found(j, n, CHECK_FINAL_UPDATES, moved == NULL,
          "bootloader partition %s lies at 0x%" PRIx32 ", where the chip does not look for one",
          moved == NULL ? "" : partition_label(j->arena, moved), moved == NULL ? 0 : moved->offset);
}

static void check_table(struct judge *j, struct node *n)
{
    struct device old, new;
    struct device_final f;
    if (!look(j, FINAL_TABLE, NULL, &old, &f) || !device_open(&new, &n->src)) {
        return;
    }
    const struct otapack_partition *over = device_over_table(&new, &f);
    found(j, n, CHECK_FINAL_OVER, over == NULL,
          "partition %s at 0x%" PRIx32 " lies over the table at 0x%" PRIx32
          ", or the bootloader before it",
          over == NULL ? "" : partition_label(j->arena, over), over == NULL ? 0 : over->offset,
          f.table.offset);
    check_apps(j, n, &old, &new);
    check_ota_data(j, n, &old, &new);
    check_data(j, n, &old, &new);
    check_updates(j, n, &new);
    check_staging(j, n, &old, &f);
}

static bool is_table_alone(const struct node *n)
{
    return n->parent == NULL && n->error == NULL;
}

const struct rule rules_final_table[] = {
    {.run = check_table,
     .concerns = is_table_alone,
     .needs = TARGET_FINAL | TARGET_TABLE,
     .says = RULE_SAYS(CHECK_FINAL_OVER, CHECK_FINAL_APPS, CHECK_FINAL_SLOTS, CHECK_FINAL_OTADATA,
                       CHECK_FINAL_DATA, CHECK_FINAL_ENCRYPTED, CHECK_FINAL_UPDATES,
                       CHECK_FINAL_STAGING)},
    {.run = check_idf,
     .concerns = is_table_alone,
     .needs = TARGET_FINAL | TARGET_RUNNING,
     .says = RULE_SAYS(CHECK_FINAL_IDF)},
    {.run = NULL},
};
