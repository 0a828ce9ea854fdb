/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/littlefs.h: the superblock of an image of a LittleFS file system, version 2.
 *
 * The first two blocks are a pair: each is a log of commits, and the one with the later revision,
 * of those that have a whole commit, is the one that counts. Often only one of them has any.
 *
 *     0          4             off                off + 4           off + 4 + length
 *     +----------+-- ... ------+------------------+-----------------+-- ... --
 *     | revision | entries     | tag, big-endian  | data of the tag | entries
 *     +----------+-- ... ------+------------------+-----------------+-- ... --
 *
 *     tag, XORed with the tag before it, the first with 0xFFFFFFFF:
 *         31: no entry | 30..20 type | 19..10 id | 9..0 length; 0x3FF: none
 *     type 0x0FF: "littlefs", which so stands at 8
 *     type 0x201: a struct; that of id 0 is the superblock
 *     type 0x500: CRC of all since the last one, the end of a commit
 *         its bit 0 flips bit 31 of the tag that the next one is XORed with
 *
 *     superblock: 0 version | 4 block_size | 8 block_count | 12 name_max | 16 file_max
 *         20 attr_max
 *
 *     struct otapack_littlefs fs;
 *     if (otapack_littlefs_open(&src, &fs).code == OTAPACK_OK)
 *         whole = otapack_littlefs_size(&fs) <= src.size;
 *
 * Source of the facts: littlefs 2.0 to 2.11: its specification, lfs.c (lfs_dir_fetchmatch,
 * lfs_mount).
 */
#ifndef OTAPACK_LITTLEFS_H
#define OTAPACK_LITTLEFS_H

#include "base.h"

#define OTAPACK_LITTLEFS_MAGIC_AT 8u
#define OTAPACK_LITTLEFS_MAGIC_SIZE 8u
#define OTAPACK_LITTLEFS_SUPERBLOCK_SIZE 24u
#define OTAPACK_LITTLEFS_MIN_VERSION 0x00020000u
#define OTAPACK_LITTLEFS_MAX_VERSION 0x00020001u /* which devices with 2.0 do not mount */
#define OTAPACK_LITTLEFS_MIN_BLOCK 128u
#define OTAPACK_LITTLEFS_MAX_BLOCK 0x100000u /* what is read of a block before giving up */
#define OTAPACK_LITTLEFS_MIN_BLOCKS 2u
#define OTAPACK_LITTLEFS_MAX_NAME 1022u
#define OTAPACK_LITTLEFS_MAX_FILE 0x7FFFFFFFu
#define OTAPACK_LITTLEFS_MAX_ATTR 1022u

/* What entries are about. */
#define OTAPACK_LITTLEFS_NAMES_ 0x000u
#define OTAPACK_LITTLEFS_STRUCTS_ 0x200u
#define OTAPACK_LITTLEFS_SPLICES_ 0x400u /* an entry more, or one less */
#define OTAPACK_LITTLEFS_TAILS_ 0x600u
#define OTAPACK_LITTLEFS_CREATE_ 0x401u
#define OTAPACK_LITTLEFS_DELETE_ 0x4FFu

struct otapack_littlefs {
    uint64_t block_at;      /* of the block that counts, in the source */
    uint64_t superblock_at; /* of its six numbers; 0, where the block begins: there are none */
    uint32_t used;          /* bytes of the block, up to the end of its last whole commit */
    uint32_t revision;
    uint32_t version; /* major << 16 | minor */
    uint32_t block_size, block_count;
    uint32_t name_max, file_max, attr_max;
};

/* What the log of a block makes of a folder: littlefs_file.h reads on from there. */
struct otapack_littlefs_log_ {
    uint32_t tag;     /* the last one, as the next one is XORed with it */
    uint32_t ids;     /* its entries have at most so many, of which some may be gone */
    uint32_t tail[2]; /* the pair of blocks that follows */
    bool hard;        /* which has more entries of the same folder */
};

/* How far a block was read. */
struct otapack_littlefs_scan_ {
    uint64_t at;         /* of the block */
    uint32_t off, limit; /* of the next tag; where the block ends at the latest */
    uint32_t crc;        /* since the last commit */
    bool magic;          /* was seen */
    uint32_t superblock; /* of the commit that is being read, in the block; 0, its start: none */
    struct otapack_littlefs_log_ log, whole; /* so far; up to the last whole commit */
};

static inline uint32_t otapack_littlefs_crc_(uint32_t crc, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (uint32_t bit = 0; bit < 8; bit++) {
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
        }
    }
    return crc;
}

