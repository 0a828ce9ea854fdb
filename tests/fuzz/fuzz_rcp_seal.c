// SPDX-License-Identifier: Apache-2.0
//
// otapack/rcp_seal.h, bundle_seal.h and the streams with a seal: what is found lies where it may,
// and nothing before it could have been one; the bytes of a seal are its fields; a seal is of
// exactly what its kind says, or it does not hold.
#include "fuzz.h"

#include <otapack/stream_bundle_seal.h>

enum { DIGEST = 32 };

// Each byte counts, and its place: enough for a law.
static void sum_start(void *ctx)
{
    memset(ctx, 0, DIGEST + 1);
}

static void sum_update(void *ctx, const uint8_t *bytes, size_t n)
{
    uint8_t *sum = (uint8_t *)ctx;
    for (size_t i = 0; i < n; i++) {
        uint8_t at = (uint8_t)((sum[DIGEST] + 1u) % DIGEST);
        sum[at] = (uint8_t)(sum[at] * 5u + bytes[i] + 1u);
        sum[DIGEST] = at;
    }
}

static void sum_finish(void *ctx, uint8_t *digest)
{
    memcpy(digest, ctx, DIGEST);
}

static void law_found(const struct otapack_source *src, const struct otapack_rcp_seal *seal)
{
    uint8_t raw[OTAPACK_SEAL_SIZE], back[OTAPACK_SEAL_SIZE];
    LAW(seal->at >= 288 && seal->at % 4 == 0 && seal->at + OTAPACK_SEAL_SIZE <= 544);
    LAW(seal->at + OTAPACK_SEAL_SIZE <= 32 + (uint64_t)otapack_le32(src->bytes + 28));
    LAW(memcmp(src->bytes + seal->at, "OTAPSEAL", 8) == 0);
    for (uint32_t at = 288; at < seal->at; at += 4) {
        LAW(memcmp(src->bytes + at, "OTAPSEAL", 8) != 0);
    }
    memcpy(raw, src->bytes + seal->at, sizeof(raw));
    otapack_rcp_seal_write(seal, back);
    LAW(memcmp(raw, back, sizeof(raw)) == 0);
    LAW(!otapack_rcp_seal_is_empty(seal) || otapack_rcp_seal_judge(seal).code == OTAPACK_FORBIDDEN);
}

// The same bytes as a combined image: with their own sum they are sealed if the table says so.
static void law_checked(const struct otapack_source *src)
{
    uint8_t sum[DIGEST + 1], buffer[64];
    const struct otapack_hash hash = {sum, sum_start, sum_update, sum_finish};
    struct otapack_rcp_seal seal = {0, 1, OTAPACK_SEAL_RCP, OTAPACK_SEAL_SHA256, 0, 0, {0}, {0}};
    struct otapack_rcp_image image;
    if (otapack_rcp_image_open(src, &image).code != OTAPACK_OK) {
        LAW(otapack_rcp_seal_check(&seal, src, &hash, buffer, 64).code != OTAPACK_OK);
        return;
    }
    const struct otapack_rcp_entry *host = otapack_rcp_find(&image, OTAPACK_RCP_HOST);
    seal.size = host == NULL || host->offset > src->size ? (uint32_t)src->size : host->offset;
    sum_start(sum);
    sum_update(sum, src->bytes, seal.size);
    sum_finish(sum, seal.digest);
    bool covers = true;
    for (uint32_t i = 1; i < image.count; i++) {
        const struct otapack_rcp_entry *e = &image.entries[i];
        covers = covers && (e->tag == OTAPACK_RCP_HOST ? e->offset == seal.size
                                                       : otapack_rcp_entry_end(e) <= seal.size);
    }
    size_t piece = 1 + src->size % sizeof(buffer);
    LAW((otapack_rcp_seal_check(&seal, src, &hash, buffer, piece).code == OTAPACK_OK) == covers);
    seal.digest[src->size % DIGEST] ^= 1;
    LAW(otapack_rcp_seal_check(&seal, src, &hash, buffer, piece).code ==
        (covers ? OTAPACK_MISMATCH : OTAPACK_FORBIDDEN));
}

// The seal of the first `size` bytes, of a kind.
static struct otapack_rcp_seal seal_of(const struct otapack_source *src, uint8_t kind,
                                       uint32_t size)
{
    struct otapack_rcp_seal seal = {0, 1, kind, OTAPACK_SEAL_SHA256, 0, size, {0}, {0}};
    uint8_t sum[DIGEST + 1];
    sum_start(sum);
    sum_update(sum, src->bytes, size);
    sum_finish(sum, seal.digest);
    return seal;
}

