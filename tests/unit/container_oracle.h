// SPDX-License-Identifier: Apache-2.0
//
// What the stream of a container should tell, by the parsers of whole files: what they say of the
// container, and between that what a stream says of each image when it is the file.
#ifndef CONTAINER_ORACLE_H
#define CONTAINER_ORACLE_H

#include "container_run.h"

static inline void should_begin(struct log *told, uint32_t part, uint64_t at, uint64_t size,
                                uint32_t value)
{
    log_add(told, (struct logged){.type = OTAPACK_EVENT_BEGIN,
                                  .part = part,
                                  .at = (uint32_t)at,
                                  .size = (uint32_t)size,
                                  .value = value});
}

static inline void should_data(struct log *told, uint32_t part, uint64_t at, uint64_t size)
{
    log_add(told, (struct logged){.type = OTAPACK_EVENT_DATA,
                                  .part = part,
                                  .at = (uint32_t)at,
                                  .size = (uint32_t)size});
}

static inline void should_end(struct log *told, uint32_t part, uint64_t at, bool checked)
{
    log_add(told,
            (struct logged){
                .type = OTAPACK_EVENT_END, .part = part, .at = (uint32_t)at, .checked = checked});
}

static inline bool should_fault(struct log *told, enum otapack_code code, const char *field,
                                uint64_t at)
{
    if (told->code == OTAPACK_OK && code != OTAPACK_OK) {
        told->code = code;
        told->field = field;
        told->at = (uint32_t)at;
    }
    return code == OTAPACK_OK;
}

static inline void should_finished(struct log *told, uint64_t at)
{
    log_add(told, (struct logged){.type = OTAPACK_EVENT_FINISHED, .at = (uint32_t)at});
}

static inline uint32_t magic_at(const uint8_t *bytes)
{
    return otapack_le32(bytes);
}

static inline bool is_sealed(uint32_t magic)
{
    return magic == OTAPACK_ESP_ENCRYPTED_IMG_MAGIC || magic == OTAPACK_STREAM_DELTA_MAGIC;
}

// What a stream tells of n bytes that are its file, at `at` of ours. Where `whole` is false, of
// what ends with them only that it is damaged as a whole: nothing of an END.
static inline bool should_inside(struct log *told, const uint8_t *bytes, size_t n, uint64_t at,
                                 const struct arrival *how, bool whole)
{
    static struct log inside;
    struct arrival alone = {.kind = PLAIN, .no_hashes = how->no_hashes};
    arrive(&inside, bytes, n, &alone);
    size_t events = inside.code == OTAPACK_OK ? inside.n - 1 : inside.n; // without FINISHED
    while (!whole && inside.code == OTAPACK_OK &&
           inside.logged[events - 1].type == OTAPACK_EVENT_END) {
        events--;
    }
    for (size_t i = 0; i < events; i++) {
        struct logged l = inside.logged[i];
        l.at += (uint32_t)at;
        log_add(told, l);
    }
    return should_fault(told, inside.code, inside.field, at + inside.at);
}

// One image of a bundle, or element 0: looked into, or told as it is.
static inline bool should_content(struct log *told, const uint8_t *bytes, size_t n, uint64_t at,
                                  const struct arrival *how, bool whole)
{
    uint32_t part = told->logged[told->n - 1].part;
    if (n < 4) {
        return should_fault(told, OTAPACK_TRUNCATED, "end", at + n);
    }
    if (is_sealed(magic_at(bytes))) {
        should_data(told, part, at, n);
        return true;
    }
    if (magic_at(bytes) == OTAPACK_MATTER_MAGIC) {
        return should_fault(told, OTAPACK_NOT_THIS, "magic", at);
    }
    return should_inside(told, bytes, n, at, how, whole);
}

static inline bool has_sha256(const uint8_t *bytes, size_t n, const uint8_t *said)
{
    static struct digest *sha256;
    uint8_t digest[DIGEST_MAX_SIZE];
    if (sha256 == NULL) {
        sha256 = digest_new(DIGEST_SHA256, DIGEST_BEST);
    }
    struct otapack_hash hash = digest_hash(sha256);
    hash.start(hash.ctx);
    hash.update(hash.ctx, bytes, n);
    hash.finish(hash.ctx, digest);
    return memcmp(digest, said, OTAPACK_BUNDLE_SHA256_SIZE) == 0;
}

