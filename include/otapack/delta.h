/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/delta.h: a patch that makes the new app of the one that runs (Espressif's component
 * esp_delta_ota), read, and applied while it arrives.
 *
 *     0          4             36         64     65         stream_at - 1  stream_at       end
 *     +----------+-------------+----------+------+----------+--------------+---------------+
 *     | magic    | base_sha256 | reserved | type | size     | heatshrink   | heatshrink's  |
 *     | FCCDDE10 | 32          | 28       | 04   | 1..4     | 44           | stream        |
 *     +----------+-------------+----------+------+----------+--------------+---------------+
 *
 *     type        0..3 compression, 4 heatshrink | 4..6 kind, 0 sequential | 7 not looked at
 *     heatshrink  0..3 lookahead - 3, of 7 bits  | 4..7 window - 4, of 8 bits
 *     number      6 bits, 7 bits, 7 bits, 7 bits, low ones first; bit 7: another byte follows;
 *                 bit 6 of the first: it is negative (of `size` not looked at)
 *     stream      bits, high ones first: 1, 8 bits: a byte | 0, 8 bits: distance - 1, 7 bits:
 *                 count - 1: so many bytes that stood so far back, or zeros before the first
 *
 * What the stream unpacks to is
 *
 *     0 | diff_size, that many bytes, each added to the next one of the base
 *       | extra_size, that many bytes of the new app
 *       | seek, by which the place in the base moves; the three again, until the app is whole
 *
 * To look at a patch:
 *
 *     struct otapack_source src = otapack_memory(bytes, n);
 *     struct otapack_delta delta;
 *     struct otapack_status s = otapack_delta_open(&src, &delta);
 *     if (s.code == OTAPACK_OK)
 *         s = otapack_delta_check(&delta);
 *
 * To apply one:
 *
 *     struct otapack_delta_hooks hooks = {&update, write_flash, running_app, digest_of_it};
 *     struct otapack_delta_applier applier;
 *     otapack_delta_start(&applier, &hooks);
 *     while ((n = receive(buffer, sizeof(buffer))) > 0)
 *         if (otapack_delta_push(&applier, buffer, n) != OTAPACK_OK)
 *             break;
 *     if (otapack_delta_finish(&applier) == OTAPACK_OK)
 *         verify_and_boot(update);
 *
 * What the component takes is taken, and what it refuses is refused. It says nothing of what comes
 * out: a patch that fits the base, but was damaged, makes another app, which only its own SHA-256
 * and signature show. Hand what was written to what verifies images (esp_ota_end).
 *
 * No heap, no recursion, no division. An applier shares nothing, needs no cleaning up, and its
 * caller's functions are called from push only.
 *
 * Source of the facts: esp_delta_ota 1.1.4 and its example https_delta_ota; detools.c and
 * heatshrink_decoder.c of the detools that it brings.
 */
#ifndef OTAPACK_DELTA_H
#define OTAPACK_DELTA_H

#include "base.h"

#define OTAPACK_DELTA_MAGIC 0xFCCDDE10u
#define OTAPACK_DELTA_DIGEST_AT 4u
#define OTAPACK_DELTA_DIGEST_SIZE 32u
#define OTAPACK_DELTA_RESERVED_AT 36u
#define OTAPACK_DELTA_RESERVED_SIZE 28u
#define OTAPACK_DELTA_TYPE_AT 64u
#define OTAPACK_DELTA_SIZE_AT 65u
#define OTAPACK_DELTA_SEQUENTIAL 0u
#define OTAPACK_DELTA_HEATSHRINK 4u
#define OTAPACK_DELTA_WINDOW 8u             /* bits of a distance */
#define OTAPACK_DELTA_LOOKAHEAD 7u          /* bits of a count */
#define OTAPACK_DELTA_MAX_NUMBER 0x7FFFFFFu /* 27 bits */
#define OTAPACK_DELTA_NUMBER_SIZE 4u        /* bytes of one, at most */
#define OTAPACK_DELTA_HEADER_SIZE 70u       /* where the stream begins, at most */
#define OTAPACK_DELTA_PIECE 64u             /* bytes that are written at a time, at most */

