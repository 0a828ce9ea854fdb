// SPDX-License-Identifier: Apache-2.0
//
// otapack/zigbee.h: a header that check takes is written back to the same bytes; elements follow
// one another inside of the file, as many as fit, and what find gives is the first of its tag.
#include "fuzz.h"

#include <otapack/zigbee.h>

static void law_written(const struct otapack_zigbee *z, const uint8_t *data)
{
    uint8_t to[OTAPACK_ZIGBEE_MAX_HEADER];
    struct otapack_zigbee copy = *z;
    size_t n = otapack_zigbee_write(&copy, to, sizeof(to));
    LAW(n == z->header_length && memcmp(to, data, n) == 0);
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): zeroed first
    LAW(memcmp(&copy, z, sizeof(copy)) == 0);
    LAW(otapack_zigbee_write(&copy, to, n - 1) == 0);
}

static void law_elements(const struct otapack_source *src, const struct otapack_zigbee *z)
{
    uint64_t at = z->header_length, end = otapack_zigbee_end(src, z);
    struct otapack_status s = otapack_status_make(OTAPACK_OK, "", 0, 0, 0);
    LAW(end <= src->size && end <= z->total_size);
    while (at < end && s.code == OTAPACK_OK) {
        struct otapack_zigbee_element e, found;
        s = otapack_zigbee_element_read(src, z, at, &e);
        LAW(s.code == OTAPACK_OK || s.code == OTAPACK_TRUNCATED);
        if (s.code == OTAPACK_OK) {
            uint8_t head[OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE];
            otapack_zigbee_element_write(e.tag, e.length, head);
            LAW(memcmp(head, src->bytes + at, sizeof(head)) == 0);
            LAW(otapack_zigbee_element_end(&e) <= end && e.data_at == at + 6);
            if (at < 4096) { // or long files of nothing take their square
                LAW(otapack_zigbee_find(src, z, e.tag, &found).code == OTAPACK_OK);
                LAW(found.at <= at && found.tag == e.tag);
            }
            at = otapack_zigbee_element_end(&e);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_zigbee z, other;
    struct otapack_status s = otapack_zigbee_open(&src, &z);
    law_same(s, otapack_zigbee_open(&hook, &other));
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): zeroed first
    LAW(memcmp(&z, &other, sizeof(z)) == 0 && s.code != OTAPACK_READ_FAILED);
    law_points_into(s, size);
    LAW(z.fields_end <= size && z.fields_end <= OTAPACK_ZIGBEE_MAX_HEADER);
    if (s.code == OTAPACK_OK) {
        LAW(z.fields_end <= z.header_length);
        if (otapack_zigbee_check(&z).code == OTAPACK_OK) {
            law_written(&z, data);
        }
        law_elements(&src, &z);
    }
    return 0;
}
