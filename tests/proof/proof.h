/* SPDX-License-Identifier: Apache-2.0
 *
 * What the drivers for Frama-C's EVA share: values that may be anything, hashes that give anything.
 */
#ifndef OTAPACK_PROOF_H
#define OTAPACK_PROOF_H

#include "__fc_builtin.h"
#include <otapack/otapack.h>

#define MOST 4096u /* bytes of an input, at most */

static inline bool any_bool(void)
{
    return Frama_C_interval(0, 1) != 0;
}

static inline uint8_t any_u8(void)
{
    return Frama_C_unsigned_char_interval(0, 0xFF);
}

static inline uint16_t any_u16(void)
{
    return (uint16_t)Frama_C_unsigned_int_interval(0, 0xFFFFu);
}

static inline uint32_t any_u32(void)
{
    return Frama_C_unsigned_int_interval(0, 0xFFFFFFFFu);
}

static inline uint64_t any_u64(void)
{
    return Frama_C_unsigned_long_long_interval(0, 0xFFFFFFFFFFFFFFFFu);
}

/* What must hold; EVA warns where it cannot see that it does. */
static inline void prove(bool is_true)
{
    //@ assert is_true == 1;
}

/* These bytes are there. */
static inline void prove_readable(const uint8_t *bytes, size_t n)
{
    if (n > 0) {
        //@ assert \valid_read(bytes + (0 .. n - 1));
    }
}

/* ---- Hashes, whose digests are anything -------------------------------------------------------
 */

static void hash_start(void *ctx)
{
    (void)ctx;
}

static void hash_update(void *ctx, const uint8_t *bytes, size_t n)
{
    (void)ctx;
    prove_readable(bytes, n);
}

static void finish_4(void *ctx, uint8_t *digest)
{
    (void)ctx;
    Frama_C_make_unknown((char *)digest, 4);
}

static void finish_16(void *ctx, uint8_t *digest)
{
    (void)ctx;
    Frama_C_make_unknown((char *)digest, 16);
}

static void finish_32(void *ctx, uint8_t *digest)
{
    (void)ctx;
    Frama_C_make_unknown((char *)digest, 32);
}

static void finish_64(void *ctx, uint8_t *digest)
{
    (void)ctx;
    Frama_C_make_unknown((char *)digest, 64);
}

static const struct otapack_hash hash_4 = {NULL, hash_start, hash_update, finish_4};
static const struct otapack_hash hash_16 = {NULL, hash_start, hash_update, finish_16};
static const struct otapack_hash hash_32 = {NULL, hash_start, hash_update, finish_32};
static const struct otapack_hash hash_64 = {NULL, hash_start, hash_update, finish_64};

/* A stream in any state, as far as an observer of it can see, whose hooks are these. */
static inline void make_observed(struct otapack_stream *s, const struct otapack_stream_hooks *hooks)
{
    Frama_C_make_unknown((char *)s, sizeof(*s));
    s->hooks = hooks;
    s->fault.code = any_bool() ? OTAPACK_OK : OTAPACK_REFUSED;
    s->fault.field = "";
    s->event.bytes = NULL;
    s->event.checked = any_bool();
    s->event.open = any_bool();
    s->event.has_reason = any_bool();
}

#endif
