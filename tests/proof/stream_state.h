/* SPDX-License-Identifier: Apache-2.0
 *
 * Any state that a stream may be in between two of its steps, and the check that it is still in
 * one. What is said here of a stream is shown to hold after otapack_stream_start, and to go on to
 * hold over each step, each gathered and each passing byte.
 */
#ifndef OTAPACK_PROOF_STREAM_STATE_H
#define OTAPACK_PROOF_STREAM_STATE_H

#include "proof.h"

static struct otapack_stream s;
static struct otapack_stream_hooks hooks;

/* ---- Functions of the caller, which do as they like -------------------------------------------
 */

static void change_hooks(void);

static void any_start(void *ctx)
{
    (void)ctx;
    change_hooks();
}

static void any_update(void *ctx, const uint8_t *bytes, size_t n)
{
    (void)ctx;
    prove_readable(bytes, n);
    change_hooks();
}

static void any_finish_4(void *ctx, uint8_t *digest)
{
    finish_4(ctx, digest);
    change_hooks();
}

static void any_finish_16(void *ctx, uint8_t *digest)
{
    finish_16(ctx, digest);
    change_hooks();
}

static void any_finish_32(void *ctx, uint8_t *digest)
{
    finish_32(ctx, digest);
    change_hooks();
}

static void any_finish_64(void *ctx, uint8_t *digest)
{
    finish_64(ctx, digest);
    change_hooks();
}

static const struct otapack_hash any_hashes[OTAPACK_HASH_COUNT] = {
    {NULL, any_start, any_update, any_finish_32}, {NULL, any_start, any_update, any_finish_64},
    {NULL, any_start, any_update, any_finish_32}, {NULL, any_start, any_update, any_finish_4},
    {NULL, any_start, any_update, any_finish_16},
};

static const struct otapack_hash *any_hash(uint32_t use)
{
    return any_bool() ? &any_hashes[use] : NULL;
}

/* In the middle of whatever it is: a hash is there that was not, or is no longer. */
static void change_hooks(void)
{
    //@ loop unroll 5;
    for (uint32_t use = 0; use < OTAPACK_HASH_COUNT; use++) {
        hooks.hash[use] = any_hash(use);
    }
}

/* ---- What is told, and that FINISHED means whole ----------------------------------------------
 */

#define IN_PART 1u /* one that holds no others */
#define IN_COMBINED 2u
#define IN_MATTER 4u

#define OVER 0xFFFFFFFFu /* ERROR was told, behind which nothing is */

static uint32_t inside; /* the parts that have begun and not ended, or OVER */
static uint32_t told;   /* bytes of DATA, of the step or turn, or OVER */

static void on_begin(uint32_t part)
{
    uint32_t in = part == OTAPACK_PART_MATTER     ? IN_MATTER
                  : part == OTAPACK_PART_COMBINED ? IN_COMBINED
                                                  : IN_PART;
    /* Nothing begins twice, nor in a part that holds no others. */
    bool good_begin = inside < in || (inside == IN_MATTER && in != IN_MATTER) ||
                      (inside >= IN_COMBINED && (inside & IN_PART) == 0 && in == IN_PART);
    //@ assert good_begin == 1;
    inside |= in;
}

static void on_end(uint32_t part)
{
    uint32_t in = part == OTAPACK_PART_MATTER     ? IN_MATTER
                  : part == OTAPACK_PART_COMBINED ? IN_COMBINED
                                                  : IN_PART;
    bool good_end = (inside & in) != 0 && (inside & (in - 1u)) == 0; /* what began last */
    //@ assert good_end == 1;
    bool good_told = s.have == 0 && s.run == 0; /* nothing of it is left to be told */
    //@ assert good_told == 1;
    inside &= ~in;
}

static bool on(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    if (e->type == OTAPACK_EVENT_DATA || e->type == OTAPACK_EVENT_IMAGE ||
        (e->type == OTAPACK_EVENT_FIELD && e->bytes != NULL)) {
        prove_readable(e->bytes, e->size);
    }
    if (inside == OVER) {
        /* Nothing is told then, but EVA joins streams that have failed with those that have not. */
    } else if (e->type == OTAPACK_EVENT_BEGIN) {
        on_begin(e->part);
    } else if (e->type == OTAPACK_EVENT_END) {
        on_end(e->part);
    } else if (e->type == OTAPACK_EVENT_DATA) {
        told = told == OVER ? OVER : told + e->size;
    } else if (e->type == OTAPACK_EVENT_FINISHED) {
        bool good_finished = inside == 0 && s.fault.code == OTAPACK_OK;
        //@ assert good_finished == 1;
    } else if (e->type == OTAPACK_EVENT_ERROR) {
        inside = told = OVER;
    }
    change_hooks();
    return any_bool();
}

