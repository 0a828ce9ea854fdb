/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/esp_image.h: app and bootloader images of the ESP32 family.
 *
 *     0                24                                            checksum_at     hash_at
 *     +----------------+--------------------+-----+---------+--------+---------------+-----------+
 *     | header         | segment 0          | ... | last    | zeros  | checksum      | SHA-256   |
 *     |                | load_addr data_len | ... | segment | 0..15  | 1 byte        | 32 bytes, |
 *     | 24 bytes       | data               | ... |         |        |               | optional  |
 *     +----------------+--------------------+-----+---------+--------+---------------+-----------+
 *
 *     header:  0 magic 0xE9 | 1 segment_count, 1..16 | 2 spi_mode | 3 spi_speed (low nibble),
 *              spi_size (high nibble) | 4 entry_addr | 8 wp_pin | 9 spi_pin_drv[3] | 12 chip_id |
 *              14 min_chip_rev | 15 min_chip_rev_full | 17 max_chip_rev_full | 19 reserved[4] |
 *              23 hash_appended, 0 or not
 *     segment: 0 load_addr | 4 data_len, a multiple of 4 | 8 data
 *
 * The checksum is 0xEF XORed with every data byte of every segment, and sits in the last byte of
 * a 16-byte block. With hash_appended not 0, the SHA-256 of everything before it follows.
 *
 *     struct otapack_esp_image image;
 *     struct otapack_status s = otapack_esp_image_open(&src, &image);
 *     if (s.code == OTAPACK_OK)
 *         s = otapack_esp_image_compute(&src, &image, &sha256, work, sizeof(work), &is);
 *     bool good = s.code == OTAPACK_OK && is.checksum == image.checksum && ...
 *
 * Source of the facts: ESP-IDF, esp_app_format.h and esp_image_format.c; esptool's output.
 */
#ifndef OTAPACK_ESP_IMAGE_H
#define OTAPACK_ESP_IMAGE_H

#include "base.h"

#define OTAPACK_ESP_MAGIC 0xE9u
#define OTAPACK_ESP_HEADER_SIZE 24u
#define OTAPACK_ESP_SEGMENT_HEADER_SIZE 8u
#define OTAPACK_ESP_MAX_SEGMENTS 16u
#define OTAPACK_ESP_LARGE_SEGMENT 0x1000000u /* of so many bytes: only some chips map it */
#define OTAPACK_ESP_CHECKSUM_SEED 0xEFu
#define OTAPACK_ESP_HASH_SIZE 32u

struct otapack_esp_header {
    uint8_t magic;
    uint8_t segment_count;
    uint8_t spi_mode;
    uint8_t spi_speed; /* the low nibble of byte 3 */
    uint8_t spi_size;  /* the high nibble of byte 3 */
    uint32_t entry_addr;
    uint8_t wp_pin;
    uint8_t spi_pin_drv[3];
    uint16_t chip_id;
    uint8_t min_chip_rev;       /* of old bootloaders: the major revision only */
    uint16_t min_chip_rev_full; /* major * 100 + minor */
    uint16_t max_chip_rev_full; /* likewise; 0 or 65535: not set */
    uint8_t reserved[4];
    uint8_t hash_appended;
};

struct otapack_esp_segment {
    uint32_t load_addr; /* 0: padding */
    uint32_t data_len;
    uint64_t at; /* of the segment's own 8-byte header, in the source */
};

struct otapack_esp_image {
    struct otapack_esp_header header;
    uint32_t segments_read; /* how many of `segments` are filled, also after a failure */
    struct otapack_esp_segment segments[OTAPACK_ESP_MAX_SEGMENTS];
    uint64_t padding_at; /* where the last segment ends */
    uint64_t checksum_at;
    uint64_t length; /* of the whole image: the next byte is not part of it */
    uint8_t checksum;
    bool has_hash;
    uint8_t hash[OTAPACK_ESP_HASH_SIZE]; /* the last bytes of the image, where has_hash */
};

/* What the data of an image gives, to compare with what the image says. */
struct otapack_esp_sums {
    uint8_t checksum;
    uint8_t hash[OTAPACK_ESP_HASH_SIZE];
};

static inline bool otapack_esp_count_is_allowed_(uint32_t segment_count)
{
    return segment_count > 0 && segment_count <= OTAPACK_ESP_MAX_SEGMENTS;
}

static inline bool otapack_esp_data_len_is_allowed_(uint32_t data_len)
{
    return data_len % 4 == 0;
}

