/* SPDX-License-Identifier: Apache-2.0
 *
 * stream_signatures.h, from any state that it can be in, told anything, with any bytes in what it
 * has gathered. The stream is there for what an observer asks of it: its own steps are shown by
 * stream_step.c.
 */
#include "proof.h"

static struct otapack_stream s;
static struct otapack_stream_hooks hooks;
static struct otapack_signatures g;
static uint8_t piece[MOST];

/* The firmware's: of a block all is there that it could look at. */
static bool on(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    if (e->type == OTAPACK_EVENT_SIGNATURE) {
        prove_readable(e->bytes, OTAPACK_SB_BLOCK_SIZE);
        prove_readable(g.block.digest, g.block.digest_size);
        prove_readable(g.block.key, g.block.key_size);
        prove_readable(g.block.signature, g.block.signature_size);
        bool good_size = e->size == OTAPACK_SB_BLOCK_SIZE;
        //@ assert good_size == 1;
    } else if (e->type == OTAPACK_EVENT_DATA) {
        prove_readable(e->bytes, e->size);
    }
    return any_bool() ? true : otapack_stream_refuse(&s, (int32_t)any_u32());
}

static void check(void)
{
    bool good_have = g.have < OTAPACK_SB_BLOCK_SIZE;
    //@ assert good_have == 1;
    bool good_place = g.place <= OTAPACK_SB_MAX_BLOCKS;
    //@ assert good_place == 1;
    (void)otapack_stream_reason(&s);
    (void)otapack_stream_at(&s);
}

static void watch(void)
{
    make_observed(&s, &hooks);
    hooks.ctx = NULL;
    hooks.on = on;
    hooks.hash[OTAPACK_HASH_SIGNED] = any_bool() ? &hash_64 : NULL;
    Frama_C_make_unknown((char *)g.raw, sizeof(g.raw));
    Frama_C_make_unknown((char *)g.digest, sizeof(g.digest));
    g.have = 0;
    otapack_signatures_watch(&g, &s, &hooks, any_bool() ? &hash_64 : NULL);
    hooks.ctx = NULL;
    hooks.on = on; /* what the observer does to end a stream is told to `on`, too */
    check();
}

/* The hash that the stream has then; there is one. */
static void use_hash(void)
{
    uint8_t digest[OTAPACK_MATTER_MAX_DIGEST];
    g.sha256 = &hash_64;
    g.both.start(g.both.ctx);
    g.both.update(g.both.ctx, piece, Frama_C_unsigned_int_interval(0, MOST));
    g.both.finish(g.both.ctx, digest);
    check();
}

/* The last bytes of a place, or of one that is not whole yet, exactly so many. */
static void tell(enum otapack_event_type type, uint32_t have, uint32_t size)
{
    struct otapack_event e;
    g.sha256 = &hash_64;
    g.sha384 = any_bool() ? &hash_64 : NULL;
    g.have = have;
    g.place = Frama_C_unsigned_int_interval(0, OTAPACK_SB_MAX_BLOCKS);
    Frama_C_make_unknown((char *)g.raw, sizeof(g.raw));
    make_observed(&s, &hooks);
    Frama_C_make_unknown((char *)&e, sizeof(e));
    e.type = type;
    e.part = any_u32();
    e.checked = e.open = e.has_reason = false;
    e.at = any_u32();
    e.offset = any_u32();
    e.bytes = piece + (MOST - size);
    e.size = size;
    (void)otapack_signatures_on_(&g, &e);
    check();
}

int main(void)
{
    Frama_C_make_unknown((char *)piece, sizeof(piece));
    watch();
    use_hash();
    tell(OTAPACK_EVENT_BEGIN, 0, 0);
    tell(OTAPACK_EVENT_ERROR, 1215, 0);
    tell(OTAPACK_EVENT_DATA, 0, OTAPACK_SB_BLOCK_SIZE);
    tell(OTAPACK_EVENT_DATA, 0, OTAPACK_SB_BLOCK_SIZE + 1);
    tell(OTAPACK_EVENT_DATA, 0, MOST);
    tell(OTAPACK_EVENT_DATA, 0, OTAPACK_SB_HEAD_SIZE);
    //@ loop unroll 76;
    for (uint32_t have = 1; have < OTAPACK_SB_BLOCK_SIZE; have += 16) {
        tell(OTAPACK_EVENT_DATA, have, OTAPACK_SB_BLOCK_SIZE - have - 1);
        tell(OTAPACK_EVENT_DATA, have, OTAPACK_SB_BLOCK_SIZE - have);
        tell(OTAPACK_EVENT_DATA, have, OTAPACK_SB_BLOCK_SIZE - have + 1);
    }
    return 0;
}
