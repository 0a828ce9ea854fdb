/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_rcp.h: a border router's combined image that arrives in pieces. Part of
 * otapack/stream.h.
 */
#ifndef OTAPACK_STREAM_RCP_H
#define OTAPACK_STREAM_RCP_H

#include "stream_image.h"

#define OTAPACK_FLASH_SECTOR 4096u

/* Of a combined image whose table has been told of: has it a part with this tag? */
static inline bool otapack_stream_has_part(const struct otapack_stream *s, uint32_t tag)
{
    return tag <= OTAPACK_RCP_HOST && (s->seen >> tag & 1u) != 0;
}

/*
 * The size in bytes of its part with this tag, an enum otapack_rcp_tag, also before that part has
 * begun; 0 of one that it has not. A part that it has is not empty: such a table is refused.
 */
static inline uint32_t otapack_stream_part_size(const struct otapack_stream *s, uint32_t tag)
{
    return tag <= OTAPACK_RCP_HOST && (s->seen >> tag & 1u) != 0 ? s->of.sizes[tag] : 0;
}

/* Entry 0, which says how long the table is. */
static inline void otapack_stream_combined_(struct otapack_stream *s)
{
    uint32_t size = otapack_le32(s->scratch + 4), offset = otapack_le32(s->scratch + 8);
    if (!otapack_rcp_table_size_is_allowed_(size)) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("size"), 4);
    } else if (offset != 0) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("offset"), 8);
    } else {
        otapack_stream_more_(s, OTAPACK_STEP_TABLE, size);
    }
}

/* What a part may have: a version 1 to 99 bytes, arguments 1 to 3 records. */
static inline bool otapack_stream_size_is_allowed_(uint32_t tag, uint32_t size)
{
    return size > 0 && (tag != OTAPACK_RCP_VERSION || size <= OTAPACK_RCP_MAX_VERSION) &&
           (tag != OTAPACK_RCP_FLASH_ARGS ||
            (size <= 3u * OTAPACK_RCP_RECORD_SIZE && size % OTAPACK_RCP_RECORD_SIZE == 0));
}

/*
 * Takes the entry at `at` of the table, of a part that begins at `begin`; returns where it ends.
 * Each tag comes once, the host last, each part begins where the one before it ends.
 */
static inline uint32_t otapack_stream_entry_(struct otapack_stream *s, uint32_t at, uint32_t begin)
{
    uint32_t tag = otapack_le32(s->scratch + at), size = otapack_le32(s->scratch + at + 4);
    uint32_t room = s->end - otapack_stream_from_(s) - begin, part = s->parts++;
    if (tag > OTAPACK_RCP_HOST || (s->seen & (1u << tag | 1u << OTAPACK_RCP_HOST)) != 0) {
        otapack_stream_fail_(s, OTAPACK_UNEXPECTED, OTAPACK_NAME("tag"), at);
    } else if (!otapack_stream_size_is_allowed_(tag, size)) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("size"), at + 4);
    } else if (otapack_le32(s->scratch + at + 8) != begin) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("offset"), at + 8);
    } else if (size > room) {
        otapack_stream_fail_(s, OTAPACK_TRUNCATED, OTAPACK_NAME("size"), at + 4);
    } else {
        s->tags[part] = (uint8_t)tag;
        s->of.sizes[tag] = size;
        s->seen |= 1u << tag;
    }
    return begin + size;
}

/* The whole table. What it announces must be all that there is. */
static inline void otapack_stream_table_(struct otapack_stream *s)
{
    const uint32_t needed = 1u << OTAPACK_RCP_VERSION | 1u << OTAPACK_RCP_FLASH_ARGS;
    uint32_t end = s->have;
    for (uint32_t at = OTAPACK_RCP_ENTRY_SIZE; at < s->have && s->fault.code == OTAPACK_OK;
         at += OTAPACK_RCP_ENTRY_SIZE) {
        end = otapack_stream_entry_(s, at, end);
    }
    if ((s->seen & needed) != needed ||
        (!s->event.open && s->end - otapack_stream_from_(s) != end)) {
        otapack_stream_fail_(s, OTAPACK_UNEXPECTED, OTAPACK_NAME("table"), 0);
    }
    s->event.open = false;
    otapack_stream_begin_(s, OTAPACK_PART_COMBINED, end);
    otapack_stream_begin_(s, OTAPACK_RCP_TABLE, s->have);
    otapack_stream_give_(s);
    otapack_stream_want_(s, OTAPACK_STEP_PART_END, 0);
}

