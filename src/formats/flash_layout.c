// SPDX-License-Identifier: Apache-2.0
#include "flash_layout.h"

uint64_t flash_layout_at(const struct flash_layout *l, uint64_t address)
{
    return address < l->base ? UINT64_MAX : address - l->base;
}

static bool overlaps(const struct otapack_partition *p, uint64_t address, uint64_t size)
{
    uint64_t end = (uint64_t)p->offset + p->size;
    return p->size > 0 && p->offset < address + size && address < end;
}

const char *flash_layout_under(const struct flash_layout *l, const struct otapack_partition *p)
{
    return l->has_table && overlaps(p, l->base + l->table_at, FLASH_SECTOR) ? "partition table"
           : l->has_bootloader && overlaps(p, l->base + l->bootloader_at, l->bootloader_size)
               ? "bootloader"
               : NULL;
}
