// SPDX-License-Identifier: Apache-2.0
//
// The log of a block of LittleFS, written down entry by entry.
#ifndef LITTLEFS_LOG_H
#define LITTLEFS_LOG_H

#include "unit.h"

struct log {
    uint8_t *block;
    size_t n, commit; // bytes, and where the last commit ends
    uint32_t tag;
};

static inline void put_tag(struct log *l, uint32_t type, uint32_t id, uint32_t length)
{
    uint32_t tag = type << 20 | id << 10 | length, stored = tag ^ l->tag;
    for (int i = 0; i < 4; i++) {
        l->block[l->n++] = (uint8_t)(stored >> (24 - 8 * i));
    }
    l->tag = tag;
}

static inline void put_number(struct log *l, uint32_t v)
{
    otapack_put_le32(l->block + l->n, v);
    l->n += 4;
}

// Bit by bit from the polynomial, highest bit first: another way to count than the header's.
static inline uint32_t crc_of(const uint8_t *p, size_t n)
{
    uint32_t crc = UINT32_MAX, out = 0;
    for (size_t i = 0; i < 8 * n; i++) {
        uint32_t bit = (uint32_t)p[i / 8] >> i % 8 & 1;
        crc = crc << 1 ^ ((crc >> 31 ^ bit) != 0 ? 0x04C11DB7 : 0);
    }
    for (int i = 0; i < 32; i++) {
        out |= (crc >> i & 1) << (31 - i);
    }
    return out;
}

static inline void put_crc(struct log *l, uint32_t another, uint32_t flip)
{
    put_tag(l, 0x500 | another, 0x3FF, 4);
    put_number(l, crc_of(l->block + l->commit, l->n - l->commit) ^ flip);
    l->commit = l->n;
    l->tag ^= another << 31;
}

// An entry with its data, of at most 0x3FE bytes.
static inline void put_bytes(struct log *l, uint32_t type, uint32_t id, const void *bytes, size_t n)
{
    put_tag(l, type, id, (uint32_t)n);
    memcpy(l->block + l->n, bytes, n);
    l->n += n;
}

static inline void put_text(struct log *l, uint32_t type, uint32_t id, const char *text)
{
    put_bytes(l, type, id, text, strlen(text));
}

static inline void put_two(struct log *l, uint32_t type, uint32_t id, uint32_t a, uint32_t b)
{
    put_tag(l, type, id, 8);
    put_number(l, a);
    put_number(l, b);
}

static inline struct log log_begin(uint8_t *block, uint32_t revision)
{
    struct log l = {block, 0, 0, UINT32_MAX};
    put_number(&l, revision);
    return l;
}

#endif
