// SPDX-License-Identifier: Apache-2.0
//
// What image.h declares. Whatever lies outside of an image fails the test.
#include "image.h"

#include "../unit/scratch.h"

enum {
    HEADER = 24,
    CHECKSUM_SEED = 0xEF,
    TABLE_AT = 0x8000,
    TABLE_SIZE = 0xC00,
    ENTRY_SIZE = 32,
    LABEL_SIZE = 16
};

// ---- Bytes --------------------------------------------------------------------------------------

struct image image_load(const char *name)
{
    struct image im = {NULL, 0};
    FILE *f = fopen(name, "rb");
    if (f == NULL) {
        fail_msg("%s: cannot be read", name);
        return im;
    }
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    im.n = (size_t)ftell(f);
    rewind(f);
    im.p = malloc(im.n > 0 ? im.n : 1);
    assert_non_null(im.p);
    assert_int_equal(fread(im.p, 1, im.n, f), im.n);
    (void)fclose(f);
    return im;
}

struct image image_copy(const struct image *from)
{
    struct image im = {malloc(from->n > 0 ? from->n : 1), from->n};
    assert_non_null(im.p);
    memcpy(im.p, from->p, from->n);
    return im;
}

struct image image_fill(uint8_t value, size_t n)
{
    struct image im = {malloc(n > 0 ? n : 1), n};
    assert_non_null(im.p);
    memset(im.p, value, n);
    return im;
}

void image_free(struct image *im)
{
    free(im->p);
    *im = (struct image){NULL, 0};
}

void image_save(const struct image *im, const char *name)
{
    file_write(name, im->p, im->n);
}

void image_splice(struct image *im, size_t at, size_t n, const void *with, size_t with_n)
{
    assert_true(at <= im->n && n <= im->n - at);
    uint8_t *p = malloc(im->n - n + with_n + 1);
    assert_non_null(p);
    if (at > 0) {
        memcpy(p, im->p, at);
    }
    if (with_n > 0) {
        memcpy(p + at, with, with_n);
    }
    if (im->n > at + n) {
        memcpy(p + at + with_n, im->p + at + n, im->n - at - n);
    }
    free(im->p);
    im->p = p;
    im->n += with_n - n;
}

void image_append(struct image *im, const void *bytes, size_t n)
{
    image_splice(im, im->n, 0, bytes, n);
}

void image_put(struct image *im, size_t at, const void *bytes, size_t n)
{
    assert_true(at <= im->n && n <= im->n - at);
    memcpy(im->p + at, bytes, n);
}

static uint32_t le(const struct image *im, size_t at, size_t width)
{
    uint32_t value = 0;
    assert_true(at <= im->n && width <= im->n - at);
    for (size_t i = width; i-- > 0;) {
        value = value << 8 | im->p[at + i];
    }
    return value;
}

uint32_t u8_at(const struct image *im, size_t at)
{
    return le(im, at, 1);
}

uint32_t u16_at(const struct image *im, size_t at)
{
    return le(im, at, 2);
}

uint32_t u32_at(const struct image *im, size_t at)
{
    return le(im, at, 4);
}

static void put_le(struct image *im, size_t at, uint32_t value, size_t width)
{
    assert_true(at <= im->n && width <= im->n - at);
    for (size_t i = 0; i < width; i++) {
        im->p[at + i] = (uint8_t)(value >> 8 * i);
    }
}

void poke8(struct image *im, size_t at, unsigned value)
{
    put_le(im, at, value, 1);
}

void poke16(struct image *im, size_t at, unsigned value)
{
    put_le(im, at, value, 2);
}

void poke32(struct image *im, size_t at, uint32_t value)
{
    put_le(im, at, value, 4);
}

// ---- ESP images ---------------------------------------------------------------------------------

struct esp_walk esp_walk(const struct image *im)
{
    struct esp_walk w = {.data_end = HEADER, .hashed = (int)u8_at(im, AT_HASH_APPENDED)};
    for (unsigned left = u8_at(im, AT_SEGMENT_COUNT); left > 0; left--) {
        w.before = w.last;
        w.last = w.data_end;
        w.data_end += 8 + u32_at(im, w.last + 4);
    }
    w.checksum = w.data_end / 16 * 16 + 15;
    w.end = w.checksum + 1 + (w.hashed ? 32 : 0);
    return w;
}

void esp_rehash(struct image *im)
{
    struct esp_walk w = esp_walk(im);
    if (w.hashed) {
        assert_true(w.end <= im->n);
        sha256_of(im->p, w.checksum + 1, im->p + w.checksum + 1);
    }
}

void esp_resum(struct image *im)
{
    unsigned sum = CHECKSUM_SEED;
    size_t at = HEADER;
    for (unsigned left = u8_at(im, AT_SEGMENT_COUNT); left > 0; left--) {
        size_t end = at + 8 + u32_at(im, at + 4);
        for (at += 8; at < end; at++) {
            sum ^= u8_at(im, at);
        }
    }
    poke8(im, esp_walk(im).checksum, sum);
    esp_rehash(im);
}

void esp_text(struct image *im, size_t at, const char *text, size_t width)
{
    size_t n = strlen(text);
    assert_true(n <= width && at + width <= im->n);
    memset(im->p + at, 0, width);
    memcpy(im->p + at, text, n);
    esp_resum(im);
}

void esp_grow(struct image *im, size_t n)
{
    struct esp_walk w = esp_walk(im);
    struct image zeros = image_fill(0, n);
    image_splice(im, w.last, 0, zeros.p, n);
    poke32(im, w.before + 4, u32_at(im, w.before + 4) + (uint32_t)n);
    image_free(&zeros);
    esp_rehash(im);
}

// ---- Partition tables ---------------------------------------------------------------------------

void pt_begin(struct image *im)
{
    *im = image_fill(0, 0);
}

void pt_entry(struct image *im, unsigned type, unsigned subtype, uint32_t offset, uint32_t size,
              const char *label)
{
    uint8_t entry[ENTRY_SIZE] = {0xAA, 0x50, (uint8_t)type, (uint8_t)subtype};
    size_t at = im->n;
    size_t n = strlen(label);
    assert_true(n <= LABEL_SIZE);
    memcpy(entry + 12, label, n);
    image_append(im, entry, sizeof(entry));
    poke32(im, at + 4, offset);
    poke32(im, at + 8, size);
}

void pt_finish(struct image *im)
{
    uint8_t end[ENTRY_SIZE];
    memset(end, 0xFF, sizeof(end));
    end[0] = end[1] = 0xEB;
    md5_of(im->p, im->n, end + 16);
    image_append(im, end, sizeof(end));
    assert_true(im->n <= TABLE_SIZE);
    struct image rest = image_fill(0xFF, TABLE_SIZE - im->n);
    image_append(im, rest.p, rest.n);
    image_free(&rest);
}

void merged_save(const struct image *table, const char *name)
{
    struct image flash = image_load("fixtures/flash/good-merged-esp32h2.bin");
    image_put(&flash, TABLE_AT, table->p, table->n);
    image_save(&flash, name);
    image_free(&flash);
}

// ---- Combined images ----------------------------------------------------------------------------

size_t rcp_entry(const struct image *im, uint32_t tag)
{
    for (size_t at = 12; at < u32_at(im, 4); at += 12) {
        if (u32_at(im, at) == tag) {
            return at;
        }
    }
    return 0;
}

struct image rcp_part(const struct image *im, uint32_t tag)
{
    size_t entry = rcp_entry(im, tag);
    assert_true(entry != 0);
    struct image part = {im->p + u32_at(im, entry + 8), u32_at(im, entry + 4)};
    return image_copy(&part);
}
