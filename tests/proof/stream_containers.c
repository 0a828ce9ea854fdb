/* SPDX-License-Identifier: Apache-2.0
 *
 * stream_bundle.h, stream_zigbee.h and stream_alone.h: each step that these have beside a stream's
 * own, from any state, with any bytes gathered for it. The table of a bundle lies at the end of the
 * caller's buffer, so that an entry too many is found. What a stream does in between, for which
 * contracts stand here, is what stream_step.c shows.
 */
#include "proof.h"

/*@ assigns s->run, s->have, s->need, s->step, s->fault, s->event.part, s->event.type, s->event.at,
        s->event.offset, s->event.size, s->event.checked, s->event.open, s->begin, s->end, s->part,
        s->parts, s->at \from Frama_C_entropy_source;
    ensures 0 <= s->fault.code <= 8;
    ensures s->have <= 288;
    ensures s->event.checked == 0 || s->event.checked == 1;
    ensures s->event.open == 0 || s->event.open == 1; */
static inline void otapack_stream_step_(struct otapack_stream *s);

/*@ assigns s->run, s->have, s->need, s->step, s->fault, s->event.part, s->event.type, s->event.at,
        s->event.offset, s->event.size, s->event.checked, s->event.open, s->begin, s->end, s->part,
        \result \from Frama_C_entropy_source;
    ensures 0 <= s->fault.code <= 8;
    ensures s->event.checked == 0 || s->event.checked == 1;
    ensures s->event.open == 0 || s->event.open == 1;
    ensures \result == 0 || \result == 1; */
static inline bool otapack_stream_parts_end_(struct otapack_stream *s);

/*@ assigns s->run, s->have, s->need, s->step, s->fault, s->event.part, s->event.type, s->event.at,
        s->event.offset, s->event.size, s->event.checked, s->event.open, s->begin, s->end
        \from Frama_C_entropy_source;
    ensures 0 <= s->fault.code <= 8;
    ensures s->event.checked == 0 || s->event.checked == 1;
    ensures s->event.open == 0 || s->event.open == 1; */
static inline void otapack_stream_kind_(struct otapack_stream *s);

static struct otapack_bundle_stream b;
static struct otapack_zigbee_stream z;
static struct otapack_bundle_hooks hooks;
static uint8_t buffer[OTAPACK_BUNDLE_ROOM(OTAPACK_BUNDLE_MAX_IMAGES)];

static bool on(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    if (e->bytes != NULL && e->type == OTAPACK_EVENT_BEGIN) {
        prove_readable(e->bytes, OTAPACK_BUNDLE_ENTRY_SIZE);
    } else if (e->type == OTAPACK_EVENT_DATA || e->type == OTAPACK_EVENT_FIELD) {
        prove_readable(e->bytes, e->size);
    }
    return any_bool();
}

static bool wants(void *ctx, const struct otapack_bundle_entry *image)
{
    (void)ctx;
    prove_readable((const uint8_t *)image, sizeof(*image));
    return any_bool();
}

/* Any stream that is where a step comes, for which `have` bytes are gathered. */
static void make_stream(struct otapack_stream *s, uint32_t step, uint32_t have)
{
    Frama_C_make_unknown((char *)s, sizeof(*s));
    s->hooks = &hooks.stream;
    s->fault.code = OTAPACK_OK;
    s->fault.field = "";
    s->event.bytes = NULL;
    s->event.type = OTAPACK_EVENT_DATA;
    s->event.checked = any_bool();
    s->event.open = any_bool();
    s->any_app = any_bool();
    //@ loop unroll 5;
    for (uint32_t use = 0; use < OTAPACK_HASH_COUNT; use++) {
        s->fed[use] = any_bool() ? &hash_64 : NULL;
        s->digested[use] = any_bool();
    }
    s->digest_size = Frama_C_unsigned_char_interval(0, OTAPACK_MATTER_MAX_DIGEST);
    s->parts = Frama_C_unsigned_char_interval(0, OTAPACK_RCP_MAX_ENTRIES - 1u);
    s->step = step;
    s->run = 0;
    s->have = have;
    s->need = have;
}

/* The table of `count` images has just room. */
static void make_hooks(uint32_t count)
{
    size_t room = OTAPACK_BUNDLE_ROOM((size_t)count);
    hooks.stream.ctx = NULL;
    hooks.stream.on = on;
    //@ loop unroll 5;
    for (uint32_t use = 0; use < OTAPACK_HASH_COUNT; use++) {
        hooks.stream.hash[use] = any_bool() ? &hash_64 : NULL;
    }
    hooks.sha256 = any_bool() ? &hash_32 : NULL;
    hooks.wants = any_bool() ? wants : NULL;
    hooks.table = buffer + (sizeof(buffer) - room);
    hooks.room = room;
}