static inline uint32_t otapack_littlefs_be32_(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

/* The bytes of a tag's data; what is deleted has none. */
static inline uint32_t otapack_littlefs_length_(uint32_t tag)
{
    return (tag & 0x3FFu) == 0x3FFu ? 0 : tag & 0x3FFu;
}

/* Its type is one of these: OTAPACK_LITTLEFS_NAMES_ and so on. */
static inline uint32_t otapack_littlefs_kind_(uint32_t tag)
{
    return tag >> 20 & 0x700u;
}

static inline uint32_t otapack_littlefs_id_(uint32_t tag)
{
    return tag >> 10 & 0x3FFu;
}

static inline bool otapack_littlefs_is_magic_(const uint8_t *p)
{
    return memcmp(p, "littlefs", OTAPACK_LITTLEFS_MAGIC_SIZE) == 0;
}

/* What a tag, with the last of its data in `raw`, says of the folder. */
static inline void otapack_littlefs_note_(struct otapack_littlefs_log_ *log, uint32_t tag,
                                          const uint8_t *raw)
{
    uint32_t kind = otapack_littlefs_kind_(tag), id = otapack_littlefs_id_(tag);
    if (kind == OTAPACK_LITTLEFS_NAMES_) {
        log->ids = id >= log->ids ? id + 1 : log->ids;
    } else if (tag >> 20 == OTAPACK_LITTLEFS_CREATE_) {
        log->ids++;
    } else if (kind == OTAPACK_LITTLEFS_TAILS_ && otapack_littlefs_length_(tag) == 8) {
        log->tail[0] = otapack_le32(raw);
        log->tail[1] = otapack_le32(raw + 4);
        log->hard = (tag >> 20 & 1) != 0;
    }
}

/* Counts the data of the tag at `off`, and notes what they are. */
static inline struct otapack_status otapack_littlefs_data_(const struct otapack_source *src,
                                                           struct otapack_littlefs_scan_ *scan)
{
    uint8_t raw[32] = {0};
    uint32_t length = otapack_littlefs_length_(scan->log.tag), done = 0;
    uint32_t type_and_id = scan->log.tag >> 10 & 0x1FFFFFu;
    struct otapack_status s = otapack_good();
    while (done < length && s.code == OTAPACK_OK) {
        uint32_t n = length - done < sizeof(raw) ? length - done : (uint32_t)sizeof(raw);
        s = otapack_read(src, scan->at + scan->off + 4 + done, raw, n, OTAPACK_NAME("entry"));
        scan->crc = otapack_littlefs_crc_(scan->crc, raw, n);
        done += n;
    }
    otapack_littlefs_note_(&scan->log, scan->log.tag, raw);
    if (type_and_id == 0x0FFu << 10 && length == OTAPACK_LITTLEFS_MAGIC_SIZE) {
        scan->magic = scan->magic || otapack_littlefs_is_magic_(raw);
    } else if (type_and_id == 0x201u << 10) {
        scan->superblock = length < OTAPACK_LITTLEFS_SUPERBLOCK_SIZE ? 0 : scan->off + 4;
    }
    return s;
}

/* The superblock that a commit has made the one that holds. */
static inline struct otapack_status
otapack_littlefs_superblock_(const struct otapack_source *src,
                             const struct otapack_littlefs_scan_ *scan, struct otapack_littlefs *fs)
{
    uint8_t raw[OTAPACK_LITTLEFS_SUPERBLOCK_SIZE] = {0};
    struct otapack_status s = otapack_read(src, scan->at + scan->superblock, raw, sizeof(raw),
                                           OTAPACK_NAME("superblock"));
    if (s.code == OTAPACK_OK) {
        fs->superblock_at = scan->at + scan->superblock;
        fs->version = otapack_le32(raw);
        fs->block_size = otapack_le32(raw + 4);
        fs->block_count = otapack_le32(raw + 8);
        fs->name_max = otapack_le32(raw + 12);
        fs->file_max = otapack_le32(raw + 16);
        fs->attr_max = otapack_le32(raw + 20);
    }
    return s;
}

/* The CRC that the tag at `off` has, which ends a commit. `*good`: it fits. */
static inline struct otapack_status otapack_littlefs_commit_(const struct otapack_source *src,
                                                             struct otapack_littlefs_scan_ *scan,
                                                             struct otapack_littlefs *fs,
                                                             bool *good)
{
    uint8_t raw[4] = {0};
    struct otapack_status s =
        otapack_read(src, scan->at + scan->off + 4, raw, sizeof(raw), OTAPACK_NAME("crc"));
    *good = s.code == OTAPACK_OK && otapack_le32(raw) == scan->crc;
    if (!*good) {
        return s;
    }
    fs->used = scan->off + 4 + otapack_littlefs_length_(scan->log.tag);
    fs->superblock_at = 0;
    if (scan->magic && scan->superblock != 0) {
        s = otapack_littlefs_superblock_(src, scan, fs);
        scan->limit = fs->block_size < scan->limit ? fs->block_size : scan->limit;
    }
    scan->crc = 0xFFFFFFFFu;
    scan->log.tag ^= (scan->log.tag >> 20 & 1u) << 31;
    scan->whole = scan->log;
    return s;
}

/* Reads the entry at `off`. `*more`: the log goes on behind it. */
static inline struct otapack_status otapack_littlefs_step_(const struct otapack_source *src,
                                                           struct otapack_littlefs_scan_ *scan,
                                                           struct otapack_littlefs *fs, bool *more)
{
    uint8_t raw[4] = {0};
    uint32_t tag;
    struct otapack_status s =
        otapack_read(src, scan->at + scan->off, raw, sizeof(raw), OTAPACK_NAME("tag"));
    *more = false;
    if (s.code != OTAPACK_OK) {
        return s;
    }
    scan->crc = otapack_littlefs_crc_(scan->crc, raw, sizeof(raw));
    tag = otapack_littlefs_be32_(raw) ^ scan->log.tag;
    if (tag >> 31 != 0 || otapack_littlefs_length_(tag) > scan->limit - scan->off - 4) {
        return s;
    }
    scan->log.tag = tag;
    *more = true;
    s = (tag >> 20 & 0x780u) == 0x500u ? otapack_littlefs_commit_(src, scan, fs, more)
                                       : otapack_littlefs_data_(src, scan);
    scan->off += 4 + otapack_littlefs_length_(tag);
    return s;
}

/*
 * Reads the log of the block at `at`, of `limit` bytes at most, as far as it is whole: fs->used is
 * 0 where no commit is. OTAPACK_OK; OTAPACK_TRUNCATED where it does not even begin;
 * OTAPACK_READ_FAILED.
 */
static inline struct otapack_status
otapack_littlefs_scan_block_(const struct otapack_source *src, uint64_t at, uint32_t limit,
                             struct otapack_littlefs_scan_ *scan, struct otapack_littlefs *fs)
{
    uint8_t raw[4] = {0};
    bool more = true;
    struct otapack_status s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("revision"));
    memset(fs, 0, sizeof(*fs));
    memset(scan, 0, sizeof(*scan));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    fs->block_at = at;
    fs->revision = otapack_le32(raw);
    scan->at = at;
    scan->off = 4;
    scan->limit = src->size - at < limit ? (uint32_t)(src->size - at) : limit;
    scan->log.tag = 0xFFFFFFFFu;
    scan->log.tail[0] = scan->log.tail[1] = 0xFFFFFFFFu;
    scan->crc = otapack_littlefs_crc_(0xFFFFFFFFu, raw, sizeof(raw));
    while (more && s.code == OTAPACK_OK && scan->limit >= scan->off + 8) {
        s = otapack_littlefs_step_(src, scan, fs, &more);
    }
    return s;
}

