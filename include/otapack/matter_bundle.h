/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/matter_bundle.h: the payload of a Matter image that updates several processors at once.
 *
 *     0             4       5          8                8 + 48 * count
 *     +-------------+-------+----------+----------------+---------+-----+-------------+
 *     | 0x4D494F54  | count | reserved | an entry each  | image 0 | ... | application |
 *     |             | u8    | 3 zeros  | 48 bytes       |         |     |             |
 *     +-------------+-------+----------+----------------+---------+-----+-------------+
 *
 *     entry: 0 ID | 4 version | 8 offset | 12 length | 16 SHA-256[32] of the image's bytes
 *
 * Offsets count from the start of the payload. The images follow the table and one another without
 * a gap, none is empty, and the last one ends where the payload does. Exactly one is the
 * application, ID 1, and it is the last. An image whose ID a device does not know it skips.
 *
 *     struct otapack_source src = otapack_memory(payload, n);
 *     struct otapack_bundle bundle;
 *     struct otapack_status s = otapack_bundle_open(&src, &bundle);
 *     if (s.code == OTAPACK_OK)
 *         s = otapack_bundle_check(&src, &bundle, m.payload_size);
 *     if (s.code != OTAPACK_OK)
 *         refuse(s.field, s.at);
 *     for (uint32_t i = 0; i < bundle.count; i++)
 *         otapack_bundle_entry_read(&src, i, &entry);
 *
 * open and entry_read do not judge; check answers as the device does before it takes a byte of any
 * image. Whether the SHA-256 are those of the images is for the caller to see.
 *
 * Source of the facts: connectedhomeip, MultiOTAImageHeader.cpp and MultiImageOTAProcessorImpl.cpp.
 */
#ifndef OTAPACK_MATTER_BUNDLE_H
#define OTAPACK_MATTER_BUNDLE_H

#include "base.h"

#define OTAPACK_BUNDLE_MAGIC 0x4D494F54u
#define OTAPACK_BUNDLE_HEAD_SIZE 8u
#define OTAPACK_BUNDLE_ENTRY_SIZE 48u
#define OTAPACK_BUNDLE_MAX_IMAGES 255u
#define OTAPACK_BUNDLE_SHA256_AT 16u /* in an entry */
#define OTAPACK_BUNDLE_SHA256_SIZE 32u

/* The IDs below OTAPACK_BUNDLE_MANUFACTURER are the platform's, the others whoever's devices. */
#define OTAPACK_BUNDLE_APPLICATION 1u
#define OTAPACK_BUNDLE_RCP 2u /* a border router's combined image without its host */
#define OTAPACK_BUNDLE_MANUFACTURER 0x100u

struct otapack_bundle {
    uint32_t count;      /* of images, as the file says */
    uint8_t reserved[3]; /* likewise */
};

struct otapack_bundle_entry {
    uint32_t id;
    uint32_t version;
    uint32_t offset; /* from the start of the payload */
    uint32_t length;
    uint8_t sha256[OTAPACK_BUNDLE_SHA256_SIZE];
};

/* What can be wrong with an entry: bits, so that an entry may have several. */
#define OTAPACK_BUNDLE_BAD_ID 1u        /* 0 */
#define OTAPACK_BUNDLE_BAD_LENGTH 2u    /* 0 */
#define OTAPACK_BUNDLE_BAD_OFFSET 4u    /* not where the table, or the image before, ends */
#define OTAPACK_BUNDLE_BEYOND 8u        /* the image ends behind the payload */
#define OTAPACK_BUNDLE_SHORT 16u        /* the last image ends before the payload does */
#define OTAPACK_BUNDLE_APP_NOT_LAST 32u /* an application that is not the last image */
#define OTAPACK_BUNDLE_LAST_NOT_APP 64u /* the last image is no application */

/* Where the first image belongs: behind the table. */
static inline uint64_t otapack_bundle_table_end(const struct otapack_bundle *bundle)
{
    uint32_t entries = (uint32_t)bundle->count * OTAPACK_BUNDLE_ENTRY_SIZE;
    return (uint64_t)OTAPACK_BUNDLE_HEAD_SIZE + entries;
}

/* Where entry i is. */
static inline uint64_t otapack_bundle_entry_at(uint32_t i)
{
    uint32_t before = (uint32_t)i * OTAPACK_BUNDLE_ENTRY_SIZE;
    return (uint64_t)OTAPACK_BUNDLE_HEAD_SIZE + before;
}

/* Where an image ends. */
static inline uint64_t otapack_bundle_entry_end(const struct otapack_bundle_entry *e)
{
    return (uint64_t)e->offset + e->length;
}