/* The 24 bytes of a header, as they stand; nothing is judged. */
static inline struct otapack_esp_header otapack_esp_header_decode(const uint8_t *p)
{
    struct otapack_esp_header h;
    h.magic = p[0];
    h.segment_count = p[1];
    h.spi_mode = p[2];
    h.spi_speed = p[3] & 0x0Fu;
    h.spi_size = (uint8_t)(p[3] >> 4);
    h.entry_addr = otapack_le32(p + 4);
    h.wp_pin = p[8];
    memcpy(h.spi_pin_drv, p + 9, sizeof(h.spi_pin_drv));
    h.chip_id = otapack_le16(p + 12);
    h.min_chip_rev = p[14];
    h.min_chip_rev_full = otapack_le16(p + 15);
    h.max_chip_rev_full = otapack_le16(p + 17);
    memcpy(h.reserved, p + 19, sizeof(h.reserved));
    h.hash_appended = p[23];
    return h;
}

/*
 * Reads and judges the 24 bytes at the start of `src`.
 * Returns OTAPACK_OK, OTAPACK_NOT_THIS (magic), OTAPACK_FORBIDDEN (segment_count),
 * OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `h` is filled unless the bytes could
 * not be read.
 */
static inline struct otapack_status otapack_esp_header_read(const struct otapack_source *src,
                                                            struct otapack_esp_header *h)
{
    uint8_t raw[OTAPACK_ESP_HEADER_SIZE];
    struct otapack_status s = otapack_read(src, 0, raw, sizeof(raw), OTAPACK_NAME("header"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    *h = otapack_esp_header_decode(raw);
    if (h->magic != OTAPACK_ESP_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0, h->magic,
                                   OTAPACK_ESP_MAGIC);
    }
    if (!otapack_esp_count_is_allowed_(h->segment_count)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("segment_count"), 1,
                                   h->segment_count, OTAPACK_ESP_MAX_SEGMENTS);
    }
    return otapack_good();
}

/*
 * Reads the segment header at `at` and judges its length.
 * Returns OTAPACK_OK, OTAPACK_FORBIDDEN (data_len), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_esp_segment_read(const struct otapack_source *src,
                                                             uint64_t at,
                                                             struct otapack_esp_segment *seg)
{
    uint8_t raw[OTAPACK_ESP_SEGMENT_HEADER_SIZE];
    struct otapack_status s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("segment"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    seg->at = at;
    seg->load_addr = otapack_le32(raw);
    seg->data_len = otapack_le32(raw + 4);
    if (!otapack_esp_data_len_is_allowed_(seg->data_len)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("data_len"), at + 4,
                                   seg->data_len, UINT32_MAX - 3u);
    }
    if (!otapack_has(src, at + sizeof(raw), seg->data_len)) {
        return otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("segment data"), at + 4,
                                   at + sizeof(raw) + seg->data_len, src->size);
    }
    return s;
}

/* Where a segment's bytes end. */
static inline uint64_t otapack_esp_segment_end(const struct otapack_esp_segment *seg)
{
    return seg->at + OTAPACK_ESP_SEGMENT_HEADER_SIZE + seg->data_len;
}

/* The checksum byte and the hash: what follows the last segment. Part of otapack_esp_image_open. */
static inline struct otapack_status otapack_esp_tail_read_(const struct otapack_source *src,
                                                           struct otapack_esp_image *image)
{
    struct otapack_status s;
    image->checksum_at = image->padding_at | 15u;
    image->length = image->checksum_at + 1;
    s = otapack_read(src, image->checksum_at, &image->checksum, 1, OTAPACK_NAME("checksum"));
    if (s.code == OTAPACK_OK && image->has_hash) {
        s = otapack_read(src, image->length, image->hash, OTAPACK_ESP_HASH_SIZE,
                         OTAPACK_NAME("hash"));
        image->length += OTAPACK_ESP_HASH_SIZE;
    }
    return s;
}

/*
 * Reads the structure of the image at the start of `src`, without looking at segment data.
 * The source may be longer than the image: image->length says where the image ends.
 * Returns what otapack_esp_header_read and otapack_esp_segment_read return. After a failure
 * `header` and `segments_read` segments hold what was read, and padding_at is where they end.
 */
