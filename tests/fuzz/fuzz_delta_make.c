// SPDX-License-Identifier: Apache-2.0
//
// Any two images: the patch of them is one that a device applies, and makes the second of the
// first. The first byte says how much of the input is the base.
#include "fuzz.h"

#include <otapack/delta.h>

#include "delta_make.h"

struct made {
    const uint8_t *bytes;
    size_t size, at;
};

static bool compare(void *ctx, const uint8_t *bytes, size_t n)
{
    struct made *made = ctx;
    LAW(n <= made->size - made->at && memcmp(made->bytes + made->at, bytes, n) == 0);
    made->at += n;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t digest[OTAPACK_DELTA_DIGEST_SIZE];
    struct err e = ERR_NONE;
    if (size < 3 || !delta_can(&e)) {
        return 0;
    }
    size_t base_size = 1 + (size - 2) * data[0] / 256, patch_size;
    const uint8_t *base = data + 1, *bytes = base + base_size;
    struct made made = {bytes, size - 1 - base_size, 0};
    struct delta_job job = {base, bytes, base_size, made.size, digest, NULL, NULL};
    struct otapack_delta_hooks hooks = {&made, compare, otapack_memory(base, base_size), digest};
    struct otapack_delta_applier applier;
    uint8_t *patch = delta_make(&job, &patch_size, &e);
    LAW(patch != NULL);
    otapack_delta_start(&applier, &hooks);
    (void)otapack_delta_push(&applier, patch, patch_size);
    LAW(otapack_delta_finish(&applier) == OTAPACK_OK && made.at == made.size);
    free(patch);
    return 0;
}
