/* SPDX-License-Identifier: Apache-2.0
 *
 * How the streams of containers, and of a table alone, go through a chunk: as stream_loop.c, the
 * loop around what stream_containers.c and stream_push.c show of a turn. Exactly the chunk is read,
 * of up to 4 bytes: the loop is a stream's, for which stream_loop.c has longer ones.
 */
#include "proof.h"

#define CHUNK 4u

/*@ assigns s->run, s->have, s->event, s->fault, s->at, \result \from Frama_C_entropy_source;
    ensures \result <= n;
    ensures \result == 1 || \result == 2 || \result == 3 || \result == 4;
    ensures 0 <= s->fault.code <= 8; */
static inline uint32_t otapack_stream_take_(struct otapack_stream *s, const uint8_t *bytes,
                                            size_t n);

/*@ requires b->stream.fault.code == 0;
    requires b->stream.run == 0;
    assigns b->stream.run, b->stream.have, b->stream.need, b->stream.step, b->stream.fault
        \from Frama_C_entropy_source;
    ensures 0 <= b->stream.fault.code <= 8; */
static inline void otapack_bundle_step_(struct otapack_bundle_stream *b);

/*@ requires z->stream.fault.code == 0;
    requires z->stream.run == 0;
    assigns z->stream.run, z->stream.have, z->stream.need, z->stream.step, z->stream.fault
        \from Frama_C_entropy_source;
    ensures 0 <= z->stream.fault.code <= 8; */
static inline void otapack_zigbee_step_(struct otapack_zigbee_stream *z);

/*@ requires n == 0 || \valid_read(bytes + (0 .. n - 1));
    assigns s->run, s->have, s->need, s->step, s->fault, \result \from Frama_C_entropy_source;
    ensures 0 <= s->fault.code <= 8; */
static inline enum otapack_code otapack_stream_push(struct otapack_stream *s, const uint8_t *bytes,
                                                    size_t n);

static struct otapack_bundle_stream b;
static struct otapack_zigbee_stream z;
static struct otapack_stream s;
static uint8_t chunk[CHUNK];

static bool on(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    (void)e;
    return any_bool();
}

static const struct otapack_stream_hooks hooks = {NULL, on, {NULL}};

static void make(struct otapack_stream *stream)
{
    Frama_C_make_unknown((char *)stream, sizeof(*stream));
    stream->hooks = &hooks;
    stream->fault.code = any_bool() ? OTAPACK_OK : OTAPACK_REFUSED;
    stream->fault.field = "";
    stream->step = Frama_C_unsigned_int_interval(0, OTAPACK_STEP_ZIGBEE_IMAGE);
}

/* A table arrives byte by byte; of more bytes at least one is pushed at once, and not too many. */
static void push_table(uint32_t least, uint32_t most)
{
    make(&s);
    s.step = OTAPACK_STEP_PARTITION;
    s.need = OTAPACK_PARTITION_ENTRY_SIZE;
    s.have = Frama_C_unsigned_int_interval(least, most);
    //@ loop unroll 4;
    for (uint32_t n = 1; n <= CHUNK; n++) {
        size_t k = otapack_stream_most_(&s, n);
        bool good_k = k >= 1 && k <= n;
        //@ assert good_k == 1;
    }
    (void)otapack_stream_push_table(&s, chunk + (CHUNK - 1u), 1);
}

int main(void)
{
    Frama_C_make_unknown((char *)chunk, sizeof(chunk));
    //@ loop unroll 5;
    for (uint32_t n = 0; n <= CHUNK; n++) {
        make(&b.stream);
        b.sha256 = any_bool() ? &hash_32 : NULL;
        (void)otapack_bundle_stream_push(&b, chunk + (CHUNK - n), n);
        make(&z.stream);
        (void)otapack_zigbee_stream_push(&z, chunk + (CHUNK - n), n);
    }
    push_table(0, OTAPACK_STREAM_PLACE_END - 1u);
    push_table(OTAPACK_STREAM_PLACE_END, OTAPACK_PARTITION_ENTRY_SIZE - 1u);
    return 0;
}
