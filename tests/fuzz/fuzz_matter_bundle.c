// SPDX-License-Identifier: Apache-2.0
//
// otapack/matter_bundle.h: a table that is taken has images that follow one another to the end of
// the payload, and is written back to the same bytes; what check says of a table is what its
// entries' faults are.
#include "fuzz.h"

#include <otapack/matter_bundle.h>

// The faults of all entries, as a host judges them one by one.
static uint32_t faults_of(const struct otapack_source *src, const struct otapack_bundle *bundle,
                          uint64_t size)
{
    uint64_t begin = otapack_bundle_table_end(bundle);
    uint32_t faults = 0;
    for (uint32_t i = 0; i < bundle->count; i++) {
        struct otapack_bundle_entry e;
        if (otapack_bundle_entry_read(src, i, &e).code != OTAPACK_OK) {
            LAW(!otapack_has(src, otapack_bundle_entry_at(i), OTAPACK_BUNDLE_ENTRY_SIZE));
            return UINT32_MAX;
        }
        faults |= otapack_bundle_faults(bundle, i, &e, begin, size);
        begin = otapack_bundle_entry_end(&e);
        LAW(begin >= e.offset && begin >= e.length);
    }
    return faults;
}

static void law_written(const struct otapack_source *src, const struct otapack_bundle *bundle,
                        const uint8_t *data, uint64_t size)
{
    static struct otapack_bundle_entry entries[OTAPACK_BUNDLE_MAX_IMAGES];
    static uint8_t
        to[OTAPACK_BUNDLE_HEAD_SIZE + OTAPACK_BUNDLE_MAX_IMAGES * OTAPACK_BUNDLE_ENTRY_SIZE];
    for (uint32_t i = 0; i < bundle->count; i++) {
        LAW(otapack_bundle_entry_read(src, i, &entries[i]).code == OTAPACK_OK);
        LAW((entries[i].id == OTAPACK_BUNDLE_APPLICATION) == (i + 1 == bundle->count));
    }
    LAW(otapack_bundle_entry_end(&entries[bundle->count - 1]) == size);
    size_t n = otapack_bundle_write(entries, bundle->count, to, sizeof(to));
    LAW(n == otapack_bundle_table_end(bundle) && memcmp(to, data, n) == 0);
    LAW(otapack_bundle_write(entries, bundle->count, to, n - 1) == 0);
}

static void law_check(const struct otapack_source *src, const struct otapack_bundle *bundle,
                      const uint8_t *data, uint64_t size)
{
    struct otapack_status s = otapack_bundle_check(src, bundle, size);
    bool head = bundle->count > 0 && size <= UINT32_MAX &&
                (bundle->reserved[0] | bundle->reserved[1] | bundle->reserved[2]) == 0;
    LAW((s.code == OTAPACK_OK) == (head && faults_of(src, bundle, size) == 0));
    LAW(s.code != OTAPACK_READ_FAILED && s.at <= otapack_bundle_table_end(bundle));
    if (s.code == OTAPACK_OK) {
        law_written(src, bundle, data, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_bundle bundle, other;
    struct otapack_status s = otapack_bundle_open(&src, &bundle);
    law_same(s, otapack_bundle_open(&hook, &other));
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): zeroed first
    LAW(memcmp(&bundle, &other, sizeof(bundle)) == 0);
    law_points_into(s, size);
    if (s.code == OTAPACK_OK) {
        uint8_t head[OTAPACK_BUNDLE_HEAD_SIZE];
        struct otapack_bundle_entry last;
        otapack_bundle_head_write(&bundle, head);
        LAW(memcmp(head, data, sizeof(head)) == 0);
        law_check(&src, &bundle, data, size);
        law_same(otapack_bundle_check(&src, &bundle, size),
                 otapack_bundle_check(&hook, &bundle, size));
        // The payload need not be there for its table to be judged.
        if (bundle.count > 0 &&
            otapack_bundle_entry_read(&src, bundle.count - 1, &last).code == OTAPACK_OK) {
            law_check(&src, &bundle, data, otapack_bundle_entry_end(&last));
        }
    }
    return 0;
}
