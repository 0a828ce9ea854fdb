/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/spiffs.h: an image of a SPIFFS file system, known by the magic numbers of its blocks.
 *
 * There is no superblock. Each block begins with lookup pages: an entry of 2 bytes for every other
 * page of it, which says whose that is. Behind the entries, at the end of the last lookup page,
 * stand a magic number and how often the block was erased.
 *
 *     0         2                           end - 4  end - 2  end      block_size
 *     +---------+--- ... -----+--- ... ----+--------+--------+-- ... --+
 *     | entry   | entry       | 0xFFFF     | magic  | erased | pages   |
 *     | 0xFFFF: free, 0: deleted, else id  |        |        |         |
 *     +---------+--- ... -----+--- ... ----+--------+--------+-- ... --+
 *
 *     magic: 0x0529 ^ page_size, and ^ what is left of blocks, this one counted, where that is set
 *     (SPIFFS_USE_MAGIC_LENGTH: ESP-IDF; the ESP8266's Arduino core has the shorter one)
 *
 * One block may be without it, as if it were being erased when the power went: a device erases it
 * when it mounts. Blocks of 4 to 64 KiB with pages of 128 to 2048 bytes are known here, both powers
 * of two, in file systems of three blocks and more, which all devices want.
 *
 *     struct otapack_spiffs fs;
 *     if (otapack_spiffs_open(&src, &fs).code == OTAPACK_OK)
 *         whole = otapack_spiffs_size(&fs) <= src.size;
 *
 * A file is an index, whose first page has its name and size, and pages of data, each of which says
 * whose it is and the how manieth:
 *
 *     page of data:   0 id   2 span   4 flags   5 the data
 *     first of index: 0 id | 0x8000   2 0   4 flags   8 size   12 type   13 name, 32 bytes
 *
 *     for (uint32_t block = 0; block < fs.present; block++)
 *         for (uint32_t i = 0; i < otapack_spiffs_entries(&fs); i++)
 *             if (otapack_spiffs_read_page(&src, &fs, block, i, &page).code == OTAPACK_OK &&
 * page.used) note(&page);
 *
 * Source of the facts: SPIFFS 0.3.7 (spiffs_nucleus.h, spiffs_nucleus.c), ESP-IDF's spiffsgen.py.
 */
#ifndef OTAPACK_SPIFFS_H
#define OTAPACK_SPIFFS_H

#include "base.h"

#define OTAPACK_SPIFFS_MAGIC 0x0529u
#define OTAPACK_SPIFFS_MIN_PAGE_BITS 7u /* 128 bytes */
#define OTAPACK_SPIFFS_MAX_PAGE_BITS 11u
#define OTAPACK_SPIFFS_MIN_BLOCK_BITS 12u /* 4096 bytes, a sector of flash */
#define OTAPACK_SPIFFS_MAX_BLOCK_BITS 16u
#define OTAPACK_SPIFFS_MIN_BLOCKS 3u
#define OTAPACK_SPIFFS_FREE 0xFFFFu /* entries */
#define OTAPACK_SPIFFS_DELETED 0u

#define OTAPACK_SPIFFS_PAGE_HEADER 5u
#define OTAPACK_SPIFFS_NAME_SIZE 32u

struct otapack_spiffs {
    uint32_t page_size, block_size, block_count;
    bool counted;      /* the magic numbers tell block_count; else it is as many as have one */
    uint32_t magic_at; /* in each block */
    uint32_t unerased; /* blocks without magic number: 0 or 1 */
    uint32_t present;  /* blocks that the source has whole, block_count at most */
    uint32_t pages;    /* of those, without lookup pages and what is unerased */
    uint32_t used_pages, deleted_pages;
};

/*
 * What the magic number of a block says. 0: nothing but itself; else how many blocks are left, in
 * 16 bits, and this one is of them: a file system of 65536 blocks and more has no such number.
 * UINT32_MAX, which has more bits than that: it is none.
 */
static inline struct otapack_status otapack_spiffs_magic_(const struct otapack_source *src,
                                                          const struct otapack_spiffs *fs,
                                                          uint64_t at, uint32_t *left)
{
    uint8_t raw[4] = {0};
    struct otapack_status s =
        otapack_read(src, at + fs->magic_at - 2, raw, sizeof(raw), OTAPACK_NAME("magic"));
    /* The same twice is a pattern: what stands before it is an entry, or nothing. */
    *left = otapack_le16(raw) == otapack_le16(raw + 2)
                ? UINT32_MAX
                : (uint32_t)otapack_le16(raw + 2) ^ OTAPACK_SPIFFS_MAGIC ^ fs->page_size;
    return s;
}

/* How the blocks that are there look, one after the other. */
struct otapack_spiffs_run_ {
    uint32_t seen, good, wrong; /* blocks */
    uint32_t end;               /* behind the last good one */
    uint32_t run;               /* good ones since the last wrong one */
};

/* Up to the second block that is wrong, or the last one that there can be. */
static inline struct otapack_status otapack_spiffs_walk_(const struct otapack_source *src,
                                                         const struct otapack_spiffs *fs,
                                                         struct otapack_spiffs_run_ *walk)
{
    uint64_t at = 0;
    memset(walk, 0, sizeof(*walk));
    while ((!fs->counted || walk->seen < fs->block_count) && otapack_has(src, at, fs->block_size)) {
        uint32_t left;
        struct otapack_status s = otapack_spiffs_magic_(src, fs, at, &left);
        if (s.code != OTAPACK_OK) {
            return s;
        }
        if (left == (fs->counted ? fs->block_count - walk->seen : 0)) {
            walk->good++;
            walk->run++;
            walk->end = walk->seen + 1;
        } else if (++walk->wrong < 2) {
            walk->run = 0;
        } else {
            break;
        }
        walk->seen++;
        at += fs->block_size;
    }
    return otapack_good();
}

/*
 * Are these the blocks that `fs` says? Where the magic numbers are counted, all but one have
 * theirs; a file that is cut off must show more of them, for how many there are was seen nowhere
 * else. Where they are not, the blocks end with the last that has one; every second of them is what
 * blocks of twice the size look like.
 */
static inline bool otapack_spiffs_takes_(const struct otapack_spiffs_run_ *walk,
                                         struct otapack_spiffs *fs)
{
    if (!fs->counted) {
        fs->block_count = walk->end;
        fs->present = walk->end;
        fs->unerased = walk->end - walk->good;
        return walk->end >= OTAPACK_SPIFFS_MIN_BLOCKS && !(walk->wrong == 2 && walk->run == 1);
    }
    fs->present = walk->seen;
    fs->unerased = walk->wrong;
    return walk->wrong < 2 && fs->block_count >= OTAPACK_SPIFFS_MIN_BLOCKS &&
           (walk->seen == fs->block_count || walk->good >= 4);
}

/* The same, with what the magic number of block `which` says of all: 0 or 1. */
static inline struct otapack_status otapack_spiffs_guess_(const struct otapack_source *src,
                                                          uint32_t which, struct otapack_spiffs *fs)
{
    struct otapack_spiffs_run_ walk;
    uint32_t left;
    struct otapack_status s =
        otapack_spiffs_magic_(src, fs, which == 0 ? 0 : fs->block_size, &left);
    if (s.code != OTAPACK_OK) {
        return s;
    }
    fs->counted = left != 0;
    fs->block_count = left + which;
    if (left <= 0xFFFFu) {
        s = otapack_spiffs_walk_(src, fs, &walk);
        if (s.code != OTAPACK_OK || otapack_spiffs_takes_(&walk, fs)) {
            return s;
        }
    }
    return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), fs->magic_at, left, 0);
}

