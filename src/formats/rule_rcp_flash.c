// SPDX-License-Identifier: Apache-2.0
//
// What a border router flashes to its co-processor, judged as the co-processor will see it.
#include <inttypes.h>
#include <otapack/partition_table.h>
#include <string.h>

#include "format_list.h"
#include "rcp_part.h"
#include "rule.h"
#include "text.h"

enum { SECTOR = 4096 };

// One thing that is flashed: where, and how many bytes.
struct flashed {
    const char *name;
    const struct node *part; // NULL: the file does not have it
    uint64_t address, size;
};

enum { FLASHED_MOST = 3 };

// The bytes of flash that are erased for it: whole sectors.
static uint64_t erased_end(const struct flashed *f)
{
    return (f->address + f->size + SECTOR - 1) / SECTOR * SECTOR;
}

static const struct flashed *find(const struct flashed *f, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(f[i].name, name) == 0) {
            return &f[i];
        }
    }
    return NULL;
}

// Collects the records; says what is wrong with them as a list, NULL for nothing.
static const char *collect(struct judge *j, const struct node *n, const struct node *args,
                           struct flashed *out, size_t *count)
{
    *count = 0;
    if (args->src.size == 0 || args->src.size % OTAPACK_RCP_RECORD_SIZE != 0) {
        return arena_printf(j->arena, "flash_args has %" PRIu64 " bytes, records have 8",
                            args->src.size);
    }
    for (const struct node *p = args->parts; p != NULL; p = p->next) {
        uint32_t tag = (uint32_t)node_number(p, "tag");
        if (!rcp_part_is_flashed(tag)) {
            return arena_printf(j->arena, "record %d names tag %" PRIu32 ", not a part to flash",
                                p->index, tag);
        }
        if (find(out, *count, rcp_part_name(tag)) != NULL) {
            return arena_printf(j->arena, "%s is flashed twice", rcp_part_name(tag));
        }
        const struct node *part = node_find(n, rcp_part_name(tag), -1);
        out[(*count)++] = (struct flashed){rcp_part_name(tag), part, node_number(p, "address"),
                                           part == NULL ? 0 : part->src.size};
    }
    return NULL;
}

static void check_align(struct judge *j, struct node *args, const struct flashed *f, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (f[i].address % SECTOR != 0) {
            found(j, args, CHECK_RCP_FLASH_ALIGN, false, "%s is flashed to 0x%" PRIx64, f[i].name,
                  f[i].address);
            return;
        }
    }
    passed(j, args, CHECK_RCP_FLASH_ALIGN);
}

static void check_overlap(struct judge *j, struct node *args, const struct flashed *f, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (f[i].address < erased_end(&f[k]) && f[k].address < erased_end(&f[i])) {
                const struct flashed *low = f[i].address < f[k].address ? &f[i] : &f[k];
                const struct flashed *high = low == &f[i] ? &f[k] : &f[i];
                found(j, args, CHECK_RCP_FLASH_OVERLAP, false,
                      "%s (0x%" PRIx64 " to 0x%" PRIx64 ") reaches into %s at 0x%" PRIx64,
                      low->name, low->address, low->address + low->size, high->name, high->address);
                return;
            }
        }
    }
    passed(j, args, CHECK_RCP_FLASH_OVERLAP);
}

static void check_missing(struct judge *j, struct node *n, struct node *args,
                          const struct flashed *f, size_t count)
{
    const char *missing = NULL;
    for (uint32_t tag = OTAPACK_RCP_BOOTLOADER; tag <= OTAPACK_RCP_FIRMWARE; tag++) {
        const char *name = rcp_part_name(tag);
        bool flashed = node_find(n, name, -1) == NULL || find(f, count, name) != NULL;
        if (tag == OTAPACK_RCP_FIRMWARE) {
            found(j, args, CHECK_RCP_FIRMWARE_FLASHED, flashed,
                  "%s is in the file, but not flashed", name);
        } else if (!flashed) {
            missing = name;
        }
    }
    found(j, args, CHECK_RCP_FLASH_MISSING, missing == NULL, "%s is in the file, but not flashed",
          missing);
}

static void check_bootloader(struct judge *j, struct node *args, const struct flashed *f)
{
    const struct chip *chip = image_chip(f->part);
    if (chip != NULL) {
        found(j, args, CHECK_RCP_BOOTLOADER_ADDRESS, f->address == chip->bootloader_at,
              "bootloader is flashed to 0x%" PRIx64 ", the %s looks for it at 0x%" PRIx32,
              f->address, chip->title, chip->bootloader_at);
    }
}

