// SPDX-License-Identifier: Apache-2.0
//
// otapack/littlefs.h: a superblock that is taken lies in a whole commit of one of the first two
// blocks; its numbers are those that stand there; what follows that commit changes nothing, unless
// it is the other block.
#include "fuzz.h"

#include <otapack/littlefs.h>

static void law_same_numbers(const struct otapack_littlefs *a, const struct otapack_littlefs *b)
{
    LAW(a->block_at == b->block_at && a->superblock_at == b->superblock_at);
    LAW(a->used == b->used && a->revision == b->revision && a->version == b->version);
    LAW(a->block_size == b->block_size && a->block_count == b->block_count);
    LAW(a->name_max == b->name_max && a->file_max == b->file_max && a->attr_max == b->attr_max);
}

static void law_taken(const struct otapack_littlefs *fs, const uint8_t *data, size_t size)
{
    LAW(fs->block_at == 0 || fs->block_at == fs->block_size);
    LAW(fs->used <= fs->block_size && fs->block_at + fs->used <= size);
    LAW(fs->superblock_at > fs->block_at);
    LAW(fs->superblock_at + OTAPACK_LITTLEFS_SUPERBLOCK_SIZE + 8 <= fs->block_at + fs->used);
    const uint8_t *p = data + fs->superblock_at;
    LAW(otapack_le32(data + fs->block_at) == fs->revision);
    LAW(otapack_le32(p) == fs->version && fs->version >> 16 == 2 && (fs->version & 0xFFFF) <= 1);
    LAW(otapack_le32(p + 4) == fs->block_size && otapack_le32(p + 8) == fs->block_count);
    LAW(otapack_littlefs_size(fs) == (uint64_t)fs->block_size * fs->block_count);
    LAW(otapack_littlefs_size(fs) >= 2 * (uint64_t)OTAPACK_LITTLEFS_MIN_BLOCK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_littlefs fs, other;
    struct otapack_status s = otapack_littlefs_open(&src, &fs);
    law_same(s, otapack_littlefs_open(&hook, &other));
    law_same_numbers(&fs, &other);
    LAW(s.code != OTAPACK_READ_FAILED && s.code != OTAPACK_REFUSED);
    law_points_into(s, size);
    if (s.code == OTAPACK_OK) {
        law_taken(&fs, data, size);
        src.size = fs.block_at + fs.used;
        LAW(otapack_littlefs_open(&src, &other).code == OTAPACK_OK);
        law_same_numbers(&fs, &other);
    }
    unsigned all = h.reads;
    h.reads = 0;
    h.fail_at = 1 + (unsigned)(size % (all + 1));
    s = otapack_littlefs_open(&hook, &other);
    LAW((s.code == OTAPACK_READ_FAILED) == (h.fail_at <= all));
    return 0;
}
