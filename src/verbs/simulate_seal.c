// SPDX-License-Identifier: Apache-2.0
//
// A device whose firmware compares the seal while the file arrives, with otapack/stream_seal.h, and
// takes no RCP without one.
#include "simulate_state.h"
#include "text.h"

void simulate_seal_begin(struct simulating *s)
{
    if (s->options->require_seal) {
        s->seal_digest = digest_new(DIGEST_SHA256, DIGEST_BEST);
        s->seal_hash = digest_hash(s->seal_digest);
        otapack_seal_watch(&s->seal, &s->stream, &s->hooks, &s->seal_hash);
    }
}

void simulate_seal_end(struct simulating *s)
{
    digest_free(s->seal_digest);
}

// One that is wrong has ended the stream.
bool simulate_seal(struct simulating *s, const struct otapack_event *e)
{
    const uint64_t at = s->app_at + s->seal.seal.at;
    if (!s->options->require_seal) {
        return true;
    }
    switch (s->seal.state) {
    case OTAPACK_SEAL_HOLDS:
        add_step(s, e->at, "seal", STEP_OK, "it is of the %s bytes that came before the host",
                 text_count(s->arena, s->seal.seal.size));
        return true;
    case OTAPACK_SEAL_BLANK:
        return refuse_at(s, at, "seal", "it is empty, and the device takes no RCP without one");
    case OTAPACK_SEAL_NONE:
        break;
    }
    return refuse_at(s, e->at, "seal", "%s, and the device takes no RCP without one",
                     s->app_name == NULL ? "there is no host that could have one"
                                         : "the host's app has none of an RCP");
}
