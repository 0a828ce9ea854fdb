// SPDX-License-Identifier: Apache-2.0
#include "digest_span.h"

#include "digest_cache.h"
#include "input.h"
#include "pieces.h"

enum { BLOCK_SIZE = 64 * 1024 };

// ---- Where digests are kept ---------------------------------------------------------------------

// Of bytes in memory: nowhere.
static struct digest_cache *cache_of(const struct otapack_source *src)
{
    struct digest_cache *c = input_digests(src);
    return c == NULL ? pieces_digests(src) : c;
}

// What lies whole in a file belongs to that file, whatever it has become a piece of.
static void keep(const struct digest_span *s)
{
    struct otapack_source inside = pieces_inside(&s->src);
    const struct otapack_source *src = s->at <= inside.size ? &inside : &s->src;
    struct digest_cache *c = cache_of(src);
    if (c != NULL) {
        digest_cache_keep(c, s->algorithm, src->base, s->at, s->digest);
    }
}

// What is known of the beginning, NULL: nothing.
static const struct kept_digest *find(const struct digest_span *s)
{
    struct otapack_source inside = pieces_inside(&s->src);
    const struct otapack_source *rows[] = {&s->src, &inside};
    const struct kept_digest *best = NULL;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct digest_cache *c = cache_of(rows[i]);
        const struct kept_digest *k =
            c == NULL ? NULL : digest_cache_find(c, s->algorithm, rows[i]->base, rows[i]->size);
        best = k != NULL && (best == NULL || k->size > best->size) ? k : best;
    }
    return best;
}

// ---- One computation ----------------------------------------------------------------------------

static void start(void *ctx)
{
    struct digest_span *s = ctx;
    const struct kept_digest *k = find(s);
    s->at = 0;
    s->known = k == NULL ? 0 : k->size;
    if (k != NULL) {
        digest_free(s->digest);
        s->digest = digest_clone(k->state);
    } else {
        struct otapack_hash hash = digest_hash(s->digest);
        hash.start(hash.ctx);
    }
}

// What is shorter by a signature or a hash may be asked for after the whole: one more state is kept
// of a place shortly before the end.
static uint64_t mark(const struct digest_span *s)
{
    return s->src.size <= BLOCK_SIZE ? 0 : (s->src.size - BLOCK_SIZE) / BLOCK_SIZE * BLOCK_SIZE;
}

static void update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct digest_span *s = ctx;
    struct otapack_hash hash = digest_hash(s->digest);
    while (n > 0) {
        uint64_t stop = s->at < s->known ? s->known : s->at < mark(s) ? mark(s) : UINT64_MAX;
        size_t size = stop - s->at < n ? (size_t)(stop - s->at) : n;
        if (s->at >= s->known) {
            hash.update(hash.ctx, bytes, size);
        }
        s->at += size;
        bytes += size;
        n -= size;
        if (s->at == mark(s) && s->at > s->known) {
            keep(s);
        }
    }
}

static void finish(void *ctx, uint8_t *out)
{
    struct digest_span *s = ctx;
    struct otapack_hash hash = digest_hash(s->digest);
    if (s->at > s->known) {
        keep(s);
    }
    hash.finish(hash.ctx, out);
}

bool digest_span_begin(struct digest_span *s, enum digest_algorithm algorithm,
                       const struct otapack_source *src)
{
    *s = (struct digest_span){digest_new(algorithm, DIGEST_BEST), algorithm, *src, 0, 0};
    return s->digest != NULL;
}

void digest_span_end(struct digest_span *s)
{
    digest_free(s->digest);
}

struct otapack_hash digest_span_hash(struct digest_span *s)
{
    return (struct otapack_hash){s, start, update, finish};
}

// Reads what is not known yet, by blocks of the file.
static bool read_rest(struct digest_span *s)
{
    uint8_t block[BLOCK_SIZE];
    s->at = s->known;
    while (s->at < s->src.size) {
        uint64_t left = s->src.size - s->at, room = BLOCK_SIZE - (s->src.base + s->at) % BLOCK_SIZE;
        size_t n = (size_t)(left < room ? left : room);
        if (otapack_read(&s->src, s->at, block, n, "").code != OTAPACK_OK) {
            return false;
        }
        update(s, block, n);
    }
    return true;
}

bool digest_of(enum digest_algorithm algorithm, const struct otapack_source *src, uint8_t *out)
{
    struct digest_span s;
    if (!digest_span_begin(&s, algorithm, src)) {
        return false;
    }
    start(&s);
    bool good = read_rest(&s);
    finish(&s, out);
    digest_span_end(&s);
    return good;
}