static void make_bundle(uint32_t step, uint32_t have, uint32_t count)
{
    Frama_C_make_unknown((char *)buffer, sizeof(buffer));
    make_hooks(count);
    make_stream(&b.stream, step, have);
    b.hooks = &hooks;
    b.sha256 = any_bool() ? &hash_32 : NULL;
    b.table = hooks.table;
    b.begin = any_u32();
    b.end = any_u32();
    b.count = count;
    b.next = Frama_C_unsigned_int_interval(0, count - 1u);
    b.image_end = any_u32();
}

static void bundle_at(uint32_t step, uint32_t have, uint32_t count)
{
    make_bundle(step, have, count);
    otapack_bundle_step_(&b);
}

/* The head says so many images, of which there is room for `count`. */
static void bundle_head(uint8_t least, uint8_t most, uint32_t count)
{
    make_bundle(OTAPACK_STEP_BUNDLE, OTAPACK_BUNDLE_HEAD_SIZE, count);
    b.stream.scratch[4] = Frama_C_unsigned_char_interval(least, most);
    otapack_bundle_step_(&b);
    if (b.stream.fault.code == OTAPACK_OK) {
        bool good_count = b.count == count && least == count;
        //@ assert good_count == 1;
    }
}

/* The entry that comes next, or the first image behind all of them. */
static void bundle_entry(uint32_t count)
{
    bundle_at(OTAPACK_STEP_BUNDLE_ENTRY, OTAPACK_BUNDLE_ENTRY_SIZE, count);
    if (b.stream.fault.code == OTAPACK_OK) {
        bool good_next = b.next < count;
        //@ assert good_next == 1;
    }
}

static void bundle_of(uint32_t count)
{
    bundle_head((uint8_t)count, (uint8_t)count, count);
    if (count < OTAPACK_BUNDLE_MAX_IMAGES) {
        bundle_head((uint8_t)(count + 1u), 0xFF, count);
    }
    bundle_head(0, 0, count);
    bundle_entry(count);
    bundle_at(OTAPACK_STEP_BUNDLE_IMAGE, 4, count);
    bundle_at(OTAPACK_STEP_PART_END, 0, count);
    bundle_at(OTAPACK_STEP_SEGMENT, 8, count);
    //@ loop unroll 6;
    for (uint32_t n = OTAPACK_RCP_MIN_TABLE; n <= OTAPACK_RCP_MAX_TABLE; n += 12) {
        bundle_at(OTAPACK_STEP_TABLE, n, count);
    }
}

static void bundle_begins(void)
{
    make_hooks(1);
    otapack_bundle_stream_start(&b, &hooks);
    (void)otapack_bundle_stream_announce(&b, any_u64());
    make_stream(&b.stream, OTAPACK_STEP_KIND, 4);
    otapack_bundle_step_(&b);
    (void)otapack_bundle_stream_finish(&b);
}

static void zigbee_at(uint32_t step, uint32_t have)
{
    make_hooks(1);
    make_stream(&z.stream, step, have);
    z.end = any_u32();
    z.has_image = any_bool();
    z.is_firmware = any_bool();
    otapack_zigbee_step_(&z);
}

static void zigbee(void)
{
    make_hooks(1);
    otapack_zigbee_stream_start(&z, &hooks.stream);
    (void)otapack_zigbee_stream_announce(&z, any_u64());
    (void)otapack_zigbee_stream_elements(&z, &hooks.stream, any_u32(), any_u16());
    zigbee_at(OTAPACK_STEP_KIND, 4);
    zigbee_at(OTAPACK_STEP_ZIGBEE, OTAPACK_ZIGBEE_FIXED_SIZE);
    bool good_need =
        z.stream.fault.code != OTAPACK_OK || z.stream.need <= OTAPACK_ZIGBEE_MAX_HEADER;
    //@ assert good_need == 1;
    //@ loop unroll 14;
    for (uint32_t n = OTAPACK_ZIGBEE_FIXED_SIZE; n <= OTAPACK_ZIGBEE_MAX_HEADER; n++) {
        zigbee_at(OTAPACK_STEP_ZIGBEE_FIELDS, n);
    }
    zigbee_at(OTAPACK_STEP_ZIGBEE_ELEMENT, OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE);
    zigbee_at(OTAPACK_STEP_ZIGBEE_IMAGE, 4);
    zigbee_at(OTAPACK_STEP_PART_END, 0);
    zigbee_at(OTAPACK_STEP_SEGMENT, 8);
    (void)otapack_zigbee_stream_finish(&z);
}

static void alone(void)
{
    make_hooks(1);
    otapack_stream_start(&z.stream, &hooks.stream);
    (void)otapack_stream_expect_bootloader(&z.stream);
    otapack_stream_start(&z.stream, &hooks.stream);
    (void)otapack_stream_expect_table(&z.stream, any_u32());
    make_stream(&z.stream, OTAPACK_STEP_PARTITION, OTAPACK_STREAM_PLACE_END);
    otapack_stream_place_(&z.stream);
}

int main(void)
{
    bundle_begins();
    bundle_of(1);
    bundle_of(2);
    bundle_of(OTAPACK_BUNDLE_MAX_IMAGES);
    zigbee();
    alone();
    return 0;
}
