/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/rcp_image.h: a Thread border router's firmware together with its radio co-processor's.
 *
 *     0                   table_size
 *     +-------------------+---------+------------+------------+-----------------+----------+------+
 *     | table: 12 bytes   | version | flash_args | bootloader | partition_table | firmware | host |
 *     | an entry          | text    | 8 bytes    | ESP image  |                 | ESP image| ESP  |
 *     |                   |         | a record   |            |                 |          | image|
 *     +-------------------+---------+------------+------------+-----------------+----------+------+
 *
 *     entry:  0 tag | 4 size | 8 offset     (entry 0: tag 0xFF, size of the table, offset 0)
 *     record: 0 tag | 4 flash address       (in the order in which to flash)
 *
 * `host` is absent in the file that a border router keeps for its co-processor. The parts follow
 * the table and one another without a gap, in the order of their entries, host last: the receiver
 * adds up sizes while it stores, the flasher seeks by offset, and both must find the same bytes.
 * The table is at most 84 bytes, 7 entries: a device has room for no more.
 *
 * Source of the facts: esp-thread-br, esp_rcp_ota.c, esp_rcp_update.c and create_ota_image.py.
 */
#ifndef OTAPACK_RCP_IMAGE_H
#define OTAPACK_RCP_IMAGE_H

#include "base.h"

#define OTAPACK_RCP_ENTRY_SIZE 12u
#define OTAPACK_RCP_RECORD_SIZE 8u
#define OTAPACK_RCP_MAX_ENTRIES 7u
#define OTAPACK_RCP_MIN_TABLE 24u
#define OTAPACK_RCP_MAX_TABLE 84u   /* 7 entries */
#define OTAPACK_RCP_MAX_VERSION 99u /* the device compares in a buffer of 100 bytes */

enum otapack_rcp_tag {
    OTAPACK_RCP_VERSION = 0,
    OTAPACK_RCP_FLASH_ARGS = 1,
    OTAPACK_RCP_BOOTLOADER = 2,
    OTAPACK_RCP_PARTITION_TABLE = 3,
    OTAPACK_RCP_FIRMWARE = 4,
    OTAPACK_RCP_HOST = 5,
    OTAPACK_RCP_TABLE = 0xFF,
};

struct otapack_rcp_entry {
    uint32_t tag; /* enum otapack_rcp_tag, or whatever the file says */
    uint32_t size;
    uint32_t offset;
};

struct otapack_rcp_record {
    uint32_t tag;
    uint32_t address; /* in the co-processor's flash */
};

struct otapack_rcp_image {
    uint32_t table_size; /* bytes */
    uint32_t count;      /* entries, the first included */
    struct otapack_rcp_entry entries[OTAPACK_RCP_MAX_ENTRIES];
};

static inline struct otapack_rcp_entry otapack_rcp_entry_decode(const uint8_t *p)
{
    struct otapack_rcp_entry e;
    e.tag = otapack_le32(p);
    e.size = otapack_le32(p + 4);
    e.offset = otapack_le32(p + 8);
    return e;
}

/* 24 to 84 bytes, a multiple of 12; without a division, which small chips do not have. */
static inline bool otapack_rcp_table_size_is_allowed_(uint32_t size)
{
    uint32_t allowed = OTAPACK_RCP_MIN_TABLE;
    while (allowed < size && allowed < OTAPACK_RCP_MAX_TABLE) {
        allowed += OTAPACK_RCP_ENTRY_SIZE;
    }
    return allowed == size;
}

/*
 * Reads the table at the start of `src`. Where the parts lie is not judged: use
 * otapack_rcp_entry_end against the size of the source.
 * Returns OTAPACK_OK, OTAPACK_NOT_THIS (tag), OTAPACK_FORBIDDEN (size, offset of entry 0),
 * OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. After a failure `count` is what could be read.
 */
static inline struct otapack_status otapack_rcp_image_open(const struct otapack_source *src,
                                                           struct otapack_rcp_image *image)
{
    uint8_t raw[OTAPACK_RCP_ENTRY_SIZE];
    struct otapack_rcp_entry first;
    struct otapack_status s = otapack_read(src, 0, raw, sizeof(raw), OTAPACK_NAME("table"));
    memset(image, 0, sizeof(*image));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    first = otapack_rcp_entry_decode(raw);
    image->table_size = first.size;
    if (first.tag != OTAPACK_RCP_TABLE) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("tag"), 0, first.tag,
                                   OTAPACK_RCP_TABLE);
    }
    if (!otapack_rcp_table_size_is_allowed_(first.size)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("size"), 4, first.size,
                                   OTAPACK_RCP_MAX_TABLE);
    }
    if (first.offset != 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("offset"), 8, first.offset, 0);
    }
    for (uint32_t at = 0; at < first.size; at += OTAPACK_RCP_ENTRY_SIZE) {
        s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("table"));
        if (s.code != OTAPACK_OK) {
            return s;
        }
        image->entries[image->count++] = otapack_rcp_entry_decode(raw);
    }
    return s;
}

/* Where a part ends. */
static inline uint64_t otapack_rcp_entry_end(const struct otapack_rcp_entry *e)
{
    return (uint64_t)e->offset + e->size;
}

/* The first entry with this tag behind entry 0, as the device looks for it; NULL: none. */
static inline const struct otapack_rcp_entry *
otapack_rcp_find(const struct otapack_rcp_image *image, uint32_t tag)
{
    for (uint32_t i = 1; i < image->count; i++) {
        if (image->entries[i].tag == tag) {
            return &image->entries[i];
        }
    }
    return NULL;
}

/* Reads record i of a flash_args part. OTAPACK_OK, OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. */
static inline struct otapack_status otapack_rcp_record_read(const struct otapack_source *flash_args,
                                                            uint32_t i,
                                                            struct otapack_rcp_record *record)
{
    uint8_t raw[OTAPACK_RCP_RECORD_SIZE];
    struct otapack_status s = otapack_read(flash_args, (uint64_t)i * sizeof(raw), raw, sizeof(raw),
                                           OTAPACK_NAME("flash_args"));
    if (s.code == OTAPACK_OK) {
        record->tag = otapack_le32(raw);
        record->address = otapack_le32(raw + 4);
    }
    return s;
}

/* Writes one table entry as 12 bytes. */
static inline void otapack_rcp_entry_write(const struct otapack_rcp_entry *e,
                                           uint8_t to[OTAPACK_RCP_ENTRY_SIZE])
{
    otapack_put_le32(to, e->tag);
    otapack_put_le32(to + 4, e->size);
    otapack_put_le32(to + 8, e->offset);
}

/* Writes one flash record as 8 bytes. */
static inline void otapack_rcp_record_write(const struct otapack_rcp_record *r,
                                            uint8_t to[OTAPACK_RCP_RECORD_SIZE])
{
    otapack_put_le32(to, r->tag);
    otapack_put_le32(to + 4, r->address);
}

#endif
