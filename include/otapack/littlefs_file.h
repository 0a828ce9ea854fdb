/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/littlefs_file.h: the files in the root folder of a LittleFS file system.
 *
 * A folder is a list of pairs of blocks, each a log as littlefs.h has it; the first one is the pair
 * with the superblock, and a hard tail names the next one. In a log the entries have numbers, which
 * others that come and go move up and down; so what the log says of one is looked for from its end.
 *
 *     type 0x001: the name of a file, 0x002: of a folder | 0x201: a file's bytes | 0x202: where a
 *     file's last block is, and how many bytes it has | 0x401, 0x4FF: an entry is put in, is taken
 *     out, those from there on move | 0x601: the pair that follows in this folder
 *
 *     block 0        block 1          block 2             block 3
 *     +--------+     +---+------+     +---+---+------+    +---+------+
 *     | bytes  | <-- | 0 | ...  | <-- | 1 | 0 | ...  | <--| 2 | ...  |
 *     +--------+     +---+------+     +---+---+------+    +---+------+
 *     The blocks of a file, each with pointers before its bytes: the one that is 1 before it, and
 *     where its number can be divided by 2, 4, 8 ..., those that are 2, 4, 8 ... before it.
 *
 *     struct otapack_littlefs_walk walk;
 *     struct otapack_littlefs_file file;
 *     bool more = true;
 *     struct otapack_status s = otapack_littlefs_root(&src, &fs, &walk);
 *     while (s.code == OTAPACK_OK && more) {
 *         s = otapack_littlefs_next(&src, &fs, &walk, &file, &more);
 *         if (more)
 *             look_at(&file);
 *     }
 *
 * What ends: pairs in a circle are noticed, there are no more bytes in files than in the file
 * system, and OTAPACK_LITTLEFS_MAX_TAGS are looked at. Which blocks of a file are read goes by its
 * length alone; the pointers only say where these are.
 *
 * A move from folder to folder that the power cut off leaves a file in both: it is listed in both,
 * which littlefs does not do.
 *
 * Source of the facts: littlefs 2.11: its specification, lfs.c (lfs_dir_fetchmatch,
 * lfs_dir_getslice, lfs_ctz_find).
 */
#ifndef OTAPACK_LITTLEFS_FILE_H
#define OTAPACK_LITTLEFS_FILE_H

#include "littlefs.h"

#define OTAPACK_LITTLEFS_MAX_TAGS 0x200000u /* that are looked at, of all entries of a folder */
#define OTAPACK_LITTLEFS_NO_ID_ 0x3FFu      /* of what is about no entry */
#define OTAPACK_LITTLEFS_FILE_ 0x001u
#define OTAPACK_LITTLEFS_FOLDER_ 0x002u
#define OTAPACK_LITTLEFS_INLINE_ 0x201u
#define OTAPACK_LITTLEFS_BLOCKS_ 0x202u

struct otapack_littlefs_file {
    bool is_folder;     /* of which nothing but the name is known */
    bool in_log;        /* its bytes stand in the log; else in blocks of its own */
    uint32_t name_size; /* at least 1 */
    uint32_t size;
    uint64_t name_at;
    uint64_t data_at; /* of its bytes, or of the number of its last block */
    uint32_t head;    /* that block */
};

/* Where in a folder one is. */
struct otapack_littlefs_walk {
    uint64_t at;                      /* of the block that counts, of the pair */
    uint32_t used;                    /* its bytes, up to the end of its last whole commit */
    struct otapack_littlefs_log_ log; /* what that says */
    uint32_t next;                    /* the number of the entry that comes next */
    uint32_t tags;                    /* how many more there may be */
    uint64_t bytes;                   /* in files, likewise */
    uint32_t mark[2];                 /* a pair that was read before: who comes by is in a circle */
    uint32_t pairs, lap;              /* since then; after how many the mark is set anew */
};

/* How often `size` goes into `n`: bit by bit, some chips have no division. */
static inline uint32_t otapack_littlefs_divide_(uint32_t n, uint32_t size)
{
    uint32_t times = 0, rest = 0;
    for (uint32_t bit = 0x80000000u; bit != 0; bit >>= 1) {
        rest += rest + ((n & bit) != 0);
        if (rest >= size) {
            rest -= size;
            times |= bit;
        }
    }
    return times;
}

/* How many pointers of 4 bytes the blocks 1 to n of a file have, but for one each. */
static inline uint32_t otapack_littlefs_ones_(uint32_t n)
{
    uint32_t ones = 0;
    while (n != 0) {
        n &= n - 1;
        ones++;
    }
    return ones;
}

