// SPDX-License-Identifier: Apache-2.0
//
// The streams of bundles, of Zigbee files, and of what is expected alone, over a file in memory, in
// pieces of any size; what they tell is recorded, and each byte compared with the file. Without
// cmocka: the fuzzers use it too.
#ifndef CONTAINER_RUN_H
#define CONTAINER_RUN_H

#include <otapack/otapack.h>

#include <stdio.h>

#include "stream_hashes.h"

enum { LOG_MOST = 2048, BUNDLE_MOST = 255 };

enum kind { PLAIN, BUNDLE, ZIGBEE, ZIGBEE_ELEMENTS, BOOTLOADER, TABLE };

// How a file arrives, and where.
struct arrival {
    enum kind kind;
    size_t chunk;        // bytes of a piece; 0: all at once
    uint64_t seed;       // not 0: pieces of 1 to `chunk` bytes
    bool unannounced;    // nobody says how large the file is
    bool no_hashes;      // none at all
    unsigned refuse;     // this event is refused, counted from 1; 0: none
    uint32_t most;       // images that a bundle may have; 0: BUNDLE_MOST
    uint32_t unwanted;   // images of a bundle with this ID are skipped; 0: none
    uint32_t flash_size; // of a table
    uint16_t image_type; // of the elements of a Zigbee file
};

// An event. Pieces of DATA that follow one another are one.
struct logged {
    enum otapack_event_type type;
    uint32_t part, at, size, value;
    uint8_t field;
    bool checked, open;
};

struct log {
    size_t n;
    struct logged logged[LOG_MOST];
    enum otapack_code code;
    const char *field;
    uint32_t at;
    const char *broken; // the first promise that was not kept
};

struct receiver {
    const struct arrival *how;
    const uint8_t *bytes;
    size_t n;
    struct log *told;
    struct otapack_bundle_hooks hooks;
    struct hashes hashes;
    struct watched whole; // the SHA-256 of a bundle's image
    unsigned calls, depth;
    uint32_t nested[8];
    bool over, finished;
    union {
        struct otapack_stream plain;
        struct otapack_bundle_stream bundle;
        struct otapack_zigbee_stream zigbee;
    } stream;
    uint8_t table[OTAPACK_BUNDLE_ROOM(BUNDLE_MOST)];
};

static inline void log_add(struct log *told, struct logged l)
{
    struct logged *last = told->n == 0 ? NULL : &told->logged[told->n - 1];
    if (l.type == OTAPACK_EVENT_DATA && last != NULL && last->type == OTAPACK_EVENT_DATA &&
        last->part == l.part && last->at + last->size == l.at) {
        last->size += l.size;
        return;
    }
    if (told->n == LOG_MOST) {
        fprintf(stderr, "more than %d events\n", LOG_MOST);
        abort();
    }
    if (l.type != OTAPACK_EVENT_DATA || l.size > 0) {
        told->logged[told->n++] = l;
    }
}

static inline void expect_kept(struct receiver *r, bool kept, const char *what)
{
    if (!kept && r->told->broken == NULL) {
        r->told->broken = what;
    }
}

static inline bool is_image_of_bundle(const struct otapack_event *e)
{
    return e->type == OTAPACK_EVENT_BEGIN && e->part == OTAPACK_PART_BUNDLE_IMAGE;
}

// The digest that a Matter header asks for is known here first.
static inline void use_digest(struct receiver *r, const struct otapack_event *e)
{
    struct otapack_hash payload = payload_digest(e->value);
    if (e->field == OTAPACK_MATTER_IMAGE_DIGEST_TYPE && payload.start != NULL &&
        !r->how->no_hashes) {
        hashes_set(&r->hashes, OTAPACK_HASH_PAYLOAD, payload, &r->over);
        r->hooks.stream.hash[OTAPACK_HASH_PAYLOAD] = &r->hashes.watched[OTAPACK_HASH_PAYLOAD].hash;
    }
}

// What begins ends, last first.
static inline void nest(struct receiver *r, const struct otapack_event *e)
{
    if (e->type == OTAPACK_EVENT_BEGIN) {
        expect_kept(r, r->depth < 8, "BEGIN is not that deep");
        r->nested[r->depth % 8] = e->part;
        r->depth++;
    } else if (e->type == OTAPACK_EVENT_END) {
        expect_kept(r, r->depth > 0 && r->nested[(r->depth - 1) % 8] == e->part,
                    "END is of what began last");
        r->depth -= r->depth > 0;
    } else if (e->type == OTAPACK_EVENT_FINISHED) {
        expect_kept(r, r->depth == 0 && e->at == r->n, "FINISHED comes behind all of the file");
    }
}

