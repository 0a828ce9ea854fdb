/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_bundle_seal.h: the seal of a Matter bundle (otapack/bundle_seal.h), compared while
 * the bundle arrives (otapack/stream_bundle.h): its table comes first, the application, which has
 * the seal, last.
 *
 *     BEGIN BUNDLE, table, BUNDLE_IMAGE ..., BEGIN APP, IMAGE, (the seal), DATA ..., END, FINISHED
 *
 *     struct otapack_seal seal;
 *     otapack_bundle_seal_watch(&seal, &bundle, &hooks, &sha256);
 *     otapack_bundle_stream_start(&bundle, &hooks);
 *
 * It does what otapack/stream_seal.h does of a combined image, which has the manual, and does that
 * too where no bundle comes, or a combined image in none. That the images are those of the table
 * the stream itself sees, by `hooks.sha256`, which must be there; of those that the firmware does
 * not want, nobody looks at the bytes. `sha256` may be that very hash: it is used for the table
 * alone, before any image begins.
 *
 * Whether there must be a seal, `on` says where the bundle ends, behind its last image:
 *
 *     if (e->type == OTAPACK_EVENT_END && e->part == OTAPACK_PART_BUNDLE)
 *         return seal.state == OTAPACK_SEAL_HOLDS || otapack_stream_refuse(stream, NO_SEAL);
 *
 * and not at the end of an RCP's combined image, which comes before the application.
 *
 * An application that comes as a patch, or encrypted, has no seal here: `state` stays
 * OTAPACK_SEAL_NONE, and `on` says whether that may be.
 */
#ifndef OTAPACK_STREAM_BUNDLE_SEAL_H
#define OTAPACK_STREAM_BUNDLE_SEAL_H

#include "bundle_seal.h"
#include "stream_bundle.h"
#include "stream_seal.h"

/* The table, in one piece, all of which is right. */
static inline void otapack_bundle_seal_table_(struct otapack_seal *w, const struct otapack_event *e)
{
    w->size = e->size - OTAPACK_BUNDLE_SHA256_SIZE;
    w->sha256->start(w->sha256->ctx);
    w->sha256->update(w->sha256->ctx, e->bytes, w->size);
    w->sha256->finish(w->sha256->ctx, w->digest);
}

static inline bool otapack_bundle_seal_on_(void *ctx, const struct otapack_event *e)
{
    struct otapack_seal *w = (struct otapack_seal *)ctx;
    bool data = e->type == OTAPACK_EVENT_DATA;
    if (otapack_seal_is_first_(e)) {
        otapack_seal_forget_(w, OTAPACK_SEAL_EMPTY);
    } else if (e->type == OTAPACK_EVENT_BEGIN && e->part == OTAPACK_PART_BUNDLE) {
        otapack_seal_forget_(w, OTAPACK_SEAL_BUNDLE);
    }
    if (w->kind != OTAPACK_SEAL_BUNDLE) {
        return otapack_seal_on_(w, e);
    }
    if (data && e->part == OTAPACK_PART_BUNDLE_TABLE) {
        otapack_bundle_seal_table_(w, e);
    } else if (data && e->part == OTAPACK_PART_APP && !otapack_seal_host_(w, e)) {
        return false;
    }
    return otapack_stream_tell_on(&w->next, e);
}

/* As otapack_seal_watch, before otapack_bundle_stream_start. */
static inline void otapack_bundle_seal_watch(struct otapack_seal *w,
                                             struct otapack_bundle_stream *b,
                                             struct otapack_bundle_hooks *hooks,
                                             const struct otapack_hash *sha256)
{
    memset(w, 0, sizeof(*w));
    w->sha256 = sha256;
    otapack_stream_watch(&w->next, &b->stream, &hooks->stream, w, otapack_bundle_seal_on_);
}

#endif