struct otapack_delta {
    uint8_t base_sha256[OTAPACK_DELTA_DIGEST_SIZE]; /* of the app that it is for */
    uint8_t reserved[OTAPACK_DELTA_RESERVED_SIZE];  /* zeros; no device looks */
    uint8_t type;
    uint8_t heatshrink; /* 0 where size is 0: it is not read then */
    bool negative;      /* the sign of size, at which no device looks */
    uint32_t size;      /* of the new app */
    uint64_t stream_at; /* where the stream begins */
};

/* What a type says, and what the byte of heatshrink does. */
static inline uint8_t otapack_delta_kind(uint8_t type)
{
    return (uint8_t)(type >> 4 & 7u);
}

static inline uint8_t otapack_delta_compression(uint8_t type)
{
    return type & 15u;
}

static inline uint8_t otapack_delta_window(uint8_t heatshrink)
{
    return (uint8_t)((heatshrink >> 4) + 4u);
}

static inline uint8_t otapack_delta_lookahead(uint8_t heatshrink)
{
    return (uint8_t)((heatshrink & 15u) + 3u);
}

/* ---- Numbers ----------------------------------------------------------------------------------
 */

/* One whose bytes come one by one. All zeros before the first, and again once it is whole. */
struct otapack_delta_number {
    uint32_t value;
    bool negative;
    uint8_t shift; /* where the bits of the next byte belong */
};

/*
 * Takes a byte. Returns OTAPACK_OK (the number is whole), OTAPACK_TRUNCATED (more bytes follow) or
 * OTAPACK_FORBIDDEN (it has more bits than a device reads).
 */
static inline enum otapack_code otapack_delta_number_(struct otapack_delta_number *n, uint8_t byte)
{
    if (n->shift == 0) {
        n->value = byte & 0x3Fu;
        n->negative = (byte & 0x40u) != 0;
        n->shift = 6;
    } else if (n->shift <= 20) {
        n->value |= (uint32_t)(byte & 0x7Fu) << n->shift;
        n->shift = (uint8_t)(n->shift + 7u);
    } else {
        return OTAPACK_FORBIDDEN;
    }
    if ((byte & 0x80u) != 0) {
        return OTAPACK_TRUNCATED;
    }
    n->shift = 0;
    return OTAPACK_OK;
}

/*
 * Writes a number, of whose value 27 bits count. Returns how many bytes it has: 1 to
 * OTAPACK_DELTA_NUMBER_SIZE.
 */
static inline size_t otapack_delta_put_number(uint32_t value, bool negative,
                                              uint8_t to[OTAPACK_DELTA_NUMBER_SIZE])
{
    uint32_t rest = (value & OTAPACK_DELTA_MAX_NUMBER) >> 6;
    size_t n = 1;
    to[0] = (uint8_t)((value & 0x3Fu) | (negative ? 0x40u : 0u));
    while (rest != 0 && n < OTAPACK_DELTA_NUMBER_SIZE) {
        to[n - 1] |= 0x80u;
        to[n] = rest & 0x7Fu;
        rest >>= 7;
        n++;
    }
    return n;
}

/* ---- What stands before the stream ------------------------------------------------------------
 */

/* What is judged of the bytes before the stream, by reader and applier alike. */
static inline struct otapack_status otapack_delta_check_kind_(uint8_t type)
{
    if (otapack_delta_kind(type) != OTAPACK_DELTA_SEQUENTIAL) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("kind"), OTAPACK_DELTA_TYPE_AT,
                                   otapack_delta_kind(type), OTAPACK_DELTA_SEQUENTIAL);
    }
    return otapack_good();
}

static inline struct otapack_status otapack_delta_check_compression_(uint8_t type)
{
    if (otapack_delta_compression(type) != OTAPACK_DELTA_HEATSHRINK) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("compression"),
                                   OTAPACK_DELTA_TYPE_AT, otapack_delta_compression(type),
                                   OTAPACK_DELTA_HEATSHRINK);
    }
    return otapack_good();
}

