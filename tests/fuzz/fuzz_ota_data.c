// SPDX-License-Identifier: Apache-2.0
//
// otapack/ota_data.h: an entry is read when all of it is there, and holds what its bytes say.
#include "fuzz.h"

#include <otapack/ota_data.h>

#include "crc.h"

static void law_entry(const uint8_t *data, size_t size, uint32_t which)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_ota_entry e, other;
    memset(&e, 0x5A, sizeof(e));
    other = e;
    struct otapack_status s = otapack_ota_entry_read(&src, which, &e);
    law_same(s, otapack_ota_entry_read(&hook, which, &other));
    LAW(memcmp(&e, &other, sizeof(e)) == 0);
    uint64_t at = (uint64_t)which * OTAPACK_OTA_SECTOR_SIZE;
    LAW((s.code == OTAPACK_OK) == otapack_has(&src, at, OTAPACK_OTA_ENTRY_SIZE));
    if (s.code == OTAPACK_OK) {
        LAW(e.ota_seq == otapack_le32(data + at) && e.crc == otapack_le32(data + at + 28));
        LAW(memcmp(e.seq_label, data + at + 4, sizeof(e.seq_label)) == 0);
        LAW(otapack_ota_seq_crc(e.ota_seq, crc_32) == crc_32(UINT32_MAX, data + at, 4));
    } else {
        LAW(s.code == OTAPACK_TRUNCATED && s.at == at && s.limit == size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t which[] = {0, 1, 2, 15, UINT32_MAX};
    for (size_t i = 0; i < sizeof(which) / sizeof(which[0]); i++) {
        law_entry(data, size, which[i]);
    }
    return 0;
}