/*
 * Reads a block with a superblock. OTAPACK_OK; OTAPACK_MISMATCH where it has no whole commit (crc),
 * or none with a superblock (superblock); and as otapack_littlefs_scan_block_.
 */
static inline struct otapack_status otapack_littlefs_block_(const struct otapack_source *src,
                                                            uint64_t at, uint32_t limit,
                                                            struct otapack_littlefs *fs)
{
    struct otapack_littlefs_scan_ scan;
    struct otapack_status s = otapack_littlefs_scan_block_(src, at, limit, &scan, fs);
    if (s.code == OTAPACK_OK && fs->superblock_at == 0) {
        s = otapack_status_make(OTAPACK_MISMATCH,
                                fs->used == 0 ? OTAPACK_NAME("crc") : OTAPACK_NAME("superblock"),
                                at, scan.off, scan.limit);
    }
    return s;
}

/* The numbers of a superblock, as far as no device mounts what has others. */
static inline struct otapack_status otapack_littlefs_judge_(const struct otapack_littlefs *fs)
{
    uint64_t at = fs->superblock_at;
    if (fs->version < OTAPACK_LITTLEFS_MIN_VERSION || fs->version > OTAPACK_LITTLEFS_MAX_VERSION) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("version"), at, fs->version,
                                   OTAPACK_LITTLEFS_MAX_VERSION);
    }
    if (fs->block_size < OTAPACK_LITTLEFS_MIN_BLOCK || fs->block_size < fs->used ||
        fs->block_size > OTAPACK_LITTLEFS_MAX_BLOCK) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("block_size"), at + 4,
                                   fs->block_size, OTAPACK_LITTLEFS_MAX_BLOCK);
    }
    if (fs->block_count < OTAPACK_LITTLEFS_MIN_BLOCKS) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("block_count"), at + 8,
                                   fs->block_count, UINT32_MAX);
    }
    if (fs->name_max > OTAPACK_LITTLEFS_MAX_NAME) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("name_max"), at + 12,
                                   fs->name_max, OTAPACK_LITTLEFS_MAX_NAME);
    }
    if (fs->file_max > OTAPACK_LITTLEFS_MAX_FILE) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("file_max"), at + 16,
                                   fs->file_max, OTAPACK_LITTLEFS_MAX_FILE);
    }
    if (fs->attr_max > OTAPACK_LITTLEFS_MAX_ATTR) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("attr_max"), at + 20,
                                   fs->attr_max, OTAPACK_LITTLEFS_MAX_ATTR);
    }
    return otapack_good();
}