// The partition that boots while there is no OTA data, which an RCP image cannot flash: factory, or
// the first OTA slot where there is no factory. NULL: there is neither.
static const struct node *boot_partition(const struct node *table)
{
    const struct node *first = NULL;
    for (const struct node *p = table->parts; p != NULL; p = p->next) {
        bool app = strcmp(node_text(p, "type"), "app") == 0;
        if (app && strcmp(node_text(p, "subtype"), "factory") == 0) {
            return p;
        }
        if (app && strcmp(node_text(p, "subtype"), "ota_0") == 0) {
            first = p;
        }
    }
    return first;
}

static void check_firmware(struct judge *j, struct node *args, const struct flashed *f,
                           const struct node *table)
{
    const struct node *boot = boot_partition(table);
    bool there = boot != NULL && node_number(boot, "offset") == f->address;
    found(j, args, CHECK_RCP_FIRMWARE_ADDRESS, there,
          "firmware is flashed to 0x%" PRIx64 ", but the RCP boots %s%s%s", f->address,
          boot == NULL ? "nothing: its table has no app partition" : node_text(boot, "label"),
          boot == NULL ? "" : " at ", boot == NULL ? "" : node_text(boot, "offset"));
    if (there && f->part != NULL) {
        uint64_t room = node_number(boot, "size");
        found(j, args, CHECK_RCP_FIRMWARE_SIZE, f->size <= room,
              "firmware has %s bytes, partition %s has %s", text_count(j->arena, f->size),
              node_text(boot, "label"), text_count(j->arena, room));
    }
}

// The first partition that begins inside the sector of the table, or before it; bootloader and
// table may be listed themselves.
static const struct node *partition_before(const struct node *table, uint64_t address)
{
    uint64_t end = address / SECTOR * SECTOR + SECTOR;
    for (const struct node *p = table->parts; p != NULL; p = p->next) {
        uint64_t type = node_number(p, "type");
        bool own =
            type == OTAPACK_PARTITION_TYPE_BOOTLOADER || type == OTAPACK_PARTITION_TYPE_TABLE;
        if (strcmp(p->name, "partitions") == 0 && !own && node_number(p, "offset") < end) {
            return p;
        }
    }
    return NULL;
}

static void check_table(struct judge *j, struct node *args, const struct flashed *table,
                        const struct flashed *bootloader)
{
    const struct node *before = partition_before(table->part, table->address);
    // Where the two overlap, that is another check.
    bool behind = bootloader == NULL || bootloader->address <= table->address;
    found(j, args, CHECK_RCP_TABLE_ADDRESS, behind && before == NULL,
          "partition_table is flashed to 0x%" PRIx64 ", not %s%s", table->address,
          behind ? "below partition " : "behind the bootloader",
          behind && before != NULL ? node_text(before, "label") : "");
}

static void check_flash_size(struct judge *j, struct node *args, const struct flashed *f,
                             size_t count, const struct node *bootloader)
{
    uint64_t flash = image_flash_size(bootloader);
    for (size_t i = 0; flash != 0 && i < count; i++) {
        if (f[i].address + f[i].size > flash) {
            found(j, args, CHECK_RCP_FLASH_SIZE, false,
                  "%s ends at 0x%" PRIx64 ", the bootloader's header says %s of flash", f[i].name,
                  f[i].address + f[i].size, text_size(j->arena, flash));
            return;
        }
    }
    if (flash != 0) {
        passed(j, args, CHECK_RCP_FLASH_SIZE);
    }
}

// What each part must be flashed to, where it is flashed and can be read.
static void check_addresses(struct judge *j, struct node *n, struct node *args,
                            const struct flashed *f, size_t count)
{
    const struct flashed *bootloader = find(f, count, "bootloader");
    const struct flashed *firmware = find(f, count, "firmware");
    const struct flashed *table = find(f, count, "partition_table");
    const struct node *table_node = node_find(n, "partition_table", -1);
    bool readable = node_is(table_node, &format_partition_table) && table_node->error == NULL;
    if (bootloader != NULL) {
        check_bootloader(j, args, bootloader);
    }
    if (table != NULL && readable) {
        check_table(j, args, table, bootloader);
    }
    if (firmware != NULL && readable) {
        check_firmware(j, args, firmware, table_node);
    }
}

static void check_all(struct judge *j, struct node *n)
{
    struct flashed f[FLASHED_MOST];
    size_t count;
    struct node *args = node_find(n, "flash_args", -1);
    if (!node_is(args, &format_flash_args)) {
        return;
    }
    const char *wrong = collect(j, n, args, f, &count);
    found(j, args, CHECK_RCP_FLASH_ARGS, wrong == NULL, "%s", wrong == NULL ? "" : wrong);
    if (wrong != NULL) {
        return;
    }
    check_align(j, args, f, count);
    check_overlap(j, args, f, count);
    check_missing(j, n, args, f, count);
    check_flash_size(j, args, f, count, node_find(n, "bootloader", -1));
    check_addresses(j, n, args, f, count);
}

const struct rule rules_rcp_flash[] = {{.run = check_all}, {.run = NULL}};
