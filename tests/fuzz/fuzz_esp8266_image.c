// SPDX-License-Identifier: Apache-2.0
//
// otapack/esp8266_image.h and esp8266_signature.h: what is taken lies inside its bytes, part behind
// part without overlap, and a byte less is too few; sums do not depend on how the bytes are read.
#include "fuzz.h"

#include <otapack/esp8266_image.h>
#include <otapack/esp8266_signature.h>

enum { WORK = 4096 };

// A number that is the same for the same bytes, and takes all sizes of a work buffer in time.
static size_t work_size_of(size_t size)
{
    static const size_t sizes[] = {1, 3, 16, 4095, WORK};
    return sizes[size % (sizeof(sizes) / sizeof(sizes[0]))];
}

static void law_header(const struct otapack_esp8266_header *h, const uint8_t *data)
{
    uint8_t raw[OTAPACK_ESP8266_HEADER_SIZE];
    otapack_esp8266_header_encode(h, raw);
    LAW(memcmp(raw, data, sizeof(raw)) == 0);
}

static void law_same_image(const struct otapack_esp8266_image *a,
                           const struct otapack_esp8266_image *b)
{
    LAW(a->segments_read == b->segments_read && a->padding_at == b->padding_at);
    LAW(a->at == b->at && a->end == b->end);
    LAW(a->checksum_at == b->checksum_at && a->checksum == b->checksum);
    for (uint32_t i = 0; i < a->segments_read; i++) {
        LAW(a->segments[i].at == b->segments[i].at);
        LAW(a->segments[i].load_addr == b->segments[i].load_addr);
        LAW(a->segments[i].data_len == b->segments[i].data_len);
    }
}

// Segment follows segment, inside the bytes, also of what is refused later.
static void law_segments(const struct otapack_esp8266_image *image, size_t size)
{
    uint64_t at = image->at + OTAPACK_ESP8266_HEADER_SIZE;
    LAW(image->segments_read <= OTAPACK_ESP8266_MAX_SEGMENTS);
    for (uint32_t i = 0; i < image->segments_read; i++) {
        LAW(image->segments[i].at == at);
        at = otapack_esp_segment_end(&image->segments[i]);
        LAW(at <= size);
    }
    LAW(image->segments_read == 0 || image->padding_at == at);
}

static void law_taken(const struct otapack_esp8266_image *image, const uint8_t *data, size_t size)
{
    LAW(image->header.magic == OTAPACK_ESP8266_MAGIC && image->segments_read > 0);
    LAW(image->segments_read == image->header.segment_count);
    LAW(image->end <= size && image->end == image->checksum_at + 1 && image->end % 16 == 0);
    LAW(image->checksum_at >= image->padding_at && image->checksum_at - image->padding_at < 16);
    LAW(image->checksum == data[image->checksum_at]);
    law_header(&image->header, data + image->at);
}

// The checksum, said once more without the parser.
static void law_checksum(const struct otapack_source *src, const struct otapack_source *hook,
                         const struct otapack_esp8266_image *image, const uint8_t *data)
{
    uint8_t work[WORK], sum, other, plain = OTAPACK_ESP8266_CHECKSUM_SEED;
    for (uint32_t i = 0; i < image->segments_read; i++) {
        for (uint64_t k = 0; k < image->segments[i].data_len; k++) {
            plain = (uint8_t)(plain ^ data[image->segments[i].at + 8 + k]);
        }
    }
    LAW(otapack_esp8266_checksum(src, image, work, sizeof(work), &sum).code == OTAPACK_OK);
    LAW(otapack_esp8266_checksum(hook, image, work, work_size_of((size_t)image->end), &other)
            .code == OTAPACK_OK);
    LAW(sum == plain && other == plain);
}

// The first of what begins with a description's magic number and has room for one.
static void law_desc(const struct otapack_source *src, const struct otapack_source *hook,
                     const struct otapack_esp8266_image *image, const uint8_t *data)
{
    uint64_t at = otapack_esp8266_desc_at(src, image), expected = 0;
    for (uint32_t i = image->segments_read; i-- > 0;) {
        const struct otapack_esp_segment *seg = &image->segments[i];
        bool is = seg->load_addr >= 0x40200000u && seg->data_len >= 256 &&
                  otapack_le32(data + seg->at + 8) == OTAPACK_APP_DESC_MAGIC;
        expected = is ? seg->at + 8 : expected;
    }
    LAW(at == expected && otapack_esp8266_desc_at(hook, image) == at);
}

