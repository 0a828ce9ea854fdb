// SPDX-License-Identifier: Apache-2.0
//
// otapack/compressed_image.h: what is taken has its magic number where the first bytes say, and is
// what is written again.
#include "fuzz.h"

#include <otapack/compressed_image.h>

static uint32_t sum(uint32_t crc, const uint8_t *bytes, size_t n)
{
    while (n-- > 0) {
        crc = (crc << 5 | crc >> 27) ^ *bytes++;
    }
    return crc;
}

static void law_taken(const struct otapack_source *src, const struct otapack_compressed_image *img,
                      const uint8_t *data, size_t size)
{
    uint8_t written[OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE];
    size_t at = img->header_at;
    bool app = data[0] == 0xE9 && data[1] == 0;
    LAW(at == (app ? OTAPACK_COMPRESSED_IMAGE_APP_HEADER_SIZE : 0));
    LAW(size >= at + sizeof(written) && memcmp(data + at, "ESP", 4) == 0);
    LAW(img->version <= OTAPACK_COMPRESSED_IMAGE_VERSION);
    LAW(otapack_compressed_image_end(img) == at + sizeof(written) + (uint64_t)img->length);
    otapack_compressed_image_write(img, sum, written);
    LAW(memcmp(written, data + at, OTAPACK_COMPRESSED_IMAGE_CRC_AT) == 0);
    bool fits = otapack_compressed_image_check_crc(src, img, sum).code == OTAPACK_OK;
    LAW(fits == (memcmp(written, data + at, sizeof(written)) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_compressed_image img, other;
    struct otapack_status s = otapack_compressed_image_open(&src, &img);
    law_same(s, otapack_compressed_image_open(&hook, &other));
    LAW(s.code != OTAPACK_TRUNCATED || (s.limit == size && s.value > size));
    LAW(s.code != OTAPACK_READ_FAILED && h.reads <= 3);
    if (s.code == OTAPACK_OK) {
        law_taken(&src, &img, data, size);
    }
    for (unsigned at = h.reads; at > 0; at--) {
        h.reads = 0;
        h.fail_at = at;
        LAW(otapack_compressed_image_open(&hook, &other).code == OTAPACK_READ_FAILED);
    }
    return 0;
}
