// SPDX-License-Identifier: Apache-2.0
//
// otapack/tlv.h: every control byte, every kind of tag in every container, widths of numbers and
// lengths, elements that are cut off or lie about their length, reads that fail, heads written.
#include "unit.h"

#include <otapack/tlv.h>

enum { TYPES = 0x19 };

static const uint8_t containers[] = {OTAPACK_TLV_NO_CONTAINER, OTAPACK_TLV_STRUCTURE,
                                     OTAPACK_TLV_ARRAY, OTAPACK_TLV_LIST,
                                     OTAPACK_TLV_ANY_CONTAINER};

static struct otapack_status read_bytes(const uint8_t *bytes, size_t n, uint8_t container,
                                        struct otapack_tlv_element *e)
{
    struct otapack_source src = otapack_memory(bytes, n);
    memset(e, 0, sizeof(*e));
    return otapack_tlv_read(&src, 0, container, "field", e);
}

// The bytes of value or length that a type has, said once more.
static size_t plain_width(unsigned type)
{
    static const uint8_t widths[TYPES] = {1, 2, 4, 8, 1, 2, 4, 8, 0, 0, 4, 8, 1,
                                          2, 4, 8, 1, 2, 4, 8, 0, 0, 0, 0, 0};
    return widths[type];
}

static size_t plain_tag_width(unsigned control)
{
    static const uint8_t widths[8] = {0, 1, 2, 4, 2, 4, 6, 8};
    return widths[control >> 5];
}

TEST(every_control_byte)
{
    for (unsigned control = 0; control < 256; control++) {
        uint8_t bytes[OTAPACK_TLV_MAX_HEAD] = {(uint8_t)control}; // tag, value, length: all 0
        unsigned type = control & 0x1F;
        struct otapack_tlv_element e;
        struct otapack_status s = read_bytes(bytes, sizeof(bytes), OTAPACK_TLV_ANY_CONTAINER, &e);
        if (type >= TYPES) {
            assert_status(s, OTAPACK_WRONG_TYPE, "field", 0);
            assert_int_equal(s.value, type);
            assert_int_equal(s.limit, 0x18);
            continue;
        }
        bool implicit = control >> 5 == 4 || control >> 5 == 5;
        bool tagged_end = type == OTAPACK_TLV_END && control >> 5 != 0;
        assert_int_equal(s.code, implicit || tagged_end ? OTAPACK_UNEXPECTED : OTAPACK_OK);
        assert_int_equal(e.type, type);
        assert_int_equal(e.data_at, 1 + plain_tag_width(control) + plain_width(type));
        assert_int_equal(otapack_tlv_end(&e), e.data_at);
    }
}

// Each head, cut after every byte, from a buffer and behind a read function, not at 0.
TEST(every_head_is_truncated)
{
    for (unsigned control = 0; control < 256; control++) {
        uint8_t bytes[5 + OTAPACK_TLV_MAX_HEAD] = {[5] = (uint8_t)control};
        if ((control & 0x1F) >= TYPES) {
            continue;
        }
        size_t whole = 5 + 1 + plain_tag_width(control) + plain_width(control & 0x1F);
        for (size_t n = 0; n < whole; n++) {
            struct otapack_source src = otapack_memory(bytes, n);
            struct reading r = reading_of(bytes, n);
            struct otapack_source hook = reading_source(&r);
            struct otapack_tlv_element e;
            struct otapack_status s =
                otapack_tlv_read(&src, 5, OTAPACK_TLV_ANY_CONTAINER, "field", &e);
            assert_status(s, OTAPACK_TRUNCATED, "field", 5);
            assert_int_equal(s.limit, n);
            assert_int_equal(s.value, n <= 5 ? 6 : whole);
            assert_same_status(s,
                               otapack_tlv_read(&hook, 5, OTAPACK_TLV_ANY_CONTAINER, "field", &e));
        }
    }
}

TEST(far_behind_the_end)
{
    static const uint8_t bytes[4] = {0x24, 0, 1, 0x18};
    static const uint64_t far[] = {4, 5, UINT32_MAX, UINT64_MAX - 17, UINT64_MAX};
    struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
    for (size_t i = 0; i < COUNT(far); i++) {
        struct otapack_tlv_element e;
        assert_status(otapack_tlv_read(&src, far[i], OTAPACK_TLV_STRUCTURE, "field", &e),
                      OTAPACK_TRUNCATED, "field", far[i]);
    }
}

