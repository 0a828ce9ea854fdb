// SPDX-License-Identifier: Apache-2.0
//
// An app, and the partition of the device's table that it goes to: as an update, in whatever
// wrapping, into an OTA partition; what the bootloader unpacks, into the first one; and what is
// flashed to an address, into the partition that begins there. Source of the facts: ESP-IDF,
// esp_ota_ops.c; bootloader_support_plus, bootloader_custom_ota.c and bootloader_storage_flash.c.
#include <inttypes.h>
#include <string.h>

#include "device.h"
#include "esp_tree.h"
#include "flash_file.h"
#include "flash_payload.h"
#include "format_list.h"
#include "partition_name.h"
#include "rule.h"
#include "source.h"
#include "text.h"
#include "transform.h"

// ---- The table itself ---------------------------------------------------------------------------

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

bool rule_host_table(struct judge *j, struct node *n, struct device *d)
{
    bool good = device_open(d, j->options->host_table);
    if (good) {
        check_table(j, n, j->options->host_table_tree);
    }
    return good;
}

// ---- Where it goes ------------------------------------------------------------------------------

// The part that a device takes out of what it is in, to write it or to look into it: there it is
// what counts.
static bool is_taken_out(const struct node *n)
{
    const struct format *f = n->parent->opened;
    const char *application = f == NULL ? NULL : f->application;
    return (application != NULL && strcmp(n->name, application) == 0) ||
           (f != NULL && f->content != NULL && n->unpacked) || f == &format_compressed_image ||
           f == &format_signed_data;
}

static bool is_listed(const struct node *n)
{
    return n->parent != NULL && strcmp(n->parent->format, "manifest_file") == 0;
}

// The outermost of what is taken out of one another: the file, or what a list names, or a part of
// something that is flashed.
static const struct node *outermost(const struct node *n)
{
    while (n->parent != NULL && is_taken_out(n)) {
        n = n->parent;
    }
    return n;
}

// A cable writes it there, and nobody unpacks it first. False: it is no such thing.
static bool is_flashed_to(const struct node *n, uint64_t *address)
{
    const struct field *said = is_listed(n) ? node_field(n->parent, "address") : NULL;
    if (said != NULL) {
        *address = said->number;
    } else if (flash_file_is_region(n)) {
        *address = flash_file_address(n);
    } else {
        return false;
    }
    return true;
}

// A merged image brings its own table.
bool rule_goes_into_table(const struct node *n)
{
    uint64_t address;
    const struct node *all = outermost(n);
    return esp_is_app(n) && (all->parent == NULL || is_listed(all) || is_flashed_to(n, &address));
}

// ---- An update ----------------------------------------------------------------------------------

