// SPDX-License-Identifier: Apache-2.0
//
// otapack/delta.h: the applier, with pieces of any size, makes what a plain decoder of the whole
// makes, and refuses what that does; what the header's reader takes is written again.
//
// The first byte is the size of the pieces, the second how many bytes of the input are the base.
#include "fuzz.h"

#include <otapack/delta.h>

enum { MADE_MOST = 1 << 16, UNPACKED_MOST = 1 << 20, NUMBERS = 27 };

static uint8_t made[MADE_MOST], plain[MADE_MOST], unpacked[UNPACKED_MOST];

// ---- The plain decoder: all that heatshrink gives, then all that this says ----------------------

struct bits {
    const uint8_t *p;
    size_t n, at; // at, in bits
};

// So many bits, or -1.
static int take_bits(struct bits *b, unsigned count)
{
    int value = 0;
    if (b->n * 8 - b->at < count) {
        return -1;
    }
    for (unsigned i = 0; i < count; i++, b->at++) {
        value = value * 2 + (b->p[b->at / 8] >> (7 - b->at % 8) & 1);
    }
    return value;
}

// How many bytes it gives.
static size_t unpack(struct bits b)
{
    size_t n = 0;
    for (;;) {
        int tag = take_bits(&b, 1), first = tag < 0 ? -1 : take_bits(&b, 8);
        int count = tag != 0 || first < 0 ? 0 : take_bits(&b, 7);
        if (first < 0 || count < 0 || n + 128 >= UNPACKED_MOST) {
            return n;
        }
        if (tag == 1) {
            unpacked[n++] = (uint8_t)first;
        }
        for (int i = 0; tag == 0 && i <= count; i++, n++) {
            unpacked[n] = n > (size_t)first ? unpacked[n - (size_t)first - 1] : 0;
        }
    }
}

// Where what the token gives that gives the byte at `at` ends: no reference may go on behind the
// patch.
static size_t end_of_token(struct bits b, size_t at)
{
    size_t n = 0;
    for (;;) {
        int tag = take_bits(&b, 1), first = take_bits(&b, 8);
        n += tag == 1 ? 1u : (size_t)take_bits(&b, 7) + 1;
        (void)first;
        if (n > at) {
            return n;
        }
    }
}

struct numbers {
    const uint8_t *p;
    size_t n, at;
};

static bool take_number(struct numbers *x, int64_t *value)
{
    int64_t sum = 0;
    bool negative = x->at < x->n && (x->p[x->at] & 0x40) != 0;
    for (int shift = 0; x->at < x->n && shift < NUMBERS; shift += shift == 0 ? 6 : 7) {
        uint8_t byte = x->p[x->at++];
        sum += (int64_t)(byte & (shift == 0 ? 0x3F : 0x7F)) << shift;
        if ((byte & 0x80) == 0) {
            *value = negative ? -sum : sum;
            return true;
        }
    }
    return false;
}

static bool take_run(struct numbers *x, const uint8_t *base, size_t base_size, uint32_t from,
                     size_t *n, size_t size)
{
    int64_t count;
    if (!take_number(x, &count) || count < 0 || (uint64_t)count > size - *n ||
        (uint64_t)count > x->n - x->at ||
        (base != NULL && count > 0 && (uint64_t)from + (uint64_t)count > base_size)) {
        return false;
    }
    for (int64_t i = 0; i < count; i++, (*n)++) {
        plain[*n] = (uint8_t)(x->p[x->at++] + (base == NULL ? 0 : base[from + (uint64_t)i]));
    }
    return true;
}

