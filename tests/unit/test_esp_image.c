// SPDX-License-Identifier: Apache-2.0
//
// otapack/esp_image.h: a golden image written by hand, every prefix of it, every limit of its
// fields, reads that fail, checksum and SHA-256 with work buffers of all sizes, random images.
#include "unit.h"

#include <otapack/esp_image.h>

#include "digest.h"

enum { GOLDEN_SIZE = 96, HASH_AT = 64, MOST = 24 + 17 * (8 + 64) + 16 + 32 };

// Two segments, 12 bytes of padding, a checksum (0xEF ^ 0x08 ^ 0xF0), a SHA-256 by Python's
// hashlib.
static const uint8_t golden[GOLDEN_SIZE] = {
    0xE9, 0x02, 0x02, 0x2F, 0x00, 0x00, 0x38, 0x40, 0xEE, 0x12, 0x34, 0x56, // magic .. pins
    0x05, 0x00, 0x03, 0x2C, 0x01, 0xC7, 0x00, 0xA1, 0xA2, 0xA3, 0xA4, 0x01, // chip .. hash_appended
    0x20, 0x00, 0x00, 0x3C, 0x08, 0x00, 0x00, 0x00, 0x01, 0x02, 0x03, 0x04, // segment 0
    0x05, 0x06, 0x07, 0x08,                                                 //
    0x00, 0x00, 0x38, 0x40, 0x04, 0x00, 0x00, 0x00, 0x10, 0x20, 0x40, 0x80, // segment 1
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x17, // padding, checksum
    0xFC, 0xF5, 0x06, 0x63, 0x64, 0x3A, 0x4C, 0x5F, 0xAB, 0x4A, 0x76, 0xFE, 0x6F, 0x70, 0x21, 0xA4,
    0xD6, 0x3F, 0x3D, 0x58, 0xCF, 0x4B, 0x8B, 0x1D, 0x06, 0xC5, 0x2C, 0x88, 0x0F, 0xA3, 0x84, 0xCA,
};

// A hash that writes down what it is fed.
struct recorder {
    uint8_t bytes[MOST];
    size_t n;
    int starts, finishes;
};

static void record_start(void *ctx)
{
    struct recorder *r = ctx;
    r->n = 0;
    r->starts++;
}

static void record_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct recorder *r = ctx;
    assert_true(n > 0 && n <= sizeof(r->bytes) - r->n);
    memcpy(r->bytes + r->n, bytes, n);
    r->n += n;
}

static void record_finish(void *ctx, uint8_t *digest)
{
    struct recorder *r = ctx;
    r->finishes++;
    memset(digest, 0xD1, OTAPACK_ESP_HASH_SIZE);
}

static struct otapack_hash recording(struct recorder *r)
{
    memset(r, 0, sizeof(*r));
    return (struct otapack_hash){r, record_start, record_update, record_finish};
}

static struct otapack_status open_bytes(const uint8_t *bytes, size_t n,
                                        struct otapack_esp_image *image)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_esp_image_open(&src, image);
}

// A refusal names a place in the source, or one in the padding that is cut off with the checksum.
static bool points_into(struct otapack_status s, uint64_t size)
{
    return s.at <= size || (strcmp(s.field, "checksum") == 0 && s.at - size < 16);
}

static void patch(uint8_t *copy, size_t at, uint8_t value)
{
    memcpy(copy, golden, sizeof(golden));
    copy[at] = value;
}

TEST(golden_header)
{
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    struct otapack_esp_header h;
    assert_good(otapack_esp_header_read(&src, &h));
    assert_int_equal(h.magic, 0xE9);
    assert_int_equal(h.segment_count, 2);
    assert_int_equal(h.spi_mode, 2);
    assert_int_equal(h.spi_speed, 0x0F);
    assert_int_equal(h.spi_size, 0x02);
    assert_int_equal(h.entry_addr, 0x40380000);
    assert_int_equal(h.wp_pin, 0xEE);
    assert_memory_equal(h.spi_pin_drv, "\x12\x34\x56", 3);
    assert_int_equal(h.chip_id, 5);
    assert_int_equal(h.min_chip_rev, 3);
    assert_int_equal(h.min_chip_rev_full, 300);
    assert_int_equal(h.max_chip_rev_full, 199);
    assert_memory_equal(h.reserved, "\xA1\xA2\xA3\xA4", 4);
    assert_int_equal(h.hash_appended, 1);
}

