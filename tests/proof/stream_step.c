/* SPDX-License-Identifier: Apache-2.0
 *
 * Each step of a stream, from any state in which it can be taken, with any bytes gathered for it:
 * a state that can be follows.
 */
#include "stream_state.h"

static void take(uint32_t present, uint32_t step, uint32_t least, uint32_t most)
{
    make_stream(present, step);
    s.need = Frama_C_unsigned_int_interval(least, most);
    s.have = s.need;
    s.run = 0;
    otapack_stream_step_(&s);
    check_stream(present);
}

/* At the end of a part: the next one, which is a text or records, or another. */
static void take_next(uint32_t present, uint32_t part, bool is_small)
{
    make_stream(present, OTAPACK_STEP_PART_END);
    make_part(part, is_small);
    s.need = 0;
    s.have = 0;
    s.run = 0;
    otapack_stream_step_(&s);
    check_stream(present);
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
static void take_combined(uint32_t present, uint32_t low, uint32_t most_low, uint32_t nonzero)
{
    make_stream(present, OTAPACK_STEP_COMBINED);
    make_size(4, low, most_low, nonzero);
    s.need = OTAPACK_RCP_ENTRY_SIZE;
    s.have = OTAPACK_RCP_ENTRY_SIZE;
    s.run = 0;
    otapack_stream_step_(&s);
    check_stream(present);
}

/* EVA tells the sizes apart that the code tells apart: each multiple of 12, and those between. */
static void take_all_combined(uint32_t present)
{
    take_combined(present, 0, OTAPACK_RCP_MIN_TABLE - 1u, 4);
    //@ loop unroll 6;
    for (uint32_t n = OTAPACK_RCP_MIN_TABLE; n <= OTAPACK_RCP_MAX_TABLE; n += 12) {
        take_combined(present, n, n, 4);
        take_combined(present, n + 1, n == OTAPACK_RCP_MAX_TABLE ? 0xFF : n + 11, 4);
    }
    //@ loop unroll 3;
    for (uint32_t i = 1; i < 4; i++) {
        take_combined(present, 0, 0xFF, i);
    }
}

/* An entry of the table: a text's or record's size is then what make_part() says. */
static void take_entry(uint32_t parts, uint8_t tag, uint32_t low, uint32_t most_low,
                       uint32_t nonzero)
{
    make_stream(0, OTAPACK_STEP_TABLE);
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
        bool good_size = s.sizes[parts] >= 1 && s.sizes[parts] <= OTAPACK_RCP_MAX_VERSION;
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

static void take_all(uint32_t present)
{
    //@ loop unroll 24;
    for (uint32_t step = 0; step <= OTAPACK_STEP_DONE; step++) {
        if (step == OTAPACK_STEP_COMBINED) {
            take_all_combined(present);
        } else if (step == OTAPACK_STEP_PART_END) {
            //@ loop unroll 7;
            for (uint32_t part = 0; part < OTAPACK_RCP_MAX_ENTRIES; part++) {
                take_next(present, part, false);
                take_next(present, part, true);
            }
        } else {
            take(present, step, least_need(step), most_need(step));
        }
    }
}

/* A step has to do with two hashes at most: each of two there or not, in all four ways. */
int main(void)
{
    take_all(0);
    take_all(31u);
    //@ loop unroll 5;
    for (uint32_t use = 0; use < OTAPACK_HASH_COUNT; use++) {
        take_all(31u & ~(1u << use));
    }
    //@ loop unroll 6;
    for (uint32_t parts = 0; parts < OTAPACK_RCP_MAX_ENTRIES - 1u; parts++) {
        take_all_entries(parts, OTAPACK_RCP_VERSION);
        take_all_entries(parts, OTAPACK_RCP_FLASH_ARGS);
    }
    return 0;
}
