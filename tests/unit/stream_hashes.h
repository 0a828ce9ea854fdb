// SPDX-License-Identifier: Apache-2.0
//
// The hashes that a stream is given in tests: real ones, which note when they are used out of turn.
#ifndef STREAM_HASHES_H
#define STREAM_HASHES_H

#include <otapack/stream.h>

#include <stdlib.h>

#include "crc.h"
#include "digest.h"

// Which hashes a stream is given: a bit for each of enum otapack_hash_use.
#define HASH_BIT(use) (1U << (use))
#define ALL_HASHES (HASH_BIT(OTAPACK_HASH_COUNT) - 1U)

enum { DIGEST_TYPES = 13 }; // those of a Matter header, from 1

// The CRC-32 of a signature block as a hash.
static inline void crc_start(void *ctx)
{
    *(uint32_t *)ctx = 0;
}

static inline void crc_update(void *ctx, const uint8_t *bytes, size_t n)
{
    *(uint32_t *)ctx = crc_32(*(uint32_t *)ctx, bytes, n);
}

static inline void crc_finish(void *ctx, uint8_t *digest)
{
    otapack_put_le32(digest, *(uint32_t *)ctx);
}

// One hash, and what is wrong with its use: `misused`, out of turn; `late`, after the end.
struct watched {
    struct otapack_hash inner;
    struct otapack_hash hash; // to be given to a stream
    bool running;
    const bool *over;
    unsigned misused, late, started, finished;
};

static inline void watched_start(void *ctx)
{
    struct watched *w = (struct watched *)ctx;
    w->late += *w->over;
    w->running = true;
    w->started++;
    w->inner.start(w->inner.ctx);
}

static inline void watched_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct watched *w = (struct watched *)ctx;
    w->late += *w->over;
    w->misused += !w->running;
    w->inner.update(w->inner.ctx, bytes, n);
}

static inline void watched_finish(void *ctx, uint8_t *digest)
{
    struct watched *w = (struct watched *)ctx;
    w->late += *w->over;
    w->misused += !w->running;
    w->running = false;
    w->finished++;
    w->inner.finish(w->inner.ctx, digest);
}

struct hashes {
    struct watched watched[OTAPACK_HASH_COUNT];
    uint32_t crc;
};

// One computation each, made once: a stream may start it whenever it likes.
static inline struct otapack_hash kept_digest(enum digest_algorithm algorithm, int which)
{
    static struct digest *kept[DIGEST_COUNT][2];
    struct digest **d = &kept[algorithm][which];
    if (*d == NULL) {
        *d = digest_new(algorithm, DIGEST_BEST);
    }
    return *d == NULL ? (struct otapack_hash){NULL, NULL, NULL, NULL} : digest_hash(*d);
}

// The hash for a digest of this type, which a build may not have: start is then NULL.
static inline struct otapack_hash payload_digest(uint32_t type)
{
    static const enum digest_algorithm algorithms[DIGEST_TYPES] = {
        DIGEST_COUNT,    DIGEST_SHA256,   DIGEST_SHA256,   DIGEST_SHA256, DIGEST_SHA256,
        DIGEST_SHA256,   DIGEST_SHA256,   DIGEST_SHA384,   DIGEST_SHA512, DIGEST_SHA3_224,
        DIGEST_SHA3_256, DIGEST_SHA3_384, DIGEST_SHA3_512,
    };
    // The image's hash and that of what is signed run at the same time: this is a third SHA-256.
    static struct digest *sha256;
    if (type == 0 || type >= DIGEST_TYPES) {
        return (struct otapack_hash){NULL, NULL, NULL, NULL};
    }
    if (algorithms[type] != DIGEST_SHA256) {
        return kept_digest(algorithms[type], 0);
    }
    if (sha256 == NULL) {
        sha256 = digest_new(DIGEST_SHA256, DIGEST_BEST);
    }
    return digest_hash(sha256);
}

static inline void hashes_set(struct hashes *h, enum otapack_hash_use use,
                              struct otapack_hash inner, const bool *over)
{
    h->watched[use] = (struct watched){.inner = inner, .over = over};
    h->watched[use].hash =
        (struct otapack_hash){&h->watched[use], watched_start, watched_update, watched_finish};
}

// All but that of the payload, whose kind the header says.
static inline void hashes_start(struct hashes *h, const bool *over)
{
    memset(h, 0, sizeof(*h));
    hashes_set(h, OTAPACK_HASH_IMAGE, kept_digest(DIGEST_SHA256, 0), over);
    hashes_set(h, OTAPACK_HASH_SIGNED, kept_digest(DIGEST_SHA256, 1), over);
    hashes_set(h, OTAPACK_HASH_TABLE, kept_digest(DIGEST_MD5, 0), over);
    hashes_set(h, OTAPACK_HASH_CRC,
               (struct otapack_hash){&h->crc, crc_start, crc_update, crc_finish}, over);
}

static inline unsigned hashes_misused(const struct hashes *h)
{
    unsigned n = 0;
    for (size_t i = 0; i < OTAPACK_HASH_COUNT; i++) {
        n += h->watched[i].misused;
    }
    return n;
}

static inline unsigned hashes_late(const struct hashes *h)
{
    unsigned n = 0;
    for (size_t i = 0; i < OTAPACK_HASH_COUNT; i++) {
        n += h->watched[i].late;
    }
    return n;
}

#endif