static void check_slot(struct judge *j, struct node *host, const struct otapack_partition *smallest)
{
    found(j, host, CHECK_HOST_SLOT, host->src.size <= smallest->size,
          "the app has %s bytes, OTA partition %s has %s", text_count(j->arena, host->src.size),
          partition_label(j->arena, smallest), text_count(j->arena, smallest->size));
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

void rule_host_update(struct judge *j, struct node *host, const struct device *d)
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

static void check_app(struct judge *j, struct node *app)
{
    struct device d;
    if (rule_host_table(j, app, &d)) {
        rule_host_update(j, app, &d);
    }
}

// ---- What the bootloader unpacks ----------------------------------------------------------------

// What lies in the partition until then: the compressed image, with its signature.
static uint64_t waiting_size(const struct node *app)
{
    const struct node *all = app->parent;
    while (all->parent != NULL && (node_is(all->parent, &format_compressed_image) ||
                                   node_is(all->parent, &format_signed_data))) {
        all = all->parent;
    }
    return all->src.size;
}

// A partition of its own for that, with which the bootloader is built otherwise; NULL: there is
// none.
static const struct otapack_partition *storage_of(const struct device *d)
{
    for (int i = 0; i < d->count; i++) {
        if (d->parts[i].type == OTAPACK_PARTITION_TYPE_DATA &&
            d->parts[i].subtype == FLASH_COMPRESSED_SUBTYPE) {
            return &d->parts[i];
        }
    }
    return NULL;
}

static const struct otapack_partition *last_slot(const struct device *d)
{
    int i = DEVICE_SLOTS - 1;
    while (i > 0 && device_partition(d, i) == NULL) {
        i--;
    }
    return device_partition(d, i);
}

// Of the app, the piece that reaches the end of the partition is left out in silence.
static void check_room(struct judge *j, struct node *app, const struct otapack_partition *waits,
                       const struct otapack_partition *to)
{
    uint64_t size = waiting_size(app);
    if (size > waits->size) {
        found(j, app, CHECK_HOST_SLOT, false,
              "the compressed image has %s bytes, partition %s, in which it waits, has %s",
              text_count(j->arena, size), partition_label(j->arena, waits),
              text_count(j->arena, waits->size));
        return;
    }
    found(j, app, CHECK_HOST_SLOT, app->src.size < to->size,
          "the app has %s bytes, and OTA partition %s, into which the bootloader unpacks less than "
          "fills it, has %s",
          text_count(j->arena, app->src.size), partition_label(j->arena, to),
          text_count(j->arena, to->size));
}

static void check_unpacked(struct judge *j, struct node *app)
{
    struct device d;
    if (!rule_host_table(j, app, &d)) {
        return;
    }
    const struct otapack_partition *storage = storage_of(&d), *first = device_partition(&d, 0);
    struct device_outlook o = device_outlook(&d);
    const struct device_outlook any = {0};
    bool never = storage == NULL && o.updates == 0 && o.answer != DEVICE_OK;
    bool two = storage != NULL || d.slot_count >= 2;
    const struct otapack_partition *to = storage == NULL ? first : device_smallest_slot(&d, &any);
    found(j, app, CHECK_HOST_UPDATE, !never && two && to != NULL, "%s",
          never ? device_text(o.answer)
                : "the bootloader unpacks it from the last OTA partition into the first, and there "
                  "are not two");
    if (two && to != NULL) {
        check_room(j, app, storage == NULL ? last_slot(&d) : storage, to);
    }
}

// ---- What is flashed ----------------------------------------------------------------------------

// TinyUF2 counts from where ota_0 begins.
static const struct otapack_partition *partition_at(const struct device *d, uint64_t address)
{
    const struct otapack_partition *p = device_app_at(d, address);
    return p == NULL && address == 0 ? device_target(d, 0) : p;
}

static void check_flashed(struct judge *j, struct node *app)
{
    struct device d;
    uint64_t address = 0;
    if (!is_flashed_to(app, &address) || !rule_host_table(j, app, &d)) {
        return;
    }
    const struct otapack_partition *p = partition_at(&d, address);
    if (p == NULL) {
        found(j, app, CHECK_HOST_SLOT, device_data_at(&d, address), // for whoever looks there
              "the app goes to 0x%" PRIx64 ", where the table has no partition begin", address);
        return;
    }
    found(j, app, CHECK_HOST_SLOT, app->src.size <= p->size,
          "the app has %s bytes, partition %s, to which it is flashed, has %s",
          text_count(j->arena, app->src.size), partition_label(j->arena, p),
          text_count(j->arena, p->size));
}

// ---- Which of these -----------------------------------------------------------------------------

static bool is_flashed(const struct node *n)
{
    uint64_t address;
    return rule_goes_into_table(n) && is_flashed_to(n, &address);
}

static bool is_unpacked(const struct node *n)
{
    return rule_goes_into_table(n) && node_is(n->parent, &format_compressed_image);
}

// Of a combined image, rules_host says it.
static bool is_update(const struct node *n)
{
    return rule_goes_into_table(n) && !is_flashed(n) && !is_unpacked(n) &&
           !node_is(n->parent, &format_rcp_image);
}

const struct rule rules_host_app[] = {
    {.run = check_app,
     .concerns = is_update,
     .needs = TARGET_TABLE,
     .says =
         RULE_SAYS(CHECK_HOST_TABLE, CHECK_HOST_SLOT, CHECK_HOST_UPDATE, CHECK_HOST_UPDATE_AGAIN)},
    {.run = check_unpacked,
     .concerns = is_unpacked,
     .needs = TARGET_TABLE,
     .says = RULE_SAYS(CHECK_HOST_TABLE, CHECK_HOST_SLOT, CHECK_HOST_UPDATE)},
    {.run = check_flashed,
     .concerns = is_flashed,
     .needs = TARGET_TABLE,
     .says = RULE_SAYS(CHECK_HOST_TABLE, CHECK_HOST_SLOT)},
    {.run = NULL},
};
