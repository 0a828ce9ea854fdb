/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/esp8266_image.h: images of the ESP8266, and what an Arduino sketch is sent as.
 *
 *     version 1, which the ROM and eboot load:
 *     0        8                                                checksum_at
 *     +--------+--------------------+-----+---------+----------+-------------+
 *     | header | segment 0          | ... | last    | anything | checksum    |
 *     | 8 bytes| load_addr data_len | ... | segment | 0..15    | 1 byte      |
 *     |        | data               | ... |         |          |             |
 *     +--------+--------------------+-----+---------+----------+-------------+
 *
 *     version 2, which Espressif's own bootloader (boot_v1.x) and rBoot load:
 *     0        8                     image_at           crc_at
 *     +--------+---------------------+------------------+-------------+
 *     | header | 0, data_len, data   | a whole image of | CRC         |
 *     | (0xEA) | (runs from flash)   | version 1        | 4 bytes     |
 *     +--------+---------------------+------------------+-------------+
 *
 *     Arduino, which eboot copies to address 0 of the flash:
 *     0                      4096                                     file end
 *     +---------------+------+----------------------------------------+
 *     | eboot,        | 0xAA | sketch, an image of version 1:         |
 *     | version 1     | ...  | +16 length of the file | +20 CRC       |
 *     +---------------+------+----------------------------------------+
 *     (core 2.7: length and CRC end eboot's sector; earlier ones have neither)
 *
 *     header:  0 magic 0xE9 (version 2: 0xEA) | 1 segment_count (version 2: 4) | 2 flash_mode |
 *              3 flash_freq (low nibble), flash_size (high nibble) | 4 entry_addr
 *     segment: 0 load_addr | 4 data_len | 8 data
 *
 * The checksum is 0xEF XORed with every data byte of every segment, and sits in the last byte of
 * a 16-byte block. Version 2 does not count what runs from flash into it; its CRC is zlib's of all
 * that stands before, see otapack_esp8266_v2_crc, and rBoot's ROMs end without one. What
 * Espressif's tools make of version 2 has no settings of the flash in its first header, but the
 * number of the slot that it was linked for, see otapack_esp8266_v2_slot. An Arduino image has its
 * length, and the CRC of itself with these two words zero (polynomial 0x04C11DB7, from 0xFFFFFFFF,
 * most significant bit first, no last XOR), at the start of the sketch's first segment, where the
 * sketch can look at them: nothing else on the device does, nor at the sketch's checksum. They are
 * put there last; the checksum was counted while they were zero. Core 2.7 has both at the end of
 * eboot's sector instead, and earlier ones have none: see stamp_at.
 *
 *     struct otapack_esp8266_arduino a;
 *     struct otapack_status s = otapack_esp8266_arduino_open(&src, &a);
 *     if (s.code == OTAPACK_OK)
 *         s = otapack_esp8266_arduino_crc(&src, a.stamp_at, a.sketch.end, work, sizeof(work), &c);
 *     bool good = s.code == OTAPACK_OK && a.stored_length == a.sketch.end && c == a.crc;
 *
 * An app of ESP8266_RTOS_SDK is an image of version 1 whose segments from 0x40200000 on stay in
 * flash as well; one of them begins with a description, as app_desc.h has it, and a SHA-256 of the
 * whole stands behind its end. Nothing in the header says so.
 *
 * Source of the facts: the ESP8266 Arduino core (eboot.c, elf2bin.py, Esp.cpp), the NONOS SDK
 * (gen_appbin.py), ESP8266_RTOS_SDK (esp_image_format.c), rBoot (rboot.c) and esptool.
 */
#ifndef OTAPACK_ESP8266_IMAGE_H
#define OTAPACK_ESP8266_IMAGE_H

#include "app_desc.h"
#include "esp_image.h"

#define OTAPACK_ESP8266_MAGIC 0xE9u
#define OTAPACK_ESP8266_V2_MAGIC 0xEAu
#define OTAPACK_ESP8266_V2_COUNT 4u
#define OTAPACK_ESP8266_HEADER_SIZE 8u
#define OTAPACK_ESP8266_SEGMENT_HEADER_SIZE 8u
#define OTAPACK_ESP8266_MAX_SEGMENTS 16u
#define OTAPACK_ESP8266_CHECKSUM_SEED 0xEFu
#define OTAPACK_ESP8266_MAPPED_AT 0x40200000u /* address of the first byte of the flash */
#define OTAPACK_ESP8266_SECTOR 4096u          /* what the flash erases, and eboot copies, at once */
#define OTAPACK_ESP8266_SKETCH_AT 4096u       /* behind the sector of eboot */
#define OTAPACK_ESP8266_LENGTH_AT 4112u       /* the CRC follows */
#define OTAPACK_ESP8266_OLD_LENGTH_AT 4088u   /* of core 2.7 */
#define OTAPACK_ESP8266_STAMP_SIZE 8u         /* length and CRC */
#define OTAPACK_ESP8266_LENGTH_MOST 0x1000000u /* the largest flash: above it is code */

struct otapack_esp8266_header {
    uint8_t magic;
    uint8_t segment_count;
    uint8_t flash_mode;
    uint8_t flash_freq; /* the low nibble of byte 3 */
    uint8_t flash_size; /* the high nibble of byte 3 */
    uint32_t entry_addr;
};

/* All places are in the source that was opened, whatever stands before the image. */
struct otapack_esp8266_image {
    struct otapack_esp8266_header header;
    uint32_t segments_read; /* how many of `segments` are filled, also after a failure */
    struct otapack_esp_segment segments[OTAPACK_ESP8266_MAX_SEGMENTS];
    uint64_t at;         /* of the header */
    uint64_t padding_at; /* where the last segment ends */
    uint64_t checksum_at;
    uint64_t end; /* of the image: the next byte is not part of it */
    uint8_t checksum;
};

struct otapack_esp8266_v2 {
    struct otapack_esp8266_header header; /* its entry_addr is that of `image` again */
    struct otapack_esp_segment irom;      /* what runs from flash; load_addr 0 */
    uint64_t image_at;                    /* where irom ends */
    struct otapack_esp8266_image image;   /* what is loaded */
    uint64_t crc_at;                      /* where `image` ends */
    uint64_t end;
    bool has_crc; /* else nothing follows the image, and end is crc_at */
    uint32_t crc; /* as stored; 0 where there is none */
};

struct otapack_esp8266_arduino {
    struct otapack_esp8266_image eboot;  /* ends in front of the sketch */
    struct otapack_esp8266_image sketch; /* sketch.end is the end of the file */
    uint64_t stamp_at;                   /* of length and CRC: 4112, 4088; 0, eboot's: none */
    uint32_t stored_length;
    uint32_t crc;
};

/* The 8 bytes of a header, as they stand; nothing is judged. */
static inline struct otapack_esp8266_header otapack_esp8266_header_decode(const uint8_t *p)
{
    struct otapack_esp8266_header h;
    h.magic = p[0];
    h.segment_count = p[1];
    h.flash_mode = p[2];
    h.flash_freq = p[3] & 0x0Fu;
    h.flash_size = (uint8_t)(p[3] >> 4);
    h.entry_addr = otapack_le32(p + 4);
    return h;
}

/* The same the other way: `p` gets 8 bytes. flash_freq and flash_size are below 16. */
static inline void otapack_esp8266_header_encode(const struct otapack_esp8266_header *h, uint8_t *p)
{
    p[0] = h->magic;
    p[1] = h->segment_count;
    p[2] = h->flash_mode;
    p[3] = (uint8_t)((h->flash_freq & 0x0Fu) | (uint32_t)h->flash_size << 4);
    otapack_put_le32(p + 4, h->entry_addr);
}

/*
 * Reads the header at `at`, and judges its magic number.
 * Returns OTAPACK_OK, OTAPACK_NOT_THIS (magic), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `h` is
 * filled unless the bytes could not be read.
 */
static inline struct otapack_status otapack_esp8266_header_read(const struct otapack_source *src,
                                                                uint64_t at, uint8_t magic,
                                                                struct otapack_esp8266_header *h)
{
    uint8_t raw[OTAPACK_ESP8266_HEADER_SIZE];
    struct otapack_status s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("header"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    *h = otapack_esp8266_header_decode(raw);
    if (h->magic != magic) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), at, h->magic, magic);
    }
    return s;
}

