// SPDX-License-Identifier: Apache-2.0
//
// otapack/matter.h, writing: headers that ota_image_tool.py wrote, byte for byte; the least widths
// at every border; room and TLV one byte too small; what is written reads as it was.
#include "unit.h"

#include <otapack/matter.h>

enum { ROOM = 16 + 1100, PAYLOAD_SIZE = 1696928 };

// ota_image_tool.py create -v 0xFFF1 -p 0x8000 -vn 2 -vs 2.0 -da sha256
static const uint8_t plain[] = {
    0x1E, 0xF1, 0xEE, 0x1B, 0xEF, 0xE4, 0x19, 0x00, 0x00, 0x00, 0x00, 0x00, // magic, total_size
    0x3F, 0x00, 0x00, 0x00, 0x15, 0x25, 0x00, 0xF1, 0xFF, 0x25, 0x01, 0x00, 0x80, 0x24,
    0x02, 0x02, 0x2C, 0x03, 0x03, 0x32, 0x2E, 0x30, 0x26, 0x04, 0xA0, 0xE4, 0x19, 0x00,
    0x24, 0x08, 0x01, 0x30, 0x09, 0x20, 0xCF, 0x1D, 0x20, 0xF2, 0x07, 0xA0, 0x16, 0x69,
    0xF1, 0x35, 0x50, 0x3E, 0x5C, 0x7E, 0x78, 0x77, 0xD7, 0xB3, 0x6D, 0x6F, 0xFC, 0xF3,
    0xE9, 0xC4, 0x43, 0xE3, 0x28, 0xD3, 0xE9, 0x58, 0x54, 0xC0, 0x18};

// -v 0xFFF1 -p 0x8001 -vn 300 -vs 3.0.0 -da sha256 -mi 1 -ma 299
// -rn https://example.com/notes/3.0.0
static const uint8_t full[] = {
    0x1E, 0xF1, 0xEE, 0x1B, 0x1B, 0xE5, 0x19, 0x00, 0x00, 0x00, 0x00, 0x00, // magic, total_size
    0x6B, 0x00, 0x00, 0x00, 0x15, 0x25, 0x00, 0xF1, 0xFF, 0x25, 0x01, 0x01, 0x80, 0x25, 0x02, 0x2C,
    0x01, 0x2C, 0x03, 0x05, 0x33, 0x2E, 0x30, 0x2E, 0x30, 0x26, 0x04, 0xA0, 0xE4, 0x19, 0x00, 0x24,
    0x05, 0x01, 0x25, 0x06, 0x2B, 0x01, 0x2C, 0x07, 0x1F, 0x68, 0x74, 0x74, 0x70, 0x73, 0x3A, 0x2F,
    0x2F, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0x2E, 0x63, 0x6F, 0x6D, 0x2F, 0x6E, 0x6F, 0x74,
    0x65, 0x73, 0x2F, 0x33, 0x2E, 0x30, 0x2E, 0x30, 0x24, 0x08, 0x01, 0x30, 0x09, 0x20, 0xCF, 0x1D,
    0x20, 0xF2, 0x07, 0xA0, 0x16, 0x69, 0xF1, 0x35, 0x50, 0x3E, 0x5C, 0x7E, 0x78, 0x77, 0xD7, 0xB3,
    0x6D, 0x6F, 0xFC, 0xF3, 0xE9, 0xC4, 0x43, 0xE3, 0x28, 0xD3, 0xE9, 0x58, 0x54, 0xC0, 0x18};

static const uint8_t zeros[ROOM];

// The fields of both, and the bytes of their texts.
struct sample {
    struct otapack_matter m;
    struct otapack_matter_texts texts;
};

static struct sample sample(bool with_all)
{
    struct sample s;
    memset(&s, 0, sizeof(s));
    s.m.vendor_id = 0xFFF1;
    s.m.product_id = with_all ? 0x8001 : 0x8000;
    s.m.software_version = with_all ? 300 : 2;
    s.m.software_version_string.size = with_all ? 5 : 3;
    s.m.payload_size = PAYLOAD_SIZE;
    s.m.has_min_applicable_software_version = with_all;
    s.m.min_applicable_software_version = 1;
    s.m.has_max_applicable_software_version = with_all;
    s.m.max_applicable_software_version = 299;
    s.m.has_release_notes_url = with_all;
    s.m.release_notes_url.size = 31;
    s.m.image_digest_type = OTAPACK_MATTER_SHA256;
    s.m.image_digest.size = 32;
    s.texts.software_version_string = (const uint8_t *)(with_all ? "3.0.0" : "2.0");
    s.texts.release_notes_url = (const uint8_t *)"https://example.com/notes/3.0.0";
    s.texts.image_digest = plain + sizeof(plain) - 33;
    return s;
}

