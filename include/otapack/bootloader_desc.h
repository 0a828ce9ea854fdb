/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/bootloader_desc.h: the description in a recent ESP-IDF bootloader
 * (esp_bootloader_desc_t).
 *
 * 80 bytes, the first thing in segment 0 of a bootloader, so at offset 32 of the image:
 *
 *       0 magic_byte 80   1 reserved[2]   3 secure_version   4 version
 *       8 idf_ver[32]    40 date_time[24] 64 reserved2[16]
 *
 * Bootloaders before ESP-IDF 5.2 have none. A text that fills its field has no NUL.
 *
 * Source of the facts: ESP-IDF, esp_bootloader_desc.h.
 */
#ifndef OTAPACK_BOOTLOADER_DESC_H
#define OTAPACK_BOOTLOADER_DESC_H

#include "base.h"

#define OTAPACK_BOOTLOADER_DESC_MAGIC 80u
#define OTAPACK_BOOTLOADER_DESC_SIZE 80u
#define OTAPACK_BOOTLOADER_DESC_AT 32u

struct otapack_bootloader_desc {
    uint8_t magic_byte;
    uint8_t reserved[2];
    uint8_t secure_version;
    uint32_t version;
    char idf_ver[32];
    char date_time[24];
    uint8_t reserved2[16];
};

/*
 * Reads the description at `at`. One magic byte proves little, so the two reserved bytes must be
 * zero and idf_ver must begin with a printable character as well.
 * Returns OTAPACK_OK, OTAPACK_NOT_THIS, OTAPACK_TRUNCATED or OTAPACK_READ_FAILED; `d` is filled
 * only with OTAPACK_OK.
 */
static inline struct otapack_status otapack_bootloader_desc_read(const struct otapack_source *src,
                                                                 uint64_t at,
                                                                 struct otapack_bootloader_desc *d)
{
    uint8_t raw[OTAPACK_BOOTLOADER_DESC_SIZE];
    struct otapack_status s =
        otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("bootloader_desc"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (raw[0] != OTAPACK_BOOTLOADER_DESC_MAGIC || raw[1] != 0 || raw[2] != 0 || raw[8] <= ' ' ||
        raw[8] > '~') {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic_byte"), at, raw[0],
                                   OTAPACK_BOOTLOADER_DESC_MAGIC);
    }
    d->magic_byte = raw[0];
    memcpy(d->reserved, raw + 1, sizeof(d->reserved));
    d->secure_version = raw[3];
    d->version = otapack_le32(raw + 4);
    memcpy(d->idf_ver, raw + 8, sizeof(d->idf_ver));
    memcpy(d->date_time, raw + 40, sizeof(d->date_time));
    memcpy(d->reserved2, raw + 64, sizeof(d->reserved2));
    return s;
}

#endif