static void try_image(const uint8_t *data, size_t size, uint64_t at)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_esp8266_image image, other;
    struct otapack_status s = otapack_esp8266_image_open(&src, at, &image);
    law_same(s, otapack_esp8266_image_open(&hook, at, &other));
    law_same_image(&image, &other);
    LAW(s.code != OTAPACK_READ_FAILED);
    LAW(s.code == OTAPACK_TRUNCATED ? s.limit == size && s.value > size : s.at <= size);
    law_segments(&image, size);
    unsigned all = h.reads;
    law_desc(&src, &hook, &image, data);
    if (s.code == OTAPACK_OK) {
        law_taken(&image, data, size);
        law_checksum(&src, &hook, &image, data);
        src.size = image.end - 1;
        LAW(otapack_esp8266_image_open(&src, at, &other).code == OTAPACK_TRUNCATED);
    }
    h.reads = all;
    h.fail_at = all + 1 + (unsigned)(size % 4);
    s = otapack_esp8266_image_open(&hook, at, &other);
    LAW((s.code == OTAPACK_READ_FAILED) == (h.reads == h.fail_at) && h.reads <= h.fail_at);
}

// What the slot is told by: byte 3 of both headers.
static void law_slot(const struct otapack_esp8266_v2 *v2, const uint8_t *data)
{
    uint8_t slot = otapack_esp8266_v2_slot(v2);
    LAW(slot <= 2);
    LAW(slot == 0 || (data[2] == 0 && data[3] == slot && data[v2->image_at + 3] != slot));
}

// Behind the image is a CRC, or nothing at all.
static void law_v2_end(const struct otapack_esp8266_v2 *v2, const uint8_t *data, size_t size)
{
    LAW(v2->crc_at == v2->image.end && v2->has_crc == (size > v2->crc_at));
    LAW(v2->end == v2->crc_at + (v2->has_crc ? 4 : 0) && v2->end <= size);
    LAW(v2->crc == (v2->has_crc ? otapack_le32(data + v2->crc_at) : 0));
}

static void try_v2(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct otapack_esp8266_v2 v2, other;
    struct otapack_status s = otapack_esp8266_v2_open(&src, &v2);
    LAW(s.code != OTAPACK_READ_FAILED);
    law_points_into(s, size);
    if (s.code == OTAPACK_OK) {
        LAW(v2.header.magic == OTAPACK_ESP8266_V2_MAGIC && v2.irom.at == 8);
        LAW(v2.image_at == otapack_esp_segment_end(&v2.irom) && v2.image.at == v2.image_at);
        law_v2_end(&v2, data, size);
        law_slot(&v2, data);
        law_header(&v2.header, data);
        law_segments(&v2.image, size);
        law_taken(&v2.image, data, size);
        src.size = v2.end - 1;
        LAW(otapack_esp8266_v2_open(&src, &other).code == OTAPACK_TRUNCATED);
        src.size = v2.crc_at;
        LAW(otapack_esp8266_v2_open(&src, &other).code == OTAPACK_OK && !other.has_crc);
    } else {
        LAW(v2.end == 0 && !v2.has_crc && v2.crc == 0);
    }
}

// The CRC bit by bit, and in two pieces.
static void law_crc(const uint8_t *data, size_t size, uint32_t expected)
{
    uint32_t crc = 0xFFFFFFFFu;
    size_t half = size / 3;
    for (size_t i = 0; i < size; i++) {
        for (int bit = 7; bit >= 0; bit--) {
            bool one = ((crc >> 31 ^ (uint32_t)data[i] >> bit) & 1u) != 0;
            crc = crc << 1 ^ (one ? 0x04C11DB7u : 0u);
        }
    }
    LAW(crc == expected);
    crc = otapack_esp8266_crc(0xFFFFFFFFu, data, half);
    LAW(otapack_esp8266_crc(crc, data + half, size - half) == expected);
}

static void law_arduino_crc(const struct otapack_source *src, const struct otapack_source *hook,
                            const uint8_t *data, uint64_t at, uint64_t length)
{
    uint8_t work[WORK], *zeroed = (uint8_t *)malloc((size_t)length);
    uint32_t crc, other;
    LAW(zeroed != NULL);
    LAW(otapack_esp8266_arduino_crc(src, at, length, work, sizeof(work), &crc).code == OTAPACK_OK);
    LAW(otapack_esp8266_arduino_crc(hook, at, length, work, work_size_of((size_t)length), &other)
            .code == OTAPACK_OK);
    memcpy(zeroed, data, (size_t)length);
    memset(zeroed + at, 0, OTAPACK_ESP8266_STAMP_SIZE);
    LAW(crc == other && crc == otapack_esp8266_crc(0xFFFFFFFFu, zeroed, (size_t)length));
    free(zeroed);
}

