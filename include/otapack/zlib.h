/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/zlib.h: the header of what zlib packed (RFC 1950), as some apps of the ESP32 family
 * unpack it while they update themselves. No ESP8266 does: its eboot knows gzip alone.
 *
 *     0        2               end - 4    end
 *     +--------+---------------+----------+
 *     | header | deflated data | Adler-32 |
 *     | 2 bytes|               | 4 bytes  |
 *     +--------+---------------+----------+
 *
 *     header: 0 method (low nibble), 8; window (high nibble): 256 bytes, shifted left by it
 *             1 what makes the two bytes a multiple of 31 (bits 0..4), dictionary (5), level (6, 7)
 *
 * The Adler-32 is of what was packed, its most significant byte first. Where the deflated data end,
 * only unpacking shows.
 *
 *     struct otapack_zlib z;
 *     if (otapack_zlib_open(&src, &z).code == OTAPACK_OK)
 *         inflate_from(OTAPACK_ZLIB_HEADER_SIZE);
 *
 * Source of the facts: RFC 1950.
 */
#ifndef OTAPACK_ZLIB_H
#define OTAPACK_ZLIB_H

#include "base.h"

#define OTAPACK_ZLIB_HEADER_SIZE 2u
#define OTAPACK_ZLIB_END_SIZE 4u /* behind the deflated data: Adler-32 of what they unpack to */
#define OTAPACK_ZLIB_METHOD 8u   /* the low nibble of the first byte: deflate */
#define OTAPACK_ZLIB_MAX_WINDOW 32768u

struct otapack_zlib {
    uint8_t method;
    uint32_t window; /* bytes, at least 256 */
    uint8_t level;   /* 0 fastest to 3 smallest */
    bool dictionary; /* one that both sides know stands in front of the data */
};

/* Whether the two bytes are a multiple of 31, without a division: 32 is 1 more than that. */
static inline bool otapack_zlib_is_multiple_(uint32_t sum)
{
    while (sum > 31u) {
        sum = (sum & 31u) + (sum >> 5);
    }
    return sum == 31u; /* two zeros are no header */
}

/*
 * Reads the header at the start of `src`. Returns OTAPACK_OK, OTAPACK_NOT_THIS (the two bytes, the
 * first one times 256, are no multiple of 31), OTAPACK_FORBIDDEN (method, window, dictionary),
 * OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `z` is filled unless the bytes could not be
 * read; then it is zero.
 */
static inline struct otapack_status otapack_zlib_open(const struct otapack_source *src,
                                                      struct otapack_zlib *z)
{
    uint8_t raw[OTAPACK_ZLIB_HEADER_SIZE];
    struct otapack_status s = otapack_read(src, 0, raw, sizeof(raw), OTAPACK_NAME("header"));
    uint32_t sum;
    memset(z, 0, sizeof(*z));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    sum = (uint32_t)raw[0] << 8 | raw[1];
    z->method = raw[0] & 0x0Fu;
    z->window = (uint32_t)256u << (raw[0] >> 4);
    z->level = (uint8_t)(raw[1] >> 6);
    z->dictionary = (raw[1] & 0x20u) != 0;
    if (!otapack_zlib_is_multiple_(sum)) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("header"), 0, sum, 0);
    }
    if (z->method != OTAPACK_ZLIB_METHOD) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("method"), 0, z->method,
                                   OTAPACK_ZLIB_METHOD);
    }
    if (z->window > OTAPACK_ZLIB_MAX_WINDOW) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("window"), 0, z->window,
                                   OTAPACK_ZLIB_MAX_WINDOW);
    }
    if (z->dictionary) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("dictionary"), 1, 1, 0);
    }
    return s;
}

#endif
