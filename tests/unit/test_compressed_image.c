// SPDX-License-Identifier: Apache-2.0
//
// otapack/compressed_image.h: what is written is read back, at both places; prefixes, each field,
// a read that fails. xz.h: what is packed unpacks to the same, and each way in which it cannot.
#include "unit.h"

#include <otapack/compressed_image.h>

#include "crc.h"
#include "xz.h"

enum { HEADER = 40, APP_HEADER = 288 };

static const struct otapack_compressed_image sample = {.version = 3,
                                                       .type = 1,
                                                       .reserved_bits = 9,
                                                       .reserved = {'0', 1, 2},
                                                       .length = 0x01020304,
                                                       .md5 = {0xA0, 0xA1}};

// Behind an app's header where `behind` says so.
static size_t make(uint8_t *to, bool behind)
{
    size_t at = behind ? APP_HEADER : 0;
    memset(to, 0x5A, at);
    to[0] = 0xE9;
    to[1] = 0;
    otapack_compressed_image_write(&sample, crc_32, to + at);
    return at + HEADER;
}

static struct otapack_status open_bytes(const uint8_t *bytes, size_t n,
                                        struct otapack_compressed_image *img)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_compressed_image_open(&src, img);
}

TEST(what_is_written_is_read_back)
{
    for (int behind = 0; behind < 2; behind++) {
        uint8_t bytes[APP_HEADER + HEADER];
        struct otapack_compressed_image img;
        size_t n = make(bytes, behind == 1);
        struct otapack_source src = otapack_memory(bytes, n);
        assert_good(otapack_compressed_image_open(&src, &img));
        assert_int_equal(img.header_at, n - HEADER);
        assert_int_equal(img.version, 3);
        assert_int_equal(img.type, OTAPACK_COMPRESSED_IMAGE_XZ);
        assert_int_equal(img.reserved_bits, 9);
        assert_memory_equal(img.reserved, sample.reserved, sizeof(img.reserved));
        assert_int_equal(img.length, sample.length);
        assert_memory_equal(img.md5, sample.md5, sizeof(img.md5));
        assert_int_equal(img.crc32, crc_32(0, bytes + n - HEADER, 36));
        assert_int_equal(otapack_compressed_image_end(&img), n + sample.length);
        assert_good(otapack_compressed_image_check_crc(&src, &img, crc_32));
    }
}

TEST(each_bit_of_the_header_counts)
{
    for (size_t bit = 0; bit < (size_t)HEADER * 8; bit++) {
        uint8_t bytes[APP_HEADER + HEADER];
        struct otapack_compressed_image img;
        size_t n = make(bytes, false);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct otapack_source src = otapack_memory(bytes, n);
        struct otapack_status s = otapack_compressed_image_open(&src, &img);
        if (bit < 32) {
            assert_status(s, OTAPACK_NOT_THIS, "magic", 0);
        } else if (bit < 40 && bytes[4] > 3) {
            assert_status(s, OTAPACK_FORBIDDEN, "version", 4);
            assert_int_equal(s.value, bytes[4]);
        } else {
            assert_good(s);
            s = otapack_compressed_image_check_crc(&src, &img, crc_32);
            assert_status(s, OTAPACK_MISMATCH, "crc32", 36);
            assert_int_equal(s.value, img.crc32);
        }
    }
}

TEST(every_prefix_is_truncated)
{
    uint8_t bytes[APP_HEADER + HEADER];
    struct otapack_compressed_image img;
    size_t n = make(bytes, false);
    for (size_t cut = 0; cut < n; cut++) {
        assert_status(open_bytes(bytes, cut, &img), OTAPACK_TRUNCATED, cut < 4 ? "magic" : "header",
                      0);
    }
    n = make(bytes, true);
    for (size_t cut = 4; cut < n; cut++) {
        assert_status(open_bytes(bytes, cut, &img), OTAPACK_TRUNCATED,
                      cut < APP_HEADER + 4 ? "magic" : "header", APP_HEADER);
    }
    bytes[1] = 1; // an app
    assert_status(open_bytes(bytes, n, &img), OTAPACK_NOT_THIS, "magic", 0);
}

