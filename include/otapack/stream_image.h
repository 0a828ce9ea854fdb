/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_image.h: an ESP image that arrives in pieces, with the signatures behind it. Part
 * of otapack/stream.h.
 */
#ifndef OTAPACK_STREAM_IMAGE_H
#define OTAPACK_STREAM_IMAGE_H

#include "stream_state.h"

/* An image begins: its first bytes, to where an app's description ends. */
static inline void otapack_stream_image_(struct otapack_stream *s)
{
    uint32_t n = OTAPACK_APP_DESC_AT;
    if (s->event.part != OTAPACK_RCP_BOOTLOADER && !s->any_app) {
        n += OTAPACK_APP_DESC_SIZE;
    }
    s->checksum = OTAPACK_ESP_CHECKSUM_SEED;
    otapack_stream_hash_(s, OTAPACK_HASH_IMAGE);
    otapack_stream_hash_(s, OTAPACK_HASH_SIGNED);
    otapack_stream_more_(s, OTAPACK_STEP_IMAGE, n);
}

/* A segment, whose header is at `at` of the gathered bytes, and up to all of its data behind it. */
static inline void otapack_stream_segment_(struct otapack_stream *s, uint32_t at)
{
    uint32_t data_len = otapack_le32(s->scratch + at + 4);
    uint32_t before = s->have - at - OTAPACK_ESP_SEGMENT_HEADER_SIZE;
    if (!otapack_esp_data_len_is_allowed_(data_len) || data_len < before) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("data_len"), at + 4);
    }
    otapack_stream_give_(s);
    otapack_stream_pass_(s, data_len - before, OTAPACK_STEP_SEGMENT_END, 0);
}

/* Bootloader and firmware of an RCP are for one chip. */
static inline bool otapack_stream_chip_fits_(struct otapack_stream *s, uint32_t chip)
{
    uint32_t other = s->rcp_chip;
    if (s->event.part >= OTAPACK_RCP_HOST) {
        return true;
    }
    s->rcp_chip = chip;
    return other == 0 || other == chip;
}

static inline void otapack_stream_image_head_(struct otapack_stream *s)
{
    const uint8_t *raw = s->scratch;
    const uint8_t *desc = raw + OTAPACK_APP_DESC_AT;
    uint32_t chip = OTAPACK_CHIP_SEEN | otapack_le16(raw + 12);
    bool app = s->have > OTAPACK_APP_DESC_AT;
    if (raw[0] != OTAPACK_ESP_MAGIC) {
        otapack_stream_fail_(s, OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0);
    }
    if (!otapack_esp_count_is_allowed_(raw[1])) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("segment_count"), 1);
    }
    if (app && otapack_le32(desc) != OTAPACK_APP_DESC_MAGIC) {
        otapack_stream_fail_(s, OTAPACK_NOT_THIS, OTAPACK_NAME("magic_word"), OTAPACK_APP_DESC_AT);
    }
    if (!otapack_stream_chip_fits_(s, chip)) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("chip_id"), 12);
    }
    s->left = raw[1];
    s->has_hash = raw[23] != 0;
    s->checksum ^= otapack_xor(desc, s->have - OTAPACK_APP_DESC_AT);
    otapack_stream_tell_(s, OTAPACK_EVENT_IMAGE, raw, s->have);
    otapack_stream_segment_(s, OTAPACK_ESP_HEADER_SIZE);
}

static inline void otapack_stream_segment_end_(struct otapack_stream *s)
{
    s->left--;
    if (s->left > 0) {
        otapack_stream_want_(s, OTAPACK_STEP_SEGMENT, OTAPACK_ESP_SEGMENT_HEADER_SIZE);
    } else {
        otapack_stream_pass_(s, ~(s->at - s->begin) & 15u, OTAPACK_STEP_CHECKSUM, 1);
    }
}

static inline void otapack_stream_checksum_(struct otapack_stream *s)
{
    if (s->scratch[0] != s->checksum) {
        otapack_stream_fail_(s, OTAPACK_MISMATCH, OTAPACK_NAME("checksum"), 0);
    }
    otapack_stream_give_(s);
    /* The next bytes are not part of what they are the hash of. */
    otapack_stream_hashed_(s, OTAPACK_HASH_IMAGE);
    if (s->has_hash != 0) {
        otapack_stream_want_(s, OTAPACK_STEP_HASH, OTAPACK_ESP_HASH_SIZE);
    } else {
        otapack_stream_want_(s, OTAPACK_STEP_IMAGE_END, 0);
    }
}

static inline void otapack_stream_appended_(struct otapack_stream *s)
{
    otapack_stream_compare_(s, OTAPACK_HASH_IMAGE, s->scratch, s->have, OTAPACK_NAME("hash"), 0);
    otapack_stream_give_(s);
    otapack_stream_want_(s, OTAPACK_STEP_IMAGE_END, 0);
}

