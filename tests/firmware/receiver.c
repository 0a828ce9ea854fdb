/* SPDX-License-Identifier: Apache-2.0
 *
 * What firmware compiles of otapack/stream.h, for size.sh to measure: the three functions of a
 * stream, each once.
 */
#include <otapack/stream.h>

void receiver_start(struct otapack_stream *s, const struct otapack_stream_hooks *hooks,
                    uint64_t size);
enum otapack_code receiver_push(struct otapack_stream *s, const uint8_t *bytes, size_t n);
enum otapack_code receiver_finish(struct otapack_stream *s);

void receiver_start(struct otapack_stream *s, const struct otapack_stream_hooks *hooks,
                    uint64_t size)
{
    otapack_stream_start(s, hooks);
    (void)otapack_stream_announce(s, size);
}

enum otapack_code receiver_push(struct otapack_stream *s, const uint8_t *bytes, size_t n)
{
    return otapack_stream_push(s, bytes, n);
}

enum otapack_code receiver_finish(struct otapack_stream *s)
{
    return otapack_stream_finish(s);
}