TEST(a_read_that_fails)
{
    uint8_t bytes[APP_HEADER + HEADER];
    struct otapack_compressed_image img;
    struct reading r = reading_of(bytes, make(bytes, true));
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_compressed_image_open(&src, &img));
    assert_int_equal(r.reads, 3);
    for (unsigned at = 1; at <= 3; at++) {
        src = reading_source(&r);
        r.fail_at = at;
        assert_int_equal(otapack_compressed_image_open(&src, &img).code, OTAPACK_READ_FAILED);
    }
    src = reading_source(&r);
    r.fail_at = 1;
    assert_int_equal(otapack_compressed_image_check_crc(&src, &img, crc_32).code,
                     OTAPACK_READ_FAILED);
}

// ---- xz -----------------------------------------------------------------------------------------

enum { MOST = 100000, CHECK_AT = 7, STREAM_HEADER = 12 };

static size_t fill(uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (uint8_t)((i >> 3) * 37 + i % 7);
    }
    return n;
}

static enum xz_answer answer(const uint8_t *bytes, size_t n, uint64_t most)
{
    struct arena a = ARENA_EMPTY;
    struct otapack_source src = otapack_memory(bytes, n);
    struct xz_unpacked u = xz_unpack(&src, &a, most);
    assert_true((u.bytes != NULL) == (u.answer == XZ_GOOD && u.size > 0));
    arena_free(&a);
    return u.answer;
}

TEST(what_is_packed_unpacks_to_the_same)
{
    static uint8_t bytes[MOST];
    static const size_t sizes[] = {0, 1, 4096, 16384, 16385, MOST};
    for (size_t i = 0; xz_is_there() && i < COUNT(sizes); i++) {
        struct arena a = ARENA_EMPTY;
        size_t n = fill(bytes, sizes[i]), size;
        uint8_t *packed = xz_pack(bytes, n, &size);
        assert_non_null(packed);
        struct reading r = reading_of(packed, size);
        struct otapack_source src = reading_source(&r);
        struct xz_unpacked u = xz_unpack(&src, &a, n);
        assert_int_equal(u.answer, XZ_GOOD);
        assert_int_equal(u.size, n);
        assert_int_equal(u.packed, size);
        assert_true(n == 0 || memcmp(u.bytes, bytes, n) == 0);
        assert_int_equal(xz_dictionary(&src), n == 0 ? 0 : 65536);
        assert_int_equal(packed[CHECK_AT], 1); // CRC-32
        arena_free(&a);
        free(packed);
    }
}

TEST(each_way_in_which_it_cannot)
{
    static uint8_t bytes[MOST];
    size_t n = fill(bytes, MOST), size;
    uint8_t *packed = xz_pack(bytes, n, &size);
    if (packed == NULL) {
        assert_false(xz_is_there());
        assert_int_equal(answer(bytes, n, n), XZ_NO_LIBRARY);
        return;
    }
    assert_int_equal(answer(packed, size, n - 1), XZ_TOO_LARGE);
    for (size_t cut = 0; cut < size; cut += 1 + size / 60) {
        assert_int_equal(answer(packed, cut, n), cut < STREAM_HEADER ? XZ_NOT_XZ : XZ_TRUNCATED);
    }
    packed[size / 2] ^= 1;
    assert_int_equal(answer(packed, size, n), XZ_DAMAGED);
    packed[0] ^= 1;
    assert_int_equal(answer(packed, size, n), XZ_NOT_XZ);
    packed[0] ^= 1;
    packed[CHECK_AT] = 4; // CRC-64
    otapack_put_le32(packed + 8, crc_32(0, packed + 6, 2));
    assert_int_equal(answer(packed, size, n), XZ_CHECKSUM);
    free(packed);
}

UNIT(compressed_image)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(each_bit_of_the_header_counts),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(a_read_that_fails),
        cmocka_unit_test(what_is_packed_unpacks_to_the_same),
        cmocka_unit_test(each_way_in_which_it_cannot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