/*
 * Reads the segment header at `at`. Unlike the ESP32 family, the ESP8266 takes any length.
 * Returns OTAPACK_OK, OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `seg` is filled unless the bytes
 * could not be read.
 */
static inline struct otapack_status otapack_esp8266_segment_read(const struct otapack_source *src,
                                                                 uint64_t at,
                                                                 struct otapack_esp_segment *seg)
{
    uint8_t raw[OTAPACK_ESP8266_SEGMENT_HEADER_SIZE];
    struct otapack_status s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("segment"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    seg->at = at;
    seg->load_addr = otapack_le32(raw);
    seg->data_len = otapack_le32(raw + 4);
    if (!otapack_has(src, at + sizeof(raw), seg->data_len)) {
        return otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("segment data"), at + 4,
                                   at + sizeof(raw) + seg->data_len, src->size);
    }
    return s;
}

/*
 * Reads the structure of the image of version 1 at `at`, without looking at segment data. The
 * source may be longer than the image: image->end says where the image ends. The checksum is
 * looked for where blocks of 16 bytes from the start of the source say.
 * Returns what otapack_esp8266_header_read and otapack_esp8266_segment_read return, and
 * OTAPACK_FORBIDDEN (segment_count). After a failure `header` and `segments_read` segments hold
 * what was read, and padding_at is where they end.
 */