TEST(tags_as_numbers)
{
    static const struct {
        uint8_t bytes[10];
        uint64_t tag;
    } rows[] = {
        {{0x08}, OTAPACK_TLV_ANONYMOUS},
        {{0x28, 0x00}, 0},
        {{0x28, 0xFF}, 0xFF},
        {{0x48, 0x05, 0x00}, OTAPACK_TLV_OTHER_TAG}, // common profile
        {{0x48, 0xFF, 0xFF}, OTAPACK_TLV_OTHER_TAG},
        {{0x68, 0x01, 0x02, 0x03, 0x84}, OTAPACK_TLV_OTHER_TAG},
        {{0xC8, 0xF1, 0xFF, 0x02, 0x01, 0x05, 0x80}, OTAPACK_TLV_OTHER_TAG},
        {{0xE8, 0xF1, 0xFF, 0x02, 0x01, 0x05, 0, 0, 0x80}, OTAPACK_TLV_OTHER_TAG},
        {{0xC8, 0x00, 0x00, 0x00, 0x00, 0x05, 0x00}, OTAPACK_TLV_OTHER_TAG},
        // The SDK's own profile for context tags, spelled out: the same number.
        {{0xC8, 0xFF, 0xFF, 0xFF, 0xFF, 0x05, 0x00}, 5},
        {{0xE8, 0xFF, 0xFF, 0xFF, 0xFF, 0x05, 0, 0, 0}, 5},
        {{0xC8, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x01}, OTAPACK_TLV_ANONYMOUS},
        // No number in it means anything else: what is above is a tag that nothing asks for.
        {{0xC8, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0x01}, OTAPACK_TLV_OTHER_TAG},
        {{0xE8, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0x01, 0, 0}, OTAPACK_TLV_OTHER_TAG},
        {{0xE8, 0xFF, 0xFF, 0xFF, 0xFF, 0x05, 0, 0, 1}, OTAPACK_TLV_OTHER_TAG},
        {{0xE8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, OTAPACK_TLV_OTHER_TAG},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct otapack_tlv_element e;
        assert_good(
            read_bytes(rows[i].bytes, sizeof(rows[i].bytes), OTAPACK_TLV_ANY_CONTAINER, &e));
        assert_int_equal(e.tag, rows[i].tag);
        assert_int_equal(e.type, 0x08);
    }
}

// In none, in a structure, in an array, in a list, in an unknown one.
TEST(tags_and_containers)
{
    static const struct {
        uint8_t bytes[9];
        bool fits[5];
    } rows[] = {
        {{0x08}, {true, false, true, true, true}},                               // anonymous
        {{0xE8, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1}, {true, false, true, true, true}}, // likewise
        {{0x28, 0x00}, {false, true, false, true, true}},                        // context
        {{0x28, 0xFF}, {false, true, false, true, true}},
        {{0xC8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0}, {false, true, false, true, true}},
        {{0xC8, 0xFF, 0xFF, 0xFF, 0xFF, 2, 1}, {true, true, false, true, true}},
        {{0x48, 5, 0}, {true, true, false, true, true}}, // a profile's
        {{0xC8, 0, 0, 0, 0, 5, 0}, {true, true, false, true, true}},
        {{0x88, 5, 0}, {false, false, false, false, false}}, // an implicit profile's
        {{0xA8, 5, 0, 0, 0}, {false, false, false, false, false}},
        {{0xC8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1}, {false, false, false, false, false}},
        {{0x18}, {false, true, true, true, true}}, // an end
        {{0xD8, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1}, {false, true, true, true, true}},
        {{0x38, 0x00}, {false, false, false, false, false}}, // an end with a tag
        {{0x58, 5, 0}, {false, false, false, false, false}},
        {{0x98, 5, 0}, {false, false, false, false, false}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t k = 0; k < COUNT(containers); k++) {
            struct otapack_tlv_element e;
            struct otapack_status s =
                read_bytes(rows[i].bytes, sizeof(rows[i].bytes), containers[k], &e);
            assert_int_equal(s.code, rows[i].fits[k] ? OTAPACK_OK : OTAPACK_UNEXPECTED);
            if (!rows[i].fits[k]) {
                assert_status(s, OTAPACK_UNEXPECTED, "field", 0);
                assert_int_equal(s.value, e.tag);
            }
        }
    }
}

TEST(values_of_every_width)
{
    static const uint64_t values[] = {0x91, 0xA291, 0xC4B3A291, UINT64_C(0x98E7D6F5C4B3A291)};
    for (unsigned type = 0; type < 0x0C; type++) {
        uint8_t bytes[10] = {
            (uint8_t)(0x20 | type), 7, 0x91, 0xA2, 0xB3, 0xC4, 0xF5, 0xD6, 0xE7, 0x98};
        struct otapack_tlv_element e;
        assert_good(read_bytes(bytes, sizeof(bytes), OTAPACK_TLV_STRUCTURE, &e));
        bool number = type < 8 || type > 9;
        assert_int_equal(e.value, number ? values[type & 3] : 0);
        assert_int_equal(e.size, 0);
        assert_int_equal(e.tag, 7);
        assert_int_equal(otapack_tlv_is_uint(e.type), type >= 4 && type <= 7);
    }
}

TEST(kinds_of_types)
{
    for (unsigned i = 0; i < TYPES; i++) {
        uint8_t type = (uint8_t)i;
        assert_int_equal(otapack_tlv_width(type), plain_width(type));
        assert_int_equal(otapack_tlv_is_text(type), type >= 12 && type <= 15);
        assert_int_equal(otapack_tlv_has_data(type), type >= 12 && type <= 19);
        assert_int_equal(otapack_tlv_is_container(type), type >= 21 && type <= 23);
    }
}

// Three bytes of text behind lengths of 1, 2, 4 and 8 bytes; then one byte less is there.
TEST(lengths_of_every_width)
{
    for (unsigned type = OTAPACK_TLV_UTF8; type <= OTAPACK_TLV_BYTES_LAST; type++) {
        uint8_t bytes[13] = {(uint8_t)(0x20 | type), 7, 3};
        size_t head = 2 + plain_width(type);
        struct otapack_tlv_element e;
        assert_good(read_bytes(bytes, head + 3, OTAPACK_TLV_STRUCTURE, &e));
        assert_int_equal(e.size, 3);
        assert_int_equal(e.value, 0);
        assert_int_equal(e.data_at, head);
        assert_int_equal(otapack_tlv_end(&e), head + 3);
        for (size_t n = head; n < head + 3; n++) {
            struct otapack_status s = read_bytes(bytes, n, OTAPACK_TLV_STRUCTURE, &e);
            assert_status(s, OTAPACK_TRUNCATED, "field", 0);
            assert_int_equal(s.value, head + 3);
            assert_int_equal(s.limit, n);
        }
    }
}

TEST(lengths_near_4_gib)
{
    static const uint8_t four[6] = {0x32, 7, 0xFF, 0xFF, 0xFF, 0xFF};
    static const uint8_t eight[10] = {0x2F, 7, 0, 0, 0, 0, 1};
    struct otapack_tlv_element e;
    struct otapack_status s = read_bytes(four, sizeof(four), OTAPACK_TLV_STRUCTURE, &e);
    assert_status(s, OTAPACK_TRUNCATED, "field", 0);
    assert_int_equal(s.value, UINT64_C(0x100000005));
    s = read_bytes(eight, sizeof(eight), OTAPACK_TLV_STRUCTURE, &e);
    assert_status(s, OTAPACK_FORBIDDEN, "field", 0);
    assert_int_equal(s.value, UINT64_C(0x100000000));
    assert_int_equal(s.limit, UINT32_MAX);

    struct reading r = reading_of(four, sizeof(four));
    r.size = UINT64_C(0x100000005);
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_tlv_read(&src, 0, OTAPACK_TLV_STRUCTURE, "field", &e));
    assert_int_equal(otapack_tlv_end(&e), r.size);
    src.size--;
    assert_int_equal(otapack_tlv_read(&src, 0, OTAPACK_TLV_STRUCTURE, "field", &e).code,
                     OTAPACK_TRUNCATED);
}

