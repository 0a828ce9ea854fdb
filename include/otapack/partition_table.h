/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/partition_table.h: the flash layout of an ESP32-family chip.
 *
 *     0        32                 32 * n              32 * n + 32      0xC00
 *     +--------+-----+------------+-------------------+----------------+
 *     | entry  | ... | entry n-1  | MD5 entry         | 0xFF ...       |
 *     +--------+-----+------------+-------------------+----------------+
 *
 *     entry:     0 magic 0x50AA | 2 type | 3 subtype | 4 offset | 8 size | 12 label[16] | 28 flags
 *     MD5 entry: 0 EB EB | 2 fourteen times 0xFF | 16 MD5 of all entries before it
 *
 * The table ends at the first entry whose magic, type and subtype are 0xFF. A table without the MD5
 * entry is good for apps that were configured without it; bootloaders take both.
 *
 * Source of the facts: ESP-IDF, esp_flash_partitions.h and flash_partitions.c.
 */
#ifndef OTAPACK_PARTITION_TABLE_H
#define OTAPACK_PARTITION_TABLE_H

#include "base.h"

#define OTAPACK_PARTITION_MAGIC 0x50AAu
#define OTAPACK_PARTITION_MD5_MAGIC 0xEBEBu
#define OTAPACK_PARTITION_END 0xFFFFFFFFu /* magic, type and subtype */
#define OTAPACK_PARTITION_ENTRY_SIZE 32u
#define OTAPACK_PARTITION_TABLE_SIZE 0xC00u
#define OTAPACK_PARTITION_MD5_SIZE 16u

#define OTAPACK_PARTITION_TYPE_APP 0u
#define OTAPACK_PARTITION_TYPE_DATA 1u
#define OTAPACK_PARTITION_TYPE_BOOTLOADER 2u
#define OTAPACK_PARTITION_TYPE_TABLE 3u
#define OTAPACK_PARTITION_APP_FACTORY 0x00u
#define OTAPACK_PARTITION_APP_OTA_0 0x10u
#define OTAPACK_PARTITION_APP_OTA_15 0x1Fu
#define OTAPACK_PARTITION_APP_TEST 0x20u
#define OTAPACK_PARTITION_DATA_OTA 0x00u
#define OTAPACK_PARTITION_BOOTLOADER_RECOVERY 0x02u

struct otapack_partition {
    uint8_t type;
    uint8_t subtype;
    uint32_t offset;
    uint32_t size;
    char label[16]; /* no NUL when full */
    uint32_t flags;
};

struct otapack_partition_table {
    uint32_t count; /* partitions; entry i is at 32 * i */
    bool has_md5;
    uint64_t md5_at; /* of the MD5 entry, where has_md5: the bytes before it are what it covers */
    uint8_t md5[OTAPACK_PARTITION_MD5_SIZE];
    uint64_t end; /* where the first erased entry is */
};

/* The 32 bytes of an entry, as they stand; nothing is judged. */
static inline struct otapack_partition otapack_partition_decode(const uint8_t *p)
{
    struct otapack_partition part;
    part.type = p[2];
    part.subtype = p[3];
    part.offset = otapack_le32(p + 4);
    part.size = otapack_le32(p + 8);
    memcpy(part.label, p + 12, sizeof(part.label));
    part.flags = otapack_le32(p + 28);
    return part;
}

/* Reads partition i of a table that was opened. OTAPACK_OK, _TRUNCATED or _READ_FAILED. */
static inline struct otapack_status
otapack_partition_read(const struct otapack_source *src, uint32_t i, struct otapack_partition *part)
{
    uint8_t raw[OTAPACK_PARTITION_ENTRY_SIZE];
    struct otapack_status s = otapack_read(src, (uint64_t)i * OTAPACK_PARTITION_ENTRY_SIZE, raw,
                                           sizeof(raw), OTAPACK_NAME("partition"));
    if (s.code == OTAPACK_OK) {
        *part = otapack_partition_decode(raw);
    }
    return s;
}

/* What an entry is, for those who read one after the other. */
enum otapack_partition_entry {
    OTAPACK_PARTITION_ENTRY,     /* a partition */
    OTAPACK_PARTITION_ENTRY_MD5, /* the MD5 of the partitions before it */
    OTAPACK_PARTITION_ENTRY_END, /* erased: the table ends here */
    OTAPACK_PARTITION_ENTRY_BAD
};

