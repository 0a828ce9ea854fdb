// SPDX-License-Identifier: Apache-2.0
//
// A flash image of the ESP8266 as a whole: is its code all there, and does its bootloader find a
// program that it can start?
#include <inttypes.h>
#include <otapack/rboot.h>

#include "esp8266_flash.h"
#include "esp8266_tree.h"
#include "format_list.h"

// The addresses in the code say where it was linked for; where they do not, its slot does.
static void check_slot(struct judge *j, struct node *n, uint64_t at)
{
    const struct otapack_esp8266_v2 *v2 = esp8266_v2_of(n);
    uint8_t slot = v2 == NULL ? 0 : otapack_esp8266_v2_slot(v2);
    uint64_t linked = node_number(n, "flash_offset"), place = at % ESP8266_MAPPED_SIZE;
    if (node_field(n, "flash_offset") != NULL) {
        found(j, n, CHECK_ESP8266_SLOT, linked == place,
              "it lies at 0x%" PRIx64 ", and most addresses in it are those of code at 0x%" PRIx64,
              at, linked);
    } else if (slot != 0) {
        found(j, n, CHECK_ESP8266_SLOT, slot == 1 || at != OTAPACK_ESP8266_SECTOR,
              "user%u.bin lies at 0x%" PRIx64, slot, at);
    }
}

static bool can_start(const struct node *part)
{
    bool known = node_is(part, &format_esp8266_v2) || node_is(part, &format_esp8266_image);
    return known && part->error == NULL && finding_against(part, CHECK_ESP8266_CHECKSUM) == NULL;
}

static const struct node *part_at(const struct node *flash, uint32_t at)
{
    const struct node *part = flash->parts;
    while (part != NULL && part->src.base - flash->src.base != at) {
        part = part->next;
    }
    return part;
}

static bool rom_starts(const struct node *flash, uint32_t at)
{
    const struct node *part = part_at(flash, at);
    return part != NULL && can_start(part);
}

static void soften(const struct node *part)
{
    for (struct finding *f = part->findings; f != NULL; f = f->next) {
        f->verdict = f->verdict == VERDICT_FAIL ? VERDICT_WARN : f->verdict;
    }
    for (const struct node *inner = part->parts; inner != NULL; inner = inner->next) {
        soften(inner);
    }
}

// A bootloader passes over a program that it cannot start, where there is another one. Where the
// file ends in it, the file is cut off.
static void pass_over(const struct node *flash, const struct node *part)
{
    uint64_t end = part->src.base + part->src.size - flash->src.base;
    if (!can_start(part) && !(part->error != NULL && end == flash->src.size)) {
        soften(part);
    }
}

// Is one of the ROMs there that rBoot will try? Those behind the end of the file are elsewhere.
static void check_roms(struct judge *j, struct node *n, const struct otapack_rboot_config *c)
{
    bool any = false, good = false;
    for (uint32_t i = 0; i < c->count; i++) {
        any = any || c->roms[i] < n->src.size;
        good = good || rom_starts(n, c->roms[i]);
    }
    if (any) {
        found(j, n, CHECK_ESP8266_ROM, good,
              "no ROM that rBoot could start lies where its configuration says");
    }
    for (uint32_t i = 0; good && i < c->count; i++) {
        const struct node *part = part_at(n, c->roms[i]);
        if (part != NULL) {
            pass_over(n, part);
        }
    }
}

// Espressif's bootloader starts the first slot, as long as nothing else was written to its
// settings.
static void pass_over_slots(const struct node *n)
{
    if (node_find(n, "config", -1) != NULL || !rom_starts(n, OTAPACK_ESP8266_SECTOR)) {
        return;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (node_is(part, &format_esp8266_v2)) {
            pass_over(n, part);
        }
    }
}

static void check_programs(struct judge *j, struct node *n)
{
    const struct esp8266_flash *f = n->parsed;
    struct otapack_rboot_config c;
    if (node_find(n, "config", -1) != NULL &&
        otapack_rboot_config_read(&n->src, OTAPACK_RBOOT_CONFIG_AT, &c).code == OTAPACK_OK) {
        check_roms(j, n, &c);
    }
    pass_over_slots(n);
    if (node_find(n, "partition_table", -1) != NULL) {
        found(j, n, CHECK_FLASH_NO_APP, f->has_app, "no app partition has an app");
    }
}

static void check_all_slots(struct judge *j, struct node *n)
{
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        if (node_is(part, &format_esp8266_v2)) {
            check_slot(j, part, part->src.base - n->src.base);
        }
    }
}

static void check_code(struct judge *j, struct node *n)
{
    const struct esp8266_flash *f = n->parsed;
    if (f->code_at != 0) {
        rule_esp8266_cut(j, n, f->code_at, f->code_end, f->length);
    }
    if (f->length != 0 && finding_against(n, CHECK_ESP8266_CUT) == NULL) {
        rule_esp8266_md5(j, n, f->length);
    }
}

const struct rule rules_esp8266_flash[] = {
    {.run = check_all_slots},
    {.run = check_code},
    {.run = check_programs},
    {.run = NULL},
};
