// SPDX-License-Identifier: Apache-2.0
//
// Small updates that are put together in memory: apps, combined images, Matter images around them.
#ifndef STREAM_BUILD_H
#define STREAM_BUILD_H

#include "unit.h"

#include "err.h"
#include "matter_digest.h"
#include "stream_oracle_image.h"

enum { MADE_ROOM = 64 * 1024, DATA_LEN = 256 + 12, H2 = 16, S3 = 9 };

struct made {
    size_t n;
    uint8_t *bytes; // of MADE_ROOM, or as many as made_new was asked for
    size_t room;
};

static inline struct made made_new(size_t room)
{
    struct made m = {0, (uint8_t *)calloc(1, room), room};
    assert_non_null(m.bytes);
    return m;
}

static inline void put(struct made *m, const void *bytes, size_t n)
{
    assert_true(n <= m->room - m->n);
    if (n > 0) { // an empty part may have no bytes at all
        memcpy(m->bytes + m->n, bytes, n);
    }
    m->n += n;
}

static inline void put_fill(struct made *m, uint8_t byte, size_t n)
{
    assert_true(n <= m->room - m->n);
    memset(m->bytes + m->n, byte, n);
    m->n += n;
}

static inline void put_le32(struct made *m, uint32_t v)
{
    uint8_t raw[4];
    otapack_put_le32(raw, v);
    put(m, raw, sizeof(raw));
}

// ---- Images -------------------------------------------------------------------------------------

struct image_parts {
    bool bootloader; // no description
    bool no_hash;
    uint8_t chip;
    uint32_t data_len; // of the one segment; 0: DATA_LEN
};

// An image of one segment, put at the end of `m`, where it must be aligned to 16 from its start.
static inline void put_image(struct made *m, const struct image_parts *parts)
{
    uint32_t data_len = parts->data_len == 0 ? DATA_LEN : parts->data_len;
    size_t start = m->n;
    uint8_t header[OTAPACK_ESP_HEADER_SIZE] = {0xE9, 1, 2, 0x20, 0x00, 0x00, 0x00, 0x40};
    header[12] = parts->chip;
    header[23] = !parts->no_hash;
    put(m, header, sizeof(header));
    put_le32(m, 0x3C000020);
    put_le32(m, data_len);
    for (uint32_t i = 0; i < data_len; i++) {
        put_fill(m, (uint8_t)(i * 7 + parts->chip), 1);
    }
    if (!parts->bootloader && data_len >= 4) {
        otapack_put_le32(m->bytes + start + OTAPACK_APP_DESC_AT, OTAPACK_APP_DESC_MAGIC);
    }
    uint8_t sum =
        (uint8_t)(OTAPACK_ESP_CHECKSUM_SEED ^ otapack_xor(m->bytes + start + 32, data_len));
    put_fill(m, 0, 15 - (m->n - start) % 16);
    put(m, &sum, 1);
    if (!parts->no_hash) {
        uint8_t digest[32];
        struct otapack_source src = otapack_memory(m->bytes + start, m->n - start);
        sha256(&src, m->n - start, digest);
        put(m, digest, sizeof(digest));
    }
}

static inline struct made make_app(const struct image_parts *parts)
{
    struct made m = made_new(MADE_ROOM);
    put_image(&m, parts);
    return m;
}

// An ECDSA block over what is in `m`, which ends where blocks begin; the signature is nonsense.
static inline void put_block(struct made *m, enum otapack_sb_scheme scheme, size_t signed_size)
{
    static const uint8_t numbers[OTAPACK_SB_RSA_SIZE * 2] = {0x11, 0x22};
    uint8_t digest[48] = {0}, raw[OTAPACK_SB_BLOCK_SIZE];
    struct otapack_source src = otapack_memory(m->bytes, m->n);
    struct otapack_sb_parts parts = {scheme, digest, numbers, 0, numbers};
    sha256(&src, signed_size, digest);
    otapack_sb_block_write(&parts, raw);
    put(m, raw, sizeof(raw));
}

// A sector of signatures behind an image.
static inline void put_sector(struct made *m, enum otapack_sb_scheme scheme, unsigned blocks)
{
    put_fill(m, 0xFF, (size_t)otapack_sb_sector_at(m->n) - m->n);
    size_t signed_size = m->n;
    for (unsigned i = 0; i < blocks; i++) {
        put_block(m, scheme, signed_size);
    }
    put_fill(m, 0xFF, signed_size + OTAPACK_SB_SECTOR_SIZE - m->n);
}

// A table of one partition, with its MD5.
static inline void put_partition_table(struct made *m)
{
    static const uint8_t entry[32] = {0xAA, 0x50, 0, 0, 0, 0, 1, 0, 0, 0, 0x10, 0, 'f'};
    struct otapack_hash md5 = kept_digest(DIGEST_MD5, 0);
    uint8_t digest[16];
    md5.start(md5.ctx);
    md5.update(md5.ctx, entry, sizeof(entry));
    md5.finish(md5.ctx, digest);
    put(m, entry, sizeof(entry));
    put_fill(m, 0xEB, 2);
    put_fill(m, 0xFF, 14);
    put(m, digest, sizeof(digest));
    put_fill(m, 0xFF, 64);
}