static inline struct otapack_status otapack_esp8266_image_open(const struct otapack_source *src,
                                                               uint64_t at,
                                                               struct otapack_esp8266_image *image)
{
    struct otapack_status s;
    memset(image, 0, sizeof(*image));
    image->at = at;
    image->padding_at = at;
    s = otapack_esp8266_header_read(src, at, OTAPACK_ESP8266_MAGIC, &image->header);
    if (s.code != OTAPACK_OK) {
        return s;
    }
    image->padding_at = at + OTAPACK_ESP8266_HEADER_SIZE;
    if (!otapack_esp_count_is_allowed_(image->header.segment_count)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("segment_count"), at + 1,
                                   image->header.segment_count, OTAPACK_ESP8266_MAX_SEGMENTS);
    }
    while (s.code == OTAPACK_OK && image->segments_read < image->header.segment_count) {
        struct otapack_esp_segment *seg = &image->segments[image->segments_read];
        s = otapack_esp8266_segment_read(src, image->padding_at, seg);
        if (s.code == OTAPACK_OK) {
            image->padding_at = otapack_esp_segment_end(seg);
            image->segments_read++;
        }
    }
    if (s.code == OTAPACK_OK) {
        image->checksum_at = image->padding_at | 15u;
        image->end = image->checksum_at + 1;
        s = otapack_read(src, image->checksum_at, &image->checksum, 1, OTAPACK_NAME("checksum"));
    }
    return s;
}

/*
 * What the checksum of an image that otapack_esp8266_image_open took should be. `work` is the
 * caller's buffer, of at least one byte: the larger, the faster.
 * Returns OTAPACK_OK, OTAPACK_FORBIDDEN (no work buffer), OTAPACK_TRUNCATED (the source shrank) or
 * OTAPACK_READ_FAILED.
 */
static inline struct otapack_status
otapack_esp8266_checksum(const struct otapack_source *src,
                         const struct otapack_esp8266_image *image, uint8_t *work, size_t work_size,
                         uint8_t *out)
{
    struct otapack_status s = otapack_good();
    *out = OTAPACK_ESP8266_CHECKSUM_SEED;
    if (work_size == 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("work_size"), 0, 0, 0);
    }
    for (uint32_t i = 0; s.code == OTAPACK_OK && i < image->segments_read; i++) {
        s = otapack_esp_feed_(src, image->segments[i].at + OTAPACK_ESP8266_SEGMENT_HEADER_SIZE,
                              otapack_esp_segment_end(&image->segments[i]), NULL, work, work_size,
                              out);
    }
    return s;
}

/* What a file of version 2 stores for zlib's CRC-32 of all that stands before. */
static inline uint32_t otapack_esp8266_v2_crc(uint32_t crc32)
{
    return (crc32 & 0x80000000u) != 0 ? ~crc32 : crc32 + 1;
}

/* The CRC of version 2: the four bytes behind the image, or none where the source ends with it. */
static inline struct otapack_status otapack_esp8266_v2_read_crc_(const struct otapack_source *src,
                                                                 struct otapack_esp8266_v2 *v2)
{
    uint8_t raw[4];
    struct otapack_status s = otapack_good();
    v2->crc_at = v2->image.end;
    if (src->size <= v2->crc_at) {
        v2->end = v2->crc_at;
        return s;
    }
    s = otapack_read(src, v2->crc_at, raw, sizeof(raw), OTAPACK_NAME("crc"));
    if (s.code == OTAPACK_OK) {
        v2->has_crc = true;
        v2->crc = otapack_le32(raw);
        v2->end = v2->crc_at + sizeof(raw);
    }
    return s;
}

