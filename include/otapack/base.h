/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/base.h: the words that every otapack parser shares.
 *
 * Freestanding: needs <stdint.h>, <stddef.h>, <stdbool.h>, memcpy, memset and memcmp; no heap, no
 * globals, no recursion. C99 and C++11. Include it in as many files as you like; every function is
 * static inline, so what you do not call costs nothing.
 *
 *     struct otapack_source src = otapack_memory(bytes, n);
 *     struct otapack_esp_image image;
 *     struct otapack_status s = otapack_esp_image_open(&src, &image);
 *     if (s.code != OTAPACK_OK)
 *         refuse(s.field, s.at);
 *
 * All integers in these formats are little-endian. Offsets and sizes are uint64_t although the
 * formats hold 32-bit fields: the sum of two such fields then cannot wrap, so a bounds check is
 * one comparison.
 *
 * No length and no offset that a file can have means "none" or "unknown". What may be missing has a
 * flag beside it; or it is somewhere that it cannot be, such as in front of what it follows, and
 * its comment says where. That a format has such a number itself (erased flash, say) is another
 * matter: it is read as the device reads it.
 */
#ifndef OTAPACK_BASE_H
#define OTAPACK_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A freestanding compiler brings no <string.h>, but calls these on its own: firmware has them. */
#ifdef __has_include
#if __has_include(<string.h>)
#define OTAPACK_HAS_STRING_H
#endif
#elif !defined(__STDC_HOSTED__) || __STDC_HOSTED__
#define OTAPACK_HAS_STRING_H
#endif
#ifdef OTAPACK_HAS_STRING_H
#include <string.h>
#else
#ifdef __cplusplus
extern "C" {
#endif
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);
#ifdef __cplusplus
}
#endif
#endif

/* Define OTAPACK_NO_NAMES to leave the field names out of the firmware: `field` is then "". */
#ifdef OTAPACK_NO_NAMES
#define OTAPACK_NAME(text) ""
#else
#define OTAPACK_NAME(text) (text)
#endif

/* What can be said of some bytes. */
enum otapack_code {
    OTAPACK_OK,          /* as it should be */
    OTAPACK_NOT_THIS,    /* not this format: its magic number is not there */
    OTAPACK_TRUNCATED,   /* the bytes end before the structure does; `limit` bytes are there */
    OTAPACK_FORBIDDEN,   /* a field has a value that the format or the device does not allow */
    OTAPACK_UNEXPECTED,  /* where `field` belongs stands an element with tag `value`, or the end */
    OTAPACK_WRONG_TYPE,  /* the element of `field` has type `value`, which the field cannot have */
    OTAPACK_READ_FAILED, /* the caller's read function said no */
    OTAPACK_MISMATCH,    /* a checksum, hash, digest or CRC is not what the bytes give */
    OTAPACK_REFUSED,     /* the caller's own function said no to what it was told */
};

/*
 * A parser's answer: what, in which field, at which offset of the source. `value` is what the
 * field holds (or the first byte that would have been needed), `limit` what it may be at most.
 */
struct otapack_status {
    enum otapack_code code;
    const char *field;
    uint64_t at;
    uint64_t value;
    uint64_t limit;
};

/*
 * Where bytes come from: a buffer (memory-mapped flash, a received block), or a read function
 * (a partition, a file). `read` puts n bytes from offset `at` of the whole into `to` and says
 * whether it could; it is only asked for bytes inside `base .. base + size`.
 */
struct otapack_source {
    const uint8_t *bytes; /* NULL: use read */
    bool (*read)(void *ctx, uint64_t at, uint8_t *to, size_t n);
    void *ctx;
    uint64_t base; /* where this source begins in the whole; added before read is asked */
    uint64_t size; /* how many bytes it has */
};

/*
 * A hash that the caller brings: mbedTLS, a ROM function, hardware. `finish` writes the digest. A
 * hook that can fail notes so in its ctx, for the caller to look at.
 */
struct otapack_hash {
    void *ctx;
    void (*start)(void *ctx);
    void (*update)(void *ctx, const uint8_t *bytes, size_t n);
    void (*finish)(void *ctx, uint8_t *digest);
};

static inline struct otapack_status otapack_status_make(enum otapack_code code, const char *field,
                                                        uint64_t at, uint64_t value, uint64_t limit)
{
    struct otapack_status s;
    s.code = code;
    s.field = field;
    s.at = at;
    s.value = value;
    s.limit = limit;
    return s;
}

static inline struct otapack_status otapack_good(void)
{
    return otapack_status_make(OTAPACK_OK, "", 0, 0, 0);
}

/* A source over n bytes in memory, which must outlive it. */
static inline struct otapack_source otapack_memory(const uint8_t *bytes, size_t n)
{
    struct otapack_source src;
    src.bytes = bytes;
    src.read = NULL;
    src.ctx = NULL;
    src.base = 0;
    src.size = bytes == NULL ? 0 : n;
    return src;
}

/* The one bounds check: are there n bytes at `at`? */
static inline bool otapack_has(const struct otapack_source *src, uint64_t at, uint64_t n)
{
    return at <= src->size && n <= src->size - at;
}

/*
 * The n bytes at `at`, as a source of their own. A range that is not inside gives what is inside
 * of it, down to an empty source, never anything beyond.
 */
static inline struct otapack_source otapack_part(const struct otapack_source *src, uint64_t at,
                                                 uint64_t n)
{
    struct otapack_source part = *src;
    uint64_t from = at < src->size ? at : src->size;
    uint64_t left = src->size - from;
    part.base = src->base + from;
    part.size = n < left ? n : left;
    return part;
}

/*
 * Copies the n bytes at `at` into `to`. Every byte that otapack looks at comes through here.
 * Returns OTAPACK_OK, OTAPACK_TRUNCATED or OTAPACK_READ_FAILED, the latter two naming `field`.
 */
static inline struct otapack_status otapack_read(const struct otapack_source *src, uint64_t at,
                                                 uint8_t *to, size_t n, const char *field)
{
    if (!otapack_has(src, at, n)) {
        return otapack_status_make(OTAPACK_TRUNCATED, field, at, at + n, src->size);
    }
    if (src->bytes != NULL) {
        memcpy(to, src->bytes + (size_t)(src->base + at), n);
    } else if (src->read == NULL || !src->read(src->ctx, src->base + at, to, n)) {
        return otapack_status_make(OTAPACK_READ_FAILED, field, at, n, src->size);
    }
    return otapack_good();
}

static inline uint16_t otapack_le16(const uint8_t *p)
{
    return (uint16_t)((uint32_t)p[0] | (uint32_t)p[1] << 8);
}

static inline uint32_t otapack_le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t otapack_le64(const uint8_t *p)
{
    return (uint64_t)otapack_le32(p) | (uint64_t)otapack_le32(p + 4) << 32;
}

static inline void otapack_put_le32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
}

/* The length of a text field of n bytes, which ends at a NUL or where the field ends. */
static inline size_t otapack_text_length(const char *text, size_t n)
{
    size_t i = 0;
    while (i < n && text[i] != '\0') {
        i++;
    }
    return i;
}

#endif