/* Counts the entries of the blocks that are there. */
static inline struct otapack_status
otapack_spiffs_count_(const struct otapack_source *src, uint32_t entries, struct otapack_spiffs *fs)
{
    uint64_t at = 0;
    for (uint32_t block = 0; block < fs->present; block++) {
        uint32_t left;
        struct otapack_status s = otapack_spiffs_magic_(src, fs, at, &left);
        bool erased = left == (fs->counted ? fs->block_count - block : 0);
        for (uint32_t i = 0; i < entries && erased && s.code == OTAPACK_OK; i++) {
            uint8_t raw[2] = {0};
            s = otapack_read(src, at + 2 * (uint64_t)i, raw, sizeof(raw), OTAPACK_NAME("lookup"));
            fs->pages++;
            fs->deleted_pages += otapack_le16(raw) == OTAPACK_SPIFFS_DELETED;
            fs->used_pages += otapack_le16(raw) != OTAPACK_SPIFFS_DELETED &&
                              otapack_le16(raw) != OTAPACK_SPIFFS_FREE;
        }
        if (s.code != OTAPACK_OK) {
            return s;
        }
        at += fs->block_size;
    }
    return otapack_good();
}

/* With blocks and pages of 2 to these powers. */
static inline struct otapack_status otapack_spiffs_try_(const struct otapack_source *src,
                                                        uint32_t block_bits, uint32_t page_bits,
                                                        struct otapack_spiffs *fs)
{
    uint32_t pages = (uint32_t)1 << (block_bits - page_bits);
    uint32_t lookup = pages * 2 >> page_bits;
    struct otapack_status s;
    lookup = lookup == 0 ? 1 : lookup;
    memset(fs, 0, sizeof(*fs));
    fs->page_size = (uint32_t)1 << page_bits;
    fs->block_size = (uint32_t)1 << block_bits;
    fs->magic_at = (lookup << page_bits) - 4;
    if ((pages - lookup) * 2 > fs->magic_at) { /* no room for a magic number */
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0, 0, 0);
    }
    s = otapack_spiffs_guess_(src, 0, fs);
    if (s.code == OTAPACK_NOT_THIS) {
        s = otapack_spiffs_guess_(src, 1, fs);
    }
    return s.code == OTAPACK_OK ? otapack_spiffs_count_(src, pages - lookup, fs) : s;
}

