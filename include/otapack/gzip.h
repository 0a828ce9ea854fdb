/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/gzip.h: a file that gzip packed, as an ESP8266's eboot unpacks one.
 *
 *     0        10                                       compressed_at                  end
 *     +--------+---------+--------+---------+-----------+------------+--------+--------+
 *     | header | extra   | name   | comment | CRC of    | deflated   | CRC-32 | length |
 *     |10 bytes| 2 + len.| text 0 | text 0  | header, 2 | data       | 4      | 4      |
 *     +--------+---------+--------+---------+-----------+------------+--------+--------+
 *              (each of these four only where its flag is set)
 *
 *     header: 0 1F 8B | 2 method, 8 | 3 flags | 4 mtime | 8 extra_flags | 9 os
 *     flags:  0 text | 1 header CRC | 2 extra | 3 name | 4 comment | 5..7 zero
 *
 * The CRC (zlib's) and the length, modulo 2^32, are of what was packed. Where the deflated data
 * end, only unpacking shows: this header reads what stands before them. eboot looks for the length
 * in the last four bytes of all that it is given, unpacks that much, and looks neither at the CRC
 * nor at a second member: nothing may follow.
 *
 *     struct otapack_gzip gz;
 *     struct otapack_status s = otapack_gzip_open(&src, &gz);
 *
 * Source of the facts: RFC 1952; uzlib and eboot.c of the ESP8266 Arduino core.
 */
#ifndef OTAPACK_GZIP_H
#define OTAPACK_GZIP_H

#include "base.h"

#define OTAPACK_GZIP_MAGIC 0x8B1Fu
#define OTAPACK_GZIP_METHOD 8u
#define OTAPACK_GZIP_HEADER_SIZE 10u
#define OTAPACK_GZIP_END_SIZE 8u     /* CRC-32 and length */
#define OTAPACK_GZIP_MAX_TEXT 65535u /* of a name or a comment: what is read before giving up */

enum otapack_gzip_flag {
    OTAPACK_GZIP_TEXT = 1,
    OTAPACK_GZIP_HEADER_CRC = 2,
    OTAPACK_GZIP_EXTRA = 4,
    OTAPACK_GZIP_NAME = 8,
    OTAPACK_GZIP_COMMENT = 16,
    OTAPACK_GZIP_RESERVED = 0xE0,
};

/* Bytes of the source. A part whose flag is not set is 0 bytes at 0, where the header is. */
struct otapack_gzip_span {
    uint64_t at;
    uint32_t size; /* of a text: without its NUL */
};

struct otapack_gzip {
    uint8_t flags; /* enum otapack_gzip_flag, several */
    uint32_t mtime;
    uint8_t extra_flags;
    uint8_t os;
    struct otapack_gzip_span extra, name, comment;
    uint64_t header_crc_at; /* 0, where the header is, unless its flag is set */
    uint16_t header_crc;
    uint64_t compressed_at; /* where the header ends */
};

/* A text that ends at a NUL. Part of otapack_gzip_open. */
static inline struct otapack_status otapack_gzip_text_(const struct otapack_source *src,
                                                       uint64_t at, const char *field,
                                                       struct otapack_gzip_span *text)
{
    text->at = at;
    for (;;) {
        uint8_t byte = 0;
        struct otapack_status s = otapack_read(src, at + text->size, &byte, 1, field);
        if (s.code != OTAPACK_OK || byte == 0) {
            return s;
        }
        if (text->size >= OTAPACK_GZIP_MAX_TEXT) {
            return otapack_status_make(OTAPACK_FORBIDDEN, field, at, (uint64_t)text->size + 1,
                                       OTAPACK_GZIP_MAX_TEXT);
        }
        text->size++;
    }
}

/* The extra field, which says how long it is. Part of otapack_gzip_open. */
static inline struct otapack_status
otapack_gzip_extra_(const struct otapack_source *src, uint64_t at, struct otapack_gzip_span *extra)
{
    uint8_t raw[2];
    struct otapack_status s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("extra"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    extra->at = at + sizeof(raw);
    extra->size = otapack_le16(raw);
    if (!otapack_has(src, extra->at, extra->size)) {
        return otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("extra"), at,
                                   extra->at + extra->size, src->size);
    }
    return s;
}

/* The four parts behind the fixed header. Part of otapack_gzip_open. */
static inline struct otapack_status otapack_gzip_rest_(const struct otapack_source *src,
                                                       struct otapack_gzip *gz)
{
    uint8_t raw[2];
    uint64_t at = OTAPACK_GZIP_HEADER_SIZE;
    struct otapack_status s = otapack_good();
    if ((gz->flags & OTAPACK_GZIP_EXTRA) != 0) {
        s = otapack_gzip_extra_(src, at, &gz->extra);
        at = gz->extra.at + gz->extra.size;
    }
    if (s.code == OTAPACK_OK && (gz->flags & OTAPACK_GZIP_NAME) != 0) {
        s = otapack_gzip_text_(src, at, OTAPACK_NAME("name"), &gz->name);
        at += gz->name.size + 1u;
    }
    if (s.code == OTAPACK_OK && (gz->flags & OTAPACK_GZIP_COMMENT) != 0) {
        s = otapack_gzip_text_(src, at, OTAPACK_NAME("comment"), &gz->comment);
        at += gz->comment.size + 1u;
    }
    if (s.code == OTAPACK_OK && (gz->flags & OTAPACK_GZIP_HEADER_CRC) != 0) {
        s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("header_crc"));
        gz->header_crc_at = at;
        gz->header_crc = s.code == OTAPACK_OK ? otapack_le16(raw) : 0u;
        at += sizeof(raw);
    }
    gz->compressed_at = at;
    return s;
}

/*
 * Reads what stands before the deflated data.
 * Returns OTAPACK_OK, OTAPACK_NOT_THIS (magic), OTAPACK_FORBIDDEN (method, flags, or a text that
 * does not end), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `gz` is whole only with OTAPACK_OK.
 */
static inline struct otapack_status otapack_gzip_open(const struct otapack_source *src,
                                                      struct otapack_gzip *gz)
{
    uint8_t raw[OTAPACK_GZIP_HEADER_SIZE];
    struct otapack_status s = otapack_read(src, 0, raw, sizeof(raw), OTAPACK_NAME("header"));
    memset(gz, 0, sizeof(*gz));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    gz->flags = raw[3];
    gz->mtime = otapack_le32(raw + 4);
    gz->extra_flags = raw[8];
    gz->os = raw[9];
    if (otapack_le16(raw) != OTAPACK_GZIP_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0, otapack_le16(raw),
                                   OTAPACK_GZIP_MAGIC);
    }
    if (raw[2] != OTAPACK_GZIP_METHOD) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("method"), 2, raw[2],
                                   OTAPACK_GZIP_METHOD);
    }
    if ((gz->flags & OTAPACK_GZIP_RESERVED) != 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("flags"), 3, gz->flags, 0x1F);
    }
    return otapack_gzip_rest_(src, gz);
}

#endif
