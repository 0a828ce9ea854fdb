/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/intel_hex.h: an Intel HEX file, lines of text that say what goes to which address.
 * esptool writes one (merge_bin --format hex) and flashes it; addresses are flash addresses.
 *
 *     :LLAAAATTDD...CC   each letter a hexadecimal digit
 *      LL bytes of data, AAAA address (most significant byte first), TT type, DD data, CC checksum
 *
 *     type: 0 data, 1 end of the file, 2 segment (16 bits of data, times 16, are added to the
 *           addresses that follow), 3 and 5 where a program starts, 4 the upper 16 bits of these
 *
 * The sum of all bytes of a record, its checksum among them, is a multiple of 256.
 *
 *     struct otapack_intel_hex_record r;
 *     struct otapack_intel_hex_place place = {0};
 *     for (uint64_t at = 0; otapack_intel_hex_read(&src, at, &r).code == OTAPACK_OK; at = r.end)
 *         if (r.type == OTAPACK_INTEL_HEX_DATA && otapack_intel_hex_fits(&place, &r))
 *             write_flash(otapack_intel_hex_address(&place, &r), r.data, r.size);
 *         else
 *             otapack_intel_hex_follow(&place, &r);
 *
 * Source of the facts: Intel's Hexadecimal Object File Format Specification, revision A; the Python
 * library intelhex 2.3, by which esptool 4.7 and later read and write it.
 */
#ifndef OTAPACK_INTEL_HEX_H
#define OTAPACK_INTEL_HEX_H

#include "base.h"

#define OTAPACK_INTEL_HEX_DATA 0u
#define OTAPACK_INTEL_HEX_END 1u
#define OTAPACK_INTEL_HEX_SEGMENT 2u
#define OTAPACK_INTEL_HEX_START_SEGMENT 3u
#define OTAPACK_INTEL_HEX_LINEAR 4u
#define OTAPACK_INTEL_HEX_START_LINEAR 5u

#define OTAPACK_INTEL_HEX_MAX_DATA 255u
#define OTAPACK_INTEL_HEX_MAX_RECORD 522u /* with a line feed: 12 and two digits a byte */

struct otapack_intel_hex_record {
    uint8_t size, type, sum; /* sum: of all bytes; 0 where the checksum is right */
    uint16_t address;
    uint8_t data[OTAPACK_INTEL_HEX_MAX_DATA];
    uint64_t end; /* where the next one begins: behind the ends of lines and blanks */
};

/* What is added to the addresses of data. */
struct otapack_intel_hex_place {
    uint32_t base;
};

static inline int otapack_intel_hex_digit_(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that stands in two digits at `at`. */
static inline struct otapack_status otapack_intel_hex_byte_(const struct otapack_source *src,
                                                            uint64_t at, uint8_t *sum, uint8_t *to)
{
    uint8_t text[2] = {0};
    struct otapack_status s = otapack_read(src, at, text, sizeof(text), OTAPACK_NAME("record"));
    if (s.code == OTAPACK_OK) {
        int high = otapack_intel_hex_digit_(text[0]), low = otapack_intel_hex_digit_(text[1]);
        if (high < 0 || low < 0) {
            return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("digit"),
                                       high < 0 ? at : at + 1, high < 0 ? text[0] : text[1], 0);
        }
        *to = (uint8_t)((unsigned)high << 4 | (unsigned)low);
        *sum = (uint8_t)(*sum + *to);
    }
    return s;
}

/* Where the next record begins: ends of lines and blanks are passed over. */
static inline struct otapack_status otapack_intel_hex_skip_(const struct otapack_source *src,
                                                            uint64_t *at)
{
    struct otapack_status s = otapack_good();
    uint8_t c = 0;
    while (*at < src->size) {
        s = otapack_read(src, *at, &c, 1, OTAPACK_NAME("record"));
        if (s.code != OTAPACK_OK || (c != '\n' && c != '\r' && c != ' ' && c != '\t')) {
            return s;
        }
        ++*at;
    }
    return s;
}

/* Are there so many bytes of data, and is there such a type? */
static inline struct otapack_status
otapack_intel_hex_judge_(const struct otapack_intel_hex_record *r, uint64_t at)
{
    bool two = r->type == OTAPACK_INTEL_HEX_SEGMENT || r->type == OTAPACK_INTEL_HEX_LINEAR;
    bool four =
        r->type == OTAPACK_INTEL_HEX_START_SEGMENT || r->type == OTAPACK_INTEL_HEX_START_LINEAR;
    if (r->type > OTAPACK_INTEL_HEX_START_LINEAR) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("type"), at + 7, r->type,
                                   OTAPACK_INTEL_HEX_START_LINEAR);
    }
    if ((two && r->size != 2) || (four && r->size != 4) ||
        (r->type == OTAPACK_INTEL_HEX_END && r->size != 0)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("size"), at + 1, r->size,
                                   two    ? 2
                                   : four ? 4
                                          : 0);
    }
    return otapack_good();
}