/*
 * Finds blocks and pages by the magic numbers: of blocks of several sizes that would do, the
 * smallest. OTAPACK_OK; OTAPACK_NOT_THIS (magic) for what is no SPIFFS, or one without magic
 * numbers; OTAPACK_TRUNCATED for less than two blocks; OTAPACK_READ_FAILED. `fs` is whole only with
 * OTAPACK_OK.
 */
static inline struct otapack_status otapack_spiffs_open(const struct otapack_source *src,
                                                        struct otapack_spiffs *fs)
{
    const uint32_t least = (uint32_t)2 << OTAPACK_SPIFFS_MIN_BLOCK_BITS;
    struct otapack_status s =
        otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("magic"), 0, least, src->size);
    memset(fs, 0, sizeof(*fs));
    for (uint32_t block = OTAPACK_SPIFFS_MIN_BLOCK_BITS;
         block <= OTAPACK_SPIFFS_MAX_BLOCK_BITS && otapack_has(src, 0, (uint32_t)2 << block);
         block++) {
        for (uint32_t page = OTAPACK_SPIFFS_MIN_PAGE_BITS; page <= OTAPACK_SPIFFS_MAX_PAGE_BITS;
             page++) {
            s = otapack_spiffs_try_(src, block, page, fs);
            if (s.code != OTAPACK_NOT_THIS) {
                return s;
            }
        }
    }
    return s;
}

/* Bytes of the whole file system: all of its blocks. */
static inline uint64_t otapack_spiffs_size(const struct otapack_spiffs *fs)
{
    uint64_t size = fs->block_count;
    for (uint32_t bit = fs->block_size; bit > 1; bit >>= 1) {
        size += size;
    }
    return size;
}

/* ---- Files ----------------------------------------------------------------------------------- */

struct otapack_spiffs_page {
    bool used;     /* it is some file's, and whole; else nothing is said of it */
    bool index;    /* of an index: the first one of that, span 0, has name and size */
    uint32_t id;   /* of the file */
    uint32_t span; /* which of its pages it is, from 0; each has page_size less its header */
    uint64_t at;   /* of its header */
};