// Of a Matter image with all of its payload: is there a digest of its type here, and is it right?
static inline bool digest_fits(const struct otapack_matter *m, const struct otapack_source *payload,
                               const uint8_t *said, bool *compared)
{
    struct otapack_hash hash = payload_digest(m->image_digest_type);
    uint8_t digest[DIGEST_MAX_SIZE] = {0};
    *compared = hash.start != NULL;
    if (*compared) {
        hash.start(hash.ctx);
        hash.update(hash.ctx, payload->bytes + payload->base, (size_t)payload->size);
        hash.finish(hash.ctx, digest);
    }
    return !*compared || memcmp(digest, said, m->image_digest.size) == 0;
}

// Where a bundle's host is named by the table of its RCP's image; 0: nowhere.
static inline size_t host_entry(const uint8_t *bytes, size_t n)
{
    struct otapack_source src = otapack_memory(bytes, n);
    struct otapack_rcp_image image;
    bool read = otapack_rcp_image_open(&src, &image).code == OTAPACK_OK;
    return read && image.entries[image.count - 1].tag == OTAPACK_RCP_HOST
               ? (size_t)(image.count - 1) * OTAPACK_RCP_ENTRY_SIZE
               : 0;
}

static inline bool should_image(struct log *told, const uint8_t *bytes,
                                const struct otapack_bundle_entry *e, uint64_t at,
                                const struct arrival *how)
{
    const uint8_t *image = bytes + at;
    if (e->id == how->unwanted) {
        return true;
    }
    bool whole = how->no_hashes || has_sha256(image, e->length, e->sha256);
    should_begin(told, OTAPACK_PART_BUNDLE_IMAGE, at, e->length, e->id);
    if (e->id > OTAPACK_BUNDLE_RCP) {
        should_data(told, OTAPACK_PART_BUNDLE_IMAGE, at, e->length);
    } else if (e->length >= 4 &&
               (magic_at(image) == OTAPACK_RCP_TABLE) != (e->id == OTAPACK_BUNDLE_RCP)) {
        return should_fault(told, OTAPACK_NOT_THIS, "magic", at);
    } else if (e->id == OTAPACK_BUNDLE_RCP && host_entry(image, e->length) != 0) {
        return should_fault(told, OTAPACK_UNEXPECTED, "tag", at + host_entry(image, e->length));
    } else if (!should_content(told, image, e->length, at, how, whole)) {
        return false;
    }
    if (!whole) {
        return should_fault(told, OTAPACK_MISMATCH, "sha256", at + e->length);
    }
    should_end(told, OTAPACK_PART_BUNDLE_IMAGE, at + e->length, !how->no_hashes);
    return true;
}

// A Matter image with all of its header and payload, and nothing behind; the digest is right or
// not.
static inline void expect_bundle(struct log *told, const uint8_t *bytes, size_t n,
                                 const struct arrival *how)
{
    struct otapack_source src = otapack_memory(bytes, n), payload;
    struct arrival plain = *how;
    struct otapack_matter m;
    struct otapack_bundle bundle;
    struct otapack_bundle_entry e;
    plain.kind = PLAIN;
    plain.refuse = 0;
    arrive(told, bytes, n, &plain); // the header; the payload it does not know
    if (otapack_matter_open(&src, &m).code != OTAPACK_OK) {
        return;
    }
    uint64_t begin = otapack_matter_payload_at(&m);
    payload = otapack_part(&src, begin, n - begin);
    if (otapack_bundle_open(&payload, &bundle).code != OTAPACK_OK || told->at < begin) {
        return;
    }
    told->code = OTAPACK_OK;
    told->field = "";
    told->at = 0;
    struct otapack_status s = otapack_bundle_check(&payload, &bundle, payload.size);
    if (!should_fault(told, s.code, s.field, begin + s.at)) {
        return;
    }
    uint64_t table = otapack_bundle_table_end(&bundle);
    should_begin(told, OTAPACK_PART_BUNDLE, begin, payload.size, 0);
    should_begin(told, OTAPACK_PART_BUNDLE_TABLE, begin, table, 0);
    should_data(told, OTAPACK_PART_BUNDLE_TABLE, begin, table);
    should_end(told, OTAPACK_PART_BUNDLE_TABLE, begin + table, false);
    for (uint32_t i = 0; i < bundle.count; i++) {
        (void)otapack_bundle_entry_read(&payload, i, &e);
        if (!should_image(told, bytes, &e, begin + e.offset, how)) {
            return;
        }
    }
    should_end(told, OTAPACK_PART_BUNDLE, n, false);
    bool compared = false;
    if (!how->no_hashes && !digest_fits(&m, &payload, bytes + m.image_digest.at, &compared)) {
        (void)should_fault(told, OTAPACK_MISMATCH, "image_digest", n);
        return;
    }
    should_end(told, OTAPACK_PART_MATTER, n, compared);
    should_finished(told, n);
}