// The same bytes as a bundle, and as a co-processor's firmware.
static void law_other_kinds(const struct otapack_source *src)
{
    uint8_t sum[DIGEST + 1], buffer[64];
    const struct otapack_hash hash = {sum, sum_start, sum_update, sum_finish};
    size_t piece = 1 + src->size % sizeof(buffer);
    struct otapack_bundle head;
    bool bundle = otapack_bundle_open(src, &head).code == OTAPACK_OK;
    uint32_t all = (uint32_t)src->size, count = bundle ? head.count : 0;
    uint32_t table = count == 0 ? 0 : otapack_bundle_seal_size(count);
    struct otapack_rcp_seal seal = seal_of(src, OTAPACK_SEAL_HOSTED, all);
    LAW(otapack_hosted_seal_check(&seal, src, &hash, buffer, piece).code == OTAPACK_OK);
    LAW(otapack_bundle_seal_check(&seal, src, &hash, buffer, piece).code == OTAPACK_FORBIDDEN);
    seal.size++;
    LAW(otapack_hosted_seal_check(&seal, src, &hash, buffer, piece).code == OTAPACK_TRUNCATED);
    seal = seal_of(src, OTAPACK_SEAL_BUNDLE, table <= all ? table : all);
    seal.size = table;
    LAW((otapack_bundle_seal_check(&seal, src, &hash, buffer, piece).code == OTAPACK_OK) ==
        (count != 0 && table <= all));
    LAW(otapack_hosted_seal_check(&seal, src, &hash, buffer, piece).code == OTAPACK_FORBIDDEN);
    seal.digest[all % DIGEST] ^= 1;
    LAW(otapack_bundle_seal_check(&seal, src, &hash, buffer, piece).code != OTAPACK_OK);
}

// ---- While it arrives ---------------------------------------------------------------------------

// What a stream passes over: a seal that is good, of something else.
static bool is_of_another(const struct otapack_rcp_seal *seal, enum otapack_seal_kind kind)
{
    return otapack_rcp_seal_judge(seal).code == OTAPACK_OK && seal->kind != (uint8_t)kind;
}

struct arriving {
    struct otapack_stream stream;
    struct otapack_stream_hooks hooks;
    struct otapack_seal seal;
    uint32_t begin, host_at;
    bool finished;
};

static bool on(void *ctx, const struct otapack_event *e)
{
    struct arriving *a = (struct arriving *)ctx;
    if (e->type == OTAPACK_EVENT_BEGIN) {
        a->begin = e->part == OTAPACK_PART_COMBINED ? e->at : a->begin;
        a->host_at = e->part == OTAPACK_RCP_HOST ? e->at : a->host_at;
    }
    a->finished |= e->type == OTAPACK_EVENT_FINISHED;
    return true;
}

static enum otapack_code arrive(struct arriving *a, const struct otapack_source *src,
                                const struct otapack_hash *hash)
{
    size_t piece = 1 + (size_t)src->size % 97;
    memset(a, 0, sizeof(*a));
    a->hooks.ctx = a;
    a->hooks.on = on;
    if (hash != NULL) {
        otapack_seal_watch(&a->seal, &a->stream, &a->hooks, hash);
    }
    otapack_stream_start(&a->stream, &a->hooks);
    for (size_t at = 0; at < src->size; at += piece) {
        size_t left = (size_t)src->size - at;
        (void)otapack_stream_push(&a->stream, src->bytes + at, left < piece ? left : piece);
    }
    return otapack_stream_finish(&a->stream);
}

// What a stream takes, it takes with the observer, but for a seal that does not hold.
static void law_arrives(const struct otapack_source *src)
{
    static struct arriving plain, watched;
    uint8_t sum[DIGEST + 1], buffer[64];
    const struct otapack_hash hash = {sum, sum_start, sum_update, sum_finish};
    struct otapack_rcp_seal seal;
    if (arrive(&plain, src, NULL) != OTAPACK_OK) {
        LAW(arrive(&watched, src, &hash) != OTAPACK_OK && !watched.finished);
        return;
    }
    struct otapack_source image = otapack_part(src, plain.begin, src->size),
                          host = otapack_part(src, plain.host_at, src->size);
    bool there = plain.host_at != 0 && otapack_rcp_seal_find(&host, &seal).code == OTAPACK_OK &&
                 !is_of_another(&seal, OTAPACK_SEAL_RCP);
    bool empty = there && otapack_rcp_seal_is_empty(&seal);
    bool good =
        there && otapack_rcp_seal_check(&seal, &image, &hash, buffer, 64).code == OTAPACK_OK;
    bool taken = arrive(&watched, src, &hash) == OTAPACK_OK;
    LAW(taken == watched.finished && taken == (!there || empty || good));
    LAW(!taken || watched.seal.state == (good    ? OTAPACK_SEAL_HOLDS
                                         : empty ? OTAPACK_SEAL_BLANK
                                                 : OTAPACK_SEAL_NONE));
}

