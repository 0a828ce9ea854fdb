// SPDX-License-Identifier: Apache-2.0
//
// What a stream should tell of an ESP image, said by the parsers that have all of it.
#ifndef STREAM_ORACLE_IMAGE_H
#define STREAM_ORACLE_IMAGE_H

#include "digest_span.h"
#include "stream_hashes.h"
#include "stream_sparse.h"
#include "stream_told.h"

// Where a part ends, when nobody says: where the file does.
#define TO_THE_END UINT64_MAX

struct oracle {
    struct otapack_source file;
    const struct sparse *sparse;
    bool announced;  // the size of the file is known from the start
    uint32_t hashes; // a bit for each that is there
    struct told_list list;
    struct outcome outcome;
    bool cut_header; // a Matter header is not all there: what is in it, is not looked at
    bool has_chip;   // of the RCP
    uint16_t chip;
};

// A part of the file: what should be there, and what is.
struct part {
    uint32_t tag;
    uint64_t at, size;
    struct otapack_source src;
};

static inline bool oracle_has_hash(const struct oracle *o, enum otapack_hash_use use)
{
    return (o->hashes & HASH_BIT(use)) != 0;
}

static inline bool refuse(struct oracle *o, enum otapack_code code, const char *field, uint64_t at)
{
    o->outcome = (struct outcome){code, field, (uint32_t)at};
    return false;
}

static inline bool tell(struct oracle *o, enum otapack_event_type type, const struct part *part,
                        uint64_t at, uint64_t size)
{
    told_add(&o->list, (struct told){.type = type,
                                     .part = part->tag,
                                     .open = size == TO_THE_END,
                                     .at = (uint32_t)at,
                                     .size = (uint32_t)size}); // TO_THE_END: what there can be
    return true;
}

static inline struct part part_of(const struct oracle *o, uint32_t tag, uint64_t at, uint64_t size)
{
    // No part ends behind 4 GiB - 1, which is what an offset can be.
    uint64_t most = at < UINT32_MAX ? UINT32_MAX - at : 0;
    return (struct part){tag, at, size, otapack_part(&o->file, at, size < most ? size : most)};
}

// Is all of it there?
static inline bool is_whole(const struct part *p)
{
    return p->size == TO_THE_END || p->src.size == p->size;
}

static inline bool tell_end(struct oracle *o, const struct part *p, bool checked)
{
    if (!is_whole(p)) {
        return refuse(o, OTAPACK_TRUNCATED, "end", p->at + p->src.size);
    }
    tell(o, OTAPACK_EVENT_END, p, p->at + p->src.size, p->src.size);
    o->list.told[o->list.n - 1].checked = checked;
    return true;
}

static inline void sha256(const struct otapack_source *src, uint64_t n, uint8_t digest[32])
{
    struct otapack_source what = otapack_part(src, 0, n);
    if (!digest_of(DIGEST_SHA256, &what, digest)) {
        abort();
    }
}

// ---- The image itself ---------------------------------------------------------------------------

static inline bool is_rcp(const struct part *p)
{
    return p->tag == OTAPACK_RCP_BOOTLOADER || p->tag == OTAPACK_RCP_FIRMWARE;
}

// The first 32 or 288 bytes: those of an image, of an app with its description, for one chip.
static inline bool judge_start(struct oracle *o, const struct part *p, struct otapack_status opened,
                               const struct otapack_esp_image *image)
{
    struct otapack_app_desc desc;
    uint64_t n = p->tag == OTAPACK_RCP_BOOTLOADER ? 32 : 32 + 256;
    if (p->src.size < n) {
        return refuse(o, OTAPACK_TRUNCATED, "end", p->at + p->src.size);
    }
    if (opened.code != OTAPACK_OK && opened.at < 2) { // magic, segment_count
        return refuse(o, opened.code, opened.field, p->at + opened.at);
    }
    if (n > 32) {
        struct otapack_status s = otapack_app_desc_read(&p->src, 32, &desc);
        if (s.code != OTAPACK_OK) {
            return refuse(o, s.code, s.field, p->at + s.at);
        }
    }
    if (is_rcp(p) && o->has_chip && o->chip != image->header.chip_id) {
        return refuse(o, OTAPACK_FORBIDDEN, "chip_id", p->at + 12);
    }
    if (is_rcp(p)) {
        o->has_chip = true;
        o->chip = image->header.chip_id;
    }
    return tell(o, OTAPACK_EVENT_IMAGE, p, p->at, n);
}