/*
 * Reads the 8 bytes at the start of `src`. The count and what is reserved are not judged.
 * Returns OTAPACK_OK, OTAPACK_NOT_THIS (magic), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_bundle_open(const struct otapack_source *src,
                                                        struct otapack_bundle *bundle)
{
    uint8_t raw[OTAPACK_BUNDLE_HEAD_SIZE];
    struct otapack_status s = otapack_read(src, 0, raw, sizeof(raw), OTAPACK_NAME("header"));
    memset(bundle, 0, sizeof(*bundle));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (otapack_le32(raw) != OTAPACK_BUNDLE_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0, otapack_le32(raw),
                                   OTAPACK_BUNDLE_MAGIC);
    }
    bundle->count = raw[4];
    memcpy(bundle->reserved, raw + 5, sizeof(bundle->reserved));
    return s;
}

/* The 48 bytes of an entry, as they stand. */
static inline struct otapack_bundle_entry otapack_bundle_entry_decode(const uint8_t *p)
{
    struct otapack_bundle_entry e;
    e.id = otapack_le32(p);
    e.version = otapack_le32(p + 4);
    e.offset = otapack_le32(p + 8);
    e.length = otapack_le32(p + 12);
    memcpy(e.sha256, p + OTAPACK_BUNDLE_SHA256_AT, sizeof(e.sha256));
    return e;
}

/* Reads entry i, below the count. OTAPACK_OK, OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. */
static inline struct otapack_status otapack_bundle_entry_read(const struct otapack_source *src,
                                                              uint32_t i,
                                                              struct otapack_bundle_entry *e)
{
    uint8_t raw[OTAPACK_BUNDLE_ENTRY_SIZE];
    struct otapack_status s =
        otapack_read(src, otapack_bundle_entry_at(i), raw, sizeof(raw), OTAPACK_NAME("entry"));
    if (s.code == OTAPACK_OK) {
        *e = otapack_bundle_entry_decode(raw);
    }
    return s;
}

/*
 * What is wrong with entry i: OTAPACK_BUNDLE_BAD_ID and so on, 0 where it is good. `begin` is where
 * its image belongs, the end of the table or of the image before; `size` is that of the payload.
 */
static inline uint32_t otapack_bundle_faults(const struct otapack_bundle *bundle, uint32_t i,
                                             const struct otapack_bundle_entry *e, uint64_t begin,
                                             uint64_t size)
{
    bool last = i + 1u == bundle->count, app = e->id == OTAPACK_BUNDLE_APPLICATION;
    uint64_t end = otapack_bundle_entry_end(e);
    return (e->id == 0 ? OTAPACK_BUNDLE_BAD_ID : 0u) |
           (e->length == 0 ? OTAPACK_BUNDLE_BAD_LENGTH : 0u) |
           (e->offset != begin ? OTAPACK_BUNDLE_BAD_OFFSET : 0u) |
           (end > size ? OTAPACK_BUNDLE_BEYOND : 0u) |
           (last && end < size ? OTAPACK_BUNDLE_SHORT : 0u) |
           (app && !last ? OTAPACK_BUNDLE_APP_NOT_LAST : 0u) |
           (last && !app ? OTAPACK_BUNDLE_LAST_NOT_APP : 0u);
}

/* The first of the faults of the entry at `at`, as a status. */
static inline struct otapack_status
otapack_bundle_fault_status_(uint32_t faults, uint64_t at, const struct otapack_bundle_entry *e,
                             uint64_t begin, uint64_t size)
{
    if ((faults & OTAPACK_BUNDLE_BAD_ID) != 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("id"), at, 0, UINT32_MAX);
    }
    if ((faults & OTAPACK_BUNDLE_BAD_LENGTH) != 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("length"), at + 12, 0,
                                   UINT32_MAX);
    }
    if ((faults & OTAPACK_BUNDLE_BAD_OFFSET) != 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("offset"), at + 8, e->offset,
                                   begin);
    }
    if ((faults & OTAPACK_BUNDLE_BEYOND) != 0) {
        return otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("length"), at + 12,
                                   otapack_bundle_entry_end(e), size);
    }
    if ((faults & (OTAPACK_BUNDLE_APP_NOT_LAST | OTAPACK_BUNDLE_LAST_NOT_APP)) != 0) {
        return otapack_status_make(OTAPACK_UNEXPECTED, OTAPACK_NAME("id"), at, e->id,
                                   OTAPACK_BUNDLE_APPLICATION);
    }
    return (faults & OTAPACK_BUNDLE_SHORT) != 0
               ? otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("payload_size"), at + 12,
                                     otapack_bundle_entry_end(e), size)
               : otapack_good();
}

