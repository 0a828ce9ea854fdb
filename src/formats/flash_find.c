// SPDX-License-Identifier: Apache-2.0
#include "flash_find.h"

#include <otapack/esp_image.h>

#include "flash_app.h"
#include "format_list.h"
#include "signature.h"
#include "source.h"

// Up to where in flash a table is looked for.
enum { TABLE_LAST = 0x40000 };

// ---- The bootloader -----------------------------------------------------------------------------

static bool is_blank(const struct otapack_source *src, uint64_t end)
{
    return source_is_filled(src, 0, end, 0xFF) || source_is_filled(src, 0, end, 0);
}

// Before the bootloader lies what its chip keeps there (the ESP32 the digest of Secure Boot v1,
// newer ones their keys), or nothing. A file that begins as an image is that image.
static bool head_is_possible(const struct otapack_source *src, uint64_t at, bool in_place)
{
    uint8_t first;
    return at == 0 || (otapack_read(src, 0, &first, 1, "").code == OTAPACK_OK &&
                       first != OTAPACK_ESP_MAGIC && (in_place || is_blank(src, at)));
}

static bool is_bootloader(const struct otapack_source *src, uint64_t at, uint64_t base,
                          struct flash_layout *l)
{
    struct otapack_source here = otapack_part(src, at, src->size);
    struct otapack_esp_image image;
    if (!format_esp_image.probe(&here) ||
        otapack_esp_image_open(&here, &image).code != OTAPACK_OK) {
        return false;
    }
    const struct chip *chip = chip_by_id(image.header.chip_id);
    if (!head_is_possible(src, at, chip != NULL && at + base == chip->bootloader_at)) {
        return false;
    }
    l->has_bootloader = true;
    l->chip = chip;
    l->is_app = flash_app_is_one(&here, &image);
    l->bootloader_at = at;
    l->bootloader_size = signature_extent(&here, image.length, chip_by_id(image.header.chip_id));
    return true;
}

static void find_bootloader(const struct otapack_source *src, uint64_t base, struct flash_layout *l)
{
    static const uint64_t places[] = {0, 0x1000, 0x2000}; // of all the chips
    const size_t count = sizeof(places) / sizeof(places[0]);
    bool found = false;
    for (size_t i = 0; !found && base > 0 && i < count; i++) {
        found = places[i] >= base && is_bootloader(src, places[i] - base, base, l);
    }
    for (size_t i = 0; !found && i < count; i++) {
        found = is_bootloader(src, places[i], base, l);
    }
}

// ---- The table ----------------------------------------------------------------------------------

// A table that can be read; or, `damaged`, one that has the magic in one of its first two entries.
static bool is_table(const struct otapack_source *src, uint64_t at, bool damaged)
{
    struct otapack_source here = otapack_part(src, at, OTAPACK_PARTITION_TABLE_SIZE);
    struct otapack_partition_table t;
    uint8_t first[OTAPACK_PARTITION_ENTRY_SIZE * 2];
    if (!damaged) {
        return otapack_partition_table_open(&here, &t).code == OTAPACK_OK;
    }
    return otapack_read(&here, 0, first, sizeof(first), "").code == OTAPACK_OK &&
           (otapack_le16(first) == OTAPACK_PARTITION_MAGIC ||
            otapack_le16(first + OTAPACK_PARTITION_ENTRY_SIZE) == OTAPACK_PARTITION_MAGIC);
}

static uint64_t end_of_bootloader(const struct flash_layout *l)
{
    return l->has_bootloader ? l->bootloader_at + l->bootloader_size : 0;
}

static bool takes_table(struct flash_layout *l, uint64_t at)
{
    l->table_at = at;
    l->has_table = true;
    return true;
}

// At the usual address, a table may lie over the end of a bootloader that is too long: that is to
// be said. In an app it is data.
static bool is_at_usual(const struct otapack_source *src, uint64_t base, bool damaged,
                        struct flash_layout *l)
{
    uint64_t at = FLASH_TABLE_USUAL - base;
    bool behind = at >= end_of_bootloader(l);
    bool over = !damaged && !l->is_app && at > l->bootloader_at;
    return base <= FLASH_TABLE_USUAL && (behind || over) && is_table(src, at, damaged) &&
           takes_table(l, at);
}