static inline struct otapack_status otapack_delta_check_heatshrink_(uint8_t heatshrink, uint64_t at)
{
    if (otapack_delta_window(heatshrink) != OTAPACK_DELTA_WINDOW) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("window"), at,
                                   otapack_delta_window(heatshrink), OTAPACK_DELTA_WINDOW);
    }
    if (otapack_delta_lookahead(heatshrink) != OTAPACK_DELTA_LOOKAHEAD) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("lookahead"), at,
                                   otapack_delta_lookahead(heatshrink), OTAPACK_DELTA_LOOKAHEAD);
    }
    return otapack_good();
}

/* The size, and heatshrink's byte behind it. Part of otapack_delta_open. */
static inline struct otapack_status otapack_delta_size_(const struct otapack_source *src,
                                                        struct otapack_delta *d)
{
    struct otapack_delta_number number;
    enum otapack_code more = OTAPACK_TRUNCATED;
    memset(&number, 0, sizeof(number));
    d->stream_at = OTAPACK_DELTA_SIZE_AT;
    while (more == OTAPACK_TRUNCATED && d->stream_at < OTAPACK_DELTA_HEADER_SIZE) {
        uint8_t byte = 0;
        struct otapack_status s = otapack_read(src, d->stream_at, &byte, 1, OTAPACK_NAME("size"));
        if (s.code != OTAPACK_OK) {
            return s;
        }
        more = otapack_delta_number_(&number, byte);
        d->stream_at++;
    }
    d->size = number.value;
    d->negative = number.negative;
    if (more != OTAPACK_OK) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("size"), OTAPACK_DELTA_SIZE_AT,
                                   (uint64_t)OTAPACK_DELTA_MAX_NUMBER + 1,
                                   OTAPACK_DELTA_MAX_NUMBER);
    }
    if (d->size == 0) { /* a device is done here */
        return otapack_good();
    }
    d->stream_at++;
    return otapack_read(src, d->stream_at - 1, &d->heatshrink, 1, OTAPACK_NAME("heatshrink"));
}

/*
 * Reads what stands before the stream. What kind of patch it is, and how it is compressed, is not
 * judged: otapack_delta_check does.
 * Returns OTAPACK_OK, OTAPACK_NOT_THIS (magic), OTAPACK_FORBIDDEN (a size of more than 27 bits),
 * OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `d` is whole only with OTAPACK_OK; what precedes the
 * field that fails is in it.
 */
static inline struct otapack_status otapack_delta_open(const struct otapack_source *src,
                                                       struct otapack_delta *d)
{
    uint8_t magic[4];
    struct otapack_status s = otapack_read(src, 0, magic, sizeof(magic), OTAPACK_NAME("magic"));
    memset(d, 0, sizeof(*d));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    if (otapack_le32(magic) != OTAPACK_DELTA_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0, otapack_le32(magic),
                                   OTAPACK_DELTA_MAGIC);
    }
    s = otapack_read(src, OTAPACK_DELTA_DIGEST_AT, d->base_sha256, sizeof(d->base_sha256),
                     OTAPACK_NAME("base_sha256"));
    if (s.code == OTAPACK_OK) {
        s = otapack_read(src, OTAPACK_DELTA_RESERVED_AT, d->reserved, sizeof(d->reserved),
                         OTAPACK_NAME("reserved"));
    }
    if (s.code == OTAPACK_OK) {
        s = otapack_read(src, OTAPACK_DELTA_TYPE_AT, &d->type, 1, OTAPACK_NAME("type"));
    }
    return s.code == OTAPACK_OK ? otapack_delta_size_(src, d) : s;
}

/*
 * Is it a patch as a device applies it? Returns OTAPACK_OK or OTAPACK_FORBIDDEN, which names
 * "kind", "compression", "window" or "lookahead".
 */
static inline struct otapack_status otapack_delta_check(const struct otapack_delta *d)
{
    struct otapack_status s = otapack_delta_check_kind_(d->type);
    if (s.code == OTAPACK_OK) {
        s = otapack_delta_check_compression_(d->type);
    }
    if (s.code == OTAPACK_OK && d->size != 0) {
        s = otapack_delta_check_heatshrink_(d->heatshrink, d->stream_at - 1);
    }
    return s;
}

