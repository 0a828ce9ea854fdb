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

static bool on(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    if (e->type == OTAPACK_EVENT_DATA || e->type == OTAPACK_EVENT_IMAGE ||
        (e->type == OTAPACK_EVENT_FIELD && e->bytes != NULL)) {
        prove_readable(e->bytes, e->size);
    }
    return any_bool();
}

/* Bit i of `present`: is there a hash for enum otapack_hash_use i? */
static void make_hooks(uint32_t present)
{
    hooks.ctx = NULL;
    hooks.on = on;
    hooks.hash[OTAPACK_HASH_IMAGE] = present & 1u ? &hash_32 : NULL;
    hooks.hash[OTAPACK_HASH_PAYLOAD] = present & 2u ? &hash_64 : NULL;
    hooks.hash[OTAPACK_HASH_SIGNED] = present & 4u ? &hash_32 : NULL;
    hooks.hash[OTAPACK_HASH_CRC] = present & 8u ? &hash_4 : NULL;
    hooks.hash[OTAPACK_HASH_TABLE] = present & 16u ? &hash_16 : NULL;
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

/* A stream that has come to `step`; its hashes are those of `present`. */
static void make_stream(uint32_t present, uint32_t step)
{
    make_hooks(present);
    Frama_C_make_unknown((char *)&s, sizeof(s));
    s.hooks = &hooks;
    s.fault.code = OTAPACK_OK;
    s.fault.field = "";
    s.event.bytes = NULL;
    s.event.type = OTAPACK_EVENT_DATA;
    s.event.checked = any_bool();
    s.in_matter = any_bool();
    s.any_app = any_bool();
    s.has_hash = any_bool();
    s.feeds = any_u32() & present;
    s.digests = any_u32() & present;
    s.digest_size = Frama_C_unsigned_char_interval(0, OTAPACK_MATTER_MAX_DIGEST);
    s.parts = step <= OTAPACK_STEP_TABLE
                  ? 0
                  : Frama_C_unsigned_char_interval(0, OTAPACK_RCP_MAX_ENTRIES - 1u);
    s.step = step;
}

/* The part that comes next: a text or records, of their sizes, or another, of any size. */
static void make_part(uint32_t part, bool is_small)
{
    s.part = (uint8_t)part;
    if (part < OTAPACK_RCP_MAX_ENTRIES - 1u) {
        s.tags[part] = is_small ? Frama_C_unsigned_char_interval(0, 1)
                                : Frama_C_unsigned_char_interval(2, 0xFF);
        s.sizes[part] =
            is_small ? Frama_C_unsigned_int_interval(1, OTAPACK_RCP_MAX_VERSION) : any_u32();
    }
}

/* The same holds again, but for a stream that has ended. */
static void check_stream(uint32_t present)
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
    bool good_7 = (s.feeds & ~present) == 0;
    //@ assert good_7 == 1;
    bool good_8 = (s.digests & ~present) == 0;
    //@ assert good_8 == 1;
}

#endif
