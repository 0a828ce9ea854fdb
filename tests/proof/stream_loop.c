/* SPDX-License-Identifier: Apache-2.0
 *
 * How a stream goes through a chunk: the loop around what stream_push.c and stream_step.c show of a
 * turn, which stands here as a contract. Exactly the chunk is read, whatever each turn takes of it.
 */
#include "stream_state.h"

#define CHUNK 8u

/*@ assigns s->run, s->event, s->fault, \result \from Frama_C_entropy_source;
    ensures \result <= n;
    ensures \result == 1 || \result == 2 || \result == 3 || \result == 4 || \result == 5 ||
        \result == 6 || \result == 7 || \result == 8;
    ensures 0 <= s->fault.code <= 8; */
static inline uint32_t otapack_stream_run_(struct otapack_stream *s, const uint8_t *bytes,
                                           size_t n);

/*@ assigns s->have, \result \from Frama_C_entropy_source;
    ensures \result <= n;
    ensures \result == 1 || \result == 2 || \result == 3 || \result == 4 || \result == 5 ||
        \result == 6 || \result == 7 || \result == 8; */
static inline uint32_t otapack_stream_gather_(struct otapack_stream *s, const uint8_t *bytes,
                                              size_t n);

/*@ requires s->fault.code == 0;
    requires s->run == 0;
    assigns s->run, s->have, s->need, s->step, s->fault \from Frama_C_entropy_source;
    ensures 0 <= s->fault.code <= 8; */
static inline void otapack_stream_step_(struct otapack_stream *s);

static uint8_t chunk[CHUNK];

int main(void)
{
    static const struct around any = {false, false, false};
    Frama_C_make_unknown((char *)chunk, sizeof(chunk));
    //@ loop unroll 9;
    for (uint32_t n = 0; n <= CHUNK; n++) {
        make_stream(OTAPACK_STEP_DONE, &any);
        s.step = Frama_C_unsigned_int_interval(0, OTAPACK_STEP_DONE);
        s.fault.code = any_bool() ? OTAPACK_OK : OTAPACK_REFUSED;
        (void)otapack_stream_push(&s, chunk + (CHUNK - n), n);
    }
    return 0;
}