static size_t write_sample(struct sample *s, uint8_t *to, size_t room)
{
    return otapack_matter_write(&s->m, &s->texts, to, room);
}

static void assert_reads_back(const uint8_t *bytes, size_t n, struct otapack_matter *m)
{
    struct otapack_source src = otapack_memory(bytes, n);
    assert_good(otapack_matter_open(&src, m));
    assert_int_equal(m->read_to, n);
    assert_int_equal(m->header_size, n - 16);
}

TEST(reference_headers)
{
    for (unsigned with_all = 0; with_all < 2; with_all++) {
        const uint8_t *expected = with_all ? full : plain;
        size_t size = with_all ? sizeof(full) : sizeof(plain);
        struct sample s = sample(with_all);
        struct otapack_matter m;
        uint8_t bytes[ROOM];
        assert_int_equal(write_sample(&s, bytes, sizeof(bytes)), size);
        assert_memory_equal(bytes, expected, size);
        assert_int_equal(s.m.header_size, size - 16);
        assert_int_equal(s.m.total_size, size + PAYLOAD_SIZE);
        assert_int_equal(s.m.read_to, size);
        assert_reads_back(bytes, size, &m);
        if (with_all) {
            assert_memory_equal(&m, &s.m, sizeof(m)); // offsets and sizes of texts included
        }
    }
}

TEST(every_room_that_is_too_small)
{
    struct sample s = sample(true);
    uint8_t bytes[sizeof(full) + 1];
    for (size_t room = 0; room < sizeof(full); room++) {
        memset(bytes, 0xA5, sizeof(bytes));
        assert_int_equal(write_sample(&s, bytes, room), 0);
        for (size_t i = room; i < sizeof(bytes); i++) {
            assert_int_equal(bytes[i], 0xA5);
        }
    }
    assert_int_equal(write_sample(&s, bytes, sizeof(full)), sizeof(full));
    assert_int_equal(bytes[sizeof(full)], 0xA5);
}

// The TLV's bytes for a number, over those for 0, which takes one.
TEST(numbers_take_the_least_width)
{
    static const struct {
        uint64_t value;
        size_t more;
    } rows[] = {
        {0, 0},
        {0xFF, 0},
        {0x100, 1},
        {0xFFFF, 1},
        {0x10000, 3},
        {UINT32_MAX, 3},
        {UINT64_C(0x100000000), 7},
        {UINT64_C(1) << 63, 7},
    };
    struct sample zero = sample(true);
    uint8_t bytes[ROOM];
    zero.m.vendor_id = zero.m.product_id = 0;
    zero.m.software_version = zero.m.min_applicable_software_version = 0;
    zero.m.max_applicable_software_version = 0;
    zero.m.payload_size = 0;
    size_t least = write_sample(&zero, bytes, sizeof(bytes));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sample s = zero;
        struct otapack_matter m;
        uint64_t value = rows[i].value;
        bool fits_16 = value <= UINT16_MAX, fits_32 = value <= UINT32_MAX;
        s.m.payload_size = value;
        s.m.vendor_id = s.m.product_id = fits_16 ? (uint16_t)value : 0;
        s.m.software_version = fits_32 ? (uint32_t)value : 0;
        s.m.min_applicable_software_version = s.m.software_version;
        s.m.max_applicable_software_version = s.m.software_version;
        size_t n = write_sample(&s, bytes, sizeof(bytes));
        size_t fields = 1 + (fits_16 ? 2u : 0u) + (fits_32 ? 3u : 0u);
        assert_int_equal(n, least + fields * rows[i].more);
        assert_int_equal(s.m.total_size, n + value);
        assert_reads_back(bytes, n, &m);
        assert_memory_equal(&m, &s.m, sizeof(m));
    }
}

TEST(lengths_take_the_least_width)
{
    static const uint32_t sizes[] = {0, 1, 0xFF, 0x100, 700};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct sample s = sample(false);
        struct otapack_matter m;
        uint8_t bytes[ROOM];
        s.m.image_digest.size = sizes[i];
        s.texts.image_digest = sizes[i] == 0 ? NULL : zeros;
        size_t n = write_sample(&s, bytes, sizeof(bytes));
        assert_int_equal(n, sizeof(plain) - 32 + sizes[i] + (sizes[i] > 0xFF));
        assert_int_equal(bytes[sizeof(plain) - 36], sizes[i] > 0xFF ? 0x31 : 0x30);
        assert_reads_back(bytes, n, &m);
        assert_int_equal(m.image_digest.size, sizes[i]);
        assert_int_equal(m.image_digest.at, s.m.image_digest.at);
    }
}