struct bundle_arriving {
    struct otapack_bundle_stream stream;
    struct otapack_bundle_hooks hooks;
    struct otapack_seal seal;
    uint32_t begin, app_at;
    bool finished;
    uint8_t table[OTAPACK_BUNDLE_ROOM(8)];
};

static bool on_bundle(void *ctx, const struct otapack_event *e)
{
    struct bundle_arriving *a = (struct bundle_arriving *)ctx;
    if (e->type == OTAPACK_EVENT_BEGIN) {
        a->begin = e->part == OTAPACK_PART_BUNDLE ? e->at : a->begin;
        a->app_at = e->part == OTAPACK_PART_APP ? e->at : a->app_at;
    }
    a->finished |= e->type == OTAPACK_EVENT_FINISHED;
    return true;
}

static enum otapack_code arrive_bundle(struct bundle_arriving *a, const struct otapack_source *src,
                                       const struct otapack_hash *hash)
{
    size_t piece = 1 + (size_t)src->size % 97;
    memset(a, 0, sizeof(*a));
    a->hooks.stream.ctx = a;
    a->hooks.stream.on = on_bundle;
    a->hooks.table = a->table;
    a->hooks.room = sizeof(a->table);
    if (hash != NULL) {
        otapack_bundle_seal_watch(&a->seal, &a->stream, &a->hooks, hash);
    }
    otapack_bundle_stream_start(&a->stream, &a->hooks);
    for (size_t at = 0; at < src->size; at += piece) {
        size_t left = (size_t)src->size - at;
        (void)otapack_bundle_stream_push(&a->stream, src->bytes + at, left < piece ? left : piece);
    }
    return otapack_bundle_stream_finish(&a->stream);
}

// A bundle that the stream takes, it takes with the observer, but for a seal that does not hold.
static void law_bundle_arrives(const struct otapack_source *src)
{
    static struct bundle_arriving plain, watched;
    uint8_t sum[DIGEST + 1], buffer[64];
    const struct otapack_hash hash = {sum, sum_start, sum_update, sum_finish};
    struct otapack_rcp_seal seal;
    if (arrive_bundle(&plain, src, NULL) != OTAPACK_OK || plain.begin == 0) {
        LAW(plain.finished || arrive_bundle(&watched, src, &hash) != OTAPACK_OK);
        return;
    }
    struct otapack_source bundle = otapack_part(src, plain.begin, src->size),
                          app = otapack_part(src, plain.app_at, src->size);
    bool there = plain.app_at != 0 && otapack_rcp_seal_find(&app, &seal).code == OTAPACK_OK &&
                 !is_of_another(&seal, OTAPACK_SEAL_BUNDLE);
    bool empty = there && otapack_rcp_seal_is_empty(&seal);
    bool good =
        there && otapack_bundle_seal_check(&seal, &bundle, &hash, buffer, 64).code == OTAPACK_OK;
    bool taken = arrive_bundle(&watched, src, &hash) == OTAPACK_OK;
    LAW(taken == watched.finished && taken == (!there || empty || good));
    LAW(!taken || watched.seal.state == (good    ? OTAPACK_SEAL_HOLDS
                                         : empty ? OTAPACK_SEAL_BLANK
                                                 : OTAPACK_SEAL_NONE));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_rcp_seal seal, other;
    memset(&seal, 0, sizeof(seal));
    memset(&other, 0, sizeof(other));
    struct otapack_status s = otapack_rcp_seal_find(&src, &seal);
    law_same(s, otapack_rcp_seal_find(&hook, &other));
    LAW(s.code == OTAPACK_OK || s.code == OTAPACK_NOT_THIS || s.code == OTAPACK_TRUNCATED);
    if (s.code == OTAPACK_OK) {
        law_found(&src, &seal);
        LAW(seal.at == other.at && seal.size == other.size);
    }
    law_checked(&src);
    law_other_kinds(&src);
    law_arrives(&src);
    law_bundle_arrives(&src);
    return 0;
}
