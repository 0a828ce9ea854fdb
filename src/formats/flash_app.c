// SPDX-License-Identifier: Apache-2.0
#include "flash_app.h"

#include <otapack/app_desc.h>
#include <otapack/esp_image.h>

#include "signature.h"

bool flash_app_is_one(const struct otapack_source *here, const struct otapack_esp_image *image)
{
    const struct chip *chip = chip_by_id(image->header.chip_id);
    struct otapack_app_desc desc;
    bool mapped = false;
    for (uint32_t i = 0; chip != NULL && i < image->segments_read; i++) {
        mapped = mapped || chip_is_flash_mapped(chip, image->segments[i].load_addr);
    }
    return mapped || otapack_app_desc_read(here, OTAPACK_APP_DESC_AT, &desc).code == OTAPACK_OK;
}

uint64_t flash_app_length(const struct otapack_source *src, uint64_t at, bool *whole)
{
    struct otapack_source here = otapack_part(src, at, src->size);
    struct otapack_esp_image image;
    struct otapack_status s = otapack_esp_image_open(&here, &image);
    *whole = s.code == OTAPACK_OK;
    if (*whole) {
        return signature_extent(&here, image.length, chip_by_id(image.header.chip_id));
    }
    if (image.header.magic != OTAPACK_ESP_MAGIC) {
        return 0;
    }
    return s.code == OTAPACK_TRUNCATED && s.value > image.padding_at ? s.value : image.padding_at;
}

static bool is_app_partition(const struct otapack_partition *p)
{
    return p->type == OTAPACK_PARTITION_TYPE_APP && p->size > 0;
}

// Does something begin with the header of an ESP image where this app partition begins?
static bool is_filled(const struct otapack_source *src, const struct flash_layout *l,
                      const struct otapack_partition *p)
{
    uint64_t at = flash_layout_at(l, p->offset);
    struct otapack_source here = otapack_part(src, at, p->size);
    struct otapack_esp_header header;
    return is_app_partition(p) && at != UINT64_MAX &&
           otapack_esp_header_read(&here, &header).code == OTAPACK_OK;
}

bool flash_app_is_there(const struct otapack_source *src, const struct flash_layout *l,
                        const struct otapack_source *table, uint32_t count)
{
    struct otapack_partition p;
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        any = any ||
              (otapack_partition_read(table, i, &p).code == OTAPACK_OK && is_filled(src, l, &p));
    }
    return any;
}

// ---- Apps elsewhere -----------------------------------------------------------------------------

struct search {
    const struct otapack_source *src, *table;
    const struct flash_layout *layout;
    uint32_t count;
    bool bootable; // some app partition has its app
};

// The partition of the table that has this flash address; false: it is in none.
static bool partition_at(const struct search *s, uint64_t address, struct otapack_partition *p)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (otapack_partition_read(s->table, i, p).code == OTAPACK_OK && address >= p->offset &&
            address - p->offset < p->size) {
            return true;
        }
    }
    return false;
}

// Does the table or an app in its place lie over these bytes? What is left of them is a rest.
static bool is_under(const struct search *s, uint64_t at, uint64_t size)
{
    const struct flash_layout *l = s->layout;
    bool under = l->has_table && at <= l->table_at && at + size > l->table_at;
    for (uint32_t i = 0; i < s->count; i++) {
        struct otapack_partition p;
        if (otapack_partition_read(s->table, i, &p).code == OTAPACK_OK &&
            is_filled(s->src, l, &p)) {
            uint64_t app = flash_layout_at(l, p.offset);
            under = under || (at < app && at + size > app);
        }
    }
    return under;
}

// How long is the app here that belongs elsewhere? Data may well hold one: that of another chip, or
// any where the device has its own.
static uint64_t stray_length(const struct search *s, uint64_t at)
{
    struct otapack_source here = otapack_part(s->src, at, s->src->size);
    struct otapack_esp_image image;
    struct otapack_partition p;
    if (otapack_esp_image_open(&here, &image).code != OTAPACK_OK ||
        !flash_app_is_one(&here, &image)) {
        return 0;
    }
    const struct chip *chip = chip_by_id(image.header.chip_id);
    uint64_t size = signature_extent(&here, image.length, chip);
    bool data = partition_at(s, s->layout->base + at, &p) && !is_app_partition(&p);
    bool other = s->bootable || chip == NULL || chip != s->layout->chip;
    return (data && other) || is_under(s, at, size) ? 0 : size;
}

// Is this the app of the partition that begins here?
static bool is_placed(const struct search *s, uint64_t at)
{
    struct otapack_partition p;
    uint64_t address = s->layout->base + at;
    return partition_at(s, address, &p) && p.offset == address && is_filled(s->src, s->layout, &p);
}

static uint64_t next_sector(uint64_t at)
{
    return (at + FLASH_SECTOR - 1) / FLASH_SECTOR * FLASH_SECTOR;
}

size_t flash_app_strays(const struct otapack_source *src, const struct flash_layout *l,
                        const struct otapack_source *table, uint32_t count,
                        struct flash_app *strays, size_t most)
{
    size_t n = 0;
    uint8_t first;
    const struct search s = {src, table, l, count, flash_app_is_there(src, l, table, count)};
    uint64_t at = l->has_bootloader ? next_sector(l->bootloader_at + l->bootloader_size) : 0;
    while (n < most && otapack_read(src, at, &first, 1, "").code == OTAPACK_OK) {
        bool whole, any = first == OTAPACK_ESP_MAGIC, placed = any && is_placed(&s, at);
        uint64_t size = placed ? flash_app_length(src, at, &whole) : any ? stray_length(&s, at) : 0;
        if (size > 0 && !placed) {
            strays[n++] = (struct flash_app){at, size};
        }
        at = next_sector(at + (size > 0 ? size : FLASH_SECTOR));
    }
    return n;
}
