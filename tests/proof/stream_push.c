/* SPDX-License-Identifier: Apache-2.0
 *
 * A stream's start and its end; and the two ways in which bytes are taken, for every number of them
 * up to 512, and those up to MOST: no more than these are read, at least one is taken, and no more
 * is gathered than is needed.
 */
#include "stream_state.h"

static uint8_t chunk[MOST];

static void start_and_finish(uint32_t present)
{
    make_hooks(present);
    otapack_stream_start(&s, &hooks, any_u32());
    if (any_bool()) {
        otapack_stream_take_any_app(&s);
    }
    check_stream(present);
    //@ loop unroll 24;
    for (uint32_t step = 0; step <= OTAPACK_STEP_DONE; step++) {
        make_stream(present, step);
        s.fault.code = any_bool() ? OTAPACK_OK : OTAPACK_REFUSED;
        s.need = Frama_C_unsigned_int_interval(least_need(step), most_need(step));
        s.have = Frama_C_unsigned_int_interval(0, most_need(step));
        (void)otapack_stream_finish(&s);
    }
}

static void gather_any(uint32_t have, uint32_t need)
{
    s.have = have;
    s.need = need;
    uint32_t k = otapack_stream_gather_(&s, chunk, Frama_C_unsigned_int_interval(1, MOST));
    bool good_have = s.have <= need;
    //@ assert good_have == 1;
    bool good_k = k >= 1;
    //@ assert good_k == 1;
}

/* All that a step could need, and all that could be there. */
static void gather_all(void)
{
    make_stream(0, OTAPACK_STEP_IMAGE);
    //@ loop unroll 289;
    for (uint32_t have = 0; have < sizeof(s.scratch); have++) {
        s.have = have;
        s.need = Frama_C_unsigned_int_interval(have + 1u, sizeof(s.scratch));
        (void)otapack_stream_gather_(&s, chunk, Frama_C_unsigned_int_interval(1, MOST));
        bool good_bound = s.have <= sizeof(s.scratch);
        //@ assert good_bound == 1;
    }
}

/* One by one: no more is gathered than is needed. */
static void gather_up_to(uint32_t need)
{
    //@ loop unroll 33;
    for (uint32_t have = 0; have < need; have++) {
        gather_any(have, need);
    }
}

static void gather_few(void)
{
    //@ loop unroll 33;
    for (uint32_t need = 1; need <= 32; need++) {
        gather_up_to(need);
    }
}

/* Exactly n bytes are there. */
static void take_n(uint32_t n)
{
    make_stream(0, Frama_C_unsigned_int_interval(0, OTAPACK_STEP_DONE));
    s.have = 0;
    s.need = Frama_C_unsigned_int_interval(1, sizeof(s.scratch));
    uint32_t gathered = otapack_stream_gather_(&s, chunk + (MOST - n), n);
    bool good_gathered = gathered >= 1 && gathered <= n;
    //@ assert good_gathered == 1;
    s.run = Frama_C_unsigned_int_interval(1, 0xFFFFFFFFu);
    uint32_t passed = otapack_stream_run_(&s, chunk + (MOST - n), n);
    bool good_passed = passed >= 1 && passed <= n;
    //@ assert good_passed == 1;
}

static void take_64(uint32_t from)
{
    //@ loop unroll 64;
    for (uint32_t n = from; n < from + 64; n++) {
        take_n(n);
    }
}

static void take_all_n(void)
{
    //@ loop unroll 8;
    for (uint32_t from = 1; from < 512; from += 64) {
        take_64(from);
    }
    take_64(MOST - 63u);
}

int main(void)
{
    Frama_C_make_unknown((char *)chunk, sizeof(chunk));
    start_and_finish(0);
    start_and_finish(31u);
    gather_all();
    gather_few();
    take_all_n();
    return 0;
}
