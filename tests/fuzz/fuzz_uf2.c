// SPDX-License-Identifier: Apache-2.0
//
// otapack/uf2.h: what is taken is a block that fits, the same from a buffer and a function, and is
// written again as it was read.
#include "fuzz.h"

#include <otapack/uf2.h>

static void law_written(const struct otapack_uf2_block *b, const uint8_t *data)
{
    uint8_t again[OTAPACK_UF2_BLOCK_SIZE];
    struct otapack_source src = otapack_memory(again, sizeof(again));
    struct otapack_uf2_block read;
    LAW(otapack_uf2_write(b, data + OTAPACK_UF2_PAYLOAD_AT, again));
    LAW(otapack_uf2_read(&src, 0, &read).code == OTAPACK_OK);
    LAW(read.size == b->size && read.address == b->address && read.flags == b->flags);
    LAW(memcmp(again, data, OTAPACK_UF2_PAYLOAD_AT + b->size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_uf2_block b, other;
    struct otapack_status s = otapack_uf2_read(&src, 0, &b);
    law_same(s, otapack_uf2_read(&hook, 0, &other));
    law_points_into(s, size);
    LAW(s.code != OTAPACK_READ_FAILED && h.reads <= 4);
    LAW(s.code != OTAPACK_OK || size >= OTAPACK_UF2_BLOCK_SIZE);
    if (s.code == OTAPACK_OK) {
        LAW(b.size >= 1 && b.size <= otapack_uf2_room(b.flags));
        LAW((uint64_t)b.address + b.size <= (uint64_t)UINT32_MAX + 1);
        law_written(&b, data);
    }
    return 0;
}