/*
 * Reads the structure of a file of version 2. Where the source ends with the image, it has no CRC;
 * whatever else follows is taken for one.
 * Returns what otapack_esp8266_image_open returns; OTAPACK_FORBIDDEN is also the answer to a
 * segment_count that is not 4. After a failure, what was read is filled and the rest is zero.
 */
static inline struct otapack_status otapack_esp8266_v2_open(const struct otapack_source *src,
                                                            struct otapack_esp8266_v2 *v2)
{
    struct otapack_status s;
    memset(v2, 0, sizeof(*v2));
    s = otapack_esp8266_header_read(src, 0, OTAPACK_ESP8266_V2_MAGIC, &v2->header);
    if (s.code == OTAPACK_OK && v2->header.segment_count != OTAPACK_ESP8266_V2_COUNT) {
        s = otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("segment_count"), 1,
                                v2->header.segment_count, OTAPACK_ESP8266_V2_COUNT);
    }
    if (s.code == OTAPACK_OK) {
        s = otapack_esp8266_segment_read(src, OTAPACK_ESP8266_HEADER_SIZE, &v2->irom);
    }
    if (s.code == OTAPACK_OK) {
        v2->image_at = otapack_esp_segment_end(&v2->irom);
        s = otapack_esp8266_image_open(src, v2->image_at, &v2->image);
    }
    return s.code == OTAPACK_OK ? otapack_esp8266_v2_read_crc_(src, v2) : s;
}

/*
 * The slot that a file of version 2 was linked for: 1 (user1.bin) or 2 (user2.bin); 0 where it does
 * not say, as esptool's and rBoot's do not, which have the settings of the flash there. Such
 * settings are those of the image within; a slot is told from them by being none.
 */
static inline uint8_t otapack_esp8266_v2_slot(const struct otapack_esp8266_v2 *v2)
{
    const struct otapack_esp8266_header *h = &v2->header, *within = &v2->image.header;
    if (h->flash_mode != 0 || h->flash_size != 0 ||
        (within->flash_size == 0 && within->flash_freq == h->flash_freq)) {
        return 0;
    }
    return h->flash_freq == 1 || h->flash_freq == 2 ? h->flash_freq : 0;
}

/* Whether a description begins the data of a segment that stays in flash. */
static inline bool otapack_esp8266_has_desc_(const struct otapack_source *src,
                                             const struct otapack_esp_segment *seg)
{
    uint8_t raw[4];
    if (seg->load_addr < OTAPACK_ESP8266_MAPPED_AT || seg->data_len < OTAPACK_APP_DESC_SIZE) {
        return false;
    }
    return otapack_read(src, seg->at + OTAPACK_ESP8266_SEGMENT_HEADER_SIZE, raw, sizeof(raw),
                        OTAPACK_NAME("magic_word"))
                   .code == OTAPACK_OK &&
           otapack_le32(raw) == OTAPACK_APP_DESC_MAGIC;
}

/*
 * Where the description of an app of ESP8266_RTOS_SDK is: at the start of the data of a segment
 * that stays in flash, the second as the SDK links them. 0, in front of any segment: there is none,
 * or it cannot be read.
 */
static inline uint64_t otapack_esp8266_desc_at(const struct otapack_source *src,
                                               const struct otapack_esp8266_image *image)
{
    for (uint32_t i = 0; i < image->segments_read; i++) {
        if (otapack_esp8266_has_desc_(src, &image->segments[i])) {
            return image->segments[i].at + OTAPACK_ESP8266_SEGMENT_HEADER_SIZE;
        }
    }
    return 0;
}

/*
 * Length and CRC at `at`, where they stand there: a length that no flash has is none. Where both
 * places have what could be one, it is the one that is right; else that of later cores.
 */
static inline struct otapack_status otapack_esp8266_read_stamp_(const struct otapack_source *src,
                                                                uint64_t at,
                                                                struct otapack_esp8266_arduino *a)
{
    uint8_t raw[OTAPACK_ESP8266_STAMP_SIZE];
    struct otapack_status s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("length"));
    uint32_t length;
    if (s.code != OTAPACK_OK) {
        return s;
    }
    length = otapack_le32(raw);
    if (length <= OTAPACK_ESP8266_LENGTH_MOST && (a->stamp_at == 0 || length == a->sketch.end)) {
        a->stamp_at = at;
        a->stored_length = length;
        a->crc = otapack_le32(raw + 4);
    }
    return s;
}

