/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/uf2.h: a UF2 file, in blocks of 512 bytes, each of which says to which flash address its
 * payload goes. esptool writes one (merge_bin --format uf2, idf.py uf2); the ESP USB Bridge and
 * TinyUF2 are disks to which it is copied, and see its blocks by themselves.
 *
 *     0        32                                508     512
 *     +--------+--------------+------------------+-------+
 *     | header | payload      | zeros, or a part | magic |
 *     |        | `size` bytes | with an MD5      |       |
 *     +--------+--------------+------------------+-------+
 *
 *     header:  0 0x0A324655   4 0x9E5D5157   8 flags   12 address   16 size
 *              20 number      24 total      28 family (flag 0x2000)
 *     MD5 part (flag 0x4000): 0 address, 4 size: of what it is the MD5; 8 MD5
 *
 * The MD5 part lies in the last 24 bytes before the magic. esptool puts it right behind the payload
 * instead, which is the same place where the payload is as long as it can be; so this looks there
 * first.
 *
 *     struct otapack_uf2_block block;
 *     for (uint64_t at = 0; otapack_uf2_read(&src, at, &block).code == OTAPACK_OK;
 *          at += OTAPACK_UF2_BLOCK_SIZE)
 *         write_flash(block.address, at + OTAPACK_UF2_PAYLOAD_AT, block.size);
 *
 * Source of the facts: the format's description by Microsoft; esptool 4.8 and 5.3; the sources of
 * esp-usb-bridge and of esp_tinyuf2.
 */
#ifndef OTAPACK_UF2_H
#define OTAPACK_UF2_H

#include "base.h"

#define OTAPACK_UF2_BLOCK_SIZE 512u
#define OTAPACK_UF2_PAYLOAD_AT 32u
#define OTAPACK_UF2_MAX_PAYLOAD 476u /* less OTAPACK_UF2_MD5_SIZE with an MD5 part */
#define OTAPACK_UF2_MD5_SIZE 24u
#define OTAPACK_UF2_MAGIC 0x0A324655u
#define OTAPACK_UF2_MAGIC_SECOND 0x9E5D5157u
#define OTAPACK_UF2_MAGIC_LAST 0x0AB16F30u
#define OTAPACK_UF2_MAGIC_LAST_AT 508u
#define OTAPACK_UF2_NOT_FLASH 0x00000001u /* flags: a comment, which is not written */
#define OTAPACK_UF2_HAS_FAMILY 0x00002000u
#define OTAPACK_UF2_HAS_MD5 0x00004000u

struct otapack_uf2_block {
    uint32_t flags, address, size, number, total;
    uint32_t family; /* or the file's size, without the flag */
    /* Of an MD5 part; zeros without the flag: */
    uint32_t md5_address, md5_size;
    uint8_t md5[16];
};

/* How many bytes of payload there can be, which is also how many the ESP USB Bridge writes from its
 * 1.2.0 on. */
static inline uint32_t otapack_uf2_room(uint32_t flags)
{
    return (flags & OTAPACK_UF2_HAS_MD5) != 0 ? OTAPACK_UF2_MAX_PAYLOAD - OTAPACK_UF2_MD5_SIZE
                                              : OTAPACK_UF2_MAX_PAYLOAD;
}

/* Is the MD5 that of this block's own payload? It may also be of more, with other blocks. */
static inline bool otapack_uf2_md5_is_own(const struct otapack_uf2_block *block)
{
    return (block->flags & OTAPACK_UF2_HAS_MD5) != 0 && block->md5_address == block->address &&
           block->md5_size == block->size;
}

static inline void otapack_uf2_md5_(struct otapack_uf2_block *block, const uint8_t *raw)
{
    block->md5_address = otapack_le32(raw);
    block->md5_size = otapack_le32(raw + 4);
    memcpy(block->md5, raw + 8, sizeof(block->md5));
}