// The segments, and that the description lies in the first one.
static inline bool judge_segments(struct oracle *o, const struct part *p,
                                  struct otapack_status opened)
{
    struct otapack_esp_segment first = {0};
    struct otapack_status s = otapack_esp_segment_read(&p->src, OTAPACK_ESP_HEADER_SIZE, &first);
    bool app = p->tag != OTAPACK_RCP_BOOTLOADER;
    if (app && s.code != OTAPACK_FORBIDDEN && first.data_len < 256) {
        return refuse(o, OTAPACK_FORBIDDEN, "data_len", p->at + 28);
    }
    if (opened.code != OTAPACK_OK && strcmp(opened.field, "hash") != 0) {
        return refuse(o, opened.code, opened.field, p->at + opened.at);
    }
    return true;
}

// What the checksum should be. Zeros of a hole do not change it, and are not gone through.
static inline uint8_t checksum_of(const struct oracle *o, const struct part *p,
                                  const struct otapack_esp_image *image)
{
    uint8_t sum = OTAPACK_ESP_CHECKSUM_SEED;
    for (uint32_t i = 0; i < image->segments_read; i++) {
        uint64_t at = p->at + image->segments[i].at + OTAPACK_ESP_SEGMENT_HEADER_SIZE;
        uint64_t end = at + image->segments[i].data_len;
        while (at < end) {
            bool hole = sparse_in_hole(o->sparse, at);
            sum = (uint8_t)(sum ^ sparse_at(o->sparse, at));
            at += hole ? sparse_run(o->sparse, at) : 1;
        }
    }
    return sum;
}

// The checksum comes first: it is judged also where the hash behind it is cut off.
static inline bool judge_sums(struct oracle *o, const struct part *p, struct otapack_status opened,
                              const struct otapack_esp_image *image)
{
    struct otapack_hash hash = kept_digest(DIGEST_SHA256, 0);
    struct otapack_esp_sums sums = {.checksum = checksum_of(o, p, image)};
    uint8_t work[1024];
    if (o->sparse->hole == 0 &&
        otapack_esp_image_compute(&p->src, image, &hash, work, sizeof(work), &sums).code !=
            OTAPACK_OK) {
        abort();
    }
    if (sums.checksum != image->checksum) {
        return refuse(o, OTAPACK_MISMATCH, "checksum", p->at + image->checksum_at);
    }
    if (opened.code != OTAPACK_OK) {
        return refuse(o, opened.code, opened.field, p->at + opened.at);
    }
    if (image->has_hash && oracle_has_hash(o, OTAPACK_HASH_IMAGE) &&
        memcmp(sums.hash, image->hash, sizeof(sums.hash)) != 0) {
        return refuse(o, OTAPACK_MISMATCH, "hash", p->at + image->length - OTAPACK_ESP_HASH_SIZE);
    }
    return true;
}

// ---- The signatures behind it -------------------------------------------------------------------

struct sector {
    uint64_t at; // in the part
    bool gap;    // a place without a block
    bool block;
    bool digest; // one was compared
    uint8_t sha256[32];
};