/*
 * The second block, which begins where the first one ends: at `from`, or at twice that, up to `to`;
 * at the size that its own superblock says. OTAPACK_NOT_THIS: there is none.
 */
static inline struct otapack_status otapack_littlefs_second_(const struct otapack_source *src,
                                                             uint32_t from, uint32_t to,
                                                             struct otapack_littlefs *fs)
{
    for (uint32_t size = from; size <= to; size += size) {
        struct otapack_status s = otapack_littlefs_block_(src, size, size, fs);
        if (s.code == OTAPACK_READ_FAILED || (s.code == OTAPACK_OK && fs->block_size == size)) {
            return s;
        }
    }
    return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), OTAPACK_LITTLEFS_MAGIC_AT,
                               0, 0);
}

/*
 * Reads the superblock that counts. OTAPACK_OK; OTAPACK_NOT_THIS (magic); OTAPACK_MISMATCH (crc, or
 * superblock: it begins as a file system, and no commit is whole, or none with a superblock);
 * OTAPACK_FORBIDDEN (version, or another number that nothing mounts); OTAPACK_TRUNCATED or
 * OTAPACK_READ_FAILED. `fs` is whole only with OTAPACK_OK.
 *
 * What it costs: a commit is read once, a block to its last commit. Where the first block has none,
 * the second is looked for behind it, at the powers of two up to OTAPACK_LITTLEFS_MAX_BLOCK.
 */
static inline struct otapack_status otapack_littlefs_open(const struct otapack_source *src,
                                                          struct otapack_littlefs *fs)
{
    struct otapack_littlefs other;
    uint8_t head[OTAPACK_LITTLEFS_MAGIC_AT + OTAPACK_LITTLEFS_MAGIC_SIZE] = {0};
    uint32_t from = OTAPACK_LITTLEFS_MIN_BLOCK, to = OTAPACK_LITTLEFS_MAX_BLOCK;
    struct otapack_status s = otapack_read(src, 0, head, sizeof(head), OTAPACK_NAME("magic"));
    struct otapack_status second;
    memset(fs, 0, sizeof(*fs));
    memset(&other, 0, sizeof(other));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    s = otapack_littlefs_block_(src, 0, OTAPACK_LITTLEFS_MAX_BLOCK, fs);
    if (s.code == OTAPACK_OK) {
        s = otapack_littlefs_judge_(fs);
        from = to = fs->block_size;
    }
    if (s.code != OTAPACK_OK && s.code != OTAPACK_MISMATCH) {
        return s;
    }
    second = otapack_littlefs_second_(src, from, to, &other);
    if (second.code == OTAPACK_READ_FAILED) {
        return second;
    }
    if (second.code != OTAPACK_OK) {
        bool is_one =
            s.code == OTAPACK_OK || otapack_littlefs_is_magic_(head + OTAPACK_LITTLEFS_MAGIC_AT);
        return is_one ? s : second;
    }
    if (s.code != OTAPACK_OK || other.revision - fs->revision - 1u < 0x7FFFFFFFu) {
        *fs = other;
    }
    return otapack_littlefs_judge_(fs);
}

/* Bytes of so many blocks: added up bit by bit, some chips have no multiplication of 64 bits. */
static inline uint64_t otapack_littlefs_bytes_(const struct otapack_littlefs *fs, uint32_t blocks)
{
    uint64_t size = 0;
    for (uint32_t bit = 0x80000000u; bit != 0; bit >>= 1) {
        size += size;
        size += (fs->block_size & bit) != 0 ? blocks : 0;
    }
    return size;
}

/* Bytes of the whole file system: all of its blocks. */
static inline uint64_t otapack_littlefs_size(const struct otapack_littlefs *fs)
{
    return otapack_littlefs_bytes_(fs, fs->block_count);
}

#endif