/*
 * Of the 32 bytes at `at` of a table, and whether an MD5 has come before: it is the last before the
 * end. The first entry must be a partition, and the end must come inside of 0xC00 bytes.
 */
static inline enum otapack_partition_entry otapack_partition_entry_(const uint8_t *raw, uint32_t at,
                                                                    bool has_md5)
{
    uint32_t magic = otapack_le32(raw);
    if (at >= OTAPACK_PARTITION_TABLE_SIZE) {
        return OTAPACK_PARTITION_ENTRY_BAD;
    }
    if (at > 0 && magic == OTAPACK_PARTITION_END) {
        return OTAPACK_PARTITION_ENTRY_END;
    }
    magic &= UINT16_MAX;
    return has_md5                                          ? OTAPACK_PARTITION_ENTRY_BAD
           : magic == OTAPACK_PARTITION_MAGIC               ? OTAPACK_PARTITION_ENTRY
           : at > 0 && magic == OTAPACK_PARTITION_MD5_MAGIC ? OTAPACK_PARTITION_ENTRY_MD5
                                                            : OTAPACK_PARTITION_ENTRY_BAD;
}

/*
 * Walks the table at the start of `src` to its end.
 * Returns OTAPACK_OK; OTAPACK_NOT_THIS (the first entry is no partition); OTAPACK_FORBIDDEN
 * (`magic`: an entry that is neither partition, MD5 nor erased, or a partition behind the MD5;
 * `end`: no erased entry ends the table); OTAPACK_TRUNCATED; OTAPACK_READ_FAILED. After a failure
 * `count` partitions can still be read.
 */
static inline struct otapack_status otapack_partition_table_open(const struct otapack_source *src,
                                                                 struct otapack_partition_table *t)
{
    uint8_t raw[OTAPACK_PARTITION_ENTRY_SIZE];
    memset(t, 0, sizeof(*t));
    for (; t->end < OTAPACK_PARTITION_TABLE_SIZE; t->end += sizeof(raw)) {
        struct otapack_status s =
            otapack_read(src, t->end, raw, sizeof(raw), OTAPACK_NAME("partition"));
        if (s.code != OTAPACK_OK) {
            return s;
        }
        switch (otapack_partition_entry_(raw, (uint32_t)t->end, t->has_md5)) {
        case OTAPACK_PARTITION_ENTRY:
            t->count++;
            break;
        case OTAPACK_PARTITION_ENTRY_MD5:
            t->has_md5 = true;
            t->md5_at = t->end;
            memcpy(t->md5, raw + 16, sizeof(t->md5));
            break;
        case OTAPACK_PARTITION_ENTRY_END:
            return s;
        default:
            return otapack_status_make(t->end == 0 ? OTAPACK_NOT_THIS : OTAPACK_FORBIDDEN,
                                       OTAPACK_NAME("magic"), t->end, otapack_le16(raw),
                                       OTAPACK_PARTITION_MAGIC);
        }
    }
    return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("end"), t->end, t->count,
                               OTAPACK_PARTITION_TABLE_SIZE / OTAPACK_PARTITION_ENTRY_SIZE - 1);
}

/*
 * What the MD5 of the entries is; `md5` is the caller's hash with a 16-byte digest.
 * Returns OTAPACK_OK, OTAPACK_TRUNCATED or OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_partition_table_compute(
    const struct otapack_source *src, const struct otapack_partition_table *t,
    const struct otapack_hash *md5, uint8_t digest[OTAPACK_PARTITION_MD5_SIZE])
{
    struct otapack_status s = otapack_good();
    uint8_t raw[OTAPACK_PARTITION_ENTRY_SIZE];
    md5->start(md5->ctx);
    for (uint32_t i = 0; s.code == OTAPACK_OK && i < t->count; i++) {
        s = otapack_read(src, (uint64_t)i * sizeof(raw), raw, sizeof(raw),
                         OTAPACK_NAME("partition"));
        if (s.code == OTAPACK_OK) {
            md5->update(md5->ctx, raw, sizeof(raw));
        }
    }
    md5->finish(md5->ctx, digest);
    return s;
}

/* Is this one of the partitions that an update can be written to? */
static inline bool otapack_partition_is_ota(const struct otapack_partition *part)
{
    return part->type == OTAPACK_PARTITION_TYPE_APP &&
           part->subtype >= OTAPACK_PARTITION_APP_OTA_0 &&
           part->subtype <= OTAPACK_PARTITION_APP_OTA_15;
}

#endif