// A URL of 256 bytes, the longest that devices take, has two bytes of length.
TEST(the_longest_texts)
{
    struct sample s = sample(true);
    struct otapack_matter m;
    uint8_t bytes[ROOM];
    s.m.software_version_string.size = 64;
    s.texts.software_version_string = zeros;
    s.m.release_notes_url.size = 256;
    s.texts.release_notes_url = zeros;
    size_t n = write_sample(&s, bytes, sizeof(bytes));
    assert_int_equal(n, sizeof(full) + 59 + 225 + 1);
    assert_reads_back(bytes, n, &m);
    assert_memory_equal(&m, &s.m, sizeof(m));
}

TEST(tlv_over_1024)
{
    const uint32_t others = sizeof(plain) - 16 - 32 + 1; // the TLV but for the digest's bytes
    uint8_t bytes[ROOM];
    for (uint32_t tlv = 1020; tlv <= 1030; tlv++) {
        struct sample s = sample(false);
        struct otapack_matter m;
        s.m.image_digest.size = tlv - others;
        s.texts.image_digest = zeros;
        size_t n = write_sample(&s, bytes, sizeof(bytes));
        assert_int_equal(n, tlv <= 1024 ? tlv + 16 : 0);
        if (n != 0) {
            assert_reads_back(bytes, n, &m);
        }
    }
    struct sample s = sample(false);
    s.m.image_digest.size = UINT32_MAX;
    assert_int_equal(write_sample(&s, bytes, sizeof(bytes)), 0);
}

TEST(sizes_of_digests)
{
    static const uint8_t sizes[] = {0, 32, 16, 15, 12, 8, 4, 48, 64, 28, 32, 48, 64};
    for (unsigned type = 0; type < 256; type++) {
        assert_int_equal(otapack_matter_digest_size((uint8_t)type),
                         type < COUNT(sizes) ? sizes[type] : 0);
        assert_true(otapack_matter_digest_size((uint8_t)type) <= OTAPACK_MATTER_MAX_DIGEST);
    }
}

static struct sample random_sample(uint64_t *x, const uint8_t *pool)
{
    struct sample s;
    memset(&s, 0, sizeof(s));
    s.m.vendor_id = (uint16_t)(random_next(x) >> random_below(x, 64));
    s.m.product_id = (uint16_t)(random_next(x) >> random_below(x, 64));
    s.m.software_version = (uint32_t)(random_next(x) >> random_below(x, 64));
    s.m.payload_size = random_next(x) >> (1 + random_below(x, 63));
    s.m.image_digest_type = (uint8_t)random_next(x);
    s.m.has_min_applicable_software_version = random_below(x, 2) == 0;
    if (s.m.has_min_applicable_software_version) {
        s.m.min_applicable_software_version = (uint32_t)random_next(x);
    }
    s.m.has_max_applicable_software_version = random_below(x, 2) == 0;
    if (s.m.has_max_applicable_software_version) {
        s.m.max_applicable_software_version = (uint32_t)random_next(x);
    }
    s.m.has_release_notes_url = random_below(x, 2) == 0;
    if (s.m.has_release_notes_url) {
        s.m.release_notes_url.size = (uint32_t)random_below(x, 257);
    }
    s.m.software_version_string.size = (uint32_t)random_below(x, 65);
    s.m.image_digest.size = (uint32_t)random_below(x, 65);
    s.texts.software_version_string = pool;
    s.texts.release_notes_url = pool + 100;
    s.texts.image_digest = pool + 400;
    return s;
}

TEST(what_is_written_reads_as_it_was)
{
    uint64_t x = random_seed(__func__);
    for (int i = 0; i < 20000; i++) {
        struct otapack_matter m;
        uint8_t pool[500], bytes[ROOM];
        random_bytes(&x, pool, sizeof(pool));
        for (size_t k = 0; k < sizeof(pool); k++) {
            pool[k] = pool[k] == OTAPACK_MATTER_SEPARATOR ? 'a' : pool[k];
        }
        struct sample s = random_sample(&x, pool);
        size_t n = write_sample(&s, bytes, sizeof(bytes));
        assert_true(n > 0);
        assert_reads_back(bytes, n, &m);
        assert_memory_equal(&m, &s.m, sizeof(m));
        assert_memory_equal(bytes + m.software_version_string.at, pool,
                            m.software_version_string.size);
        assert_memory_equal(bytes + m.release_notes_url.at, pool + 100, m.release_notes_url.size);
        assert_memory_equal(bytes + m.image_digest.at, pool + 400, m.image_digest.size);
    }
}

UNIT(matter_write)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_headers),
        cmocka_unit_test(every_room_that_is_too_small),
        cmocka_unit_test(numbers_take_the_least_width),
        cmocka_unit_test(lengths_take_the_least_width),
        cmocka_unit_test(the_longest_texts),
        cmocka_unit_test(tlv_over_1024),
        cmocka_unit_test(sizes_of_digests),
        cmocka_unit_test(what_is_written_reads_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