TEST(golden_structure)
{
    struct otapack_esp_image image;
    assert_good(open_bytes(golden, sizeof(golden), &image));
    assert_int_equal(image.segments_read, 2);
    assert_int_equal(image.segments[0].at, 24);
    assert_int_equal(image.segments[0].load_addr, 0x3C000020);
    assert_int_equal(image.segments[0].data_len, 8);
    assert_int_equal(otapack_esp_segment_end(&image.segments[0]), 40);
    assert_int_equal(image.segments[1].at, 40);
    assert_int_equal(image.segments[1].load_addr, 0x40380000);
    assert_int_equal(image.segments[1].data_len, 4);
    assert_int_equal(image.padding_at, 52);
    assert_int_equal(image.checksum_at, 63);
    assert_int_equal(image.checksum, 0x17);
    assert_true(image.has_hash);
    assert_memory_equal(image.hash, golden + HASH_AT, 32);
    assert_int_equal(image.length, GOLDEN_SIZE);
}

TEST(every_prefix_is_truncated)
{
    for (size_t n = 0; n < sizeof(golden); n++) {
        struct otapack_esp_image image, other;
        struct reading r = reading_of(golden, n);
        struct otapack_source hook = reading_source(&r);
        struct otapack_status s = open_bytes(golden, n, &image);
        assert_int_equal(s.code, OTAPACK_TRUNCATED);
        assert_true(points_into(s, n) && s.value > n);
        assert_int_equal(s.limit, n);
        assert_true(image.segments_read <= 2 && image.padding_at <= n + OTAPACK_ESP_HEADER_SIZE);
        assert_same_status(s, otapack_esp_image_open(&hook, &other));
        assert_int_equal(image.segments_read, other.segments_read);
        assert_int_equal(image.padding_at, other.padding_at);
        assert_int_equal(image.length, other.length);
    }
}

TEST(what_follows_is_not_part_of_it)
{
    uint8_t longer[sizeof(golden) + 5] = {0};
    struct otapack_esp_image image;
    memcpy(longer, golden, sizeof(golden));
    memset(longer + sizeof(golden), 0xE9, 5);
    assert_good(open_bytes(longer, sizeof(longer), &image));
    assert_int_equal(image.length, GOLDEN_SIZE);
}

TEST(without_hash_it_ends_at_the_checksum)
{
    uint8_t copy[GOLDEN_SIZE];
    struct otapack_esp_image image;
    patch(copy, 23, 0);
    assert_good(open_bytes(copy, HASH_AT, &image));
    assert_false(image.has_hash);
    assert_int_equal(image.length, HASH_AT);
    assert_int_equal(open_bytes(copy, HASH_AT - 1, &image).code, OTAPACK_TRUNCATED);
}

// A device asks whether hash_appended is not zero.
TEST(any_hash_appended_but_zero)
{
    for (unsigned v = 1; v < 256; v++) {
        uint8_t copy[GOLDEN_SIZE];
        struct otapack_esp_image image;
        patch(copy, 23, (uint8_t)v);
        assert_good(open_bytes(copy, sizeof(copy), &image));
        assert_true(image.has_hash);
        assert_int_equal(image.header.hash_appended, v);
        assert_int_equal(image.length, GOLDEN_SIZE);
    }
}

TEST(forbidden_header_values)
{
    const struct {
        size_t at;
        uint8_t value;
        enum otapack_code code;
        const char *field;
        uint64_t limit;
    } rows[] = {
        {0, 0xE8, OTAPACK_NOT_THIS, "magic", 0xE9},
        {0, 0x00, OTAPACK_NOT_THIS, "magic", 0xE9},
        {0, 0xFF, OTAPACK_NOT_THIS, "magic", 0xE9},
        {1, 0, OTAPACK_FORBIDDEN, "segment_count", 16},
        {1, 17, OTAPACK_FORBIDDEN, "segment_count", 16},
        {1, 255, OTAPACK_FORBIDDEN, "segment_count", 16},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t copy[GOLDEN_SIZE];
        struct otapack_esp_image image;
        patch(copy, rows[i].at, rows[i].value);
        struct otapack_status s = open_bytes(copy, sizeof(copy), &image);
        assert_status(s, rows[i].code, rows[i].field, rows[i].at);
        assert_int_equal(s.value, rows[i].value);
        assert_int_equal(s.limit, rows[i].limit);
        assert_int_equal(image.segments_read, 0);
    }
}

// An image of `count` segments with `data_len` zero bytes each and no hash. Returns its length.
static size_t build(uint8_t *to, unsigned count, uint32_t data_len)
{
    size_t n = OTAPACK_ESP_HEADER_SIZE;
    memset(to, 0, MOST);
    to[0] = OTAPACK_ESP_MAGIC;
    to[1] = (uint8_t)count;
    for (unsigned i = 0; i < count; i++) {
        otapack_put_le32(to + n + 4, data_len);
        n += OTAPACK_ESP_SEGMENT_HEADER_SIZE + data_len;
    }
    n |= 15;
    to[n] = OTAPACK_ESP_CHECKSUM_SEED;
    return n + 1;
}