// A container is its head only; what is inside comes next.
TEST(containers_are_heads)
{
    static const uint8_t bytes[] = {0x35, 7, 0x24, 0, 9, 0x18};
    struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
    struct otapack_tlv_element e;
    assert_good(otapack_tlv_read(&src, 0, OTAPACK_TLV_STRUCTURE, "field", &e));
    assert_int_equal(e.type, OTAPACK_TLV_STRUCTURE);
    assert_int_equal(e.tag, 7);
    assert_good(otapack_tlv_read(&src, otapack_tlv_end(&e), e.type, "field", &e));
    assert_int_equal(e.at, 2);
    assert_int_equal(e.value, 9);
    assert_good(otapack_tlv_read(&src, otapack_tlv_end(&e), OTAPACK_TLV_STRUCTURE, "field", &e));
    assert_int_equal(e.type, OTAPACK_TLV_END);
    assert_int_equal(otapack_tlv_end(&e), sizeof(bytes));
}

TEST(every_read_may_fail)
{
    static const uint8_t bytes[] = {0x2C, 7, 3, 'a', 'b', 'c'};
    struct reading r = reading_of(bytes, sizeof(bytes));
    struct otapack_source src = reading_source(&r);
    struct otapack_tlv_element e;
    assert_good(otapack_tlv_read(&src, 0, OTAPACK_TLV_STRUCTURE, "field", &e));
    unsigned all = r.reads;
    assert_in_range(all, 1, 2);
    for (r.fail_at = 1; r.fail_at <= all; r.fail_at++) {
        src = reading_source(&r);
        assert_status(otapack_tlv_read(&src, 0, OTAPACK_TLV_STRUCTURE, "field", &e),
                      OTAPACK_READ_FAILED, "field", 0);
        assert_int_equal(r.reads, r.fail_at);
    }
}

