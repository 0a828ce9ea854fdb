/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/ota_data.h: which app the bootloader starts (esp_ota_select_entry_t).
 *
 * Two flash sectors of 4096 bytes, each beginning with one entry, so that one of them is whole
 * whatever happens:
 *
 *     0 ota_seq | 4 seq_label[20] | 24 ota_state | 28 crc
 *
 * crc is the CRC-32 of the 4 bytes of ota_seq, started with 0xFFFFFFFF in zlib's way of counting
 * (crc32(0xFFFFFFFF, ...), esp_rom_crc32_le(UINT32_MAX, ...)). ota_seq 0xFFFFFFFF: never written.
 * The highest good ota_seq wins; the slot is (ota_seq - 1) modulo the number of OTA partitions.
 *
 * Source of the facts: ESP-IDF, esp_flash_partitions.h and bootloader_utility.c.
 */
#ifndef OTAPACK_OTA_DATA_H
#define OTAPACK_OTA_DATA_H

#include "base.h"

#define OTAPACK_OTA_DATA_SIZE 0x2000u
#define OTAPACK_OTA_SECTOR_SIZE 0x1000u
#define OTAPACK_OTA_ENTRY_SIZE 32u
#define OTAPACK_OTA_SEQ_EMPTY 0xFFFFFFFFu

enum otapack_ota_state {
    OTAPACK_OTA_NEW = 0,
    OTAPACK_OTA_PENDING_VERIFY = 1,
    OTAPACK_OTA_VALID = 2,
    OTAPACK_OTA_INVALID = 3,
    OTAPACK_OTA_ABORTED = 4,
};
#define OTAPACK_OTA_UNDEFINED 0xFFFFFFFFu

struct otapack_ota_entry {
    uint32_t ota_seq;
    uint8_t seq_label[20];
    uint32_t ota_state; /* enum otapack_ota_state or OTAPACK_OTA_UNDEFINED */
    uint32_t crc;
};

/* A wrapper of zlib's crc32, or of a ROM's that counts the same way. */
typedef uint32_t (*otapack_crc32_fn)(uint32_t crc, const uint8_t *bytes, size_t n);

/* Reads entry 0 or 1. OTAPACK_OK, OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. */
static inline struct otapack_status otapack_ota_entry_read(const struct otapack_source *src,
                                                           uint32_t which,
                                                           struct otapack_ota_entry *e)
{
    uint8_t raw[OTAPACK_OTA_ENTRY_SIZE];
    struct otapack_status s = otapack_read(src, (uint64_t)which * OTAPACK_OTA_SECTOR_SIZE, raw,
                                           sizeof(raw), OTAPACK_NAME("ota_select_entry"));
    if (s.code == OTAPACK_OK) {
        e->ota_seq = otapack_le32(raw);
        memcpy(e->seq_label, raw + 4, sizeof(e->seq_label));
        e->ota_state = otapack_le32(raw + 24);
        e->crc = otapack_le32(raw + 28);
    }
    return s;
}

/* The crc that an entry with this ota_seq must have. */
static inline uint32_t otapack_ota_seq_crc(uint32_t ota_seq, otapack_crc32_fn crc32)
{
    uint8_t raw[4];
    otapack_put_le32(raw, ota_seq);
    return crc32(0xFFFFFFFFu, raw, sizeof(raw));
}

#endif