TEST(segment_counts)
{
    const struct {
        unsigned count;
        enum otapack_code code;
    } rows[] = {{0, OTAPACK_FORBIDDEN}, {1, OTAPACK_OK}, {16, OTAPACK_OK}, {17, OTAPACK_FORBIDDEN}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[MOST];
        struct otapack_esp_image image;
        size_t n = build(bytes, rows[i].count, 4);
        assert_int_equal(open_bytes(bytes, n, &image).code, rows[i].code);
        if (rows[i].code == OTAPACK_OK) {
            assert_int_equal(image.segments_read, rows[i].count);
            assert_int_equal(image.length, n);
        }
    }
}

TEST(checksum_ends_a_block_of_16)
{
    for (unsigned count = 1; count <= 16; count++) {
        for (uint32_t data_len = 0; data_len <= 32; data_len += 4) {
            uint8_t bytes[MOST];
            struct otapack_esp_image image;
            size_t n = build(bytes, count, data_len);
            assert_good(open_bytes(bytes, n, &image));
            assert_int_equal(image.checksum_at % 16, 15);
            assert_true(image.checksum_at >= image.padding_at);
            assert_true(image.checksum_at - image.padding_at < 16);
            assert_int_equal(image.checksum, OTAPACK_ESP_CHECKSUM_SEED);
            assert_int_equal(open_bytes(bytes, n - 1, &image).code, OTAPACK_TRUNCATED);
        }
    }
}

// Segment lengths on a source of 64 GiB that is zero behind its headers.
TEST(segment_lengths)
{
    const struct {
        uint32_t data_len;
        enum otapack_code code;
    } rows[] = {
        {0, OTAPACK_OK},
        {4, OTAPACK_OK},
        {1, OTAPACK_FORBIDDEN},
        {2, OTAPACK_FORBIDDEN},
        {3, OTAPACK_FORBIDDEN},
        {0x1000000 - 4, OTAPACK_OK},
        {0x1000000 - 1, OTAPACK_FORBIDDEN},
        {0x1000000, OTAPACK_OK},
        {0x1000004, OTAPACK_OK},
        {0x7FFFFFFC, OTAPACK_OK},
        {0xFFFFFFFC, OTAPACK_OK},
        {0xFFFFFFFF, OTAPACK_FORBIDDEN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[MOST];
        struct otapack_esp_image image;
        build(bytes, 1, 0);
        otapack_put_le32(bytes + 28, rows[i].data_len);
        struct reading r = {.bytes = bytes, .stored = 32, .size = UINT64_C(1) << 36};
        struct otapack_source src = reading_source(&r);
        struct otapack_status s = otapack_esp_image_open(&src, &image);
        assert_int_equal(s.code, rows[i].code);
        if (s.code == OTAPACK_OK) {
            assert_int_equal(image.length, ((32 + (uint64_t)rows[i].data_len) | 15) + 1);
        } else {
            assert_status(s, OTAPACK_FORBIDDEN, "data_len", 28);
            assert_int_equal(s.value, rows[i].data_len);
            assert_int_equal(s.limit, 0xFFFFFFFC);
            assert_int_equal(image.segments_read, 0);
        }
    }
}

TEST(the_largest_image_of_all)
{
    uint8_t raw[8] = {0};
    otapack_put_le32(raw + 4, 0xFFFFFC);
    // Every 16 MiB + 4 bytes the same segment header: the source is periodic.
    struct otapack_esp_segment seg = {0};
    struct reading r = {.bytes = raw, .stored = 8, .size = UINT64_C(0x100000000)};
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_esp_segment_read(&src, 0, &seg));
    assert_int_equal(otapack_esp_segment_end(&seg), 0x1000004);
    seg.at = UINT64_C(0xFFFFFFF0);
    assert_int_equal(otapack_esp_segment_end(&seg), UINT64_C(0x100FFFFF4));
}

TEST(a_segment_that_ends_at_the_end_or_one_behind)
{
    uint8_t bytes[MOST];
    struct otapack_esp_segment seg;
    size_t n = build(bytes, 1, 8);
    struct otapack_source src = otapack_memory(bytes, n);
    src.size = 40;
    assert_good(otapack_esp_segment_read(&src, 24, &seg));
    src.size = 39;
    struct otapack_status s = otapack_esp_segment_read(&src, 24, &seg);
    assert_status(s, OTAPACK_TRUNCATED, "segment data", 28);
    assert_int_equal(s.value, 40);
    assert_status(otapack_esp_segment_read(&src, 32, &seg), OTAPACK_TRUNCATED, "segment", 32);
    assert_status(otapack_esp_segment_read(&src, UINT64_MAX, &seg), OTAPACK_TRUNCATED, "segment",
                  UINT64_MAX);
}

