/* SPDX-License-Identifier: Apache-2.0
 *
 * stream_seal.h and stream_bundle_seal.h, from any state that they can be in, told anything. The
 * stream is there for what an observer asks of it: its own steps are shown by stream_step.c and
 * stream_containers.c, whose tables of bundles have a head and an entry at least.
 */
#include "proof.h"

static struct otapack_stream s;
static struct otapack_stream_hooks hooks;
static struct otapack_seal w;
static uint8_t piece[MOST];

static bool on(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    if (e->type == OTAPACK_EVENT_DATA) {
        prove_readable(e->bytes, e->size);
    }
    return any_bool();
}

static void check(void)
{
    bool good_have = w.have < OTAPACK_SEAL_SIZE;
    //@ assert good_have == 1;
    prove_readable(w.raw, w.have);
}

static void watch_bundle(void)
{
    static struct otapack_bundle_stream b;
    static struct otapack_bundle_hooks of_bundle;
    Frama_C_make_unknown((char *)&b, sizeof(b));
    of_bundle.stream.ctx = NULL;
    of_bundle.stream.on = on;
    otapack_bundle_seal_watch(&w, &b, &of_bundle, &hash_32);
}

static void watch(void)
{
    make_observed(&s, &hooks);
    hooks.ctx = NULL;
    hooks.on = on;
    otapack_seal_watch(&w, &s, &hooks, &hash_32);
    hooks.ctx = NULL;
    hooks.on = on; /* what the observer does to end a stream is told to `on`, too */
    check();
}

static void make_watch(uint32_t have)
{
    w.state = OTAPACK_SEAL_NONE;
    w.begin = any_u32();
    w.size = any_u32();
    w.end = Frama_C_unsigned_int_interval(0, OTAPACK_SEAL_FROM + OTAPACK_SEAL_ROOM);
    w.have = have;
    w.hashing = any_bool();
    w.kind = Frama_C_unsigned_char_interval(0, OTAPACK_SEAL_HOSTED);
    Frama_C_make_unknown((char *)w.digest, sizeof(w.digest));
    Frama_C_make_unknown((char *)w.raw, sizeof(w.raw));
}

/* Exactly so many bytes, wherever in the host. */
static struct otapack_event make_event(enum otapack_event_type type, uint32_t part, uint32_t offset,
                                       uint32_t size)
{
    struct otapack_event e;
    Frama_C_make_unknown((char *)&e, sizeof(e));
    e.type = type;
    e.part = part;
    e.checked = e.open = e.has_reason = false;
    e.at = any_u32();
    e.offset = offset;
    e.bytes = piece + (MOST - size);
    e.size = size;
    return e;
}

static void tell(enum otapack_event_type type, uint32_t have, uint32_t offset, uint32_t size)
{
    struct otapack_event e =
        make_event(type, any_bool() ? OTAPACK_RCP_HOST : any_u32(), offset, size);
    make_watch(have);
    make_observed(&s, &hooks);
    (void)otapack_seal_on_(&w, &e);
    check();
}

/* Likewise of a bundle, but for its table. */
static void tell_bundle(enum otapack_event_type type, uint32_t have, uint32_t offset, uint32_t size)
{
    uint32_t below = Frama_C_unsigned_int_interval(0, OTAPACK_PART_BUNDLE_TABLE - 1u);
    uint32_t above = Frama_C_unsigned_int_interval(OTAPACK_PART_BUNDLE_TABLE + 1u, 0xFFFFFFFFu);
    struct otapack_event e = make_event(type, any_bool() ? below : above, offset, size);
    make_watch(have);
    make_observed(&s, &hooks);
    (void)otapack_bundle_seal_on_(&w, &e);
    check();
}

/* A table of so many bytes. */
static void tell_table(uint32_t size)
{
    struct otapack_event e = make_event(OTAPACK_EVENT_DATA, OTAPACK_PART_BUNDLE_TABLE, 0, size);
    make_watch(0);
    make_observed(&s, &hooks);
    (void)otapack_bundle_seal_on_(&w, &e);
    check();
}

int main(void)
{
    Frama_C_make_unknown((char *)piece, sizeof(piece));
    watch();
    watch_bundle();
    watch();
    tell_table(8u + 48u);
    tell_table(8u + 5u * 48u);
    tell(OTAPACK_EVENT_BEGIN, 0, 0, 0);
    tell(OTAPACK_EVENT_FINISHED, 0, 0, 0);
    tell(OTAPACK_EVENT_DATA, 0, 0, 31);
    tell(OTAPACK_EVENT_DATA, 0, 0, 32);
    tell(OTAPACK_EVENT_DATA, 0, 0, 300);
    tell_bundle(OTAPACK_EVENT_BEGIN, 0, 0, 0);
    tell_bundle(OTAPACK_EVENT_FINISHED, 0, 0, 0);
    tell_bundle(OTAPACK_EVENT_DATA, 0, 0, 31);
    tell_bundle(OTAPACK_EVENT_DATA, 0, 0, 32);
    tell_bundle(OTAPACK_EVENT_DATA, 0, 0, 300);
    //@ loop unroll 64;
    for (uint32_t have = 0; have < OTAPACK_SEAL_SIZE; have++) {
        tell(OTAPACK_EVENT_DATA, have, any_u32(), 1);
        tell(OTAPACK_EVENT_DATA, have, any_u32(), 3);
        tell_bundle(OTAPACK_EVENT_DATA, have, any_u32(), 1);
    }
    return 0;
}