// ---- Combined images ----------------------------------------------------------------------------

struct combined_part {
    uint32_t tag;
    const uint8_t *bytes;
    size_t n;
};

static inline void put_combined(struct made *m, const struct combined_part *parts, size_t count)
{
    uint32_t at = (uint32_t)(count + 1) * OTAPACK_RCP_ENTRY_SIZE;
    put_le32(m, OTAPACK_RCP_TABLE);
    put_le32(m, at);
    put_le32(m, 0);
    for (size_t i = 0; i < count; i++) {
        put_le32(m, parts[i].tag);
        put_le32(m, (uint32_t)parts[i].n);
        put_le32(m, at);
        at += (uint32_t)parts[i].n;
    }
    for (size_t i = 0; i < count; i++) {
        put(m, parts[i].bytes, parts[i].n);
    }
}

enum { PARTS = 6 };

// What a combined image is made of, for a test to change.
struct kit {
    struct made bootloader, table, firmware, host, flash_args;
    struct combined_part parts[PARTS]; // in the order of their tags, version first
};

static inline struct kit kit_new(void)
{
    struct kit k = {made_new(MADE_ROOM), made_new(MADE_ROOM), made_new(MADE_ROOM),
                    made_new(MADE_ROOM), made_new(MADE_ROOM), {{0}}};
    put_image(&k.bootloader, &(struct image_parts){.bootloader = true, .chip = H2, .data_len = 64});
    put_partition_table(&k.table);
    put_image(&k.firmware, &(struct image_parts){.chip = H2});
    put_image(&k.host, &(struct image_parts){.chip = S3});
    const uint32_t records[] = {2, 0, 3, 0x8000, 4, 0x10000};
    for (size_t i = 0; i < COUNT(records); i++) {
        put_le32(&k.flash_args, records[i]);
    }
    k.parts[0] = (struct combined_part){0, (const uint8_t *)"openthread; esp32h2", 19};
    k.parts[1] = (struct combined_part){1, k.flash_args.bytes, k.flash_args.n};
    k.parts[2] = (struct combined_part){2, k.bootloader.bytes, k.bootloader.n};
    k.parts[3] = (struct combined_part){3, k.table.bytes, k.table.n};
    k.parts[4] = (struct combined_part){4, k.firmware.bytes, k.firmware.n};
    k.parts[5] = (struct combined_part){5, k.host.bytes, k.host.n};
    return k;
}

static inline void kit_free(struct kit *k)
{
    free(k->bootloader.bytes);
    free(k->table.bytes);
    free(k->firmware.bytes);
    free(k->host.bytes);
    free(k->flash_args.bytes);
}

static inline struct made make_combined(const struct combined_part *parts, size_t count)
{
    size_t room = (count + 1) * OTAPACK_RCP_ENTRY_SIZE;
    for (size_t i = 0; i < count; i++) {
        room += parts[i].n;
    }
    struct made m = made_new(room);
    put_combined(&m, parts, count);
    return m;
}

// ---- Matter images ------------------------------------------------------------------------------

// The fields and texts of a header that is good but for what a test changes. The digest is filled
// in by make_matter where its bytes are NULL.
struct header_parts {
    struct otapack_matter m;
    struct otapack_matter_texts texts;
};

static inline struct header_parts header_parts(void)
{
    struct header_parts h = {{0}, {(const uint8_t *)"1.0", (const uint8_t *)"https://", NULL}};
    h.m.vendor_id = 0xFFF1;
    h.m.product_id = 0x8001;
    h.m.software_version = 300;
    h.m.software_version_string.size = 3;
    h.m.release_notes_url.size = 8;
    h.m.image_digest_type = OTAPACK_MATTER_SHA256;
    h.m.image_digest.size = 32;
    return h;
}

static inline struct made make_matter(const struct header_parts *parts, const uint8_t *payload,
                                      size_t n)
{
    struct header_parts h = *parts;
    struct otapack_source src = otapack_memory(payload, n);
    uint8_t digest[OTAPACK_MATTER_MAX_DIGEST] = {0};
    struct made m = made_new(n + OTAPACK_MATTER_FIXED_SIZE + OTAPACK_MATTER_MAX_TLV);
    struct err e = ERR_NONE;
    if (h.texts.image_digest == NULL) {
        if (matter_digest_name(h.m.image_digest_type) != NULL) {
            assert_true(matter_digest(h.m.image_digest_type, &src, digest, &e));
        }
        h.texts.image_digest = digest;
    }
    h.m.payload_size = n;
    m.n = otapack_matter_write(&h.m, &h.texts, m.bytes, m.room);
    assert_true(m.n > 0);
    put(&m, payload, n);
    return m;
}

#endif
