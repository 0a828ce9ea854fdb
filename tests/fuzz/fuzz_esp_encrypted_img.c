// SPDX-License-Identifier: Apache-2.0
//
// otapack/esp_encrypted_img.h: what is taken is written again to the byte, a byte less than the
// header is too few, and only one length is right.
#include "fuzz.h"

#include <otapack/esp_encrypted_img.h>

enum { HEADER = OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE, ZEROS_FROM = 100, ZEROS_TO = 388 };

static void law_same_header(const struct otapack_esp_encrypted_img *a,
                            const struct otapack_esp_encrypted_img *b)
{
    LAW(memcmp(a->wrapped_key, b->wrapped_key, sizeof(a->wrapped_key)) == 0);
    LAW(memcmp(a->iv, b->iv, sizeof(a->iv)) == 0 && memcmp(a->tag, b->tag, sizeof(a->tag)) == 0);
    LAW(memcmp(a->reserved, b->reserved, sizeof(a->reserved)) == 0 && a->size == b->size);
}

static void law_taken(const struct otapack_esp_encrypted_img *img, const uint8_t *data)
{
    uint8_t written[HEADER];
    bool zeros = true;
    otapack_esp_encrypted_img_write(img, written);
    LAW(memcmp(written, data, HEADER) == 0);
    for (int i = ZEROS_FROM; i < ZEROS_TO; i++) {
        zeros = zeros && data[i] == 0;
    }
    LAW(otapack_esp_encrypted_img_is_ecies(img) == zeros);
}

static void law_size(struct otapack_source src, const struct otapack_esp_encrypted_img *img)
{
    uint64_t end = otapack_esp_encrypted_img_end(img);
    struct otapack_status s = otapack_esp_encrypted_img_check_size(&src, img);
    LAW(s.code == (src.size < end   ? OTAPACK_TRUNCATED
                   : src.size > end ? OTAPACK_FORBIDDEN
                                    : OTAPACK_OK));
    law_points_into(s, (size_t)src.size);
    LAW(end == (uint64_t)HEADER + img->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_esp_encrypted_img img, other;
    struct otapack_status s = otapack_esp_encrypted_img_open(&src, &img);
    law_same(s, otapack_esp_encrypted_img_open(&hook, &other));
    law_same_header(&img, &other);
    LAW(s.code != OTAPACK_READ_FAILED);
    law_points_into(s, size);
    if (s.code == OTAPACK_OK) {
        law_taken(&img, data);
        law_size(src, &img);
        src.size = HEADER;
        law_size(src, &img);
        LAW(otapack_esp_encrypted_img_open(&src, &other).code == OTAPACK_OK);
        law_same_header(&img, &other);
        src.size = HEADER - 1;
        LAW(otapack_esp_encrypted_img_open(&src, &other).code == OTAPACK_TRUNCATED);
    }
    unsigned all = h.reads;
    h.reads = 0;
    h.fail_at = 1 + (unsigned)(size % (all + 1));
    s = otapack_esp_encrypted_img_open(&hook, &other);
    LAW((s.code == OTAPACK_READ_FAILED) == (h.fail_at <= all));
    return 0;
}