static inline struct otapack_status otapack_esp_image_open(const struct otapack_source *src,
                                                           struct otapack_esp_image *image)
{
    struct otapack_status s;
    memset(image, 0, sizeof(*image));
    s = otapack_esp_header_read(src, &image->header);
    image->padding_at = OTAPACK_ESP_HEADER_SIZE;
    image->has_hash = image->header.hash_appended != 0;
    while (s.code == OTAPACK_OK && image->segments_read < image->header.segment_count) {
        struct otapack_esp_segment *seg = &image->segments[image->segments_read];
        s = otapack_esp_segment_read(src, image->padding_at, seg);
        if (s.code == OTAPACK_OK) {
            image->padding_at = otapack_esp_segment_end(seg);
            image->segments_read++;
        }
    }
    return s.code == OTAPACK_OK ? otapack_esp_tail_read_(src, image) : s;
}

/* The XOR of n bytes. */
static inline uint8_t otapack_xor(const uint8_t *bytes, size_t n)
{
    uint8_t x = 0;
    for (size_t i = 0; i < n; i++) {
        x = (uint8_t)(x ^ bytes[i]);
    }
    return x;
}

/*
 * The same of many bytes: both halves go side by side, and neither waits for the other. A stream,
 * whose pieces are small, has no code to spare for it.
 */
static inline uint8_t otapack_xor_halves_(const uint8_t *bytes, size_t n)
{
    size_t half = n / 2;
    uint8_t x = n % 2 != 0 ? bytes[n - 1] : 0;
    uint8_t y = 0;
    for (size_t i = 0; i < half; i++) {
        x = (uint8_t)(x ^ bytes[i]);
        y = (uint8_t)(y ^ bytes[half + i]);
    }
    return (uint8_t)(x ^ y);
}

/* Feeds bytes from..to to the hash, and to the checksum where `sum` is not NULL. */
static inline struct otapack_status otapack_esp_feed_(const struct otapack_source *src,
                                                      uint64_t from, uint64_t to,
                                                      const struct otapack_hash *hash,
                                                      uint8_t *work, size_t work_size, uint8_t *sum)
{
    while (from < to) {
        size_t n = to - from < work_size ? (size_t)(to - from) : work_size;
        struct otapack_status s = otapack_read(src, from, work, n, OTAPACK_NAME("segment data"));
        if (s.code != OTAPACK_OK) {
            return s;
        }
        if (hash != NULL) {
            hash->update(hash->ctx, work, n);
        }
        if (sum != NULL) {
            *sum = (uint8_t)(*sum ^ otapack_xor_halves_(work, n));
        }
        from += n;
    }
    return otapack_good();
}

/*
 * Goes once through the data of an image that otapack_esp_image_open took, and says what the
 * checksum and the SHA-256 should be. `work` is the caller's buffer, of at least one byte: the
 * larger, the faster. `hash` may be NULL; out->hash is then all zero.
 * Returns OTAPACK_OK, OTAPACK_FORBIDDEN (no work buffer), OTAPACK_TRUNCATED (the source shrank) or
 * OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_esp_image_compute(const struct otapack_source *src,
                                                              const struct otapack_esp_image *image,
                                                              const struct otapack_hash *hash,
                                                              uint8_t *work, size_t work_size,
                                                              struct otapack_esp_sums *out)
{
    struct otapack_status s = otapack_good();
    uint64_t at = 0;
    uint64_t end = image->length - (image->has_hash ? OTAPACK_ESP_HASH_SIZE : 0u);
    memset(out, 0, sizeof(*out));
    out->checksum = OTAPACK_ESP_CHECKSUM_SEED;
    if (work_size == 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("work_size"), 0, 0, 0);
    }
    if (hash != NULL) {
        hash->start(hash->ctx);
    }
    for (uint32_t i = 0; s.code == OTAPACK_OK && i < image->segments_read; i++) {
        uint64_t data = image->segments[i].at + OTAPACK_ESP_SEGMENT_HEADER_SIZE;
        s = otapack_esp_feed_(src, at, data, hash, work, work_size, NULL);
        if (s.code == OTAPACK_OK) {
            at = otapack_esp_segment_end(&image->segments[i]);
            s = otapack_esp_feed_(src, data, at, hash, work, work_size, &out->checksum);
        }
    }
    if (s.code == OTAPACK_OK) {
        s = otapack_esp_feed_(src, at, end, hash, work, work_size, NULL);
    }
    if (hash != NULL) {
        hash->finish(hash->ctx, out->hash);
    }
    return s;
}

#endif