// Length and CRC are where one of the cores has them; one that fits the image is not passed over.
static void law_stamp(const struct otapack_esp8266_arduino *a, const uint8_t *data)
{
    uint32_t later = otapack_le32(data + OTAPACK_ESP8266_LENGTH_AT);
    uint32_t old = otapack_le32(data + OTAPACK_ESP8266_OLD_LENGTH_AT);
    if (a->stamp_at == 0) {
        LAW(later > OTAPACK_ESP8266_LENGTH_MOST && a->stored_length == 0 && a->crc == 0);
        LAW(old > OTAPACK_ESP8266_LENGTH_MOST || a->eboot.end > OTAPACK_ESP8266_OLD_LENGTH_AT);
        return;
    }
    LAW(a->stamp_at == OTAPACK_ESP8266_LENGTH_AT ||
        (a->stamp_at == OTAPACK_ESP8266_OLD_LENGTH_AT && a->eboot.end <= a->stamp_at));
    LAW(a->stored_length == otapack_le32(data + a->stamp_at));
    LAW(a->stored_length <= OTAPACK_ESP8266_LENGTH_MOST);
    LAW(a->crc == otapack_le32(data + a->stamp_at + 4));
    LAW(later != a->sketch.end || a->stored_length == later);
}

static void try_arduino(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_esp8266_arduino a, other;
    struct otapack_status s = otapack_esp8266_arduino_open(&src, &a);
    uint8_t work[1];
    uint32_t crc;
    LAW(s.code != OTAPACK_READ_FAILED);
    LAW(s.code == OTAPACK_TRUNCATED ? s.limit == size && s.value > size : s.at <= size);
    if (s.code == OTAPACK_OK) {
        LAW(a.eboot.at == 0 && a.eboot.end <= a.sketch.at && a.sketch.end <= size);
        law_stamp(&a, data);
        law_segments(&a.sketch, size);
        law_taken(&a.sketch, data, size);
        law_arduino_crc(&src, &hook, data, OTAPACK_ESP8266_LENGTH_AT, a.sketch.end);
        law_arduino_crc(&src, &hook, data, OTAPACK_ESP8266_OLD_LENGTH_AT, a.sketch.end);
        src.size = a.sketch.end - 1;
        LAW(otapack_esp8266_arduino_open(&src, &other).code == OTAPACK_TRUNCATED);
    }
    src.size = size;
    s = otapack_esp8266_arduino_crc(&src, 4112, size + 1, work, sizeof(work), &crc);
    LAW(s.code == (size + 1 < 4120 ? OTAPACK_FORBIDDEN : OTAPACK_TRUNCATED));
    s = otapack_esp8266_arduino_crc(&src, size, size, work, sizeof(work), &crc);
    LAW(s.code == OTAPACK_FORBIDDEN);
}

static void try_signature(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size), part;
    struct otapack_esp8266_signature sig, other;
    struct otapack_status s = otapack_esp8266_signature_read(&src, &sig);
    LAW((s.code == OTAPACK_TRUNCATED) == (size < 4) && s.code != OTAPACK_READ_FAILED);
    law_points_into(s, size);
    if (s.code != OTAPACK_OK) {
        LAW(sig.at == 0 && sig.size == 0);
        return;
    }
    LAW(sig.size >= OTAPACK_ESP8266_MIN_SIGNATURE && sig.size <= OTAPACK_ESP8266_MAX_SIGNATURE);
    LAW(sig.at + sig.size + OTAPACK_ESP8266_SIGNATURE_END_SIZE == size);
    LAW(otapack_le32(data + sig.at + sig.size) == sig.size);
    // What is signed may be gone, the signature not.
    part = otapack_part(&src, sig.at, size);
    LAW(otapack_esp8266_signature_read(&part, &other).code == OTAPACK_OK && other.at == 0);
    part = otapack_part(&src, sig.at + 1, size);
    LAW(otapack_esp8266_signature_read(&part, &other).code == OTAPACK_FORBIDDEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_image(data, size, 0);
    try_image(data, size, size > 0 ? data[size - 1] : 1);
    try_v2(data, size);
    try_arduino(data, size);
    try_signature(data, size);
    law_crc(data, size < 512 ? size : 512,
            otapack_esp8266_crc(0xFFFFFFFFu, data, size < 512 ? size : 512));
    return 0;
}