/* In which block of a file the byte at `at` is, and where in that. */
static inline uint32_t otapack_littlefs_index_(const struct otapack_littlefs *fs, uint32_t at,
                                               uint32_t *off)
{
    /* With the two pointers that a block has on average; the first blocks have fewer. */
    uint32_t room = fs->block_size - 8, i = otapack_littlefs_divide_(at, room);
    *off = at;
    if (i != 0) {
        i = otapack_littlefs_divide_(at - 4 * (otapack_littlefs_ones_(i - 1) + 2), room);
        *off = at - room * i - 4 * otapack_littlefs_ones_(i);
    }
    return i;
}

static inline struct otapack_status otapack_littlefs_forbidden_(const char *field, uint64_t at,
                                                                uint64_t value, uint64_t limit)
{
    return otapack_status_make(OTAPACK_FORBIDDEN, field, at, value, limit);
}

/* Where in the source block `i` of the file begins. OTAPACK_FORBIDDEN: no block has that number. */
static inline struct otapack_status otapack_littlefs_find_(const struct otapack_source *src,
                                                           const struct otapack_littlefs *fs,
                                                           const struct otapack_littlefs_file *file,
                                                           uint32_t i, uint64_t *at)
{
    uint32_t off, block = file->head, now = otapack_littlefs_index_(fs, file->size - 1, &off);
    uint64_t from = file->data_at;
    while (block < fs->block_count) {
        uint8_t raw[4] = {0};
        uint32_t step = 1;
        struct otapack_status s;
        *at = otapack_littlefs_bytes_(fs, block);
        if (now <= i) {
            return otapack_good();
        }
        from = *at;
        while ((now & step) == 0 && step <= now - i - step) {
            step += step;
            from += 4;
        }
        s = otapack_read(src, from, raw, sizeof(raw), OTAPACK_NAME("pointer"));
        if (s.code != OTAPACK_OK) {
            return s;
        }
        block = otapack_le32(raw);
        now -= step;
    }
    return otapack_littlefs_forbidden_(OTAPACK_NAME("pointer"), from, block, fs->block_count - 1);
}

/*
 * Reads bytes of a file from `at` on: `most` of them, or as many as there are up to the end of the
 * block that they are in, or of the file. `*n` says how many, at the end of the file 0. OTAPACK_OK;
 * OTAPACK_FORBIDDEN (pointer); OTAPACK_TRUNCATED; OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_littlefs_read(const struct otapack_source *src,
                                                          const struct otapack_littlefs *fs,
                                                          const struct otapack_littlefs_file *file,
                                                          uint32_t at, uint8_t *to, uint32_t most,
                                                          uint32_t *n)
{
    uint64_t from = file->data_at;
    uint32_t left = at < file->size ? file->size - at : 0, i, off = at;
    struct otapack_status s = otapack_good();
    *n = 0;
    if (file->is_folder || left == 0 || most == 0) {
        return s;
    }
    if (!file->in_log) {
        i = otapack_littlefs_index_(fs, at, &off);
        s = otapack_littlefs_find_(src, fs, file, i, &from);
        left = left < fs->block_size - off ? left : fs->block_size - off;
    }
    if (s.code == OTAPACK_OK) {
        *n = left < most ? left : most;
        s = otapack_read(src, from + off, to, *n, OTAPACK_NAME("file"));
    }
    return s;
}

/* Can all blocks of a file be found, and are they there? As otapack_littlefs_read says it. */
static inline struct otapack_status otapack_littlefs_check(const struct otapack_source *src,
                                                           const struct otapack_littlefs *fs,
                                                           const struct otapack_littlefs_file *file)
{
    uint32_t off, last;
    if (file->is_folder || file->in_log || file->size == 0) {
        return otapack_good();
    }
    last = otapack_littlefs_index_(fs, file->size - 1, &off);
    for (uint32_t i = 0; i <= last; i++) {
        uint32_t used = i < last ? fs->block_size : off + 1;
        uint64_t at = 0;
        struct otapack_status s = otapack_littlefs_find_(src, fs, file, i, &at);
        if (s.code == OTAPACK_OK && !otapack_has(src, at, used)) {
            s = otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("file"), at, at + used,
                                    src->size);
        }
        if (s.code != OTAPACK_OK) {
            return s;
        }
    }
    return otapack_good();
}

/* ---- The folder ------------------------------------------------------------------------------ */

/*
 * Reads the pair of these two blocks: the later one, or the other one where that has no whole
 * commit. OTAPACK_MISMATCH (crc): neither has.
 */
