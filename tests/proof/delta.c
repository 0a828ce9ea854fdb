/* SPDX-License-Identifier: Apache-2.0
 *
 * delta.h: any header; and an applier from any state that it can be in between two bytes, with any
 * byte: it leads to such a state again. So a patch is taken whole, in pieces of any size.
 */
#include "source.h"

static struct otapack_delta_applier a;
static struct otapack_delta_hooks hooks;
static uint8_t digest[OTAPACK_DELTA_DIGEST_SIZE], chunk[64];

static void read_any_header(const struct otapack_source *src)
{
    struct otapack_delta d;
    if (otapack_delta_open(src, &d).code == OTAPACK_OK) {
        (void)otapack_delta_check(&d);
    }
}

static void write_any_header(void)
{
    uint8_t output[OTAPACK_DELTA_HEADER_SIZE];
    struct otapack_delta d;
    Frama_C_make_unknown((char *)&d, sizeof(d));
    d.negative = any_bool();
    prove(otapack_delta_write(&d, output) <= sizeof(output));
}

static bool write_any(void *ctx, const uint8_t *bytes, size_t n)
{
    (void)ctx;
    prove_readable(bytes, n);
    return any_bool();
}

static void make_hooks(const struct otapack_source *base)
{
    hooks.ctx = NULL;
    hooks.write = write_any;
    hooks.base = *base;
    hooks.base_sha256 = any_bool() ? digest : NULL;
}

/* What holds of one between two bytes, where it goes on. */
static void check_applier(void)
{
    if (otapack_delta_goes_on_(&a)) {
        prove(a.step < OTAPACK_DELTA_DONE);
        prove(a.have < OTAPACK_DELTA_PIECE);
        prove(a.number.shift <= 27);
        prove(a.bit_count <= 7);
        prove(a.next_bits <= OTAPACK_DELTA_COUNT);
        prove(a.step != OTAPACK_DELTA_HEADER || a.at < OTAPACK_DELTA_TYPE_AT);
    }
}

static void make_applier(uint8_t step)
{
    Frama_C_make_unknown((char *)&a, sizeof(a));
    a.status = otapack_good();
    a.hooks = &hooks;
    a.step = step;
    a.at = step == OTAPACK_DELTA_HEADER
               ? Frama_C_unsigned_int_interval(0, OTAPACK_DELTA_TYPE_AT - 1u)
               : any_u64();
    a.number.negative = any_bool();
    a.number.shift = Frama_C_unsigned_char_interval(0, 27);
    a.have = Frama_C_unsigned_char_interval(0, OTAPACK_DELTA_PIECE - 1u);
    a.bit_count = Frama_C_unsigned_char_interval(0, 7);
    a.next_bits = Frama_C_unsigned_char_interval(0, OTAPACK_DELTA_COUNT);
}

/* Before the stream: each step by itself. */
static void take_header(uint8_t step)
{
    make_applier(step);
    otapack_delta_take_(&a, any_u8());
}

/* A byte that was unpacked. */
static void take_unpacked(uint8_t step)
{
    make_applier(step);
    otapack_delta_unpacked_(&a, any_u8());
    check_applier();
}

static void take_stream(uint8_t step)
{
    make_applier(step);
    otapack_delta_take_(&a, any_u8());
    check_applier();
}

static void take_all(const struct otapack_source *base)
{
    make_hooks(base);
    otapack_delta_start(&a, &hooks);
    check_applier();
    //@ loop unroll 4;
    for (uint8_t step = OTAPACK_DELTA_HEADER; step < OTAPACK_DELTA_ZERO; step++) {
        take_header(step);
    }
    //@ loop unroll 6;
    for (uint8_t step = OTAPACK_DELTA_ZERO; step < OTAPACK_DELTA_DONE; step++) {
        take_unpacked(step);
        take_stream(step);
    }
    make_applier(OTAPACK_DELTA_DONE);
    (void)otapack_delta_push(&a, chunk, sizeof(chunk));
    (void)otapack_delta_finish(&a);
    make_applier(OTAPACK_DELTA_SEEK);
    (void)otapack_delta_push(&a, chunk, 1);
    (void)otapack_delta_finish(&a);
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    Frama_C_make_unknown((char *)digest, sizeof(digest));
    Frama_C_make_unknown((char *)chunk, sizeof(chunk));
    read_any_header(&memory);
    read_any_header(&function);
    write_any_header();
    take_all(&memory);
    take_all(&function);
    return 0;
}
