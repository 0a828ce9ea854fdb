/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/compressed_image.h: an app that xz packed, as the bootloader of Espressif's component
 * bootloader_support_plus unpacks it from the last app partition into the first.
 *
 *     header_at                                                    data_at         data_at + length
 *     +---------+---------+------+----------+--------+-----+-------+---------------------+
 *     | magic   | version | type | reserved | length | md5 | crc32 | data: what xz wrote |
 *     | "ESP\0" | u8      | u8   | 10       | u32    | 16  | u32   | length bytes        |
 *     +---------+---------+------+----------+--------+-----+-------+---------------------+
 *     0         4         5      6          16       20    36      40, from header_at on
 *
 *     type: the low half is how it is packed, 1 xz; the high half is reserved
 *
 * The header stands at 0, or behind the 288 bytes that the app itself begins with, in which the
 * number of segments is 0: with these, esp_ota_write and esp_https_ota take the file for an app.
 * The MD5 is that of the data, the CRC-32 (zlib's) that of the header before it.
 *
 *     struct otapack_compressed_image img;
 *     struct otapack_status s = otapack_compressed_image_open(&src, &img);
 *     if (s.code == OTAPACK_OK)
 *         s = otapack_compressed_image_check_crc(&src, &img, my_crc32);
 *
 * Source of the facts: bootloader_support_plus (bootloader_custom_image_format.c,
 * bootloader_custom_ota.h) and gen_custom_ota.py of esp-iot-solution, July 2026.
 */
#ifndef OTAPACK_COMPRESSED_IMAGE_H
#define OTAPACK_COMPRESSED_IMAGE_H

#include "ota_data.h" /* otapack_crc32_fn */

#define OTAPACK_COMPRESSED_IMAGE_MAGIC 0x00505345u /* "ESP", 0 */
#define OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE 40u
#define OTAPACK_COMPRESSED_IMAGE_APP_HEADER_SIZE 288u /* of an app: up to its description's end */
#define OTAPACK_COMPRESSED_IMAGE_VERSION 3u           /* the last one that there is */
#define OTAPACK_COMPRESSED_IMAGE_XZ 1u
#define OTAPACK_COMPRESSED_IMAGE_RESERVED_SIZE 10u
#define OTAPACK_COMPRESSED_IMAGE_MD5_SIZE 16u
#define OTAPACK_COMPRESSED_IMAGE_CRC_AT 36u

struct otapack_compressed_image {
    uint32_t header_at; /* 0, or 288 */
    uint8_t version;
    uint8_t type;          /* OTAPACK_COMPRESSED_IMAGE_XZ: the only one that is unpacked */
    uint8_t reserved_bits; /* the high half of that byte */
    uint8_t reserved[OTAPACK_COMPRESSED_IMAGE_RESERVED_SIZE]; /* no device looks */
    uint32_t length;                                          /* of the data */
    uint8_t md5[OTAPACK_COMPRESSED_IMAGE_MD5_SIZE];           /* of the data */
    uint32_t crc32; /* of the header, as it is stored; the writer makes its own */
};

/* Where the data begin. */
static inline uint64_t otapack_compressed_image_data_at(const struct otapack_compressed_image *img)
{
    return (uint64_t)img->header_at + OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE;
}

/* Where they end. */
static inline uint64_t otapack_compressed_image_end(const struct otapack_compressed_image *img)
{
    return otapack_compressed_image_data_at(img) + img->length;
}

/* Where the header must stand in a file that begins with these bytes: the bootloader goes by the
 * first two alone. */
static inline uint32_t otapack_compressed_image_header_at_(const uint8_t first[4])
{
    return first[0] == 0xE9u && first[1] == 0 ? OTAPACK_COMPRESSED_IMAGE_APP_HEADER_SIZE : 0;
}

/* The fields behind the magic number. Part of otapack_compressed_image_open. */
static inline void otapack_compressed_image_take_(struct otapack_compressed_image *img,
                                                  const uint8_t *raw)
{
    img->version = raw[4];
    img->type = raw[5] & 0x0Fu;
    img->reserved_bits = (uint8_t)(raw[5] >> 4);
    memcpy(img->reserved, raw + 6, sizeof(img->reserved));
    img->length = otapack_le32(raw + 16);
    memcpy(img->md5, raw + 20, sizeof(img->md5));
    img->crc32 = otapack_le32(raw + OTAPACK_COMPRESSED_IMAGE_CRC_AT);
}

/*
 * Reads the header. Whether the data are there, and how they are packed, is not judged.
 * Returns OTAPACK_OK, OTAPACK_NOT_THIS (magic), OTAPACK_FORBIDDEN (a version whose header nobody
 * knows), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `img` is whole only with OTAPACK_OK.
 */
static inline struct otapack_status
otapack_compressed_image_open(const struct otapack_source *src,
                              struct otapack_compressed_image *img)
{
    uint8_t raw[OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE];
    struct otapack_status s = otapack_read(src, 0, raw, 4, OTAPACK_NAME("magic"));
    memset(img, 0, sizeof(*img));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    img->header_at = otapack_compressed_image_header_at_(raw);
    s = otapack_read(src, img->header_at, raw, 4, OTAPACK_NAME("magic"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (otapack_le32(raw) != OTAPACK_COMPRESSED_IMAGE_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), img->header_at,
                                   otapack_le32(raw), OTAPACK_COMPRESSED_IMAGE_MAGIC);
    }
    s = otapack_read(src, img->header_at, raw, sizeof(raw), OTAPACK_NAME("header"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    otapack_compressed_image_take_(img, raw);
    if (img->version > OTAPACK_COMPRESSED_IMAGE_VERSION) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("version"),
                                   (uint64_t)img->header_at + 4u, img->version,
                                   OTAPACK_COMPRESSED_IMAGE_VERSION);
    }
    return s;
}

/*
 * Does the CRC-32 fit the header? Returns OTAPACK_OK, OTAPACK_MISMATCH (`value` is stored, `limit`
 * is what the header gives), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED.
 */
static inline struct otapack_status
otapack_compressed_image_check_crc(const struct otapack_source *src,
                                   const struct otapack_compressed_image *img,
                                   otapack_crc32_fn crc32)
{
    uint8_t raw[OTAPACK_COMPRESSED_IMAGE_CRC_AT];
    struct otapack_status s =
        otapack_read(src, img->header_at, raw, sizeof(raw), OTAPACK_NAME("header"));
    uint32_t counted;
    if (s.code != OTAPACK_OK) {
        return s;
    }
    counted = crc32(0, raw, sizeof(raw));
    return counted == img->crc32
               ? s
               : otapack_status_make(OTAPACK_MISMATCH, OTAPACK_NAME("crc32"),
                                     (uint64_t)img->header_at + OTAPACK_COMPRESSED_IMAGE_CRC_AT,
                                     img->crc32, counted);
}

/* Writes the header, which otapack_compressed_image_open reads back; the CRC-32 is made anew. */
static inline void otapack_compressed_image_write(const struct otapack_compressed_image *img,
                                                  otapack_crc32_fn crc32,
                                                  uint8_t to[OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE])
{
    otapack_put_le32(to, OTAPACK_COMPRESSED_IMAGE_MAGIC);
    to[4] = img->version;
    to[5] = (uint8_t)((img->type & 0x0Fu) | (uint32_t)(img->reserved_bits & 0x0Fu) << 4);
    memcpy(to + 6, img->reserved, sizeof(img->reserved));
    otapack_put_le32(to + 16, img->length);
    memcpy(to + 20, img->md5, sizeof(img->md5));
    otapack_put_le32(to + OTAPACK_COMPRESSED_IMAGE_CRC_AT,
                     crc32(0, to, OTAPACK_COMPRESSED_IMAGE_CRC_AT));
}

#endif