// An image that lies behind 4 GiB is read with whole offsets.
TEST(far_into_a_large_source)
{
    struct reading r = {.fill = 0, .size = UINT64_C(1) << 33};
    uint8_t bytes[MOST];
    size_t n = build(bytes, 3, 12);
    struct otapack_esp_image image;
    r.bytes = bytes;
    r.stored = n;
    struct otapack_source src = reading_source(&r);
    struct otapack_source far = otapack_part(&src, UINT64_C(0xFFFFFFF0), UINT64_MAX);
    assert_status(otapack_esp_image_open(&far, &image), OTAPACK_NOT_THIS, "magic", 0);
    assert_int_equal(r.last_at, UINT64_C(0xFFFFFFF0));
    assert_good(otapack_esp_image_open(&src, &image));
    assert_int_equal(image.length, n);
}

TEST(every_read_may_fail)
{
    struct reading r = reading_of(golden, sizeof(golden));
    struct otapack_esp_image image;
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_esp_image_open(&src, &image));
    unsigned all = r.reads;
    assert_int_equal(all, 5); // header, two segments, checksum, hash
    for (unsigned n = 1; n <= all; n++) {
        src = reading_source(&r);
        r.fail_at = n;
        struct otapack_status s = otapack_esp_image_open(&src, &image);
        assert_int_equal(s.code, OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, n); // nothing is asked for after a failure
        assert_true(s.at < sizeof(golden));
    }
}

TEST(sums_do_not_depend_on_the_work_buffer)
{
    static const size_t sizes[] = {1, 3, 16, 4096};
    struct digest *d = digest_new(DIGEST_SHA256, DIGEST_BEST);
    struct otapack_hash sha256 = digest_hash(d);
    struct otapack_esp_image image;
    struct recorder recorder;
    assert_good(open_bytes(golden, sizeof(golden), &image));
    for (size_t i = 0; i < COUNT(sizes); i++) {
        uint8_t work[4096];
        struct otapack_esp_sums sums;
        struct otapack_source src = otapack_memory(golden, sizeof(golden));
        assert_good(otapack_esp_image_compute(&src, &image, &sha256, work, sizes[i], &sums));
        assert_int_equal(sums.checksum, 0x17);
        assert_memory_equal(sums.hash, golden + HASH_AT, 32);
        struct otapack_hash all = recording(&recorder);
        assert_good(otapack_esp_image_compute(&src, &image, &all, work, sizes[i], &sums));
        assert_int_equal(recorder.n, HASH_AT);
        assert_memory_equal(recorder.bytes, golden, HASH_AT);
        assert_int_equal(recorder.starts, 1);
        assert_int_equal(recorder.finishes, 1);
    }
    digest_free(d);
}

TEST(sums_without_a_hash)
{
    uint8_t work[16], zero[32] = {0};
    struct otapack_esp_image image;
    struct otapack_esp_sums sums;
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    assert_good(otapack_esp_image_open(&src, &image));
    assert_good(otapack_esp_image_compute(&src, &image, NULL, work, sizeof(work), &sums));
    assert_int_equal(sums.checksum, 0x17);
    assert_memory_equal(sums.hash, zero, 32);
}

TEST(sums_need_a_work_buffer)
{
    uint8_t work[1];
    struct recorder recorder;
    struct otapack_hash all = recording(&recorder);
    struct otapack_esp_image image;
    struct otapack_esp_sums sums;
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    assert_good(otapack_esp_image_open(&src, &image));
    assert_status(otapack_esp_image_compute(&src, &image, &all, work, 0, &sums), OTAPACK_FORBIDDEN,
                  "work_size", 0);
    assert_int_equal(recorder.starts, 0);
}

TEST(sums_of_a_source_that_shrank)
{
    uint8_t work[8];
    struct otapack_esp_image image;
    struct otapack_esp_sums sums;
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    assert_good(otapack_esp_image_open(&src, &image));
    for (size_t n = 0; n < HASH_AT; n++) {
        src.size = n;
        struct otapack_status s =
            otapack_esp_image_compute(&src, &image, NULL, work, sizeof(work), &sums);
        assert_int_equal(s.code, OTAPACK_TRUNCATED);
        assert_true(s.at <= n);
    }
}