/* Begins a part of this size at the next byte. */
static inline void otapack_stream_begin_part_(struct otapack_stream *s, uint32_t tag, uint32_t size)
{
    s->end = s->at + size;
    otapack_stream_begin_(s, tag, size);
    if (tag == OTAPACK_RCP_VERSION || tag == OTAPACK_RCP_FLASH_ARGS) {
        otapack_stream_more_(s, OTAPACK_STEP_SMALL, size);
    } else if (tag == OTAPACK_RCP_PARTITION_TABLE) {
        s->has_hash = 0;
        otapack_stream_hash_(s, OTAPACK_HASH_TABLE);
        otapack_stream_more_(s, OTAPACK_STEP_PARTITION, OTAPACK_PARTITION_ENTRY_SIZE);
    } else {
        otapack_stream_image_(s);
    }
}

/* The next part of a combined image. */
static inline void otapack_stream_next_part_(struct otapack_stream *s)
{
    uint32_t tag = s->tags[s->part];
    s->part++;
    otapack_stream_begin_part_(s, tag, s->of.sizes[tag]);
}

/* May these two be flashed, each to whole sectors: other parts, and neither into the other? */
static inline bool otapack_stream_records_agree_(const struct otapack_stream *s, const uint8_t *a,
                                                 const uint8_t *b)
{
    uint32_t distance = otapack_le32(a + 4) - otapack_le32(b + 4);
    return otapack_le32(a) != otapack_le32(b) &&
           distance >= otapack_stream_part_size(s, otapack_le32(b)) &&
           0u - distance >= otapack_stream_part_size(s, otapack_le32(a));
}

/*
 * The flash arguments: each names a part of this file, once, and sectors of its own. Returns where
 * the first is that does not, or where they end.
 */
static inline uint32_t otapack_stream_bad_record_(const struct otapack_stream *s)
{
    for (uint32_t i = 0; i < s->have; i += OTAPACK_RCP_RECORD_SIZE) {
        const uint8_t *record = s->scratch + i;
        uint32_t tag = otapack_le32(record);
        bool good = tag >= OTAPACK_RCP_BOOTLOADER && tag <= OTAPACK_RCP_FIRMWARE &&
                    otapack_stream_has_part(s, tag) &&
                    otapack_le32(record + 4) % OTAPACK_FLASH_SECTOR == 0;
        for (uint32_t k = 0; good && k < i; k += OTAPACK_RCP_RECORD_SIZE) {
            good = otapack_stream_records_agree_(s, record, s->scratch + k);
        }
        if (!good) {
            return i;
        }
    }
    return s->have;
}

/* A part that came as a whole. */
static inline void otapack_stream_small_(struct otapack_stream *s)
{
    if (s->event.part == OTAPACK_RCP_FLASH_ARGS) {
        uint32_t bad = otapack_stream_bad_record_(s);
        if (bad < s->have) {
            otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("flash_args"), bad);
        }
    }
    otapack_stream_give_(s);
    otapack_stream_want_(s, OTAPACK_STEP_PART_END, 0);
}

/* The MD5 of a partition table covers the entries before its own. */
static inline void otapack_stream_md5_(struct otapack_stream *s)
{
    const struct otapack_hash *md5 = s->fed[OTAPACK_HASH_TABLE];
    if (md5 != NULL) {
        md5->update(md5->ctx, s->scratch, s->have);
    }
}

/* An entry of the partition table. */
static inline void otapack_stream_partition_(struct otapack_stream *s)
{
    enum otapack_partition_entry entry =
        otapack_partition_entry_(s->scratch, otapack_stream_from_(s) - s->begin, s->has_hash != 0);
    if (entry == OTAPACK_PARTITION_ENTRY_BAD) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("partition"), 0);
    }
    if (entry == OTAPACK_PARTITION_ENTRY) {
        otapack_stream_md5_(s);
    }
    if (entry == OTAPACK_PARTITION_ENTRY_MD5) {
        s->has_hash = 1;
        otapack_stream_hashed_(s, OTAPACK_HASH_TABLE);
        otapack_stream_compare_(s, OTAPACK_HASH_TABLE, s->scratch + 16, OTAPACK_PARTITION_MD5_SIZE,
                                OTAPACK_NAME("md5"), 16);
    }
    otapack_stream_give_(s);
    if (entry == OTAPACK_PARTITION_ENTRY_END) {
        otapack_stream_rest_(s);
    } else {
        otapack_stream_want_(s, OTAPACK_STEP_PARTITION, OTAPACK_PARTITION_ENTRY_SIZE);
    }
}

#endif
