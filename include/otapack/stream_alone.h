/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_alone.h: a bootloader or a partition table that is the whole file, by a stream
 * that is told to expect one: their bytes alone do not say whether they are what was asked for.
 *
 *     otapack_stream_start(&stream, &hooks);
 *     otapack_stream_announce(&stream, content_length);
 *     otapack_stream_expect_bootloader(&stream);
 *
 * goes on with otapack_stream_push and otapack_stream_finish, as for any file; and
 *
 *     otapack_stream_start(&stream, &hooks);
 *     otapack_stream_expect_table(&stream, flash_size);
 *
 * with otapack_stream_push_table and otapack_stream_finish. The parts are OTAPACK_RCP_BOOTLOADER
 * and OTAPACK_RCP_PARTITION_TABLE. What is refused: a bootloader as any image, but for the
 * description, which it need not have; a table whose entries are none, that has no end within 3072
 * bytes, an MD5 that is not right, or a partition that is not inside of the flash. One without an
 * MD5 is taken. What follows the image or the end of the table, signatures, or 0xFF, is told as
 * DATA, and is the file's to its end.
 *
 * Whether the bootloader is for this chip, and whether a table has the partitions that the running
 * app needs, is for `on` to see: an entry is told as DATA, 32 bytes at once, for
 * otapack_partition_decode. Source of the facts: ESP-IDF, esp_ota_ops.c, flash_partitions.c.
 */
#ifndef OTAPACK_STREAM_ALONE_H
#define OTAPACK_STREAM_ALONE_H

#include "stream.h"

/* Where the size of a partition ends in its entry: all that says where it lies is there. */
#define OTAPACK_STREAM_PLACE_END 12u

/*
 * Says that the file is a bootloader; called once, behind otapack_stream_announce, if that is
 * called, and before the first push. Tells BEGIN. Returns what otapack_stream_push returns.
 */
static inline enum otapack_code otapack_stream_expect_bootloader(struct otapack_stream *s)
{
    otapack_stream_begin_part_(s, OTAPACK_RCP_BOOTLOADER, s->end);
    return s->fault.code;
}

/* The same for a partition table, of a flash with so many bytes. */
static inline enum otapack_code otapack_stream_expect_table(struct otapack_stream *s,
                                                            uint32_t flash_size)
{
    s->of.flash_size = flash_size;
    otapack_stream_begin_part_(s, OTAPACK_RCP_PARTITION_TABLE, s->end);
    return s->fault.code;
}

/* The first bytes of an entry are gathered: a partition lies inside of the flash. */
static inline void otapack_stream_place_(struct otapack_stream *s)
{
    uint32_t offset = otapack_le32(s->scratch + 4), size = otapack_le32(s->scratch + 8);
    if (otapack_le16(s->scratch) == OTAPACK_PARTITION_MAGIC &&
        (offset > s->of.flash_size || size > s->of.flash_size - offset)) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("offset"), 4);
    }
}

/* How many of n bytes are pushed at once: of an entry first those that say where it lies. */
static inline size_t otapack_stream_most_(const struct otapack_stream *s, size_t n)
{
    size_t most = s->step != OTAPACK_STEP_PARTITION    ? n
                  : s->have < OTAPACK_STREAM_PLACE_END ? OTAPACK_STREAM_PLACE_END - s->have
                                                       : s->need - s->have;
    return n < most ? n : most;
}

/* otapack_stream_push for a stream that expects a table. */
static inline enum otapack_code otapack_stream_push_table(struct otapack_stream *s,
                                                          const uint8_t *bytes, size_t n)
{
    do {
        size_t k = otapack_stream_most_(s, n);
        (void)otapack_stream_push(s, bytes, k);
        if (s->step == OTAPACK_STEP_PARTITION && s->have == OTAPACK_STREAM_PLACE_END && k > 0) {
            otapack_stream_place_(s);
        }
        bytes += k;
        n -= k;
    } while (n > 0 && s->fault.code == OTAPACK_OK);
    return s->fault.code;
}

#endif