static void make_hooks(void)
{
    hooks.ctx = NULL;
    hooks.on = on;
    change_hooks();
}

/* ---- Where a stream may be ---------------------------------------------------------------------
 */

/* Around what a step is in: in a Matter image, in a combined image; is the file's size unknown? */
struct around {
    bool matter, combined, open;
};

/* What has begun and not ended where a step comes. */
static uint32_t inside_at(uint32_t step, const struct around *in)
{
    uint32_t outer = in->matter ? IN_MATTER : 0;
    if (step == OTAPACK_STEP_DONE || step == OTAPACK_STEP_MATTER) {
        return 0;
    }
    if (step >= OTAPACK_STEP_ELEMENT && step <= OTAPACK_STEP_PAYLOAD) {
        return IN_MATTER;
    }
    if (step <= OTAPACK_STEP_TABLE) {
        return outer;
    }
    return outer | (in->combined ? IN_COMBINED : 0) | IN_PART;
}

/* Of which part is what is told there, at the least and at the most? Of the innermost. */
static uint32_t least_part(uint32_t within)
{
    return within == IN_MATTER                                    ? OTAPACK_PART_MATTER
           : within == 0                                          ? OTAPACK_PART_MATTER
           : within == IN_PART || within == (IN_PART | IN_MATTER) ? OTAPACK_PART_APP
                                                                  : OTAPACK_RCP_VERSION;
}

static uint32_t most_part(uint32_t within)
{
    return within == IN_MATTER                                    ? OTAPACK_PART_MATTER
           : within == 0                                          ? OTAPACK_PART_NONE
           : within == IN_PART || within == (IN_PART | IN_MATTER) ? OTAPACK_PART_APP
                                                                  : OTAPACK_RCP_TABLE;
}

static bool is_header(uint32_t step)
{
    return step >= OTAPACK_STEP_MATTER && step <= OTAPACK_STEP_PAYLOAD;
}

/* Can a step come there? */
static bool can_be(uint32_t step, const struct around *in)
{
    bool needs_combined = step == OTAPACK_STEP_SMALL || step == OTAPACK_STEP_PARTITION;
    bool has_size = step > OTAPACK_STEP_MATTER && step <= OTAPACK_STEP_PAYLOAD;
    return !(in->open && (in->matter || in->combined || has_size)) &&
           !(in->matter && is_header(step)) && !(in->combined && step <= OTAPACK_STEP_TABLE) &&
           !(needs_combined && !in->combined);
}

/* The least and the most bytes that a step gathers. */
static uint32_t least_need(uint32_t step)
{
    switch (step) {
    case OTAPACK_STEP_KIND:
    case OTAPACK_STEP_SIGNATURE_CRC:
        return 4;
    case OTAPACK_STEP_MATTER:
        return OTAPACK_MATTER_FIXED_SIZE;
    case OTAPACK_STEP_ELEMENT:
    case OTAPACK_STEP_ELEMENT_HEAD:
    case OTAPACK_STEP_SMALL:
    case OTAPACK_STEP_CHECKSUM:
    case OTAPACK_STEP_DONE:
        return 1;
    case OTAPACK_STEP_COMBINED:
        return OTAPACK_RCP_ENTRY_SIZE;
    case OTAPACK_STEP_TABLE:
        return OTAPACK_RCP_MIN_TABLE;
    case OTAPACK_STEP_PARTITION:
    case OTAPACK_STEP_IMAGE:
    case OTAPACK_STEP_HASH:
        return 32;
    case OTAPACK_STEP_SEGMENT:
        return OTAPACK_ESP_SEGMENT_HEADER_SIZE;
    case OTAPACK_STEP_SIGNATURE:
        return OTAPACK_SB_HEAD_SIZE;
    default:
        return 0;
    }
}

