// SPDX-License-Identifier: Apache-2.0
//
// otapack/base.h: the bounds check at both ends of 64 bits, parts of parts, reads from buffers and
// through a function, little-endian numbers, text fields.
#include "unit.h"

static const uint8_t bytes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

TEST(has_never_wraps)
{
    struct otapack_source src = {.size = 10};
    const struct {
        uint64_t at, n;
        bool inside;
    } rows[] = {
        {0, 0, true},
        {0, 10, true},
        {0, 11, false},
        {10, 0, true},
        {10, 1, false},
        {11, 0, false},
        {9, 1, true},
        {1, UINT64_MAX, false},
        {UINT64_MAX, 1, false},
        {UINT64_MAX, 0, false},
        {5, UINT64_MAX - 4, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(otapack_has(&src, rows[i].at, rows[i].n), rows[i].inside);
    }
    src.size = UINT64_MAX;
    assert_true(otapack_has(&src, UINT64_MAX, 0));
    assert_false(otapack_has(&src, UINT64_MAX, 1));
}

TEST(memory_is_read)
{
    struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
    uint8_t to[4] = {0xAA, 0xAA, 0xAA, 0xAA};
    assert_good(otapack_read(&src, 6, to, 4, "x"));
    assert_memory_equal(to, bytes + 6, 4);
    assert_good(otapack_read(&src, 10, to, 0, "x"));
}

TEST(memory_without_bytes_is_empty)
{
    struct otapack_source src = otapack_memory(NULL, 7);
    uint8_t to;
    assert_int_equal(src.size, 0);
    assert_status(otapack_read(&src, 0, &to, 1, "x"), OTAPACK_TRUNCATED, "x", 0);
}

TEST(beyond_the_end_nothing_is_written)
{
    struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
    uint8_t to[2] = {0xAA, 0xAA};
    struct otapack_status s = otapack_read(&src, 9, to, 2, "what");
    assert_status(s, OTAPACK_TRUNCATED, "what", 9);
    assert_int_equal(s.value, 11);
    assert_int_equal(s.limit, 10);
    assert_int_equal(to[0], 0xAA);
    assert_status(otapack_read(&src, UINT64_MAX, to, 2, "what"), OTAPACK_TRUNCATED, "what",
                  UINT64_MAX);
}

TEST(a_read_function_is_asked_for_the_whole)
{
    struct reading r = reading_of(bytes, sizeof(bytes));
    struct otapack_source src = reading_source(&r);
    struct otapack_source part = otapack_part(&src, 3, 5);
    struct otapack_source inner = otapack_part(&part, 2, 100);
    uint8_t to[3];
    assert_int_equal(inner.size, 3);
    assert_good(otapack_read(&inner, 0, to, 3, "x"));
    assert_int_equal(r.last_at, 5);
    assert_memory_equal(to, bytes + 5, 3);
}

TEST(a_read_function_that_fails)
{
    struct reading r = reading_of(bytes, sizeof(bytes));
    struct otapack_source src = reading_source(&r);
    uint8_t to;
    r.fail_at = 1;
    assert_status(otapack_read(&src, 4, &to, 1, "x"), OTAPACK_READ_FAILED, "x", 4);
    src.read = NULL;
    assert_status(otapack_read(&src, 4, &to, 1, "x"), OTAPACK_READ_FAILED, "x", 4);
}

TEST(a_part_is_never_more_than_its_whole)
{
    struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
    const struct {
        uint64_t at, n, base, size;
    } rows[] = {
        {0, 10, 0, 10}, {0, 11, 0, 10}, {4, 3, 4, 3},           {4, UINT64_MAX, 4, 6},
        {10, 1, 10, 0}, {11, 1, 10, 0}, {UINT64_MAX, 1, 10, 0}, {UINT64_MAX, UINT64_MAX, 10, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct otapack_source part = otapack_part(&src, rows[i].at, rows[i].n);
        assert_int_equal(part.base, rows[i].base);
        assert_int_equal(part.size, rows[i].size);
    }
}

TEST(offsets_have_64_bits)
{
    struct reading r = {.bytes = bytes, .stored = 0, .fill = 0x5A, .size = UINT64_C(1) << 40};
    struct otapack_source src = reading_source(&r);
    struct otapack_source part = otapack_part(&src, UINT64_C(0xFFFFFFFF), UINT64_C(0x200000000));
    uint8_t to;
    assert_good(otapack_read(&part, UINT64_C(0x1FFFFFFFF), &to, 1, "x"));
    assert_int_equal(r.last_at, UINT64_C(0x2FFFFFFFE));
    assert_int_equal(otapack_read(&part, UINT64_C(0x200000000), &to, 1, "x").code,
                     OTAPACK_TRUNCATED);
}

TEST(numbers_are_little_endian)
{
    static const uint8_t raw[] = {0x01, 0x80, 0xFE, 0xFF};
    uint8_t back[4];
    assert_int_equal(otapack_le16(raw), 0x8001);
    assert_int_equal(otapack_le32(raw), 0xFFFE8001);
    otapack_put_le32(back, 0xFFFE8001);
    assert_memory_equal(raw, back, 4);
}

TEST(text_ends_at_nul_or_with_its_field)
{
    assert_int_equal(otapack_text_length("abc", 4), 3);
    assert_int_equal(otapack_text_length("abc", 3), 3);
    assert_int_equal(otapack_text_length("abc", 2), 2);
    assert_int_equal(otapack_text_length("\0bc", 3), 0);
    assert_int_equal(otapack_text_length("", 0), 0);
}

TEST(random_parts_agree_with_plain_pointers)
{
    uint64_t x = random_seed(__func__);
    for (int i = 0; i < 20000; i++) {
        struct reading r = reading_of(bytes, sizeof(bytes));
        struct otapack_source buffer = otapack_memory(bytes, sizeof(bytes));
        struct otapack_source hook = reading_source(&r);
        size_t from = 0;
        for (int depth = 0; depth < 3; depth++) {
            uint64_t at = random_below(&x, 12), n = random_below(&x, 12);
            buffer = otapack_part(&buffer, at, n);
            hook = otapack_part(&hook, at, n);
            from = (size_t)buffer.base;
        }
        uint8_t one[12], other[12];
        uint64_t at = random_below(&x, 12);
        size_t n = (size_t)random_below(&x, 11) + 1;
        struct otapack_status s = otapack_read(&buffer, at, one, n, "x");
        assert_same_status(s, otapack_read(&hook, at, other, n, "x"));
        if (s.code == OTAPACK_OK) {
            assert_memory_equal(one, bytes + from + at, n);
            assert_memory_equal(other, one, n);
        }
    }
}

UNIT(base)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_never_wraps),
        cmocka_unit_test(memory_is_read),
        cmocka_unit_test(memory_without_bytes_is_empty),
        cmocka_unit_test(beyond_the_end_nothing_is_written),
        cmocka_unit_test(a_read_function_is_asked_for_the_whole),
        cmocka_unit_test(a_read_function_that_fails),
        cmocka_unit_test(a_part_is_never_more_than_its_whole),
        cmocka_unit_test(offsets_have_64_bits),
        cmocka_unit_test(numbers_are_little_endian),
        cmocka_unit_test(text_ends_at_nul_or_with_its_field),
        cmocka_unit_test(random_parts_agree_with_plain_pointers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