// What a patch without its first 64 bytes makes; false: a device refuses it.
static bool apply_plainly(const uint8_t *p, size_t n, const uint8_t *base, size_t base_size,
                          size_t *made_size)
{
    struct numbers head = {p, n, 1};
    int64_t size, value;
    uint32_t from = 0;
    *made_size = 0;
    if (n < 1 || (p[0] & 0x7F) != 4 || !take_number(&head, &size)) {
        return false;
    }
    size = size < 0 ? -size : size;
    if (size == 0) {
        return true;
    }
    if (head.at >= n || p[head.at] != 0x44 || size > MADE_MOST) {
        return false;
    }
    struct bits stream = {p + head.at + 1, n - head.at - 1, 0};
    struct numbers x = {unpacked, unpack(stream), 0};
    if (!take_number(&x, &value) || value > 0) {
        return false;
    }
    for (;;) {
        size_t before = *made_size;
        if (!take_run(&x, base, base_size, from, made_size, (size_t)size)) {
            return false;
        }
        from += (uint32_t)(*made_size - before);
        if (!take_run(&x, NULL, 0, 0, made_size, (size_t)size) || !take_number(&x, &value)) {
            return false;
        }
        from += (uint32_t)value;
        if (*made_size == (size_t)size) {
            return end_of_token(stream, x.at - 1) == x.at;
        }
    }
}

// ---- The applier --------------------------------------------------------------------------------

struct written {
    size_t n;
};

static bool keep(void *ctx, const uint8_t *bytes, size_t n)
{
    struct written *w = ctx;
    LAW(n > 0 && n <= OTAPACK_DELTA_PIECE);
    if (n > MADE_MOST - w->n) {
        return false;
    }
    memcpy(made + w->n, bytes, n);
    w->n += n;
    return true;
}

static void law_applied(const uint8_t *patch, size_t n, const uint8_t *base, size_t base_size,
                        size_t piece)
{
    struct hooked h = {base, base_size, 0, 0};
    struct written w = {0};
    struct otapack_delta_hooks hooks = {&w, keep, hooked_source(&h), NULL};
    struct otapack_delta_applier a;
    size_t plain_size;
    otapack_delta_start(&a, &hooks);
    for (size_t at = 0; at < n; at += piece) {
        size_t k = n - at < piece ? n - at : piece;
        enum otapack_code code = otapack_delta_push(&a, patch + at, k);
        LAW(code == a.status.code && a.at <= at + k);
    }
    bool good = otapack_delta_finish(&a) == OTAPACK_OK;
    LAW(a.status.code != OTAPACK_MISMATCH && a.status.at <= n);
    bool whole = n >= OTAPACK_DELTA_TYPE_AT && otapack_le32(patch) == OTAPACK_DELTA_MAGIC;
    bool plainly = whole && apply_plainly(patch + OTAPACK_DELTA_TYPE_AT, n - OTAPACK_DELTA_TYPE_AT,
                                          base, base_size, &plain_size);
    LAW(good == plainly);
    LAW(!good || (w.n == a.size && w.n == plain_size && memcmp(made, plain, w.n) == 0));
}

static void law_read(const uint8_t *patch, size_t n)
{
    struct otapack_source src = otapack_memory(patch, n);
    struct hooked h = {patch, n, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_delta d, other;
    uint8_t written[OTAPACK_DELTA_HEADER_SIZE];
    struct otapack_status s = otapack_delta_open(&src, &d);
    law_same(s, otapack_delta_open(&hook, &other));
    law_points_into(s, n);
    if (s.code == OTAPACK_OK) {
        size_t size = otapack_delta_write(&d, written);
        struct otapack_source again = otapack_memory(written, size);
        LAW(otapack_delta_open(&again, &other).code == OTAPACK_OK && other.size == d.size);
        LAW(other.stream_at == size && size <= d.stream_at && other.type == d.type);
        LAW(memcmp(other.base_sha256, d.base_sha256, sizeof(d.base_sha256)) == 0);
        law_same(otapack_delta_check(&d), otapack_delta_check(&d));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    size_t piece = (size_t)data[0] + 1, base = data[1] < size - 2 ? data[1] : size - 2;
    const uint8_t *patch = data + 2 + base;
    size_t n = size - 2 - base;
    law_read(patch, n);
    law_applied(patch, n, data + 2, base, piece);
    law_applied(patch, n, data + 2, base, n + 1);
    return 0;
}