/* ---- Behind the image ----------------------------------------------------------------------- */

/* Signatures have a sector of their own; a part that is known to end before that has none. */
static inline void otapack_stream_image_end_(struct otapack_stream *s)
{
    uint32_t gap = (s->begin - s->at) & (OTAPACK_SB_SECTOR_SIZE - 1u);
    s->checksum = 0;
    if (s->end - s->at < gap + (s->event.open ? 0 : OTAPACK_SB_SECTOR_SIZE)) {
        otapack_stream_rest_(s);
    } else {
        otapack_stream_pass_(s, gap, OTAPACK_STEP_SECTOR, 0);
    }
}

/* The start of a block, which holds the digest of everything before the sector. */
static inline void otapack_stream_block_(struct otapack_stream *s)
{
    const uint8_t *raw = s->scratch;
    bool rsa = raw[1] == 2u, wide = !rsa && raw[2] != 0;
    if ((s->checksum & OTAPACK_PLACE_GAP) != 0 ||
        (!rsa && !otapack_sb_curve_fits_(raw[2], raw[wide ? 52 : 36]))) {
        otapack_stream_fail_(s, OTAPACK_FORBIDDEN, OTAPACK_NAME("signature_block"), 0);
    }
    if (!wide) {
        otapack_stream_compare_(s, OTAPACK_HASH_SIGNED, raw + OTAPACK_SB_DIGEST_AT,
                                OTAPACK_ESP_HASH_SIZE, OTAPACK_NAME("signed_digest"),
                                OTAPACK_SB_DIGEST_AT);
    }
    s->checksum |= OTAPACK_PLACE_BLOCK;
    otapack_stream_hash_(s, OTAPACK_HASH_CRC);
    otapack_stream_pass_(s, OTAPACK_SB_CRC_AT - OTAPACK_SB_HEAD_SIZE, OTAPACK_STEP_SIGNATURE_END,
                         0);
}

/*
 * A place for a block. One with magic and version is a block, whole or damaged; none may be missing
 * before it, and what is not 0xFF behind it is a block that is broken.
 */
static inline void otapack_stream_signature_(struct otapack_stream *s)
{
    const uint8_t *raw = s->scratch;
    otapack_stream_give_(s);
    if (otapack_sb_is_block(raw)) {
        otapack_stream_block_(s);
        return;
    }
    if ((s->checksum & OTAPACK_PLACE_BLOCK) != 0 && raw[0] != 0xFFu) {
        otapack_stream_fail_(s, OTAPACK_NOT_THIS, OTAPACK_NAME("signature_block"), 0);
    }
    s->checksum |= OTAPACK_PLACE_GAP;
    otapack_stream_pass_(s, OTAPACK_SB_BLOCK_SIZE - OTAPACK_SB_HEAD_SIZE,
                         OTAPACK_STEP_SIGNATURE_NEXT, 0);
}

static inline void otapack_stream_signature_end_(struct otapack_stream *s)
{
    otapack_stream_hashed_(s, OTAPACK_HASH_CRC);
    otapack_stream_want_(s, OTAPACK_STEP_SIGNATURE_CRC, 4);
}

static inline void otapack_stream_signature_crc_(struct otapack_stream *s)
{
    otapack_stream_compare_(s, OTAPACK_HASH_CRC, s->scratch, s->have, OTAPACK_NAME("crc"), 0);
    otapack_stream_give_(s);
    otapack_stream_pass_(s, OTAPACK_SB_BLOCK_SIZE - OTAPACK_SB_END_AT, OTAPACK_STEP_SIGNATURE_NEXT,
                         0);
}

/* The next place for a block, or what is left of the sector. */
static inline void otapack_stream_signature_next_(struct otapack_stream *s)
{
    s->left--;
    if (s->left > 0) {
        otapack_stream_want_(s, OTAPACK_STEP_SIGNATURE, OTAPACK_SB_HEAD_SIZE);
    } else {
        otapack_stream_pass_(s,
                             OTAPACK_SB_SECTOR_SIZE - OTAPACK_SB_MAX_BLOCKS * OTAPACK_SB_BLOCK_SIZE,
                             OTAPACK_STEP_SECTOR_END, 0);
    }
}

/* The sector is whole, and what is behind it is no matter. */
static inline void otapack_stream_sector_end_(struct otapack_stream *s)
{
    s->checksum = 0;
    otapack_stream_rest_(s);
}

/* The sector begins: what is signed is all before it. */
static inline void otapack_stream_sector_(struct otapack_stream *s)
{
    otapack_stream_hashed_(s, OTAPACK_HASH_SIGNED);
    s->left = OTAPACK_SB_MAX_BLOCKS;
    otapack_stream_want_(s, OTAPACK_STEP_SIGNATURE, OTAPACK_SB_HEAD_SIZE);
}

#endif
