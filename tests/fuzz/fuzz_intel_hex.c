// SPDX-License-Identifier: Apache-2.0
//
// otapack/intel_hex.h: records go forward and end in the file; the same from a buffer and a
// function.
#include "fuzz.h"

#include <otapack/intel_hex.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_intel_hex_place place = {0};
    struct otapack_intel_hex_record r, other;
    struct otapack_status s = otapack_good();
    for (uint64_t at = 0; at < size && s.code == OTAPACK_OK; at = r.end) {
        s = otapack_intel_hex_read(&src, at, &r);
        law_same(s, otapack_intel_hex_read(&hook, at, &other));
        law_points_into(s, size);
        if (s.code == OTAPACK_OK) {
            LAW(r.end >= at + 11 + 2 * (uint64_t)r.size && r.end <= size);
            LAW(r.type <= OTAPACK_INTEL_HEX_START_LINEAR);
            LAW(!otapack_intel_hex_fits(&place, &r) || r.size == 0 ||
                otapack_intel_hex_address(&place, &r) <= UINT32_MAX - (r.size - 1u));
            otapack_intel_hex_follow(&place, &r);
        }
    }
    return 0;
}