/* What the first 8 bytes say, beside a payload of this size. */
static inline struct otapack_status otapack_bundle_head_check_(const struct otapack_bundle *bundle,
                                                               uint64_t size)
{
    uint32_t reserved = (uint32_t)bundle->reserved[0] | (uint32_t)bundle->reserved[1] << 8 |
                        (uint32_t)bundle->reserved[2] << 16;
    if (bundle->count == 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("count"), 4, 0,
                                   OTAPACK_BUNDLE_MAX_IMAGES);
    }
    if (reserved != 0) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("reserved"), 5, reserved, 0);
    }
    return size > UINT32_MAX ? otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("payload_size"),
                                                   0, size, UINT32_MAX)
                             : otapack_good();
}

/*
 * Judges the table of a bundle that was opened, as a device does with the whole of it; `size` is
 * what the Matter header says of the payload. Looks at no image.
 * Returns OTAPACK_OK; OTAPACK_FORBIDDEN (`count` of 0; `reserved`; `payload_size`, of 4 GiB or
 * more, or where the last image does not end there; `id` or `length` of 0; `offset`, which should
 * be `limit`); OTAPACK_UNEXPECTED (`id`: an application before the end, or none there);
 * OTAPACK_TRUNCATED (`entry`; `length`: an image leaves the payload); OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_bundle_check(const struct otapack_source *src,
                                                         const struct otapack_bundle *bundle,
                                                         uint64_t size)
{
    struct otapack_status s = otapack_bundle_head_check_(bundle, size);
    uint64_t begin = otapack_bundle_table_end(bundle);
    for (uint32_t i = 0; s.code == OTAPACK_OK && i < bundle->count; i++) {
        struct otapack_bundle_entry e;
        s = otapack_bundle_entry_read(src, i, &e);
        if (s.code == OTAPACK_OK) {
            s = otapack_bundle_fault_status_(otapack_bundle_faults(bundle, i, &e, begin, size),
                                             otapack_bundle_entry_at(i), &e, begin, size);
            begin = otapack_bundle_entry_end(&e);
        }
    }
    return s;
}

/* Writes the first 8 bytes. */
static inline void otapack_bundle_head_write(const struct otapack_bundle *bundle,
                                             uint8_t to[OTAPACK_BUNDLE_HEAD_SIZE])
{
    otapack_put_le32(to, OTAPACK_BUNDLE_MAGIC);
    to[4] = (uint8_t)bundle->count;
    memcpy(to + 5, bundle->reserved, sizeof(bundle->reserved));
}

/* Writes one entry as 48 bytes. */
static inline void otapack_bundle_entry_write(const struct otapack_bundle_entry *e,
                                              uint8_t to[OTAPACK_BUNDLE_ENTRY_SIZE])
{
    otapack_put_le32(to, e->id);
    otapack_put_le32(to + 4, e->version);
    otapack_put_le32(to + 8, e->offset);
    otapack_put_le32(to + 12, e->length);
    memcpy(to + OTAPACK_BUNDLE_SHA256_AT, e->sha256, sizeof(e->sha256));
}

/*
 * Writes the table of `count` images, and sets the offset of each, so that they follow one another
 * in this order. Returns how many bytes were written, where the first image belongs; 0 where there
 * are none or more than 255, `room` bytes are too few, or the payload would have 4 GiB or more.
 * What is written otapack_bundle_check takes, if no ID and no length is 0 and the one application
 * is the last.
 */
static inline size_t otapack_bundle_write(struct otapack_bundle_entry *entries, uint32_t count,
                                          uint8_t *to, size_t room)
{
    struct otapack_bundle bundle = {count, {0, 0, 0}};
    uint64_t end;
    if (count == 0 || count > OTAPACK_BUNDLE_MAX_IMAGES ||
        room < otapack_bundle_table_end(&bundle)) {
        return 0;
    }
    end = otapack_bundle_table_end(&bundle);
    for (uint32_t i = 0; i < count; i++) {
        entries[i].offset = (uint32_t)end;
        end += entries[i].length;
        if (end > UINT32_MAX) {
            return 0;
        }
        otapack_bundle_entry_write(&entries[i], to + (size_t)otapack_bundle_entry_at(i));
    }
    otapack_bundle_head_write(&bundle, to);
    return (size_t)otapack_bundle_table_end(&bundle);
}

#endif
