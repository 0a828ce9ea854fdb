/* SPDX-License-Identifier: Apache-2.0
 *
 * Each step of a stream, from any state in which it can be taken, with any bytes gathered for it:
 * a state that can be follows.
 */
#include "stream_state.h"

/*
 * No byte is lost: what was gathered in a part is told, or is still there. In a Matter header it is
 * no part's.
 */
static void check_told(uint32_t step, uint32_t gathered)
{
    if (s.fault.code == OTAPACK_OK && !is_header(step)) {
        bool good_told = told == OVER || told + s.have == gathered;
        //@ assert good_told == 1;
    }
}

static void take_exactly(uint32_t step, const struct around *in, uint32_t need)
{
    make_stream(step, in);
    s.need = need;
    s.have = need;
    otapack_stream_step_(&s);
    check_told(step, need);
    check_stream();
}

static void take(uint32_t step, const struct around *in, uint32_t least, uint32_t most)
{
    make_stream(step, in);
    s.need = Frama_C_unsigned_int_interval(least, most);
    s.have = s.need;
    otapack_stream_step_(&s);
    check_stream();
}

/* At the end of a part: the next one, which is a text or records, or another. */
static void take_next(const struct around *in, uint32_t part, bool is_small)
{
    make_stream(OTAPACK_STEP_PART_END, in);
    make_part(part, is_small);
    s.need = 0;
    s.have = 0;
    otapack_stream_step_(&s);
    check_told(OTAPACK_STEP_PART_END, 0);
    check_stream();
}

/* A number in the gathered bytes: its low byte, and the first of its others that is not zero. */
static void make_size(uint32_t at, uint32_t low, uint32_t most_low, uint32_t nonzero)
{
    s.scratch[at] = Frama_C_unsigned_char_interval((uint8_t)low, (uint8_t)most_low);
    //@ loop unroll 3;
    for (uint32_t i = 1; i < 4; i++) {
        s.scratch[at + i] = Frama_C_unsigned_char_interval(i == nonzero, i < nonzero ? 0 : 0xFF);
    }
}

/* Entry 0 of a combined image's table, whose size says how much the next step gathers. */
static void take_combined(const struct around *in, uint32_t low, uint32_t most_low,
                          uint32_t nonzero)
{
    make_stream(OTAPACK_STEP_COMBINED, in);
    make_size(4, low, most_low, nonzero);
    s.need = OTAPACK_RCP_ENTRY_SIZE;
    s.have = OTAPACK_RCP_ENTRY_SIZE;
    otapack_stream_step_(&s);
    check_told(OTAPACK_STEP_COMBINED, OTAPACK_RCP_ENTRY_SIZE);
    check_stream();
}

/* EVA tells the sizes apart that the code tells apart: each multiple of 12, and those between. */
static void take_all_combined(const struct around *in)
{
    take_combined(in, 0, OTAPACK_RCP_MIN_TABLE - 1u, 4);
    //@ loop unroll 6;
    for (uint32_t n = OTAPACK_RCP_MIN_TABLE; n <= OTAPACK_RCP_MAX_TABLE; n += 12) {
        take_combined(in, n, n, 4);
        take_combined(in, n + 1, n == OTAPACK_RCP_MAX_TABLE ? 0xFF : n + 11, 4);
    }
    //@ loop unroll 3;
    for (uint32_t i = 1; i < 4; i++) {
        take_combined(in, 0, 0xFF, i);
    }
}

/* An entry of the table: a text's or record's size is then what make_part() says. */
static void take_entry(uint32_t parts, uint8_t tag, uint32_t low, uint32_t most_low,
                       uint32_t nonzero)
{
    const struct around in = {any_bool(), false, any_bool()};
    make_stream(OTAPACK_STEP_TABLE, &in);
    s.have = Frama_C_unsigned_int_interval(OTAPACK_RCP_MIN_TABLE, OTAPACK_RCP_MAX_TABLE);
    s.need = s.have;
    s.parts = (uint8_t)parts;
    s.scratch[12] = tag;
    s.scratch[13] = s.scratch[14] = s.scratch[15] = 0;
    make_size(16, low, most_low, nonzero);
    otapack_stream_entry_(&s, OTAPACK_RCP_ENTRY_SIZE, any_u32());
    if (s.fault.code == OTAPACK_OK) {
        bool good_tag = s.tags[parts] == tag;
        //@ assert good_tag == 1;
        bool good_size = s.of.sizes[tag] >= 1 && s.of.sizes[tag] <= OTAPACK_RCP_MAX_VERSION;
        //@ assert good_size == 1;
    }
}

static void take_all_entries(uint32_t parts, uint8_t tag)
{
    take_entry(parts, tag, 0, 0, 4);
    take_entry(parts, tag, 1, 3u * OTAPACK_RCP_RECORD_SIZE, 4);
    take_entry(parts, tag, 3u * OTAPACK_RCP_RECORD_SIZE + 1, OTAPACK_RCP_MAX_VERSION, 4);
    take_entry(parts, tag, OTAPACK_RCP_MAX_VERSION + 1, 0xFF, 4);
    //@ loop unroll 3;
    for (uint32_t i = 1; i < 4; i++) {
        take_entry(parts, tag, 0, 0xFF, i);
    }
}

static void take_all(const struct around *in)
{
    //@ loop unroll 25;
    for (uint32_t step = 0; step <= OTAPACK_STEP_DONE; step++) {
        if (!can_be(step, in)) {
            continue;
        }
        if (step == OTAPACK_STEP_COMBINED) {
            take_all_combined(in);
        } else if (step == OTAPACK_STEP_PART_END) {
            //@ loop unroll 7;
            for (uint32_t part = 0; part < OTAPACK_RCP_MAX_ENTRIES; part++) {
                take_next(in, part, false);
                take_next(in, part, true);
            }
        } else if (step == OTAPACK_STEP_IMAGE) {
            take_exactly(step, in, OTAPACK_APP_DESC_AT);
            take_exactly(step, in, OTAPACK_APP_DESC_AT + OTAPACK_APP_DESC_SIZE);
        } else if (step == OTAPACK_STEP_TABLE) {
            //@ loop unroll 6;
            for (uint32_t n = OTAPACK_RCP_MIN_TABLE; n <= OTAPACK_RCP_MAX_TABLE; n += 12) {
                take_exactly(step, in, n);
            }
        } else if (step == OTAPACK_STEP_SMALL) {
            //@ loop unroll 99;
            for (uint32_t n = 1; n <= OTAPACK_RCP_MAX_VERSION; n++) {
                take_exactly(step, in, n);
            }
        } else if (least_need(step) == most_need(step)) {
            take_exactly(step, in, least_need(step));
        } else {
            take(step, in, least_need(step), most_need(step));
        }
    }
}

int main(void)
{
    //@ loop unroll 8;
    for (uint32_t bits = 0; bits < 8; bits++) {
        const struct around in = {(bits & 1u) != 0, (bits & 2u) != 0, (bits & 4u) != 0};
        take_all(&in);
    }
    //@ loop unroll 6;
    for (uint32_t parts = 0; parts < OTAPACK_RCP_MAX_ENTRIES - 1u; parts++) {
        take_all_entries(parts, OTAPACK_RCP_VERSION);
        take_all_entries(parts, OTAPACK_RCP_FLASH_ARGS);
    }
    return 0;
}