static inline bool on_arrived(void *ctx, const struct otapack_event *e)
{
    struct receiver *r = (struct receiver *)ctx;
    struct logged l = {.type = e->type, .part = e->part, .at = e->at, .size = e->size};
    bool of_file = e->at <= r->n && e->size <= r->n - e->at;
    expect_kept(r, !r->over || (r->finished && e->type == OTAPACK_EVENT_ERROR),
                "nothing comes after ERROR");
    r->calls++;
    r->finished = e->type == OTAPACK_EVENT_FINISHED;
    r->over = e->type == OTAPACK_EVENT_FINISHED || e->type == OTAPACK_EVENT_ERROR;
    if (e->type == OTAPACK_EVENT_ERROR) {
        return true;
    }
    if (is_image_of_bundle(e)) {
        expect_kept(r, e->bytes >= r->table && otapack_le32(e->bytes) == e->value,
                    "BEGIN has the image's entry");
        l.value = e->value;
    } else if (e->bytes != NULL) {
        expect_kept(r, of_file && memcmp(e->bytes, r->bytes + e->at, e->size) == 0,
                    "the bytes are those of the file");
    }
    if (e->type == OTAPACK_EVENT_FIELD) {
        l.field = e->field;
        l.value = e->bytes == NULL ? e->value : 0;
        use_digest(r, e);
    }
    if (e->type == OTAPACK_EVENT_BEGIN && e->part == OTAPACK_PART_ZIGBEE_ELEMENT) {
        l.value = e->value;
    }
    l.open = e->type == OTAPACK_EVENT_BEGIN && e->open;
    l.size = e->type == OTAPACK_EVENT_BEGIN && e->open ? 0 : l.size;
    l.checked = e->type == OTAPACK_EVENT_END && e->checked;
    l.part = r->finished ? 0 : l.part;
    nest(r, e);
    log_add(r->told, l);
    return r->calls != r->how->refuse;
}

static inline bool wants_image(void *ctx, const struct otapack_bundle_entry *image)
{
    const struct receiver *r = (const struct receiver *)ctx;
    return image->id != r->how->unwanted;
}

static inline void receiver_hooks(struct receiver *r)
{
    uint32_t most = r->how->most == 0 ? BUNDLE_MOST : r->how->most;
    r->hooks.stream.ctx = r;
    r->hooks.stream.on = on_arrived;
    hashes_start(&r->hashes, &r->over);
    for (unsigned use = 0; use < OTAPACK_HASH_COUNT && !r->how->no_hashes; use++) {
        r->hooks.stream.hash[use] =
            use == OTAPACK_HASH_PAYLOAD ? NULL : &r->hashes.watched[use].hash;
    }
    static struct digest *sha256;
    if (sha256 == NULL) {
        sha256 = digest_new(DIGEST_SHA256, DIGEST_BEST);
    }
    r->whole = (struct watched){.inner = digest_hash(sha256), .over = &r->over};
    r->whole.hash = (struct otapack_hash){&r->whole, watched_start, watched_update, watched_finish};
    r->hooks.sha256 = r->how->no_hashes ? NULL : &r->whole.hash;
    r->hooks.wants_ctx = r;
    r->hooks.wants = r->how->unwanted == 0 ? NULL : wants_image;
    r->hooks.table = r->table;
    r->hooks.room = OTAPACK_BUNDLE_ROOM((size_t)most);
}

static inline void receiver_start(struct receiver *r)
{
    const struct otapack_stream_hooks *hooks = &r->hooks.stream;
    const struct arrival *how = r->how;
    switch (how->kind) {
    case BUNDLE:
        otapack_bundle_stream_start(&r->stream.bundle, &r->hooks);
        break;
    case ZIGBEE:
        otapack_zigbee_stream_start(&r->stream.zigbee, hooks);
        break;
    case ZIGBEE_ELEMENTS:
        (void)otapack_zigbee_stream_elements(&r->stream.zigbee, hooks, (uint32_t)r->n,
                                             how->image_type);
        return;
    default:
        otapack_stream_start(&r->stream.plain, hooks);
    }
    if (!how->unannounced && how->kind == BUNDLE) {
        (void)otapack_bundle_stream_announce(&r->stream.bundle, r->n);
    } else if (!how->unannounced && how->kind == ZIGBEE) {
        (void)otapack_zigbee_stream_announce(&r->stream.zigbee, r->n);
    } else if (!how->unannounced) {
        (void)otapack_stream_announce(&r->stream.plain, r->n);
    }
    if (how->kind == BOOTLOADER) {
        (void)otapack_stream_expect_bootloader(&r->stream.plain);
    } else if (how->kind == TABLE) {
        (void)otapack_stream_expect_table(&r->stream.plain, how->flash_size);
    }
}

