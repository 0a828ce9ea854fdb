// SPDX-License-Identifier: Apache-2.0
//
// Files of the fixtures, altered: bytes in memory, what belongs to them made right again, and saved
// in the scratch folder. Nothing here is otapack's own code, so that what a test expects does not
// come from what it tests.
#ifndef IMAGE_H_OF_LAWS
#define IMAGE_H_OF_LAWS

#include "digests.h"

#include <stddef.h>
#include <stdint.h>

struct image {
    uint8_t *p;
    size_t n;
};

// Where the parts of an app lie in its file.
enum {
    AT_SEGMENT_COUNT = 1,
    AT_FLASH_SIZE = 3,
    AT_CHIP_ID = 12,
    AT_HASH_APPENDED = 23,
    AT_FIRST_SEGMENT = 24,
    AT_DESC = 32,
    AT_SECURE_VERSION = AT_DESC + 4,
    AT_VERSION = AT_DESC + 16,
    AT_PROJECT = AT_DESC + 48,
    AT_IDF = AT_DESC + 112,
    AT_PAGE = AT_DESC + 180,
};

struct image image_load(const char *name); // any path; the test fails where there is none
struct image image_copy(const struct image *from);
struct image image_fill(uint8_t value, size_t n);
void image_free(struct image *im);
void image_save(const struct image *im, const char *name);

// Grow or shrink: `n` bytes at `at` become these; all else moves.
void image_splice(struct image *im, size_t at, size_t n, const void *with, size_t with_n);
void image_append(struct image *im, const void *bytes, size_t n);
void image_put(struct image *im, size_t at, const void *bytes, size_t n); // in place; must fit

uint32_t u8_at(const struct image *im, size_t at);
uint32_t u16_at(const struct image *im, size_t at); // little-endian
uint32_t u32_at(const struct image *im, size_t at);
void poke8(struct image *im, size_t at, unsigned value);
void poke16(struct image *im, size_t at, unsigned value);
void poke32(struct image *im, size_t at, uint32_t value);

// An ESP image that begins at 0: the headers of its last two segments, the end of their data, the
// byte of the checksum, the end of the image with its hash.
struct esp_walk {
    size_t before, last, data_end, checksum, end;
    int hashed;
};
struct esp_walk esp_walk(const struct image *im);
void esp_rehash(struct image *im); // makes the appended SHA-256 right again
void esp_resum(struct image *im);  // checksum and SHA-256
void esp_text(struct image *im, size_t at, const char *text, size_t width); // NUL-padded, summed
void esp_grow(struct image *im,
              size_t n); // zero bytes more in the last segment but one, an app's code

// A partition table that begins at 0.
void pt_begin(struct image *im); // empty
void pt_entry(struct image *im, unsigned type, unsigned subtype, uint32_t offset, uint32_t size,
              const char *label);
void pt_finish(struct image *im); // MD5 and fill, to 3072 bytes

// The merged image of the fixtures, for a flash of 4 MB, with this table in it.
void merged_save(const struct image *table, const char *name);

// A combined image: a part's entry in the table, and the part. 0, or none, where it has none.
size_t rcp_entry(const struct image *im, uint32_t tag);
struct image rcp_part(const struct image *im, uint32_t tag);

#endif
