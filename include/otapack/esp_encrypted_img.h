/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/esp_encrypted_img.h: what stands before an update that was encrypted ahead of time, for
 * one device or for many (Espressif's component esp_encrypted_img).
 *
 *     0          4                          388    404    408    424        512       512 + size
 *     +----------+--------------------------+------+------+------+----------+------------+
 *     | magic    | how the key is wrapped,  | iv   | size | tag  | reserved | ciphertext |
 *     | 0788B6CF | 384 bytes                | 16   | u32  | 16   | 88       | size bytes |
 *     +----------+--------------------------+------+------+------+----------+------------+
 *
 *     RSA-3072     4 the AES key, RSAES-PKCS1-v1_5                                    384 bytes
 *     ECIES P-256  4 x, 36 y of the sender's point, big-endian | 68 salt of 32 bytes | 100 zeros
 *
 * The ciphertext is AES-256-GCM's, with all 16 bytes of `iv` for nonce and nothing authenticated
 * beside it. No field says how the key is wrapped: bytes 100..387 are zero for ECIES, and for RSA
 * never, in any time that there is.
 *
 *     struct otapack_source src = otapack_memory(bytes, n);
 *     struct otapack_esp_encrypted_img img;
 *     struct otapack_status s = otapack_esp_encrypted_img_open(&src, &img);
 *     if (s.code == OTAPACK_OK)
 *         s = otapack_esp_encrypted_img_check_size(&src, &img);
 *
 * That a point is on its curve, that the key unwraps, that the tag fits is for the caller to see,
 * who has the cryptography. Who encrypted it nothing says: that it is genuine, the signature of
 * what is inside has to show.
 *
 * Source of the facts: esp_encrypted_img 2.7.1, esp_encrypted_img.c and esp_enc_img_gen.py.
 */
#ifndef OTAPACK_ESP_ENCRYPTED_IMG_H
#define OTAPACK_ESP_ENCRYPTED_IMG_H

#include "base.h"

#define OTAPACK_ESP_ENCRYPTED_IMG_MAGIC 0x0788B6CFu
#define OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE 512u /* where the ciphertext begins */
#define OTAPACK_ESP_ENCRYPTED_IMG_WRAPPED_AT 4u
#define OTAPACK_ESP_ENCRYPTED_IMG_WRAPPED_SIZE 384u
#define OTAPACK_ESP_ENCRYPTED_IMG_POINT_SIZE 64u /* x and y, in wrapped_key of ECIES */
#define OTAPACK_ESP_ENCRYPTED_IMG_SALT_SIZE 32u  /* behind these */
#define OTAPACK_ESP_ENCRYPTED_IMG_IV_AT 388u
#define OTAPACK_ESP_ENCRYPTED_IMG_IV_SIZE 16u
#define OTAPACK_ESP_ENCRYPTED_IMG_SIZE_AT 404u
#define OTAPACK_ESP_ENCRYPTED_IMG_TAG_AT 408u
#define OTAPACK_ESP_ENCRYPTED_IMG_TAG_SIZE 16u
#define OTAPACK_ESP_ENCRYPTED_IMG_RESERVED_AT 424u
#define OTAPACK_ESP_ENCRYPTED_IMG_RESERVED_SIZE 88u

struct otapack_esp_encrypted_img {
    uint8_t wrapped_key[OTAPACK_ESP_ENCRYPTED_IMG_WRAPPED_SIZE];
    uint8_t iv[OTAPACK_ESP_ENCRYPTED_IMG_IV_SIZE];
    uint8_t tag[OTAPACK_ESP_ENCRYPTED_IMG_TAG_SIZE];
    uint8_t reserved[OTAPACK_ESP_ENCRYPTED_IMG_RESERVED_SIZE]; /* zeros; no device looks */
    uint32_t size; /* of the plaintext, and so of the ciphertext */
};

/* Where the ciphertext ends, and the file with it. */
static inline uint64_t otapack_esp_encrypted_img_end(const struct otapack_esp_encrypted_img *img)
{
    return (uint64_t)OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE + img->size;
}

/* Is the key wrapped by ECIES with P-256, or else by RSA-3072? */
static inline bool otapack_esp_encrypted_img_is_ecies(const struct otapack_esp_encrypted_img *img)
{
    uint8_t seen = 0;
    size_t i = OTAPACK_ESP_ENCRYPTED_IMG_POINT_SIZE + OTAPACK_ESP_ENCRYPTED_IMG_SALT_SIZE;
    for (; i < OTAPACK_ESP_ENCRYPTED_IMG_WRAPPED_SIZE; i++) {
        seen |= img->wrapped_key[i];
    }
    return seen == 0;
}

/* What stands behind the wrapped key. Part of otapack_esp_encrypted_img_open. */
static inline struct otapack_status
otapack_esp_encrypted_img_rest_(const struct otapack_source *src,
                                struct otapack_esp_encrypted_img *img)
{
    uint8_t raw[4];
    struct otapack_status s = otapack_read(src, OTAPACK_ESP_ENCRYPTED_IMG_IV_AT, img->iv,
                                           sizeof(img->iv), OTAPACK_NAME("iv"));
    if (s.code == OTAPACK_OK) {
        s = otapack_read(src, OTAPACK_ESP_ENCRYPTED_IMG_SIZE_AT, raw, sizeof(raw),
                         OTAPACK_NAME("size"));
    }
    if (s.code == OTAPACK_OK) {
        img->size = otapack_le32(raw);
        s = otapack_read(src, OTAPACK_ESP_ENCRYPTED_IMG_TAG_AT, img->tag, sizeof(img->tag),
                         OTAPACK_NAME("tag"));
    }
    if (s.code == OTAPACK_OK) {
        s = otapack_read(src, OTAPACK_ESP_ENCRYPTED_IMG_RESERVED_AT, img->reserved,
                         sizeof(img->reserved), OTAPACK_NAME("reserved"));
    }
    return s;
}

/*
 * Reads the header at the start of `src`. Whether the ciphertext is there is not judged.
 * Returns OTAPACK_OK, OTAPACK_NOT_THIS (magic), OTAPACK_TRUNCATED (fewer than 512 bytes) or
 * OTAPACK_READ_FAILED. `img` is whole only with OTAPACK_OK; what precedes the field that fails is
 * in it.
 */
static inline struct otapack_status
otapack_esp_encrypted_img_open(const struct otapack_source *src,
                               struct otapack_esp_encrypted_img *img)
{
    uint8_t raw[4];
    struct otapack_status s = otapack_read(src, 0, raw, sizeof(raw), OTAPACK_NAME("magic"));
    memset(img, 0, sizeof(*img));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (otapack_le32(raw) != OTAPACK_ESP_ENCRYPTED_IMG_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0, otapack_le32(raw),
                                   OTAPACK_ESP_ENCRYPTED_IMG_MAGIC);
    }
    s = otapack_read(src, OTAPACK_ESP_ENCRYPTED_IMG_WRAPPED_AT, img->wrapped_key,
                     sizeof(img->wrapped_key), OTAPACK_NAME("wrapped_key"));
    return s.code == OTAPACK_OK ? otapack_esp_encrypted_img_rest_(src, img) : s;
}

