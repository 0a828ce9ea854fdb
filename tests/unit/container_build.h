// SPDX-License-Identifier: Apache-2.0
//
// Small bundles and Zigbee files, put together in memory byte by byte.
#ifndef CONTAINER_BUILD_H
#define CONTAINER_BUILD_H

#include "container_oracle.h"
#include "stream_build.h"

// An image of a bundle, or an element of a Zigbee file.
struct content {
    uint32_t id; // or tag
    const uint8_t *bytes;
    size_t n;
};

static inline void put_sha256(struct made *m, const uint8_t *bytes, size_t n)
{
    uint8_t digest[32];
    struct otapack_source src = otapack_memory(bytes, n);
    sha256(&src, n, digest);
    put(m, digest, sizeof(digest));
}

static inline struct made make_bundle(const struct content *images, size_t count)
{
    uint32_t at = 8 + 48 * (uint32_t)count;
    size_t room = at;
    for (size_t i = 0; i < count; i++) {
        room += images[i].n;
    }
    struct made m = made_new(room);
    put_le32(&m, 0x4D494F54);
    put_le32(&m, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        put_le32(&m, images[i].id);
        put_le32(&m, 7);
        put_le32(&m, at);
        put_le32(&m, (uint32_t)images[i].n);
        put_sha256(&m, images[i].bytes, images[i].n);
        at += (uint32_t)images[i].n;
    }
    for (size_t i = 0; i < count; i++) {
        put(&m, images[i].bytes, images[i].n);
    }
    return m;
}

// A bundle in a Matter image, whose header is as small as it gets or full.
static inline struct made make_bundle_file(const struct content *images, size_t count)
{
    struct header_parts h = header_parts();
    struct made bundle = make_bundle(images, count);
    struct made m = make_matter(&h, bundle.bytes, bundle.n);
    free(bundle.bytes);
    return m;
}

// Where the payload of a Matter image begins.
static inline size_t payload_of(const struct made *m)
{
    return 16 + (size_t)otapack_le32(m->bytes + 12);
}

static inline void put_le16(struct made *m, uint32_t v)
{
    const uint8_t raw[2] = {(uint8_t)v, (uint8_t)(v >> 8)};
    put(m, raw, sizeof(raw));
}

// A header with these fields, and elements.
static inline struct made make_zigbee(uint32_t control, uint32_t type,
                                      const struct content *elements, size_t count)
{
    static const uint32_t sizes[8] = {56, 57, 64, 65, 60, 61, 68, 69};
    size_t header = sizes[control & 7], total = header;
    for (size_t i = 0; i < count; i++) {
        total += 6 + elements[i].n;
    }
    struct made m = made_new(total);
    put_le32(&m, 0x0BEEF11E);
    put_le16(&m, 0x0100);
    put_le16(&m, (uint32_t)header);
    put_le16(&m, control);
    put_le16(&m, 0x131B);
    put_le16(&m, type);
    put_le32(&m, 0x01020304);
    put_le16(&m, 2);
    put_fill(&m, 'z', 32);
    put_le32(&m, (uint32_t)total);
    put_fill(&m, 1, header - 56);
    for (size_t i = 0; i < count; i++) {
        put_le16(&m, elements[i].id);
        put_le32(&m, (uint32_t)elements[i].n);
        put(&m, elements[i].bytes, elements[i].n);
    }
    return m;
}

static inline void complain_log(const char *name, const char *what, const struct log *a,
                                const struct log *b)
{
    log_print("the stream", a);
    log_print("it should be", b);
    fail_msg("%s: %s", name, what);
}

// In pieces of many sizes, announced or not, the stream tells the same, which is `expected`.
static inline void assert_told(const char *name, const struct made *m, const struct arrival *base,
                               const struct log *expected)
{
    static const struct {
        size_t chunk;
        uint64_t seed;
    } ways[] = {{0, 0}, {1, 0}, {2, 0}, {7, 0}, {48, 0}, {288, 0}, {9, 77}, {600, 78}};
    static struct log told;
    for (size_t i = 0; i < COUNT(ways); i++) {
        struct arrival how = *base;
        how.chunk = ways[i].chunk;
        how.seed = ways[i].seed;
        arrive(&told, m->bytes, m->n, &how);
        const char *wrong = log_differs(&told, expected);
        if (wrong != NULL) {
            complain_log(name, wrong, &told, expected);
        }
    }
}

// However it arrives, the same is told, and the outcome is this.
static inline void assert_refused(const char *name, const struct made *m,
                                  const struct arrival *base, const char *field, uint64_t at)
{
    static struct log told;
    arrive(&told, m->bytes, m->n, base);
    if (told.code == OTAPACK_OK || strcmp(told.field, field) != 0 || told.at != at) {
        log_print("the stream", &told);
        fail_msg("%s: not %s at %" PRIu64, name, field, at);
    }
    assert_told(name, m, base, &told);
}

#endif