// A place of which `there` bytes are: 1216, or fewer where a file ends whose size nobody told.
static inline bool judge_block(struct oracle *o, const struct part *p, struct sector *sector,
                               uint64_t at, uint64_t there)
{
    uint8_t bytes[OTAPACK_SB_BLOCK_SIZE] = {0}, raw[OTAPACK_SB_BLOCK_SIZE];
    struct otapack_sb_block block = {0};
    struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
    (void)otapack_read(&p->src, at, bytes, (size_t)there, "");
    struct otapack_status s = otapack_sb_block_read(&src, 0, raw, &block);
    uint64_t in_file = p->at + at;
    if (s.code == OTAPACK_NOT_THIS || strcmp(s.field, "version") == 0) {
        sector->gap = true;
        return !sector->block || raw[0] == 0xFF ||
               refuse(o, OTAPACK_NOT_THIS, "signature_block", in_file);
    }
    sector->block = true;
    if (sector->gap || s.code != OTAPACK_OK) {
        return refuse(o, OTAPACK_FORBIDDEN, "signature_block", in_file);
    }
    if (block.digest_size == 32 && oracle_has_hash(o, OTAPACK_HASH_SIGNED)) {
        sector->digest = true;
        if (memcmp(block.digest, sector->sha256, 32) != 0) {
            return refuse(o, OTAPACK_MISMATCH, "signed_digest", in_file + OTAPACK_SB_DIGEST_AT);
        }
    }
    if (there >= OTAPACK_SB_END_AT && oracle_has_hash(o, OTAPACK_HASH_CRC) &&
        block.crc != otapack_sb_crc(raw)) {
        return refuse(o, OTAPACK_MISMATCH, "crc", in_file + OTAPACK_SB_CRC_AT);
    }
    return true;
}

// Where nobody says how large a file is: a sector that begins with a block must be all there, one
// that ends behind 4 GiB - 1 cannot be, and what a place has, its first byte must say.
static inline bool is_cut(const struct part *p, const struct sector *sector)
{
    uint64_t there = p->src.size - sector->at, places = 0;
    uint8_t first = 0;
    if (there >= OTAPACK_SB_SECTOR_SIZE || p->size != TO_THE_END) {
        return false;
    }
    while (places < OTAPACK_SB_MAX_BLOCKS * OTAPACK_SB_BLOCK_SIZE &&
           places + OTAPACK_SB_BLOCK_SIZE <= there) {
        places += OTAPACK_SB_BLOCK_SIZE;
    }
    if (places == OTAPACK_SB_MAX_BLOCKS * OTAPACK_SB_BLOCK_SIZE) {
        return sector->block || p->at + sector->at + OTAPACK_SB_SECTOR_SIZE > UINT32_MAX;
    }
    if (there - places > 0 && there - places < OTAPACK_SB_HEAD_SIZE) {
        (void)otapack_read(&p->src, sector->at + places, &first, 1, "");
    }
    return sector->block || first == OTAPACK_SB_MAGIC;
}

// There is a sector where the part has room for one. Where nobody says how large a file is, what is
// there of one is judged: whole heads of blocks, whole CRCs.
static inline bool judge_sector(struct oracle *o, const struct part *p,
                                const struct otapack_esp_image *image, bool *checked)
{
    struct sector sector = {.at = otapack_sb_sector_at(image->length)};
    bool good = true;
    if (p->size < sector.at + OTAPACK_SB_SECTOR_SIZE || p->src.size < sector.at) {
        return true;
    }
    if (oracle_has_hash(o, OTAPACK_HASH_SIGNED)) {
        sha256(&p->src, sector.at, sector.sha256);
    }
    for (uint64_t i = 0; good && i < OTAPACK_SB_MAX_BLOCKS; i++) {
        uint64_t at = sector.at + i * OTAPACK_SB_BLOCK_SIZE;
        uint64_t left = p->src.size > at ? p->src.size - at : 0;
        good = left < OTAPACK_SB_HEAD_SIZE ||
               judge_block(o, p, &sector, at,
                           left < OTAPACK_SB_BLOCK_SIZE ? left : OTAPACK_SB_BLOCK_SIZE);
    }
    *checked = *checked || sector.digest;
    return good &&
           (!is_cut(p, &sector) || refuse(o, OTAPACK_TRUNCATED, "end", p->at + p->src.size));
}

static inline bool judge_image(struct oracle *o, uint32_t tag, uint64_t at, uint64_t size)
{
    struct part p = part_of(o, tag, at, size);
    struct otapack_esp_image image;
    struct otapack_status opened = otapack_esp_image_open(&p.src, &image);
    bool checked = image.has_hash && oracle_has_hash(o, OTAPACK_HASH_IMAGE);
    tell(o, OTAPACK_EVENT_BEGIN, &p, at, size);
    return judge_start(o, &p, opened, &image) && judge_segments(o, &p, opened) &&
           judge_sums(o, &p, opened, &image) && judge_sector(o, &p, &image, &checked) &&
           tell_end(o, &p, checked);
}

#endif
