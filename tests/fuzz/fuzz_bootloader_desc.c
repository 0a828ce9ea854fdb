// SPDX-License-Identifier: Apache-2.0
//
// otapack/bootloader_desc.h at every offset there is: taken only with its magic, zeros, and a
// version that can be printed.
#include "fuzz.h"

#include <otapack/bootloader_desc.h>

static void law_at(const uint8_t *data, size_t size, uint64_t at)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_bootloader_desc d, other;
    memset(&d, 0x5A, sizeof(d));
    other = d;
    struct otapack_status s = otapack_bootloader_desc_read(&src, at, &d);
    law_same(s, otapack_bootloader_desc_read(&hook, at, &other));
    LAW(memcmp(&d, &other, sizeof(d)) == 0 && s.code != OTAPACK_READ_FAILED);
    if (s.code == OTAPACK_OK) {
        LAW(at + OTAPACK_BOOTLOADER_DESC_SIZE <= size);
        LAW(d.magic_byte == OTAPACK_BOOTLOADER_DESC_MAGIC);
        LAW(d.reserved[0] == 0 && d.reserved[1] == 0);
        LAW(d.idf_ver[0] > ' ' && d.idf_ver[0] <= '~');
        LAW(memcmp(d.date_time, data + at + 40, sizeof(d.date_time)) == 0);
    } else {
        LAW(s.code == OTAPACK_NOT_THIS || !otapack_has(&src, at, OTAPACK_BOOTLOADER_DESC_SIZE));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint64_t far[] = {UINT64_MAX, UINT32_MAX, UINT64_MAX - 79};
    for (uint64_t at = 0; at <= size && at <= 64; at++) {
        law_at(data, size, at);
    }
    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
        law_at(data, size, far[i]);
    }
    return 0;
}
