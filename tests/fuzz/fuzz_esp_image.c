// SPDX-License-Identifier: Apache-2.0
//
// otapack/esp_image.h: an image that is taken lies inside its bytes, its segments are contiguous,
// and its sums do not depend on how the bytes are read.
#include "fuzz.h"

#include <otapack/esp_image.h>

// Member by member: what lies between members is nobody's business.
static void law_same_image(const struct otapack_esp_image *a, const struct otapack_esp_image *b)
{
    LAW(a->header.segment_count == b->header.segment_count);
    LAW(a->header.chip_id == b->header.chip_id && a->header.entry_addr == b->header.entry_addr);
    LAW(a->segments_read == b->segments_read && a->padding_at == b->padding_at);
    LAW(a->checksum_at == b->checksum_at && a->length == b->length);
    LAW(a->checksum == b->checksum && a->has_hash == b->has_hash);
    LAW(memcmp(a->hash, b->hash, sizeof(a->hash)) == 0);
    for (uint32_t i = 0; i < a->segments_read; i++) {
        LAW(a->segments[i].load_addr == b->segments[i].load_addr);
        LAW(a->segments[i].data_len == b->segments[i].data_len);
    }
}

static void law_structure(const struct otapack_esp_image *image, size_t size)
{
    uint64_t at = OTAPACK_ESP_HEADER_SIZE;
    for (uint32_t i = 0; i < image->segments_read; i++) {
        const struct otapack_esp_segment *seg = &image->segments[i];
        LAW(seg->at == at && seg->data_len % 4 == 0);
        LAW(seg->data_len % 4 == 0);
        at = otapack_esp_segment_end(seg);
        LAW(at <= size);
    }
    LAW(image->segments_read <= OTAPACK_ESP_MAX_SEGMENTS);
    LAW(image->segments_read == 0 || image->padding_at == at);
}

static void law_taken(const struct otapack_esp_image *image, const uint8_t *data, size_t size)
{
    LAW(image->header.magic == OTAPACK_ESP_MAGIC && image->segments_read > 0);
    LAW(image->segments_read == image->header.segment_count);
    LAW(image->length <= size && image->checksum_at % 16 == 15);
    LAW(image->checksum_at - image->padding_at < 16);
    LAW(image->length == image->checksum_at + 1 + (image->has_hash ? OTAPACK_ESP_HASH_SIZE : 0));
    LAW(image->checksum == data[image->checksum_at]);
    LAW(!image->has_hash || memcmp(image->hash, data + image->length - 32, 32) == 0);
}

// The checksum, said once more without the parser.
static uint8_t plain_sum(const struct otapack_esp_image *image, const uint8_t *data)
{
    uint8_t sum = OTAPACK_ESP_CHECKSUM_SEED;
    for (uint32_t i = 0; i < image->segments_read; i++) {
        for (uint64_t k = 0; k < image->segments[i].data_len; k++) {
            sum = (uint8_t)(sum ^ data[image->segments[i].at + 8 + k]);
        }
    }
    return sum;
}

// A hash that depends on every byte and its place, but not on how they come in.
struct order {
    uint64_t sum;
    uint64_t n;
};

static void order_start(void *ctx)
{
    *(struct order *)ctx = (struct order){0, 0};
}

static void order_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct order *o = ctx;
    for (size_t i = 0; i < n; i++) {
        o->sum = o->sum * UINT64_C(6364136223846793005) + bytes[i] + 1;
        o->n++;
    }
}

static void order_finish(void *ctx, uint8_t *digest)
{
    memset(digest, 0, OTAPACK_ESP_HASH_SIZE);
    memcpy(digest, ctx, sizeof(struct order));
}

static void law_sums(const struct otapack_source *src, const struct otapack_source *hook,
                     const struct otapack_esp_image *image, const uint8_t *data)
{
    static const size_t sizes[] = {1, 3, 16, 4096};
    uint8_t work[4096];
    struct order order;
    struct otapack_hash hash = {&order, order_start, order_update, order_finish};
    struct otapack_esp_sums first, sums;
    LAW(otapack_esp_image_compute(src, image, &hash, work, sizeof(work), &first).code ==
        OTAPACK_OK);
    LAW(order.n == image->checksum_at + 1);
    LAW(first.checksum == plain_sum(image, data));
    size_t which = image->length % (sizeof(sizes) / sizeof(sizes[0]));
    LAW(otapack_esp_image_compute(hook, image, &hash, work, sizes[which], &sums).code ==
        OTAPACK_OK);
    LAW(memcmp(&first, &sums, sizeof(sums)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_esp_image image, other;
    struct otapack_status s = otapack_esp_image_open(&src, &image);
    law_same(s, otapack_esp_image_open(&hook, &other));
    law_same_image(&image, &other);
    LAW(s.code != OTAPACK_READ_FAILED);
    law_points_into(s, size);
    law_structure(&image, size);
    if (s.code == OTAPACK_OK) {
        law_taken(&image, data, size);
        law_sums(&src, &hook, &image, data);
        // One byte less is never the same image.
        src.size = image.length - 1;
        LAW(otapack_esp_image_open(&src, &other).code == OTAPACK_TRUNCATED);
    }
    h.fail_at = h.reads = 0;
    h.fail_at = 1 + (unsigned)(size % 4);
    s = otapack_esp_image_open(&hook, &other);
    LAW((s.code == OTAPACK_READ_FAILED) == (h.reads == h.fail_at) && h.reads <= h.fail_at);
    return 0;
}
