// SPDX-License-Identifier: Apache-2.0
//
// otapack/zlib.h: what is taken is what RFC 1950 allows; the header is all that is looked at.
#include "fuzz.h"

#include <otapack/zlib.h>

static void law_taken(const struct otapack_zlib *z, const uint8_t *data)
{
    LAW((data[0] * 256u + data[1]) % 31 == 0);
    LAW(z->method == 8 && (data[0] & 15) == 8 && data[0] <= 0x78 && (data[1] & 0x20) == 0);
    LAW(z->window >= 256 && z->window <= OTAPACK_ZLIB_MAX_WINDOW);
    LAW(z->window == 1u << (8 + (data[0] >> 4)) && z->level == data[1] >> 6 && !z->dictionary);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_zlib z, other;
    struct otapack_status s = otapack_zlib_open(&src, &z);
    law_same(s, otapack_zlib_open(&hook, &other));
    law_points_into(s, size);
    LAW((s.code == OTAPACK_TRUNCATED) == (size < OTAPACK_ZLIB_HEADER_SIZE));
    LAW(s.code != OTAPACK_READ_FAILED && h.reads <= 1);
    if (s.code == OTAPACK_OK) {
        law_taken(&z, data);
        src.size = OTAPACK_ZLIB_HEADER_SIZE;
        LAW(otapack_zlib_open(&src, &other).code == OTAPACK_OK);
    } else if (size >= OTAPACK_ZLIB_HEADER_SIZE) {
        bool header = (data[0] * 256u + data[1]) % 31 == 0 && (data[0] | data[1]) != 0;
        LAW(header == (s.code == OTAPACK_FORBIDDEN));
        LAW(!header || (data[0] & 15) != 8 || data[0] > 0x78 || (data[1] & 0x20) != 0);
    }
    if (h.reads > 0) {
        h.fail_at = h.reads + 1;
        LAW(otapack_zlib_open(&hook, &other).code == OTAPACK_READ_FAILED);
    }
    return 0;
}
