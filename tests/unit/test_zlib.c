// SPDX-License-Identifier: Apache-2.0
//
// otapack/zlib.h: every header of two bytes that there is, those that zlib writes, prefixes, a read
// that fails.
#include "unit.h"

#include <otapack/zlib.h>

static struct otapack_status open_bytes(const uint8_t *bytes, size_t n, struct otapack_zlib *z)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_zlib_open(&src, z);
}

TEST(what_zlib_writes)
{
    static const uint8_t second[] = {0x01, 0x5E, 0x9C, 0xDA};
    for (size_t i = 0; i < COUNT(second); i++) {
        const uint8_t bytes[] = {0x78, second[i], 0x03, 0x00, 0x00, 0x00, 0x00, 0x01};
        struct otapack_zlib z;
        assert_good(open_bytes(bytes, sizeof(bytes), &z));
        assert_int_equal(z.method, 8);
        assert_int_equal(z.window, 32768);
        assert_int_equal(z.level, i);
        assert_false(z.dictionary);
    }
}

// By the words of RFC 1950, which has a division.
TEST(every_header)
{
    for (uint32_t sum = 0; sum < 65536; sum++) {
        const uint8_t bytes[] = {(uint8_t)(sum >> 8), (uint8_t)sum};
        struct otapack_zlib z;
        struct otapack_status s = open_bytes(bytes, sizeof(bytes), &z);
        assert_int_equal(z.method, bytes[0] & 15);
        assert_int_equal(z.window, 1u << (8 + (bytes[0] >> 4)));
        assert_int_equal(z.level, bytes[1] >> 6);
        assert_int_equal(z.dictionary, bytes[1] >> 5 & 1);
        if (sum == 0 || sum % 31 != 0) {
            assert_status(s, OTAPACK_NOT_THIS, "header", 0);
            assert_int_equal(s.value, sum);
        } else if (z.method != 8) {
            assert_status(s, OTAPACK_FORBIDDEN, "method", 0);
            assert_int_equal(s.value, z.method);
            assert_int_equal(s.limit, 8);
        } else if (bytes[0] > 0x78) {
            assert_status(s, OTAPACK_FORBIDDEN, "window", 0);
            assert_int_equal(s.value, z.window);
            assert_int_equal(s.limit, 32768);
        } else if (z.dictionary) {
            assert_status(s, OTAPACK_FORBIDDEN, "dictionary", 1);
            assert_int_equal(s.value, 1);
            assert_int_equal(s.limit, 0);
        } else {
            assert_good(s);
        }
    }
}

TEST(every_prefix_is_truncated)
{
    static const uint8_t bytes[] = {0x78, 0x9C};
    for (size_t n = 0; n < sizeof(bytes); n++) {
        struct otapack_zlib z;
        struct otapack_status s = open_bytes(bytes, n, &z);
        assert_status(s, OTAPACK_TRUNCATED, "header", 0);
        assert_int_equal(s.value, 2);
        assert_int_equal(s.limit, n);
    }
}

TEST(a_read_that_fails)
{
    static const uint8_t bytes[] = {0x78, 0xDA};
    struct otapack_zlib z;
    struct reading r = reading_of(bytes, sizeof(bytes));
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_zlib_open(&src, &z));
    assert_int_equal(r.reads, 1);
    src = reading_source(&r);
    r.fail_at = 1;
    assert_status(otapack_zlib_open(&src, &z), OTAPACK_READ_FAILED, "header", 0);
}

UNIT(zlib)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_zlib_writes),
        cmocka_unit_test(every_header),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(a_read_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
