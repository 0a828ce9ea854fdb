// SPDX-License-Identifier: Apache-2.0
//
// otapack/spiffs.h: a file system that is taken has its magic numbers where they belong, all but
// one; its pages are counted once each. The sizes of real blocks come cheap: what the input says is
// spread over so many bytes.
#include "fuzz.h"

#include <otapack/spiffs.h>

enum { SECTOR = 4096, SECTORS = 16, HEAD = 512 };

static void law_same_file_system(const struct otapack_spiffs *a, const struct otapack_spiffs *b)
{
    LAW(a->page_size == b->page_size && a->block_size == b->block_size);
    LAW(a->block_count == b->block_count && a->counted == b->counted);
    LAW(a->magic_at == b->magic_at && a->unerased == b->unerased && a->present == b->present);
    LAW(a->pages == b->pages && a->used_pages == b->used_pages);
    LAW(a->deleted_pages == b->deleted_pages);
}

static void law_taken(const struct otapack_spiffs *fs, const uint8_t *data, size_t size)
{
    uint32_t wrong = 0;
    LAW((uint64_t)fs->present * fs->block_size <= size && fs->present <= fs->block_count);
    for (uint32_t i = 0; i < fs->present; i++) {
        const uint8_t *p = data + (size_t)i * fs->block_size + fs->magic_at;
        uint32_t left = fs->counted ? fs->block_count - i : 0;
        wrong += otapack_le16(p) != (0x0529u ^ fs->page_size ^ left) ||
                 otapack_le16(p - 2) == otapack_le16(p);
    }
    LAW(wrong == fs->unerased && wrong <= 1 && fs->block_count >= 3);
    LAW(fs->used_pages + fs->deleted_pages <= fs->pages);
    LAW(fs->pages < (fs->present - wrong) * (fs->block_size / fs->page_size));
    LAW(otapack_spiffs_size(fs) == (uint64_t)fs->block_size * fs->block_count);
}

// Each page that is some file's is one of those that were counted, and lies where it can.
static void law_pages(const struct otapack_source *src, const struct otapack_spiffs *fs)
{
    uint32_t used = 0;
    for (uint32_t block = 0; block < fs->present; block++) {
        for (uint32_t i = 0; i < otapack_spiffs_entries(fs); i++) {
            struct otapack_spiffs_page page;
            struct otapack_spiffs_file file;
            LAW(otapack_spiffs_read_page(src, fs, block, i, &page).code == OTAPACK_OK);
            if (page.used) {
                used++;
                LAW(page.at + fs->page_size <= (uint64_t)fs->present * fs->block_size);
                LAW(otapack_spiffs_read_file(src, &page, &file).code == OTAPACK_OK);
            }
        }
    }
    LAW(used <= fs->used_pages);
}

// The n-th part of the input is the head of the n-th sector; behind it is erased flash.
static size_t spread(const uint8_t *data, size_t size, uint8_t *to)
{
    size_t n = size == 0 ? 0 : (size - 1) / HEAD + 1;
    n = n > SECTORS ? SECTORS : n;
    memset(to, 0xFF, n * SECTOR);
    for (size_t i = 0; i < n; i++) {
        size_t left = size - i * HEAD;
        memcpy(to + i * SECTOR, data + i * HEAD, left < HEAD ? left : HEAD);
    }
    return n * SECTOR;
}

static void try_bytes(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_spiffs fs, other;
    struct otapack_status s = otapack_spiffs_open(&src, &fs);
    law_same(s, otapack_spiffs_open(&hook, &other));
    law_same_file_system(&fs, &other);
    LAW(s.code == OTAPACK_OK || s.code == OTAPACK_NOT_THIS || s.code == OTAPACK_TRUNCATED);
    LAW((s.code == OTAPACK_TRUNCATED) == (size < 2 * SECTOR));
    if (s.code == OTAPACK_OK) {
        law_taken(&fs, data, size);
        law_pages(&src, &fs);
    }
    unsigned all = h.reads;
    h.reads = 0;
    h.fail_at = 1 + (unsigned)(size % (all + 1));
    s = otapack_spiffs_open(&hook, &other);
    LAW((s.code == OTAPACK_READ_FAILED) == (h.fail_at <= all));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t sectors[SECTORS * SECTOR];
    try_bytes(data, size);
    try_bytes(sectors, spread(data, size, sectors));
    return 0;
}