/*
 * Reads the record at `at`. Returns OTAPACK_OK, OTAPACK_NOT_THIS (no colon there),
 * OTAPACK_FORBIDDEN (a character that is no digit; a type or a size that cannot be),
 * OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. Whether the checksum is right, `sum` says.
 */
static inline struct otapack_status otapack_intel_hex_read(const struct otapack_source *src,
                                                           uint64_t at,
                                                           struct otapack_intel_hex_record *r)
{
    uint8_t colon = 0, head[4] = {0}, last = 0;
    unsigned i;
    struct otapack_status s = otapack_read(src, at, &colon, 1, OTAPACK_NAME("record"));
    memset(r, 0, sizeof(*r));
    if (s.code == OTAPACK_OK && colon != ':') {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("record"), at, colon, ':');
    }
    for (i = 0; i < sizeof(head) && s.code == OTAPACK_OK; i++) {
        s = otapack_intel_hex_byte_(src, at + 1 + ((uint64_t)i << 1), &r->sum, &head[i]);
    }
    if (s.code != OTAPACK_OK) {
        return s;
    }
    r->size = head[0];
    r->address = (uint16_t)((unsigned)head[1] << 8 | head[2]);
    r->type = head[3];
    s = otapack_intel_hex_judge_(r, at);
    for (i = 0; i < r->size && s.code == OTAPACK_OK; i++) {
        s = otapack_intel_hex_byte_(src, at + 9 + ((uint64_t)i << 1), &r->sum, &r->data[i]);
    }
    if (s.code == OTAPACK_OK) {
        r->end = at + 11 + ((uint64_t)r->size << 1);
        s = otapack_intel_hex_byte_(src, r->end - 2, &r->sum, &last);
    }
    return s.code == OTAPACK_OK ? otapack_intel_hex_skip_(src, &r->end) : s;
}

/* What a record that is no data means for those behind it. */
static inline void otapack_intel_hex_follow(struct otapack_intel_hex_place *place,
                                            const struct otapack_intel_hex_record *r)
{
    uint32_t value = (uint32_t)r->data[0] << 8 | r->data[1];
    if (r->type == OTAPACK_INTEL_HEX_SEGMENT) {
        place->base = value << 4;
    } else if (r->type == OTAPACK_INTEL_HEX_LINEAR) {
        place->base = value << 16;
    }
}

/* Does all of its data have an address? None is beyond 4 GiB. */
static inline bool otapack_intel_hex_fits(const struct otapack_intel_hex_place *place,
                                          const struct otapack_intel_hex_record *r)
{
    return (uint64_t)place->base + r->address + r->size <= (uint64_t)UINT32_MAX + 1;
}

static inline uint32_t otapack_intel_hex_address(const struct otapack_intel_hex_place *place,
                                                 const struct otapack_intel_hex_record *r)
{
    return place->base + r->address;
}

static inline uint8_t otapack_intel_hex_put_(uint8_t *to, uint8_t value)
{
    uint8_t high = (uint8_t)(value >> 4), low = (uint8_t)(value & 15u);
    to[0] = (uint8_t)(high < 10 ? '0' + high : 'A' + high - 10);
    to[1] = (uint8_t)(low < 10 ? '0' + low : 'A' + low - 10);
    return value;
}

/*
 * Writes a record, in capital digits, with a line feed behind it; returns how many bytes that are,
 * at most OTAPACK_INTEL_HEX_MAX_RECORD.
 */
static inline size_t otapack_intel_hex_write(uint8_t type, uint16_t address, const uint8_t *data,
                                             uint8_t size, uint8_t *to)
{
    uint8_t sum;
    unsigned i, end = 9u + ((unsigned)size << 1);
    to[0] = ':';
    sum = otapack_intel_hex_put_(to + 1, size);
    sum = (uint8_t)(sum + otapack_intel_hex_put_(to + 3, (uint8_t)(address >> 8)));
    sum = (uint8_t)(sum + otapack_intel_hex_put_(to + 5, (uint8_t)address));
    sum = (uint8_t)(sum + otapack_intel_hex_put_(to + 7, type));
    for (i = 0; i < size; i++) {
        sum = (uint8_t)(sum + otapack_intel_hex_put_(to + 9 + (i << 1), data[i]));
    }
    (void)otapack_intel_hex_put_(to + end, (uint8_t)(0u - sum));
    to[end + 2] = '\n';
    return (size_t)end + 3;
}

#endif