static uint32_t most_need(uint32_t step)
{
    switch (step) {
    case OTAPACK_STEP_ELEMENT_HEAD:
        return OTAPACK_TLV_MAX_HEAD;
    case OTAPACK_STEP_ELEMENT_DATA:
        return OTAPACK_STREAM_TEXT;
    case OTAPACK_STEP_TABLE:
        return OTAPACK_RCP_MAX_TABLE;
    case OTAPACK_STEP_SMALL:
        return OTAPACK_RCP_MAX_VERSION;
    case OTAPACK_STEP_IMAGE:
        return OTAPACK_APP_DESC_AT + OTAPACK_APP_DESC_SIZE;
    default:
        return least_need(step);
    }
}

/* A stream that has come to `step`. */
static void make_stream(uint32_t step, const struct around *in)
{
    make_hooks();
    Frama_C_make_unknown((char *)&s, sizeof(s));
    s.hooks = &hooks;
    s.fault.code = OTAPACK_OK;
    s.fault.field = "";
    s.event.bytes = NULL;
    s.event.type = OTAPACK_EVENT_DATA;
    s.event.checked = any_bool();
    s.event.open = in->open;
    s.in_matter = in->matter;
    s.any_app = any_bool();
    s.has_hash = any_bool();
    //@ loop unroll 5;
    for (uint32_t use = 0; use < OTAPACK_HASH_COUNT; use++) {
        s.fed[use] = any_hash(use);
        s.digested[use] = any_bool();
    }
    s.digest_size = Frama_C_unsigned_char_interval(0, OTAPACK_MATTER_MAX_DIGEST);
    s.parts = in->combined ? Frama_C_unsigned_char_interval(1, OTAPACK_RCP_MAX_ENTRIES - 1u) : 0;
    s.step = step;
    s.run = 0;
    inside = inside_at(step, in);
    s.event.part = Frama_C_unsigned_int_interval(least_part(inside), most_part(inside));
    told = 0;
}

/* The part that comes next: a text or records, of their sizes, or another, of any size. */
static void make_part(uint32_t part, bool is_small)
{
    s.part = (uint8_t)part;
    if (part < OTAPACK_RCP_MAX_ENTRIES - 1u) {
        s.tags[part] = is_small ? Frama_C_unsigned_char_interval(0, 1)
                                : Frama_C_unsigned_char_interval(2, OTAPACK_RCP_HOST);
        //@ loop unroll 6;
        for (uint32_t tag = 0; tag <= OTAPACK_RCP_HOST; tag++) {
            s.of.sizes[tag] = tag <= OTAPACK_RCP_FLASH_ARGS
                                  ? Frama_C_unsigned_int_interval(1, OTAPACK_RCP_MAX_VERSION)
                                  : any_u32();
        }
    }
}

/* The same holds again, but for a stream that has ended. */
static void check_stream(void)
{
    if (s.fault.code != OTAPACK_OK) {
        return;
    }
    //@ split s.step;
    bool good_0 = s.have <= s.need;
    //@ assert good_0 == 1;
    bool good_1 = s.step <= OTAPACK_STEP_DONE;
    //@ assert good_1 == 1;
    bool good_2 = s.hooks == &hooks;
    //@ assert good_2 == 1;
    bool good_3 = s.need >= least_need(s.step);
    //@ assert good_3 == 1;
    bool good_4 = s.need <= most_need(s.step);
    //@ assert good_4 == 1;
    bool good_5 = s.digest_size <= OTAPACK_MATTER_MAX_DIGEST;
    //@ assert good_5 == 1;
    bool good_6 = s.parts <= (s.step <= OTAPACK_STEP_TABLE ? 0u : OTAPACK_RCP_MAX_ENTRIES - 1u);
    //@ assert good_6 == 1;
    //@ split s.in_matter;
    //@ split inside;
    struct around in = {s.in_matter != 0, s.parts != 0, s.event.open};
    bool good_7 = can_be(s.step, &in);
    //@ assert good_7 == 1;
    bool good_8 = inside == OVER || inside == inside_at(s.step, &in);
    //@ assert good_8 == 1;
    bool good_9 = inside == OVER || s.step == OTAPACK_STEP_DONE ||
                  (s.event.part >= least_part(inside) && s.event.part <= most_part(inside));
    //@ assert good_9 == 1;
}

#endif
