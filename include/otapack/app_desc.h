/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/app_desc.h: the description that every ESP-IDF app carries (esp_app_desc_t).
 *
 * 256 bytes, the first thing in segment 0 of an app, so at offset 32 of the image:
 *
 *       0 magic_word 0xABCD5432   4 secure_version   8 reserv1[8]
 *      16 version[32]            48 project_name[32] 80 time[16]   96 date[16]
 *     112 idf_ver[32]           144 app_elf_sha256[32]
 *     176 min_efuse_blk_rev_full (u16)  178 max_efuse_blk_rev_full (u16)
 *     180 mmu_page_size (log2; 0: the chip's default)  181 spi_flash_mode
 *     182 reserv3[2]            184 reserv2[72]
 *
 * A text that fills its field has no NUL: use otapack_text_length.
 *
 *     struct otapack_app_desc desc;
 *     if (otapack_app_desc_read(&src, OTAPACK_APP_DESC_AT, &desc).code == OTAPACK_OK)
 *         compare(desc.version, otapack_text_length(desc.version, sizeof(desc.version)));
 *
 * Source of the facts: ESP-IDF, esp_app_desc.h.
 */
#ifndef OTAPACK_APP_DESC_H
#define OTAPACK_APP_DESC_H

#include "base.h"

#define OTAPACK_APP_DESC_MAGIC 0xABCD5432u
#define OTAPACK_APP_DESC_SIZE 256u
#define OTAPACK_APP_DESC_AT 32u /* in an image: behind its header and segment 0's header */

struct otapack_app_desc {
    uint32_t magic_word;
    uint32_t secure_version; /* anti-rollback: compared with the eFuse, at most 32 */
    uint8_t reserv1[8];
    char version[32];
    char project_name[32];
    char time[16];
    char date[16];
    char idf_ver[32];
    uint8_t app_elf_sha256[32];
    uint16_t min_efuse_blk_rev_full; /* major * 100 + minor */
    uint16_t max_efuse_blk_rev_full; /* likewise; 0 or 65535: not set */
    uint8_t mmu_page_size;           /* log2 of the bytes; 0: the chip's default */
    uint8_t spi_flash_mode;
    uint8_t reserv3[2];
    uint8_t reserv2[72];
};

#define OTAPACK_APP_DESC_TEXTS 144u /* bytes up to the last of the texts */

/* The first 144 bytes of it. In two halves: there is not much room on the stack of a device. */
static inline void otapack_app_desc_decode_texts_(const uint8_t *p, struct otapack_app_desc *d)
{
    d->magic_word = otapack_le32(p);
    d->secure_version = otapack_le32(p + 4);
    memcpy(d->reserv1, p + 8, sizeof(d->reserv1));
    memcpy(d->version, p + 16, sizeof(d->version));
    memcpy(d->project_name, p + 48, sizeof(d->project_name));
    memcpy(d->time, p + 80, sizeof(d->time));
    memcpy(d->date, p + 96, sizeof(d->date));
    memcpy(d->idf_ver, p + 112, sizeof(d->idf_ver));
}

static inline void otapack_app_desc_decode_rest_(const uint8_t *p, struct otapack_app_desc *d)
{
    memcpy(d->app_elf_sha256, p, sizeof(d->app_elf_sha256));
    d->min_efuse_blk_rev_full = otapack_le16(p + 32);
    d->max_efuse_blk_rev_full = otapack_le16(p + 34);
    d->mmu_page_size = p[36];
    d->spi_flash_mode = p[37];
    memcpy(d->reserv3, p + 38, sizeof(d->reserv3));
    memcpy(d->reserv2, p + 40, sizeof(d->reserv2));
}

/* The 256 bytes of a description, as they stand; nothing is judged. */
static inline void otapack_app_desc_decode(const uint8_t *p, struct otapack_app_desc *d)
{
    otapack_app_desc_decode_texts_(p, d);
    otapack_app_desc_decode_rest_(p + OTAPACK_APP_DESC_TEXTS, d);
}

/*
 * Reads the description at `at`. Returns OTAPACK_OK, OTAPACK_NOT_THIS (magic_word),
 * OTAPACK_TRUNCATED or OTAPACK_READ_FAILED; `d` is filled only with OTAPACK_OK, and in part with
 * OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_app_desc_read(const struct otapack_source *src,
                                                          uint64_t at, struct otapack_app_desc *d)
{
    const char *field = OTAPACK_NAME("app_desc");
    uint8_t raw[OTAPACK_APP_DESC_TEXTS];
    struct otapack_status s;
    if (!otapack_has(src, at, OTAPACK_APP_DESC_SIZE)) {
        return otapack_status_make(OTAPACK_TRUNCATED, field, at, at + OTAPACK_APP_DESC_SIZE,
                                   src->size);
    }
    s = otapack_read(src, at, raw, sizeof(raw), field);
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (otapack_le32(raw) != OTAPACK_APP_DESC_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic_word"), at,
                                   otapack_le32(raw), OTAPACK_APP_DESC_MAGIC);
    }
    otapack_app_desc_decode_texts_(raw, d);
    s = otapack_read(src, at + OTAPACK_APP_DESC_TEXTS, raw,
                     OTAPACK_APP_DESC_SIZE - OTAPACK_APP_DESC_TEXTS, field);
    otapack_app_desc_decode_rest_(raw, d);
    return s;
}

#endif