TEST(heads_take_the_least_width)
{
    static const struct {
        uint64_t value;
        size_t n;
        uint8_t bytes[10];
    } rows[] = {
        {0, 3, {0x24, 7, 0}},
        {0xFF, 3, {0x24, 7, 0xFF}},
        {0x100, 4, {0x25, 7, 0x00, 0x01}},
        {0xFFFF, 4, {0x25, 7, 0xFF, 0xFF}},
        {0x10000, 6, {0x26, 7, 0, 0, 1, 0}},
        {UINT32_MAX, 6, {0x26, 7, 0xFF, 0xFF, 0xFF, 0xFF}},
        {UINT64_C(0x100000000), 10, {0x27, 7, 0, 0, 0, 0, 1, 0, 0, 0}},
        {UINT64_MAX, 10, {0x27, 7, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t head[OTAPACK_TLV_MAX_HEAD + 1];
        memset(head, 0xA5, sizeof(head));
        size_t n = otapack_tlv_write_head(head, OTAPACK_TLV_UINT8, 7, rows[i].value);
        assert_int_equal(n, rows[i].n);
        assert_memory_equal(head, rows[i].bytes, n);
        assert_int_equal(head[n], 0xA5);
        // A text's and a byte string's head differ in the type alone.
        assert_int_equal(otapack_tlv_write_head(head, OTAPACK_TLV_UTF8, 7, rows[i].value), n);
        assert_int_equal(head[0], rows[i].bytes[0] + 8);
        assert_int_equal(otapack_tlv_write_head(head, OTAPACK_TLV_BYTES, 7, rows[i].value), n);
        assert_int_equal(head[0], rows[i].bytes[0] + 12);
    }
}

TEST(numbers_read_as_they_were_written)
{
    uint64_t x = random_seed(__func__);
    for (int i = 0; i < 20000; i++) {
        uint64_t value = random_next(&x) >> random_below(&x, 64);
        uint8_t tag = (uint8_t)random_next(&x), head[OTAPACK_TLV_MAX_HEAD];
        size_t n = otapack_tlv_write_head(head, OTAPACK_TLV_UINT8, tag, value);
        struct otapack_tlv_element e;
        assert_good(read_bytes(head, n, OTAPACK_TLV_STRUCTURE, &e));
        assert_true(otapack_tlv_is_uint(e.type));
        assert_int_equal(e.value, value);
        assert_int_equal(e.tag, tag);
        assert_int_equal(otapack_tlv_end(&e), n);
    }
}

UNIT(tlv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_control_byte),
        cmocka_unit_test(every_head_is_truncated),
        cmocka_unit_test(far_behind_the_end),
        cmocka_unit_test(tags_as_numbers),
        cmocka_unit_test(tags_and_containers),
        cmocka_unit_test(values_of_every_width),
        cmocka_unit_test(kinds_of_types),
        cmocka_unit_test(lengths_of_every_width),
        cmocka_unit_test(lengths_near_4_gib),
        cmocka_unit_test(containers_are_heads),
        cmocka_unit_test(every_read_may_fail),
        cmocka_unit_test(heads_take_the_least_width),
        cmocka_unit_test(numbers_read_as_they_were_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