static inline enum otapack_code receiver_push(struct receiver *r, const uint8_t *bytes, size_t n)
{
    return r->how->kind == BUNDLE  ? otapack_bundle_stream_push(&r->stream.bundle, bytes, n)
           : r->how->kind == TABLE ? otapack_stream_push_table(&r->stream.plain, bytes, n)
           : r->how->kind == ZIGBEE || r->how->kind == ZIGBEE_ELEMENTS
               ? otapack_zigbee_stream_push(&r->stream.zigbee, bytes, n)
               : otapack_stream_push(&r->stream.plain, bytes, n);
}

static inline enum otapack_code receiver_finish(struct receiver *r)
{
    return r->how->kind == BUNDLE ? otapack_bundle_stream_finish(&r->stream.bundle)
           : r->how->kind == ZIGBEE || r->how->kind == ZIGBEE_ELEMENTS
               ? otapack_zigbee_stream_finish(&r->stream.zigbee)
               : otapack_stream_finish(&r->stream.plain);
}

// Each piece lies in a buffer of its own, which is overwritten afterwards.
static inline void receiver_push_all(struct receiver *r)
{
    size_t most = r->how->chunk == 0 ? r->n : r->how->chunk;
    uint64_t x = r->how->seed;
    uint8_t *buffer = (uint8_t *)malloc(most == 0 ? 1 : most);
    if (buffer == NULL) {
        abort();
    }
    for (size_t at = 0, k; at < r->n; at += k) {
        k = most;
        if (x != 0) { // xorshift64
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            k = 1 + (size_t)((x >> 16) % most);
        }
        k = k < r->n - at ? k : r->n - at;
        memcpy(buffer + most - k, r->bytes + at, k);
        enum otapack_code code = receiver_push(r, buffer + most - k, k);
        memset(buffer, 0xA5, most);
        expect_kept(r, (code != OTAPACK_OK) == r->over, "ERROR is told when push fails");
        if (code != OTAPACK_OK) {
            break;
        }
    }
    free(buffer);
}

// A file to its end.
static inline void arrive(struct log *told, const uint8_t *bytes, size_t n,
                          const struct arrival *how)
{
    static struct receiver r;
    memset(&r, 0, sizeof(r));
    memset(told, 0, sizeof(*told));
    r.how = how;
    r.bytes = bytes;
    r.n = n;
    r.told = told;
    receiver_hooks(&r);
    receiver_start(&r);
    receiver_push_all(&r);
    told->code = receiver_finish(&r);
    told->field = told->code == OTAPACK_OK ? "" : r.stream.plain.fault.field;
    told->at = told->code == OTAPACK_OK ? 0 : r.stream.plain.fault.at;
    expect_kept(&r, r.over && told->code == r.stream.plain.fault.code, "the last is an end");
    expect_kept(&r, hashes_misused(&r.hashes) + r.whole.misused == 0,
                "a hash is started, fed, finished");
}

static inline bool logged_same(const struct logged *a, const struct logged *b)
{
    return a->type == b->type && a->part == b->part && a->at == b->at && a->size == b->size &&
           a->value == b->value && a->field == b->field && a->checked == b->checked &&
           a->open == b->open;
}

// How many events of two logs are the same, from the first on.
static inline size_t log_common(const struct log *a, const struct log *b)
{
    size_t i = 0;
    while (i < a->n && i < b->n && logged_same(&a->logged[i], &b->logged[i])) {
        i++;
    }
    return i;
}

// NULL: two logs say the same.
static inline const char *log_differs(const struct log *a, const struct log *b)
{
    return a->broken != NULL                          ? a->broken
           : b->broken != NULL                        ? b->broken
           : a->n != b->n || log_common(a, b) != a->n ? "other events"
           : a->code != b->code || strcmp(a->field, b->field) != 0 || a->at != b->at
               ? "another outcome"
               : NULL;
}

static inline void log_print(const char *whose, const struct log *told)
{
    static const char *const types[] = {"BEGIN", "FIELD", "IMAGE", "DATA", "END", "FINISHED"};
    fprintf(stderr, "%s: code %d, field \"%s\", at %u\n", whose, (int)told->code, told->field,
            told->at);
    for (size_t i = 0; i < told->n; i++) {
        const struct logged *l = &told->logged[i];
        fprintf(stderr, "  %-8s part 0x%03x field %u checked %d open %d at %u size %u value %u\n",
                types[l->type], l->part, l->field, l->checked, l->open, l->at, l->size, l->value);
    }
}

#endif