/*
 * Writes what stands before the stream, which otapack_delta_open reads back; of the size 27 bits
 * count, and stream_at does not. Returns where the stream begins.
 */
static inline size_t otapack_delta_write(const struct otapack_delta *d,
                                         uint8_t to[OTAPACK_DELTA_HEADER_SIZE])
{
    size_t n = OTAPACK_DELTA_SIZE_AT;
    otapack_put_le32(to, OTAPACK_DELTA_MAGIC);
    memcpy(to + OTAPACK_DELTA_DIGEST_AT, d->base_sha256, sizeof(d->base_sha256));
    memcpy(to + OTAPACK_DELTA_RESERVED_AT, d->reserved, sizeof(d->reserved));
    to[OTAPACK_DELTA_TYPE_AT] = d->type;
    n += otapack_delta_put_number(d->size, d->negative, to + n);
    if ((d->size & OTAPACK_DELTA_MAX_NUMBER) != 0) {
        to[n] = d->heatshrink;
        n++;
    }
    return n;
}

/* ---- The applier ------------------------------------------------------------------------------
 */

/*
 * What the caller brings; it must outlive the applier. The base is the running app, byte for byte
 * as it was flashed, its signature and all else behind it included: a source as large as its
 * partition, or as its file. `base_sha256` is its 32 bytes of digest, as
 * esp_partition_get_sha256() gives them: the SHA-256 that is appended to it. NULL: a patch is
 * applied to whatever base there is, and nothing else tells a wrong one. `write` takes the new app,
 * from its first byte on, and says no to stop.
 */
struct otapack_delta_hooks {
    void *ctx;
    bool (*write)(void *ctx, const uint8_t *bytes, size_t n);
    struct otapack_source base;
    const uint8_t *base_sha256;
};

/* What the next byte is. From OTAPACK_DELTA_ZERO on it is one that heatshrink unpacked. */
enum otapack_delta_step {
    OTAPACK_DELTA_HEADER, /* up to type */
    OTAPACK_DELTA_TYPE,
    OTAPACK_DELTA_SIZE,
    OTAPACK_DELTA_PARAMETERS, /* of heatshrink */
    OTAPACK_DELTA_ZERO,
    OTAPACK_DELTA_DIFF_SIZE,
    OTAPACK_DELTA_DIFF,
    OTAPACK_DELTA_EXTRA_SIZE,
    OTAPACK_DELTA_EXTRA,
    OTAPACK_DELTA_SEEK,
    OTAPACK_DELTA_DONE, /* passed over */
};

/* What the next bits of heatshrink's stream are. */
enum otapack_delta_bits {
    OTAPACK_DELTA_TAG,      /* 1 */
    OTAPACK_DELTA_LITERAL,  /* 8 */
    OTAPACK_DELTA_DISTANCE, /* 8 */
    OTAPACK_DELTA_COUNT,    /* 7 */
};

/*
 * 408 bytes on RV32, with some 200 of stack beside what the caller's functions take. For the caller
 * to read: `status`, which says what is wrong; `size`, once it is known; `written`; `at`, the bytes
 * of the patch that were taken, none behind its end; and whether it is `step` OTAPACK_DELTA_DIFF or
 * OTAPACK_DELTA_EXTRA that write is called for.
 */
struct otapack_delta_applier {
    struct otapack_status status;
    const struct otapack_delta_hooks *hooks;
    uint64_t at;
    uint32_t size;
    uint32_t written; /* and `have` more are in `out` */
    uint32_t from;    /* in the base; modulo 2^32, as on a device */
    uint32_t left;    /* bytes of the diff or of the literals that are to come */
    struct otapack_delta_number number;
    uint32_t bits;     /* those that are not used yet are the low ones */
    uint8_t bit_count; /* so many */
    uint8_t step;      /* enum otapack_delta_step */
    uint8_t next_bits; /* enum otapack_delta_bits */
    uint8_t distance;  /* - 1 */
    uint8_t head;      /* where the next byte goes in the window, which goes round */
    uint8_t have;
    uint8_t type;
    uint8_t out[OTAPACK_DELTA_PIECE];
    uint8_t window[1u << OTAPACK_DELTA_WINDOW];
};