TEST(sums_when_a_read_fails)
{
    uint8_t work[3];
    struct recorder recorder;
    struct otapack_esp_image image;
    struct otapack_esp_sums sums;
    struct reading r = reading_of(golden, sizeof(golden));
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_esp_image_open(&src, &image));
    src = reading_source(&r);
    assert_good(otapack_esp_image_compute(&src, &image, NULL, work, sizeof(work), &sums));
    unsigned all = r.reads;
    for (unsigned n = 1; n <= all; n++) {
        struct otapack_hash hash = recording(&recorder);
        src = reading_source(&r);
        r.fail_at = n;
        assert_int_equal(
            otapack_esp_image_compute(&src, &image, &hash, work, sizeof(work), &sums).code,
            OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, n);
        assert_int_equal(recorder.finishes, recorder.starts); // hardware is given back
    }
}

// Every single-byte change of headers is either the same image or a refusal that points into it.
TEST(single_byte_changes)
{
    for (size_t at = 0; at < 52; at++) {
        for (unsigned v = 0; v < 256; v++) {
            uint8_t copy[GOLDEN_SIZE];
            struct otapack_esp_image image;
            patch(copy, at, (uint8_t)v);
            struct otapack_status s = open_bytes(copy, sizeof(copy), &image);
            assert_true(points_into(s, sizeof(copy)));
            assert_true(s.code != OTAPACK_READ_FAILED);
            assert_true(s.code != OTAPACK_OK || image.length <= sizeof(copy));
            assert_true(image.segments_read <= OTAPACK_ESP_MAX_SEGMENTS);
        }
    }
}

TEST(random_images)
{
    uint64_t x = random_seed(__func__);
    for (int turn = 0; turn < 2000; turn++) {
        uint8_t bytes[MOST], work[7];
        uint32_t lengths[16];
        unsigned count = (unsigned)random_below(&x, 16) + 1;
        size_t n = OTAPACK_ESP_HEADER_SIZE;
        uint8_t sum = OTAPACK_ESP_CHECKSUM_SEED;
        memset(bytes, 0, sizeof(bytes));
        bytes[0] = OTAPACK_ESP_MAGIC;
        bytes[1] = (uint8_t)count;
        for (unsigned i = 0; i < count; i++) {
            lengths[i] = (uint32_t)random_below(&x, 17) * 4;
            otapack_put_le32(bytes + n, (uint32_t)random_next(&x));
            otapack_put_le32(bytes + n + 4, lengths[i]);
            random_bytes(&x, bytes + n + 8, lengths[i]);
            sum = (uint8_t)(sum ^ otapack_xor(bytes + n + 8, lengths[i]));
            n += 8 + lengths[i];
        }
        n = (n | 15) + 1;
        bytes[n - 1] = sum;
        struct otapack_esp_image image;
        struct otapack_esp_sums sums;
        struct otapack_source src = otapack_memory(bytes, n);
        assert_good(otapack_esp_image_open(&src, &image));
        assert_int_equal(image.segments_read, count);
        assert_int_equal(image.length, n);
        for (unsigned i = 0; i < count; i++) {
            assert_int_equal(image.segments[i].data_len, lengths[i]);
        }
        assert_good(otapack_esp_image_compute(&src, &image, NULL, work, sizeof(work), &sums));
        assert_int_equal(sums.checksum, image.checksum);
        size_t cut = (size_t)random_below(&x, n);
        assert_int_equal(open_bytes(bytes, cut, &image).code, OTAPACK_TRUNCATED);
    }
}

UNIT(esp_image)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_header),
        cmocka_unit_test(golden_structure),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(what_follows_is_not_part_of_it),
        cmocka_unit_test(without_hash_it_ends_at_the_checksum),
        cmocka_unit_test(any_hash_appended_but_zero),
        cmocka_unit_test(forbidden_header_values),
        cmocka_unit_test(segment_counts),
        cmocka_unit_test(checksum_ends_a_block_of_16),
        cmocka_unit_test(segment_lengths),
        cmocka_unit_test(the_largest_image_of_all),
        cmocka_unit_test(a_segment_that_ends_at_the_end_or_one_behind),
        cmocka_unit_test(far_into_a_large_source),
        cmocka_unit_test(every_read_may_fail),
        cmocka_unit_test(sums_do_not_depend_on_the_work_buffer),
        cmocka_unit_test(sums_without_a_hash),
        cmocka_unit_test(sums_need_a_work_buffer),
        cmocka_unit_test(sums_of_a_source_that_shrank),
        cmocka_unit_test(sums_when_a_read_fails),
        cmocka_unit_test(single_byte_changes),
        cmocka_unit_test(random_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