static inline struct otapack_status otapack_littlefs_pair_(const struct otapack_source *src,
                                                           const struct otapack_littlefs *fs,
                                                           const uint32_t *blocks,
                                                           struct otapack_littlefs_walk *walk)
{
    struct otapack_littlefs_scan_ first, second;
    struct otapack_littlefs a, b;
    struct otapack_status s;
    bool later;
    bool circle = walk->lap != 0 && blocks[0] == walk->mark[0] && blocks[1] == walk->mark[1];
    if (circle || blocks[0] >= fs->block_count || blocks[1] >= fs->block_count) {
        uint32_t wrong = blocks[0] >= fs->block_count ? blocks[0] : blocks[1];
        return otapack_littlefs_forbidden_(OTAPACK_NAME("tail"), walk->at, wrong,
                                           fs->block_count - 1);
    }
    if (++walk->pairs > walk->lap) { /* laps grow, so that one is as long as any circle */
        walk->mark[0] = blocks[0];
        walk->mark[1] = blocks[1];
        walk->lap += walk->lap + 1;
        walk->pairs = 0;
    }
    s = otapack_littlefs_scan_block_(src, otapack_littlefs_bytes_(fs, blocks[0]), fs->block_size,
                                     &first, &a);
    if (s.code == OTAPACK_READ_FAILED) {
        return s;
    }
    s = otapack_littlefs_scan_block_(src, otapack_littlefs_bytes_(fs, blocks[1]), fs->block_size,
                                     &second, &b);
    if (s.code == OTAPACK_READ_FAILED) {
        return s;
    }
    if (a.used == 0 && b.used == 0) {
        return otapack_status_make(OTAPACK_MISMATCH, OTAPACK_NAME("crc"),
                                   otapack_littlefs_bytes_(fs, blocks[0]), 0, fs->block_size);
    }
    later = a.used == 0 || (b.used != 0 && b.revision - a.revision - 1u < 0x7FFFFFFFu);
    walk->at = later ? b.block_at : a.block_at;
    walk->used = later ? b.used : a.used;
    walk->log = later ? second.whole : first.whole;
    walk->next = 0;
    return otapack_good();
}

/*
 * Begins with the root folder of a file system that otapack_littlefs_open took. OTAPACK_OK;
 * OTAPACK_MISMATCH (crc); OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_littlefs_root(const struct otapack_source *src,
                                                          const struct otapack_littlefs *fs,
                                                          struct otapack_littlefs_walk *walk)
{
    const uint32_t blocks[2] = {0, 1};
    memset(walk, 0, sizeof(*walk));
    walk->tags = OTAPACK_LITTLEFS_MAX_TAGS;
    walk->bytes = otapack_littlefs_size(fs);
    return otapack_littlefs_pair_(src, fs, blocks, walk);
}

/* What is said of an entry, where in the source: of its name, and of its bytes. */
struct otapack_littlefs_found_ {
    uint32_t name, data; /* tags; 0: nothing was said */
    uint64_t name_at, data_at;
};

/* A tag, of the entry that is looked for: what was said last counts. */
static inline void otapack_littlefs_take_(struct otapack_littlefs_found_ *found, uint32_t tag,
                                          uint64_t at)
{
    uint32_t kind = otapack_littlefs_kind_(tag);
    /* The superblock has a name too, of another kind. */
    if (kind == OTAPACK_LITTLEFS_NAMES_ && (tag >> 20 & 0x80u) == 0 && found->name == 0) {
        found->name = tag;
        found->name_at = at;
    } else if (kind == OTAPACK_LITTLEFS_STRUCTS_ && found->data == 0) {
        found->data = tag;
        found->data_at = at;
    }
}

