// SPDX-License-Identifier: Apache-2.0
//
// otapack/app_desc.h at every offset there is: taken only with its magic and all its bytes.
#include "fuzz.h"

#include <otapack/app_desc.h>

static void law_at(const uint8_t *data, size_t size, uint64_t at)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_app_desc d, other;
    memset(&d, 0x5A, sizeof(d));
    other = d;
    struct otapack_status s = otapack_app_desc_read(&src, at, &d);
    law_same(s, otapack_app_desc_read(&hook, at, &other));
    LAW(memcmp(&d, &other, sizeof(d)) == 0 && s.code != OTAPACK_READ_FAILED);
    if (s.code == OTAPACK_OK) {
        LAW(at + OTAPACK_APP_DESC_SIZE <= size && d.magic_word == OTAPACK_APP_DESC_MAGIC);
        LAW(otapack_text_length(d.version, sizeof(d.version)) <= sizeof(d.version));
        LAW(memcmp(d.project_name, data + at + 48, 32) == 0);
        LAW(memcmp(d.reserv2, data + at + 184, 72) == 0);
        h.fail_at = h.reads + 1;
        LAW(otapack_app_desc_read(&hook, at, &other).code == OTAPACK_READ_FAILED);
    } else {
        LAW(s.code == OTAPACK_NOT_THIS || !otapack_has(&src, at, OTAPACK_APP_DESC_SIZE));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint64_t far[] = {UINT64_MAX, UINT32_MAX, UINT64_MAX - 255};
    for (uint64_t at = 0; at <= size && at <= 64; at++) {
        law_at(data, size, at);
    }
    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
        law_at(data, size, far[i]);
    }
    return 0;
}