/*
 * Reads the structure of an Arduino image. Nothing is compared: that stored_length is sketch.end
 * and crc what otapack_esp8266_arduino_crc counts is for the caller to say.
 * Returns what otapack_esp8266_image_open returns; an eboot that reaches into the sketch is
 * OTAPACK_FORBIDDEN (eboot). After a failure, what was read is filled and the rest is zero.
 */
static inline struct otapack_status otapack_esp8266_arduino_open(const struct otapack_source *src,
                                                                 struct otapack_esp8266_arduino *a)
{
    struct otapack_status s;
    memset(a, 0, sizeof(*a));
    s = otapack_esp8266_image_open(src, 0, &a->eboot);
    if (s.code == OTAPACK_OK && a->eboot.end > OTAPACK_ESP8266_SKETCH_AT) {
        s = otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("eboot"), 0, a->eboot.end,
                                OTAPACK_ESP8266_SKETCH_AT);
    }
    if (s.code == OTAPACK_OK) {
        s = otapack_esp8266_image_open(src, OTAPACK_ESP8266_SKETCH_AT, &a->sketch);
    }
    if (s.code == OTAPACK_OK) {
        s = otapack_esp8266_read_stamp_(src, OTAPACK_ESP8266_LENGTH_AT, a);
    }
    if (s.code == OTAPACK_OK && a->eboot.end <= OTAPACK_ESP8266_OLD_LENGTH_AT) {
        s = otapack_esp8266_read_stamp_(src, OTAPACK_ESP8266_OLD_LENGTH_AT, a);
    }
    return s;
}

/* The CRC of eboot and of Arduino images, n bytes further; it begins with 0xFFFFFFFF. */
static inline uint32_t otapack_esp8266_crc(uint32_t crc, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        crc ^= (uint32_t)bytes[i] << 24;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc << 1) ^ (0x04C11DB7u & (0u - (crc >> 31)));
        }
    }
    return crc;
}

/* Feeds bytes from..to to the CRC. */
static inline struct otapack_status otapack_esp8266_crc_feed_(const struct otapack_source *src,
                                                              uint64_t from, uint64_t to,
                                                              uint8_t *work, size_t work_size,
                                                              uint32_t *crc)
{
    while (from < to) {
        size_t n = to - from < work_size ? (size_t)(to - from) : work_size;
        struct otapack_status s = otapack_read(src, from, work, n, OTAPACK_NAME("image"));
        if (s.code != OTAPACK_OK) {
            return s;
        }
        *crc = otapack_esp8266_crc(*crc, work, n);
        from += n;
    }
    return otapack_good();
}

/*
 * Counts the CRC of the first `length` bytes of an Arduino image, the two words at `stamp_at` taken
 * for zero.
 * `work` is the caller's buffer, of at least one byte: the larger, the faster.
 * Returns OTAPACK_OK, OTAPACK_FORBIDDEN (no work buffer, a place that no core has, or a length that
 * ends in front of the words' end), OTAPACK_TRUNCATED (fewer bytes than `length`) or
 * OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_esp8266_arduino_crc(const struct otapack_source *src,
                                                                uint64_t stamp_at, uint64_t length,
                                                                uint8_t *work, size_t work_size,
                                                                uint32_t *out)
{
    const uint8_t words[OTAPACK_ESP8266_STAMP_SIZE] = {0};
    const uint64_t words_end = stamp_at + sizeof(words);
    struct otapack_status s;
    *out = 0xFFFFFFFFu;
    if (work_size == 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("work_size"), 0, 0, 0);
    }
    if (stamp_at != OTAPACK_ESP8266_LENGTH_AT && stamp_at != OTAPACK_ESP8266_OLD_LENGTH_AT) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("stamp_at"), 0, stamp_at,
                                   OTAPACK_ESP8266_LENGTH_AT);
    }
    if (length < words_end || length > src->size) {
        return otapack_status_make(length < words_end ? OTAPACK_FORBIDDEN : OTAPACK_TRUNCATED,
                                   OTAPACK_NAME("length"), stamp_at, length,
                                   length < words_end ? words_end : src->size);
    }
    s = otapack_esp8266_crc_feed_(src, 0, stamp_at, work, work_size, out);
    if (s.code == OTAPACK_OK) {
        *out = otapack_esp8266_crc(*out, words, sizeof(words));
        s = otapack_esp8266_crc_feed_(src, words_end, length, work, work_size, out);
    }
    return s;
}

#endif
