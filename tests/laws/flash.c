// SPDX-License-Identifier: Apache-2.0
#include "flash.h"

#include "../unit/unit.h"

struct flash flash_new(uint32_t from, uint8_t fill)
{
    return (struct flash){image_fill(fill, 0), from, fill};
}

void flash_fill_to(struct flash *f, uint32_t address)
{
    size_t at = address - f->from;
    assert_true(address >= f->from);
    if (at > f->file.n) {
        struct image more = image_fill(f->fill, at - f->file.n);
        image_append(&f->file, more.p, more.n);
        image_free(&more);
    }
}

void flash_put(struct flash *f, uint32_t address, const struct image *part)
{
    flash_fill_to(f, address + (uint32_t)part->n);
    image_put(&f->file, address - f->from, part->p, part->n);
}

void flash_put_file(struct flash *f, uint32_t address, const char *name)
{
    struct image im = image_load(name);
    flash_put(f, address, &im);
    image_free(&im);
}

void flash_save(struct flash *f, const char *name)
{
    image_save(&f->file, name);
    image_free(&f->file);
}

struct image flash_table(uint32_t app_at)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 2, app_at - 0x4000, 0x3000, "nvs");
    pt_entry(&table, 0, 0, app_at, 0x100000, "factory");
    pt_finish(&table);
    return table;
}