/* The MD5 part behind a payload that fits. */
static inline struct otapack_status otapack_uf2_read_md5_(const struct otapack_source *src,
                                                          uint64_t at,
                                                          struct otapack_uf2_block *block)
{
    uint8_t raw[OTAPACK_UF2_MD5_SIZE];
    struct otapack_status s = otapack_read(src, at + OTAPACK_UF2_PAYLOAD_AT + block->size, raw,
                                           sizeof(raw), OTAPACK_NAME("md5"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    otapack_uf2_md5_(block, raw);
    if (otapack_uf2_md5_is_own(block)) {
        return s;
    }
    s = otapack_read(src, at + OTAPACK_UF2_MAGIC_LAST_AT - OTAPACK_UF2_MD5_SIZE, raw, sizeof(raw),
                     OTAPACK_NAME("md5"));
    if (s.code == OTAPACK_OK) {
        otapack_uf2_md5_(block, raw);
    }
    return s;
}

/*
 * Reads the block at `at`, which should be a multiple of OTAPACK_UF2_BLOCK_SIZE. Returns
 * OTAPACK_OK, OTAPACK_NOT_THIS (one of the magic numbers is not there), OTAPACK_FORBIDDEN (a
 * payload that is empty, does not fit, or goes beyond the last address of 32 bits),
 * OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `block` is zero where its magic numbers are not there,
 * or could not be read.
 */
static inline struct otapack_status otapack_uf2_read(const struct otapack_source *src, uint64_t at,
                                                     struct otapack_uf2_block *block)
{
    uint8_t raw[OTAPACK_UF2_PAYLOAD_AT], last[4];
    struct otapack_status s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("header"));
    memset(block, 0, sizeof(*block));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (otapack_le32(raw) != OTAPACK_UF2_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), at, otapack_le32(raw),
                                   OTAPACK_UF2_MAGIC);
    }
    if (otapack_le32(raw + 4) != OTAPACK_UF2_MAGIC_SECOND) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("second magic"), at + 4,
                                   otapack_le32(raw + 4), OTAPACK_UF2_MAGIC_SECOND);
    }
    if (!otapack_has(src, at, OTAPACK_UF2_BLOCK_SIZE)) {
        return otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("last magic"), at,
                                   at + OTAPACK_UF2_BLOCK_SIZE, src->size);
    }
    s = otapack_read(src, at + OTAPACK_UF2_MAGIC_LAST_AT, last, sizeof(last),
                     OTAPACK_NAME("last magic"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (otapack_le32(last) != OTAPACK_UF2_MAGIC_LAST) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("last magic"),
                                   at + OTAPACK_UF2_MAGIC_LAST_AT, otapack_le32(last),
                                   OTAPACK_UF2_MAGIC_LAST);
    }
    block->flags = otapack_le32(raw + 8);
    block->address = otapack_le32(raw + 12);
    block->size = otapack_le32(raw + 16);
    block->number = otapack_le32(raw + 20);
    block->total = otapack_le32(raw + 24);
    block->family = otapack_le32(raw + 28);
    if (block->size == 0 || block->size > otapack_uf2_room(block->flags)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("size"), at + 16, block->size,
                                   otapack_uf2_room(block->flags));
    }
    if (block->address > UINT32_MAX - (block->size - 1)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("address"), at + 12,
                                   block->address, UINT32_MAX - (block->size - 1));
    }
    return (block->flags & OTAPACK_UF2_HAS_MD5) != 0 ? otapack_uf2_read_md5_(src, at, block) : s;
}

static inline void otapack_uf2_put_(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
    to[2] = (uint8_t)(value >> 16);
    to[3] = (uint8_t)(value >> 24);
}

static inline void otapack_uf2_fill_(const struct otapack_uf2_block *block, const uint8_t *payload,
                                     uint8_t *to)
{
    memset(to, 0, OTAPACK_UF2_BLOCK_SIZE);
    otapack_uf2_put_(to, OTAPACK_UF2_MAGIC);
    otapack_uf2_put_(to + 4, OTAPACK_UF2_MAGIC_SECOND);
    otapack_uf2_put_(to + 8, block->flags);
    otapack_uf2_put_(to + 12, block->address);
    otapack_uf2_put_(to + 16, block->size);
    otapack_uf2_put_(to + 20, block->number);
    otapack_uf2_put_(to + 24, block->total);
    otapack_uf2_put_(to + 28, block->family);
    memcpy(to + OTAPACK_UF2_PAYLOAD_AT, payload, (size_t)block->size);
    otapack_uf2_put_(to + OTAPACK_UF2_MAGIC_LAST_AT, OTAPACK_UF2_MAGIC_LAST);
}

/*
 * Writes a block of OTAPACK_UF2_BLOCK_SIZE bytes, as esptool does: the MD5 part, where the flags
 * have one, right behind the payload, and zeros behind that. False, and nothing written, for a size
 * that otapack_uf2_read would refuse.
 */
static inline bool otapack_uf2_write(const struct otapack_uf2_block *block, const uint8_t *payload,
                                     uint8_t *to)
{
    uint32_t size = block->size;
    uint8_t *md5;
    if (size == 0 || size > OTAPACK_UF2_MAX_PAYLOAD) {
        return false;
    }
    if ((block->flags & OTAPACK_UF2_HAS_MD5) == 0) {
        otapack_uf2_fill_(block, payload, to);
        return true;
    }
    if (size > OTAPACK_UF2_MAX_PAYLOAD - OTAPACK_UF2_MD5_SIZE) {
        return false;
    }
    otapack_uf2_fill_(block, payload, to);
    md5 = to + OTAPACK_UF2_PAYLOAD_AT + size;
    otapack_uf2_put_(md5, block->md5_address);
    otapack_uf2_put_(md5 + 4, block->md5_size);
    memcpy(md5 + 8, block->md5, sizeof(block->md5));
    return true;
}

#endif