/* Begins, in whatever state the applier was. */
static inline void otapack_delta_start(struct otapack_delta_applier *a,
                                       const struct otapack_delta_hooks *hooks)
{
    memset(a, 0, sizeof(*a));
    a->status = otapack_good();
    a->hooks = hooks;
}

/* Ends it at the byte that is being taken. */
static inline void otapack_delta_fail_(struct otapack_delta_applier *a, enum otapack_code code,
                                       const char *field, uint64_t value, uint64_t limit)
{
    a->status = otapack_status_make(code, field, a->at, value, limit);
}

/* Adds to the bytes of a diff those of the base. */
static inline bool otapack_delta_add_(struct otapack_delta_applier *a, uint8_t have)
{
    uint8_t base[OTAPACK_DELTA_PIECE];
    struct otapack_status s;
    uint8_t i;
    memset(base, 0, sizeof(base)); /* a reader that fails may leave some unset */
    s = otapack_read(&a->hooks->base, a->from, base, have, OTAPACK_NAME("base"));
    if (s.code != OTAPACK_OK) {
        otapack_delta_fail_(a, s.code == OTAPACK_TRUNCATED ? OTAPACK_FORBIDDEN : s.code, s.field,
                            s.value, s.limit);
        return false;
    }
    for (i = 0; i < have; i++) {
        a->out[i] = (uint8_t)(a->out[i] + base[i]);
    }
    a->from += have;
    return true;
}

/* Writes what was gathered, which is all of a diff, or all of literals. */
static inline void otapack_delta_flush_(struct otapack_delta_applier *a)
{
    uint8_t have = a->have;
    a->have = 0;
    if (a->step == OTAPACK_DELTA_DIFF && !otapack_delta_add_(a, have)) {
        return;
    }
    if (!a->hooks->write(a->hooks->ctx, a->out, have)) {
        otapack_delta_fail_(a, OTAPACK_REFUSED, OTAPACK_NAME("write"), a->written, a->size);
        return;
    }
    a->written += have;
}

/* A byte of the diff, or of the literals. */
static inline void otapack_delta_data_(struct otapack_delta_applier *a, uint8_t byte)
{
    a->out[a->have] = byte;
    a->have++;
    a->left--;
    if (a->have == OTAPACK_DELTA_PIECE || a->left == 0) {
        otapack_delta_flush_(a);
    }
    if (a->left == 0) {
        a->step = a->step == OTAPACK_DELTA_DIFF ? OTAPACK_DELTA_EXTRA_SIZE : OTAPACK_DELTA_SEEK;
    }
}

/* The size of a diff, or of literals, is whole. */
static inline void otapack_delta_sized_(struct otapack_delta_applier *a)
{
    bool diff = a->step == OTAPACK_DELTA_DIFF_SIZE;
    uint32_t most = a->size - a->written;
    a->left = a->number.value;
    if (a->left > most || (a->number.negative && a->left != 0)) {
        otapack_delta_fail_(a, OTAPACK_FORBIDDEN,
                            diff ? OTAPACK_NAME("diff_size") : OTAPACK_NAME("extra_size"), a->left,
                            a->number.negative ? 0 : most);
    }
    if (diff) {
        a->step = a->left == 0 ? OTAPACK_DELTA_EXTRA_SIZE : OTAPACK_DELTA_DIFF;
    } else {
        a->step = a->left == 0 ? OTAPACK_DELTA_SEEK : OTAPACK_DELTA_EXTRA;
    }
}

