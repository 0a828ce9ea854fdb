/* SPDX-License-Identifier: Apache-2.0
 *
 * What firmware compiles of otapack/stream.h, for size.sh to measure: the three functions of a
 * stream, each once. With RECEIVER_BUNDLE, RECEIVER_ZIGBEE or RECEIVER_ALONE those of a stream that
 * takes more; with RECEIVER_SIGNATURES, RECEIVER_SEAL or RECEIVER_BUNDLE_SEAL those of one with an
 * observer.
 */
#if defined(RECEIVER_BUNDLE)
#include <otapack/stream_bundle.h>
#define STREAM struct otapack_bundle_stream
#define HOOKS struct otapack_bundle_hooks
#define START otapack_bundle_stream_start
#define ANNOUNCE otapack_bundle_stream_announce
#define PUSH otapack_bundle_stream_push
#define FINISH otapack_bundle_stream_finish
#elif defined(RECEIVER_ZIGBEE)
#include <otapack/stream_zigbee.h>
#define STREAM struct otapack_zigbee_stream
#define START otapack_zigbee_stream_start
#define ANNOUNCE otapack_zigbee_stream_announce
#define PUSH otapack_zigbee_stream_push
#define FINISH otapack_zigbee_stream_finish
#elif defined(RECEIVER_SIGNATURES)
#include <otapack/stream_signatures.h>
#define STREAM struct signed_stream
#define START signed_start
#define ANNOUNCE(s, size) otapack_stream_announce(&(s)->stream, size)
#define PUSH(s, bytes, n) otapack_stream_push(&(s)->stream, bytes, n)
#define FINISH(s) otapack_stream_finish(&(s)->stream)

struct signed_stream {
    struct otapack_stream stream;
    struct otapack_signatures signatures;
    const struct otapack_hash *sha384;
};

static inline void signed_start(struct signed_stream *s, struct otapack_stream_hooks *hooks)
{
    otapack_signatures_watch(&s->signatures, &s->stream, hooks, s->sha384);
    otapack_stream_start(&s->stream, hooks);
}
#elif defined(RECEIVER_SEAL)
#include <otapack/stream_seal.h>
#define STREAM struct sealed_stream
#define START sealed_start
#define ANNOUNCE(s, size) otapack_stream_announce(&(s)->stream, size)
#define PUSH(s, bytes, n) otapack_stream_push(&(s)->stream, bytes, n)
#define FINISH(s) otapack_stream_finish(&(s)->stream)

struct sealed_stream {
    struct otapack_stream stream;
    struct otapack_seal seal;
    const struct otapack_hash *sha256;
};

static inline void sealed_start(struct sealed_stream *s, struct otapack_stream_hooks *hooks)
{
    otapack_seal_watch(&s->seal, &s->stream, hooks, s->sha256);
    otapack_stream_start(&s->stream, hooks);
}
#elif defined(RECEIVER_BUNDLE_SEAL)
#include <otapack/stream_bundle_seal.h>
#define STREAM struct sealed_bundle
#define HOOKS struct otapack_bundle_hooks
#define START sealed_start
#define ANNOUNCE(s, size) otapack_bundle_stream_announce(&(s)->stream, size)
#define PUSH(s, bytes, n) otapack_bundle_stream_push(&(s)->stream, bytes, n)
#define FINISH(s) otapack_bundle_stream_finish(&(s)->stream)

struct sealed_bundle {
    struct otapack_bundle_stream stream;
    struct otapack_seal seal;
    const struct otapack_hash *sha256;
};

static inline void sealed_start(struct sealed_bundle *s, struct otapack_bundle_hooks *hooks)
{
    otapack_bundle_seal_watch(&s->seal, &s->stream, hooks, s->sha256);
    otapack_bundle_stream_start(&s->stream, hooks);
}
#else
#include <otapack/stream_alone.h>
#define STREAM struct otapack_stream
#define START otapack_stream_start
#define ANNOUNCE otapack_stream_announce
#define FINISH otapack_stream_finish
#ifdef RECEIVER_ALONE
#define PUSH otapack_stream_push_table
#else
#define PUSH otapack_stream_push
#endif
#endif
#ifndef HOOKS
#define HOOKS struct otapack_stream_hooks
#endif

#ifdef RECEIVER_CONTEXT
extern STREAM context;
STREAM context;
#endif

void receiver_start(STREAM *s, HOOKS *hooks, uint64_t size);
enum otapack_code receiver_push(STREAM *s, const uint8_t *bytes, size_t n);
enum otapack_code receiver_finish(STREAM *s);

void receiver_start(STREAM *s, HOOKS *hooks, uint64_t size)
{
    START(s, hooks);
    (void)ANNOUNCE(s, size);
#ifdef RECEIVER_ALONE
    if (s->end > OTAPACK_FLASH_SECTOR) {
        (void)otapack_stream_expect_bootloader(s);
    } else {
        (void)otapack_stream_expect_table(s, 4u << 20);
    }
#endif
}

enum otapack_code receiver_push(STREAM *s, const uint8_t *bytes, size_t n)
{
    return PUSH(s, bytes, n);
}

enum otapack_code receiver_finish(STREAM *s)
{
    return FINISH(s);
}