/* Looks through the log from its end for what it says of entry `id`. */
static inline struct otapack_status otapack_littlefs_entry_(const struct otapack_source *src,
                                                            struct otapack_littlefs_walk *walk,
                                                            uint32_t id,
                                                            struct otapack_littlefs_found_ *found)
{
    uint32_t off = walk->used, tag = walk->log.tag;
    memset(found, 0, sizeof(*found));
    while (off >= 8 + otapack_littlefs_length_(tag) && (found->name == 0 || found->data == 0)) {
        uint8_t raw[4] = {0};
        struct otapack_status s;
        if (walk->tags == 0) {
            return otapack_littlefs_forbidden_(OTAPACK_NAME("entries"), walk->at,
                                               OTAPACK_LITTLEFS_MAX_TAGS + 1,
                                               OTAPACK_LITTLEFS_MAX_TAGS);
        }
        walk->tags--;
        off -= 4 + otapack_littlefs_length_(tag);
        if (otapack_littlefs_kind_(tag) == OTAPACK_LITTLEFS_SPLICES_ &&
            otapack_littlefs_id_(tag) <= id) {
            if (tag >> 20 == OTAPACK_LITTLEFS_CREATE_ && otapack_littlefs_id_(tag) == id) {
                break; /* before that there was none */
            }
            id += tag >> 20 == OTAPACK_LITTLEFS_CREATE_ ? 0xFFFFFFFFu : 0u;
            id += tag >> 20 == OTAPACK_LITTLEFS_DELETE_;
        } else if (otapack_littlefs_id_(tag) == id) {
            otapack_littlefs_take_(found, tag, walk->at + off + 4);
        }
        s = otapack_read(src, walk->at + off, raw, sizeof(raw), OTAPACK_NAME("tag"));
        if (s.code != OTAPACK_OK) {
            return s;
        }
        tag = (otapack_littlefs_be32_(raw) ^ tag) & 0x7FFFFFFFu;
    }
    return otapack_good();
}

/* What was found, as a file. `*is`: it is one, or a folder. */
static inline struct otapack_status otapack_littlefs_file_(const struct otapack_source *src,
                                                           struct otapack_littlefs_walk *walk,
                                                           const struct otapack_littlefs_found_ *f,
                                                           struct otapack_littlefs_file *file,
                                                           bool *is)
{
    uint32_t kind = f->name >> 20, type = f->data >> 20;
    uint8_t raw[8] = {0};
    struct otapack_status s = otapack_good();
    file->is_folder = kind == OTAPACK_LITTLEFS_FOLDER_;
    file->in_log = type == OTAPACK_LITTLEFS_INLINE_;
    file->name_size = otapack_littlefs_length_(f->name);
    file->name_at = f->name_at;
    file->data_at = f->data_at;
    *is = (file->is_folder || (kind == OTAPACK_LITTLEFS_FILE_ &&
                               (file->in_log || type == OTAPACK_LITTLEFS_BLOCKS_))) &&
          file->name_size > 0 && (f->data & 0x3FFu) != 0x3FFu;
    if (!*is || file->is_folder) {
        return s;
    }
    file->size = otapack_littlefs_length_(f->data);
    if (!file->in_log) {
        s = otapack_read(src, f->data_at, raw, sizeof(raw), OTAPACK_NAME("file"));
        file->head = otapack_le32(raw);
        file->size = otapack_le32(raw + 4);
    }
    if (s.code == OTAPACK_OK && file->size > walk->bytes) {
        s = otapack_littlefs_forbidden_(OTAPACK_NAME("size"), f->data_at, file->size, walk->bytes);
    }
    walk->bytes -= s.code == OTAPACK_OK ? file->size : 0;
    return s;
}

/*
 * The next file or folder, in the order of their names. `*more`: there is one. OTAPACK_OK;
 * OTAPACK_MISMATCH (crc) for a pair of blocks of which neither has a whole commit;
 * OTAPACK_FORBIDDEN: tail (no such block, or they go in a circle), size (more bytes in files than
 * there are), entries (more than OTAPACK_LITTLEFS_MAX_TAGS looks through: littlefs reads such a
 * folder); OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_littlefs_next(const struct otapack_source *src,
                                                          const struct otapack_littlefs *fs,
                                                          struct otapack_littlefs_walk *walk,
                                                          struct otapack_littlefs_file *file,
                                                          bool *more)
{
    struct otapack_status s = otapack_good();
    *more = false;
    memset(file, 0, sizeof(*file));
    while (!*more && s.code == OTAPACK_OK) {
        struct otapack_littlefs_found_ found;
        if (walk->next < walk->log.ids && walk->next < OTAPACK_LITTLEFS_NO_ID_) {
            s = otapack_littlefs_entry_(src, walk, walk->next++, &found);
            if (s.code == OTAPACK_OK) {
                s = otapack_littlefs_file_(src, walk, &found, file, more);
            }
        } else if (walk->log.hard && walk->log.tail[0] != 0xFFFFFFFFu &&
                   walk->log.tail[1] != 0xFFFFFFFFu) {
            const uint32_t blocks[2] = {walk->log.tail[0], walk->log.tail[1]};
            s = otapack_littlefs_pair_(src, fs, blocks, walk);
        } else {
            break;
        }
    }
    *more = *more && s.code == OTAPACK_OK;
    return s;
}

#endif