static inline void expect_elements(struct log *told, const uint8_t *bytes, size_t n,
                                   const struct arrival *how, const struct otapack_zigbee *z)
{
    struct otapack_source src = otapack_memory(bytes, n);
    bool firmware = z->image_type < 0xFFC0 || z->image_type == 0xFFFF, has_image = false;
    for (uint64_t at = z->header_length; at < n;) {
        struct otapack_zigbee_element e;
        struct otapack_status s = otapack_zigbee_element_read(&src, z, at, &e);
        if (s.code != OTAPACK_OK && strcmp(s.field, "element") == 0) {
            (void)should_fault(told, s.code, "end", n);
            return;
        }
        if (e.tag == OTAPACK_ZIGBEE_IMAGE && has_image) {
            (void)should_fault(told, OTAPACK_UNEXPECTED, "tag", at);
            return;
        }
        if (!should_fault(told, s.code, s.field, s.at)) {
            return;
        }
        should_begin(told, OTAPACK_PART_ZIGBEE_ELEMENT, e.data_at, e.length, e.tag);
        has_image |= e.tag == OTAPACK_ZIGBEE_IMAGE;
        if (e.tag != OTAPACK_ZIGBEE_IMAGE || !firmware) {
            should_data(told, OTAPACK_PART_ZIGBEE_ELEMENT, e.data_at, e.length);
        } else if (!should_content(told, bytes + e.data_at, e.length, e.data_at, how, true)) {
            return;
        }
        at = otapack_zigbee_element_end(&e);
        should_end(told, OTAPACK_PART_ZIGBEE_ELEMENT, at, false);
    }
    if (!has_image) {
        (void)should_fault(told, OTAPACK_UNEXPECTED, "tag", n);
        return;
    }
    should_end(told, OTAPACK_PART_ZIGBEE, n, false);
    should_finished(told, n);
}

// A Zigbee file whose total size is that of the bytes.
static inline void expect_zigbee(struct log *told, const uint8_t *bytes, size_t n,
                                 const struct arrival *how)
{
    struct otapack_source src = otapack_memory(bytes, n);
    struct otapack_zigbee z;
    memset(told, 0, sizeof(*told));
    told->field = "";
    struct otapack_status s = otapack_zigbee_open(&src, &z);
    if (s.code == OTAPACK_OK || z.header_length != 0) {
        s = otapack_zigbee_check(&z);
    }
    if (!should_fault(told, s.code, s.field, s.at)) {
        return;
    }
    if (z.total_size != n && !how->unannounced) {
        (void)should_fault(told, OTAPACK_FORBIDDEN, "total_size", 52);
        return;
    }
    should_begin(told, OTAPACK_PART_ZIGBEE, 0, n, 0);
    log_add(told, (struct logged){.type = OTAPACK_EVENT_FIELD,
                                  .part = OTAPACK_PART_ZIGBEE,
                                  .size = z.header_length});
    expect_elements(told, bytes, n, how, &z);
}

#endif
