/* SPDX-License-Identifier: Apache-2.0
 *
 * A toy format, for tests/adding: "TOY", a count, so many bytes, and perhaps a seal of one byte.
 */
#ifndef OTAPACK_TOY_H
#define OTAPACK_TOY_H

#include "base.h"

#define OTAPACK_TOY_HEADER_SIZE 4u

struct otapack_toy {
    uint8_t count;
};

static inline struct otapack_status otapack_toy_open(const struct otapack_source *src,
                                                     struct otapack_toy *out)
{
    uint8_t head[OTAPACK_TOY_HEADER_SIZE];
    struct otapack_status s = otapack_read(src, 0, head, sizeof(head), OTAPACK_NAME("header"));
    if (s.code == OTAPACK_OK && memcmp(head, "TOY", 3) != 0) {
        s.code = OTAPACK_NOT_THIS;
    }
    out->count = s.code == OTAPACK_OK ? head[3] : 0;
    return s;
}

#endif