struct otapack_spiffs_file {
    uint32_t size; /* 0xFFFFFFFF while it is written */
    uint8_t type;  /* 1: a file */
    char name[OTAPACK_SPIFFS_NAME_SIZE];
};

/* Pages of a block that are in front of these, which have an entry each. */
static inline uint32_t otapack_spiffs_lookup_(const struct otapack_spiffs *fs)
{
    uint32_t lookup = 0;
    while ((lookup + 1) * fs->page_size <= fs->magic_at + 4) {
        lookup++;
    }
    return lookup;
}

/* How many entries a block has. */
static inline uint32_t otapack_spiffs_entries(const struct otapack_spiffs *fs)
{
    uint32_t pages = 1;
    for (uint32_t size = fs->page_size; size < fs->block_size; size += size) {
        pages += pages;
    }
    return pages - otapack_spiffs_lookup_(fs);
}

/* What a device takes for a page: no part of one that was being written, or was deleted. */
static inline bool otapack_spiffs_is_used_(const struct otapack_spiffs_page *page, uint32_t entry,
                                           const uint8_t *header)
{
    uint32_t flags = header[4];
    bool whole = (flags & 0x83u) == 0x80u; /* not deleted; used, and final */
    bool gone = page->index && page->span == 0 && (flags & 0x40u) == 0;
    return otapack_le16(header) == entry && whole && !gone;
}

/*
 * Reads the page of entry `i` of a block, of those that are there. OTAPACK_OK, also where it is no
 * file's; OTAPACK_TRUNCATED; OTAPACK_READ_FAILED. What the index says of where the pages lie is not
 * looked at: each says itself what it is.
 */
static inline struct otapack_status otapack_spiffs_read_page(const struct otapack_source *src,
                                                             const struct otapack_spiffs *fs,
                                                             uint32_t block, uint32_t i,
                                                             struct otapack_spiffs_page *page)
{
    uint8_t raw[OTAPACK_SPIFFS_PAGE_HEADER] = {0};
    uint32_t entry, from, left = 0;
    uint64_t at = block;
    struct otapack_status s;
    memset(page, 0, sizeof(*page));
    for (uint32_t size = fs->block_size; size > 1; size >>= 1) {
        at += at;
    }
    s = otapack_spiffs_magic_(src, fs, at, &left);
    if (s.code != OTAPACK_OK || left != (fs->counted ? fs->block_count - block : 0)) {
        return s; /* a device erases this block */
    }
    s = otapack_read(src, at + 2 * (uint64_t)i, raw, 2, OTAPACK_NAME("lookup"));
    entry = otapack_le16(raw);
    if (s.code != OTAPACK_OK || entry == OTAPACK_SPIFFS_FREE || entry == OTAPACK_SPIFFS_DELETED) {
        return s;
    }
    from = (otapack_spiffs_lookup_(fs) + i) * fs->page_size;
    page->at = at + from;
    s = otapack_read(src, page->at, raw, sizeof(raw), OTAPACK_NAME("page"));
    page->index = entry >> 15 != 0;
    page->id = entry & 0x7FFFu;
    page->span = otapack_le16(raw + 2);
    page->used = s.code == OTAPACK_OK && otapack_spiffs_is_used_(page, entry, raw);
    return s;
}

/* What the first page of an index says of its file. OTAPACK_OK, or as otapack_spiffs_read_page. */
static inline struct otapack_status otapack_spiffs_read_file(const struct otapack_source *src,
                                                             const struct otapack_spiffs_page *page,
                                                             struct otapack_spiffs_file *file)
{
    uint8_t raw[5 + OTAPACK_SPIFFS_NAME_SIZE] = {0};
    struct otapack_status s =
        otapack_read(src, page->at + 8, raw, sizeof(raw), OTAPACK_NAME("index"));
    memset(file, 0, sizeof(*file));
    if (s.code == OTAPACK_OK) {
        file->size = otapack_le32(raw);
        file->type = raw[4];
        memcpy(file->name, raw + 5, sizeof(file->name));
    }
    return s;
}

#endif