/*
 * Is `src` as long as a device wants it: 512 bytes and `size` more? One byte less or more, and it
 * refuses the update at its end, with all of it written.
 * Returns OTAPACK_OK, OTAPACK_TRUNCATED (`value` bytes would be needed, `limit` are there) or
 * OTAPACK_FORBIDDEN (`value` are there, `limit` there may be), both naming "size".
 */
static inline struct otapack_status
otapack_esp_encrypted_img_check_size(const struct otapack_source *src,
                                     const struct otapack_esp_encrypted_img *img)
{
    uint64_t end = otapack_esp_encrypted_img_end(img);
    if (src->size < end) {
        return otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("size"),
                                   OTAPACK_ESP_ENCRYPTED_IMG_SIZE_AT, end, src->size);
    }
    if (src->size > end) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("size"),
                                   OTAPACK_ESP_ENCRYPTED_IMG_SIZE_AT, src->size, end);
    }
    return otapack_good();
}

/* Writes the header, which otapack_esp_encrypted_img_open reads back. */
static inline void
otapack_esp_encrypted_img_write(const struct otapack_esp_encrypted_img *img,
                                uint8_t to[OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE])
{
    otapack_put_le32(to, OTAPACK_ESP_ENCRYPTED_IMG_MAGIC);
    memcpy(to + OTAPACK_ESP_ENCRYPTED_IMG_WRAPPED_AT, img->wrapped_key, sizeof(img->wrapped_key));
    memcpy(to + OTAPACK_ESP_ENCRYPTED_IMG_IV_AT, img->iv, sizeof(img->iv));
    otapack_put_le32(to + OTAPACK_ESP_ENCRYPTED_IMG_SIZE_AT, img->size);
    memcpy(to + OTAPACK_ESP_ENCRYPTED_IMG_TAG_AT, img->tag, sizeof(img->tag));
    memcpy(to + OTAPACK_ESP_ENCRYPTED_IMG_RESERVED_AT, img->reserved, sizeof(img->reserved));
}

#endif