/* A number of the unpacked stream is whole. */
static inline void otapack_delta_numbered_(struct otapack_delta_applier *a)
{
    uint32_t value = a->number.value;
    if (a->step == OTAPACK_DELTA_ZERO) {
        if (value != 0 && !a->number.negative) {
            otapack_delta_fail_(a, OTAPACK_FORBIDDEN, OTAPACK_NAME("zero"), value, 0);
        }
        a->step = OTAPACK_DELTA_DIFF_SIZE;
    } else if (a->step == OTAPACK_DELTA_SEEK) {
        a->from += a->number.negative ? 0u - value : value;
        a->step = a->written == a->size ? OTAPACK_DELTA_DONE : OTAPACK_DELTA_DIFF_SIZE;
    } else {
        otapack_delta_sized_(a);
    }
}

/* A byte that heatshrink unpacked. */
static inline void otapack_delta_unpacked_(struct otapack_delta_applier *a, uint8_t byte)
{
    enum otapack_code more;
    a->window[a->head] = byte;
    a->head++;
    if (a->step == OTAPACK_DELTA_DIFF || a->step == OTAPACK_DELTA_EXTRA) {
        otapack_delta_data_(a, byte);
        return;
    }
    more = otapack_delta_number_(&a->number, byte);
    if (more == OTAPACK_OK) {
        otapack_delta_numbered_(a);
    } else if (more == OTAPACK_FORBIDDEN) {
        otapack_delta_fail_(a, OTAPACK_FORBIDDEN, OTAPACK_NAME("number"),
                            (uint64_t)OTAPACK_DELTA_MAX_NUMBER + 1, OTAPACK_DELTA_MAX_NUMBER);
    }
}

static inline bool otapack_delta_goes_on_(const struct otapack_delta_applier *a)
{
    return a->status.code == OTAPACK_OK && a->step != OTAPACK_DELTA_DONE;
}

/* n bytes that stood `distance` back. Where some are left at the end, a device refuses them. */
static inline void otapack_delta_copy_(struct otapack_delta_applier *a, uint32_t n)
{
    uint32_t i = 0;
    while (i < n && otapack_delta_goes_on_(a)) {
        otapack_delta_unpacked_(a, a->window[(uint8_t)(a->head - 1u - a->distance)]);
        i++;
    }
    if (i < n && a->status.code == OTAPACK_OK) {
        otapack_delta_fail_(a, OTAPACK_FORBIDDEN, OTAPACK_NAME("count"), n, i);
    }
}

/* What some bits of heatshrink's stream say. */
static inline void otapack_delta_decode_(struct otapack_delta_applier *a, uint32_t bits)
{
    uint8_t now = a->next_bits;
    a->next_bits = OTAPACK_DELTA_TAG;
    switch (now) {
    case OTAPACK_DELTA_TAG:
        a->next_bits = bits != 0 ? OTAPACK_DELTA_LITERAL : OTAPACK_DELTA_DISTANCE;
        break;
    case OTAPACK_DELTA_LITERAL:
        otapack_delta_unpacked_(a, (uint8_t)bits);
        break;
    case OTAPACK_DELTA_DISTANCE:
        a->distance = (uint8_t)bits;
        a->next_bits = OTAPACK_DELTA_COUNT;
        break;
    default:
        otapack_delta_copy_(a, bits + 1u);
    }
}

/* A byte of heatshrink's stream. */
static inline void otapack_delta_stream_(struct otapack_delta_applier *a, uint8_t byte)
{
    a->bits = a->bits << 8 | byte;
    a->bit_count = (uint8_t)(a->bit_count + 8u);
    for (;;) {
        uint8_t need = a->next_bits == OTAPACK_DELTA_TAG     ? 1u
                       : a->next_bits == OTAPACK_DELTA_COUNT ? OTAPACK_DELTA_LOOKAHEAD
                                                             : 8u;
        if (a->bit_count < need || !otapack_delta_goes_on_(a)) {
            break;
        }
        a->bit_count = (uint8_t)(a->bit_count - need);
        otapack_delta_decode_(a, a->bits >> a->bit_count & ((1u << need) - 1u));
    }
    a->bit_count &= 7u; /* where it goes on, there are no more */
}

