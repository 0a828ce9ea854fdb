/* SPDX-License-Identifier: Apache-2.0
 *
 * A stream's start and its end; and the two ways in which bytes are taken, for every number of them
 * up to 512, and those up to MOST: no more than these are read, at least one is taken, and no more
 * is gathered than is needed.
 */
#include "stream_state.h"

static uint8_t chunk[MOST];

/* From any state that can be, and in the middle of what a step gathers, or lets pass before. */
static void finish_at(uint32_t step, const struct around *in)
{
    make_stream(step, in);
    s.fault.code = any_bool() ? OTAPACK_OK : OTAPACK_REFUSED;
    s.run = any_u32();
    s.need = Frama_C_unsigned_int_interval(least_need(step), most_need(step));
    s.have = Frama_C_unsigned_int_interval(0, most_need(step));
    (void)otapack_stream_finish(&s);
}

static void start_and_finish(const struct around *in)
{
    //@ loop unroll 25;
    for (uint32_t step = 0; step <= OTAPACK_STEP_DONE; step++) {
        if (can_be(step, in)) {
            finish_at(step, in);
        }
    }
}

static void start(void)
{
    make_hooks();
    inside = 0;
    otapack_stream_start(&s, &hooks);
    if (any_bool()) {
        otapack_stream_take_any_app(&s);
    }
    check_stream();
    (void)otapack_stream_announce(&s, any_u64());
    check_stream();
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
    static const struct around app = {false, false, false};
    make_stream(OTAPACK_STEP_IMAGE, &app);
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

/* Exactly n bytes are there. All that pass are told as data of the part, or are of a header. */
static void pass_n(uint32_t n, bool header, uint32_t least_run, uint32_t most_run)
{
    static const struct around in = {false, true, false};
    make_stream(OTAPACK_STEP_PART_END, &in);
    s.step = Frama_C_unsigned_int_interval(0, OTAPACK_STEP_DONE);
    s.have = 0;
    s.event.part =
        header ? OTAPACK_PART_MATTER : Frama_C_unsigned_int_interval(0, OTAPACK_PART_APP);
    s.run = Frama_C_unsigned_int_interval(least_run, most_run);
    uint32_t passed = otapack_stream_run_(&s, chunk + (MOST - n), n);
    bool good_passed = passed >= 1 && passed <= n;
    //@ assert good_passed == 1;
    bool good_told = told == OVER || told == (header ? 0 : passed);
    //@ assert good_told == 1;
}

static void take_n(uint32_t n)
{
    static const struct around in = {false, true, false};
    make_stream(OTAPACK_STEP_PART_END, &in);
    s.step = Frama_C_unsigned_int_interval(0, OTAPACK_STEP_DONE);
    s.have = 0;
    s.need = Frama_C_unsigned_int_interval(1, sizeof(s.scratch));
    uint32_t gathered = otapack_stream_gather_(&s, chunk + (MOST - n), n);
    bool good_gathered = gathered >= 1 && gathered <= n;
    //@ assert good_gathered == 1;
    pass_n(n, false, n, 0xFFFFFFFFu);
}

/* Fewer pass than are there. */
static void pass_few(uint32_t n)
{
    //@ loop unroll 16;
    for (uint32_t run = 1; run < n; run++) {
        pass_n(n, false, run, run);
        pass_n(n, true, run, run);
    }
}

static void pass_all_few(void)
{
    //@ loop unroll 17;
    for (uint32_t n = 1; n <= 16; n++) {
        pass_few(n);
    }
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
    start();
    //@ loop unroll 8;
    for (uint32_t bits = 0; bits < 8; bits++) {
        const struct around in = {(bits & 1u) != 0, (bits & 2u) != 0, (bits & 4u) != 0};
        start_and_finish(&in);
    }
    gather_all();
    gather_few();
    pass_all_few();
    take_all_n();
    return 0;
}
