/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/stream_content.h: what stands in a bundle or in a Zigbee file where an app belongs. Part
 * of otapack/stream_bundle.h and otapack/stream_zigbee.h.
 */
#ifndef OTAPACK_STREAM_CONTENT_H
#define OTAPACK_STREAM_CONTENT_H

#include "esp_encrypted_img.h"
#include "stream.h"

#define OTAPACK_STREAM_DELTA_MAGIC 0xFCCDDE10u /* of a delta patch */

/*
 * The first four bytes of it are gathered: an app or a combined image, which are looked into; or a
 * pre-encrypted image or a delta patch, which another one than the stream has to undo.
 */
static inline void otapack_stream_content_(struct otapack_stream *s)
{
    uint32_t magic = otapack_le32(s->scratch);
    if (magic == OTAPACK_ESP_ENCRYPTED_IMG_MAGIC || magic == OTAPACK_STREAM_DELTA_MAGIC) {
        otapack_stream_give_(s);
        otapack_stream_rest_(s);
    } else if (magic == OTAPACK_MATTER_MAGIC) {
        otapack_stream_fail_(s, OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), 0);
    } else {
        otapack_stream_kind_(s);
    }
}

#endif