// Elsewhere, behind the bootloader; what lies in an image is the image's.
static bool is_elsewhere(const struct otapack_source *src, bool damaged, struct flash_layout *l)
{
    uint64_t at = (end_of_bootloader(l) + FLASH_SECTOR - 1) / FLASH_SECTOR * FLASH_SECTOR;
    while (at <= TABLE_LAST && at < src->size) {
        struct otapack_source here = otapack_part(src, at, src->size);
        struct otapack_esp_image image;
        if (is_table(src, at, damaged)) {
            return takes_table(l, at);
        }
        bool jump = otapack_esp_image_open(&here, &image).code == OTAPACK_OK;
        at += jump ? (image.length + FLASH_SECTOR - 1) / FLASH_SECTOR * FLASH_SECTOR : FLASH_SECTOR;
    }
    return false;
}

static void find_table(const struct otapack_source *src, const uint64_t bases[2],
                       struct flash_layout *l)
{
    bool there = false;
    for (int damaged = 0; !there && damaged <= 1; damaged++) {
        there = is_at_usual(src, bases[0], damaged == 1, l) ||
                is_at_usual(src, bases[1], damaged == 1, l);
    }
    for (int damaged = 0; !there && damaged <= 1; damaged++) {
        there = is_elsewhere(src, damaged == 1, l);
    }
}

// ---- Where the file begins ----------------------------------------------------------------------

static bool has_apps(const struct otapack_source *src, const struct flash_layout *l, uint64_t base)
{
    struct flash_layout at_base = *l;
    struct otapack_source table = otapack_part(src, l->table_at, OTAPACK_PARTITION_TABLE_SIZE);
    struct otapack_partition_table t;
    at_base.base = base;
    (void)otapack_partition_table_open(&table, &t);
    return flash_app_is_there(src, &at_base, &table, t.count);
}

// The file begins so far into the flash that the ROM finds the bootloader, unless table and apps
// say that it begins at 0, with the bootloader in the wrong place.
static uint64_t choose_base(const struct otapack_source *src, const struct flash_layout *l,
                            uint64_t derived)
{
    if (derived == 0 || has_apps(src, l, derived) || l->table_at + derived == FLASH_TABLE_USUAL) {
        return derived;
    }
    return l->table_at == FLASH_TABLE_USUAL || has_apps(src, l, 0) ? 0 : derived;
}

// A table where it usually is, and nothing before it, or a bootloader where no ROM looks: a flash
// image all the same, and one that is to fail for that.
static bool lacks_bootloader(const struct otapack_source *src, struct flash_layout *l)
{
    bool found = false;
    if (!is_table(src, FLASH_TABLE_USUAL, false)) {
        return false;
    }
    for (uint64_t at = FLASH_SECTOR; !found && at < FLASH_TABLE_USUAL; at += FLASH_SECTOR) {
        found = is_bootloader(src, at, 0, l);
    }
    return found || is_blank(src, FLASH_TABLE_USUAL);
}

// A bootloader with an app behind it, and no table, is one too.
static bool lacks_table(const struct otapack_source *src, const struct flash_layout *l)
{
    struct flash_app app;
    return l->has_bootloader && !l->is_app && flash_app_strays(src, l, src, 0, &app, 1) > 0;
}

bool flash_find(const struct otapack_source *src, const struct read_options *options,
                struct flash_layout *l)
{
    bool given = options->flash_offset_given;
    *l = (struct flash_layout){.base = given ? options->flash_offset : 0};
    find_bootloader(src, l->base, l);
    bool flash = l->has_bootloader || lacks_bootloader(src, l);
    uint64_t derived =
        !l->has_bootloader || l->chip == NULL || l->chip->bootloader_at < l->bootloader_at
            ? 0
            : l->chip->bootloader_at - l->bootloader_at;
    const uint64_t bases[2] = {given ? l->base : derived, given ? l->base : 0};
    if (flash || given || options->is_flash) {
        find_table(src, bases, l);
    }
    if (!given) {
        l->base = l->has_table ? choose_base(src, l, derived) : derived;
    }
    return flash && (l->has_table || lacks_table(src, l));
}
