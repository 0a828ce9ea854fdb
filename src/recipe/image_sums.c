// SPDX-License-Identifier: Apache-2.0
#include "image_sums.h"

#include <string.h>

#include "digest.h"

static uint8_t checksum_of(const struct otapack_esp_image *image, const uint8_t *bytes)
{
    uint32_t sum = OTAPACK_ESP_CHECKSUM_SEED;
    for (uint32_t i = 0; i < image->segments_read; i++) {
        const uint8_t *segment = bytes + (size_t)image->segments[i].at;
        sum ^= otapack_xor(segment + OTAPACK_ESP_SEGMENT_HEADER_SIZE, image->segments[i].data_len);
    }
    return (uint8_t)sum;
}

static void hash_of(const struct otapack_esp_image *image, const uint8_t *bytes,
                    uint8_t out[OTAPACK_ESP_HASH_SIZE])
{
    struct digest *sha256 = digest_new(DIGEST_SHA256, DIGEST_BEST);
    struct otapack_hash hash = digest_hash(sha256);
    hash.start(hash.ctx);
    hash.update(hash.ctx, bytes, (size_t)image->length - OTAPACK_ESP_HASH_SIZE);
    hash.finish(hash.ctx, out);
    digest_free(sha256);
}

bool image_sums_hold(const struct otapack_esp_image *image, const uint8_t *bytes, const char *name,
                     struct err *e)
{
    uint8_t hash[OTAPACK_ESP_HASH_SIZE];
    if (checksum_of(image, bytes) != image->checksum) {
        return check_refuse(e, CHECK_ESP_CHECKSUM, "%s: its checksum is not that of its bytes",
                            name);
    }
    if (!image->has_hash) {
        return true;
    }
    hash_of(image, bytes, hash);
    return memcmp(hash, image->hash, sizeof(hash)) == 0 ||
           check_refuse(e, CHECK_ESP_HASH, "%s: its SHA-256 is not that of its bytes", name);
}

void image_checksum_redo(const struct otapack_esp_image *image, uint8_t *bytes)
{
    bytes[image->checksum_at] = checksum_of(image, bytes);
}

void image_hash_redo(const struct otapack_esp_image *image, uint8_t *bytes)
{
    if (image->has_hash) {
        hash_of(image, bytes, bytes + (size_t)image->length - OTAPACK_ESP_HASH_SIZE);
    }
}