/* A byte of what stands before the type. */
static inline void otapack_delta_header_(struct otapack_delta_applier *a, uint8_t byte)
{
    uint32_t at = (uint32_t)a->at;
    const uint8_t *wanted = a->hooks->base_sha256;
    if (at < OTAPACK_DELTA_DIGEST_AT) {
        uint8_t magic = (uint8_t)(OTAPACK_DELTA_MAGIC >> (8u * at));
        if (byte != magic) {
            otapack_delta_fail_(a, OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), byte, magic);
        }
    } else if (at < OTAPACK_DELTA_RESERVED_AT && wanted != NULL &&
               byte != wanted[at - OTAPACK_DELTA_DIGEST_AT]) {
        otapack_delta_fail_(a, OTAPACK_MISMATCH, OTAPACK_NAME("base_sha256"), byte,
                            wanted[at - OTAPACK_DELTA_DIGEST_AT]);
    }
    if (at + 1u == OTAPACK_DELTA_TYPE_AT) {
        a->step = OTAPACK_DELTA_TYPE;
    }
}

/* A byte of the size. That the compression is another one a device says behind it. */
static inline void otapack_delta_new_size_(struct otapack_delta_applier *a, uint8_t byte)
{
    enum otapack_code more = otapack_delta_number_(&a->number, byte);
    if (more == OTAPACK_FORBIDDEN) {
        otapack_delta_fail_(a, OTAPACK_FORBIDDEN, OTAPACK_NAME("size"),
                            (uint64_t)OTAPACK_DELTA_MAX_NUMBER + 1, OTAPACK_DELTA_MAX_NUMBER);
    } else if (more == OTAPACK_OK) {
        a->size = a->number.value;
        a->status = otapack_delta_check_compression_(a->type);
        a->step = a->size == 0 ? OTAPACK_DELTA_DONE : OTAPACK_DELTA_PARAMETERS;
    }
}

static inline void otapack_delta_take_(struct otapack_delta_applier *a, uint8_t byte)
{
    switch (a->step) {
    case OTAPACK_DELTA_HEADER:
        otapack_delta_header_(a, byte);
        break;
    case OTAPACK_DELTA_TYPE:
        a->type = byte;
        a->status = otapack_delta_check_kind_(byte);
        a->step = OTAPACK_DELTA_SIZE;
        break;
    case OTAPACK_DELTA_SIZE:
        otapack_delta_new_size_(a, byte);
        break;
    case OTAPACK_DELTA_PARAMETERS:
        a->status = otapack_delta_check_heatshrink_(byte, a->at);
        a->step = OTAPACK_DELTA_ZERO;
        break;
    default:
        otapack_delta_stream_(a, byte);
    }
}

/*
 * Takes the next n bytes of the patch: any number, 0 too. What follows the end of the patch is
 * passed over, as on a device; `at` stays where that is. Returns the code of `status`: OTAPACK_OK,
 * or
 * OTAPACK_NOT_THIS (magic), OTAPACK_MISMATCH (base_sha256: it is for another base),
 * OTAPACK_FORBIDDEN (kind, compression, window, lookahead: what no device has; size, diff_size,
 * extra_size, number, zero, count: it is damaged; base: so is it, or the base is another one: it
 * reads where that has ended), OTAPACK_READ_FAILED (base) or OTAPACK_REFUSED (write). After one of
 * these nothing is taken any more.
 */
static inline enum otapack_code otapack_delta_push(struct otapack_delta_applier *a,
                                                   const uint8_t *bytes, size_t n)
{
    size_t i;
    for (i = 0; i < n && otapack_delta_goes_on_(a); i++) {
        otapack_delta_take_(a, bytes[i]);
        a->at += a->status.code == OTAPACK_OK ? 1u : 0u;
    }
    return a->status.code;
}

/*
 * There are no more bytes. Returns what push did, or OTAPACK_TRUNCATED (end). With OTAPACK_OK all
 * `size` bytes of the new app were written.
 */
static inline enum otapack_code otapack_delta_finish(struct otapack_delta_applier *a)
{
    if (otapack_delta_goes_on_(a)) {
        otapack_delta_fail_(a, OTAPACK_TRUNCATED, OTAPACK_NAME("end"), a->at + 1u, a->at);
    }
    return a->status.code;
}

#endif
