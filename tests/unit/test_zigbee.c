// SPDX-License-Identifier: Apache-2.0
//
// otapack/zigbee.h: a file written by hand, every prefix of it, each combination of fields and
// header lengths around it, elements to the last byte and behind it, reads that fail, and that what
// is written reads as it was.
#include "unit.h"

#include <otapack/zigbee.h>

enum { HEADER = 69, TOTAL = HEADER + 6 + 3 + 6 + 0 + 6 + 2 };

// All fields; a manufacturer's element of 3 bytes, an integrity code of none, an image of 2.
static const uint8_t golden[TOTAL] = {
    0x1E, 0xF1, 0xEE, 0x0B, 0x00, 0x01, 69,   0,    7,     0, 0x1B, 0x13, // magic .. manufacturer
    0x12, 0x10, 0x04, 0x03, 0x02, 0x01, 2,    0,                          // type, version, stack
    'l',  'a',  'm',  'p',  0,    0,    0,    0,    0,     0, 0,    0,    // header string
    0,    0,    0,    0,    0,    0,    0,    0,    0,     0, 0,    0,    //
    0,    0,    0,    0,    0,    0,    0,    0,    TOTAL, 0, 0,    0,    // total size
    2,    0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,  1, 2,    3,    4, // fields
    0x01, 0xF0, 3,    0,    0,    0,    'a',  'b',  'c',                     //
    3,    0,    0,    0,    0,    0,                                         //
    0,    0,    2,    0,    0,    0,    'x',  'y',
};

TEST(golden_file)
{
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    struct otapack_zigbee z;
    assert_good(otapack_zigbee_open(&src, &z));
    assert_good(otapack_zigbee_check(&z));
    assert_int_equal(z.header_version, OTAPACK_ZIGBEE_HEADER_VERSION);
    assert_int_equal(z.header_length, HEADER);
    assert_int_equal(z.field_control, 7);
    assert_int_equal(z.manufacturer, 0x131B);
    assert_int_equal(z.image_type, 0x1012);
    assert_int_equal(z.file_version, 0x01020304);
    assert_int_equal(z.stack_version, 2);
    assert_string_equal(z.header_string, "lamp");
    assert_int_equal(z.total_size, TOTAL);
    assert_true(z.has_security_version && z.has_destination && z.has_hardware);
    assert_int_equal(z.security_version, 2);
    assert_memory_equal(z.destination, golden + 57, 8);
    assert_int_equal(z.min_hardware, 0x0201);
    assert_int_equal(z.max_hardware, 0x0403);
    assert_int_equal(z.fields_end, HEADER);
}

TEST(golden_elements)
{
    static const struct otapack_zigbee_element all[] = {
        {69, 75, 3, 0xF001}, {78, 84, 0, OTAPACK_ZIGBEE_INTEGRITY}, {84, 90, 2, 0}};
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    struct otapack_zigbee z;
    struct otapack_zigbee_element e, found;
    uint64_t at = HEADER;
    assert_good(otapack_zigbee_open(&src, &z));
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_good(otapack_zigbee_element_read(&src, &z, at, &e));
        assert_int_equal(e.at, all[i].at);
        assert_int_equal(e.data_at, all[i].data_at);
        assert_int_equal(e.length, all[i].length);
        assert_int_equal(e.tag, all[i].tag);
        assert_good(otapack_zigbee_find(&src, &z, e.tag, &found));
        assert_int_equal(found.at, e.at);
        at = otapack_zigbee_element_end(&e);
    }
    assert_int_equal(at, TOTAL);
    assert_status(otapack_zigbee_find(&src, &z, 1, &found), OTAPACK_UNEXPECTED, "tag", TOTAL);
}

TEST(every_prefix)
{
    for (size_t n = 0; n < sizeof(golden); n++) {
        struct reading r = reading_of(golden, n);
        struct otapack_source memory = otapack_memory(golden, n), hook = reading_source(&r);
        struct otapack_zigbee z, other;
        struct otapack_zigbee_element e;
        struct otapack_status s = otapack_zigbee_open(&memory, &z);
        assert_same_status(s, otapack_zigbee_open(&hook, &other));
        assert_memory_equal(&z, &other, sizeof(z));
        if (n < HEADER) {
            assert_status(s, OTAPACK_TRUNCATED, n < 56 ? "header" : "header_length",
                          n < 56 ? 0 : 6);
            assert_int_equal(z.has_security_version, n >= 57);
            assert_int_equal(z.has_destination, n >= 65);
            assert_false(z.has_hardware);
            continue;
        }
        assert_good(s);
        assert_int_equal(otapack_zigbee_end(&memory, &z), n);
        s = otapack_zigbee_find(&memory, &z, 0, &e);
        bool between = n == HEADER || n == 78 || n == 84;
        assert_int_equal(s.code, between ? OTAPACK_UNEXPECTED : OTAPACK_TRUNCATED);
        assert_same_status(s, otapack_zigbee_find(&hook, &z, 0, &e));
    }
}

TEST(another_magic)
{
    static const uint8_t others[] = {0x1B, 0x0A, 0x00, 0x8B};
    for (size_t i = 0; i < COUNT(others); i++) {
        uint8_t copy[sizeof(golden)];
        struct otapack_source src = otapack_memory(copy, sizeof(copy));
        struct otapack_zigbee z;
        memcpy(copy, golden, sizeof(copy));
        copy[3] = others[i];
        assert_status(otapack_zigbee_open(&src, &z), OTAPACK_NOT_THIS, "magic", 0);
        assert_int_equal(z.header_length, 0);
    }
}

// Every field control, with headers that are as long as it makes them, shorter and longer.
TEST(header_lengths)
{
    static const uint32_t sizes[8] = {56, 57, 64, 65, 60, 61, 68, 69};
    for (uint32_t control = 0; control < 16; control++) {
        uint32_t right = sizes[control & 7];
        for (uint32_t length = 54; length < 90; length++) {
            uint8_t copy[128] = {0};
            struct otapack_source src = otapack_memory(copy, sizeof(copy));
            struct otapack_zigbee z;
            memcpy(copy, golden, sizeof(golden));
            copy[6] = (uint8_t)length;
            copy[8] = (uint8_t)control;
            struct otapack_status s = otapack_zigbee_open(&src, &z);
            assert_int_equal(otapack_zigbee_header_size((uint16_t)control), right);
            if (length < 56) {
                assert_status(s, OTAPACK_FORBIDDEN, "header_length", 6);
                continue;
            }
            assert_good(s);
            assert_true(z.fields_end <= length && z.fields_end <= right);
            assert_int_equal(z.fields_end == right, length >= right);
            assert_int_equal(z.has_hardware, (control & 4) != 0 && z.fields_end == right);
            s = otapack_zigbee_check(&z);
            assert_int_equal(s.code, length == right ? OTAPACK_OK : OTAPACK_FORBIDDEN);
            assert_true(length == right || (s.value == length && s.limit == right));
        }
    }
}

TEST(total_sizes)
{
    static const uint32_t totals[] = {0, 55, 56, 68, 69, 70, 74, 75, TOTAL, UINT32_MAX};
    for (size_t i = 0; i < COUNT(totals); i++) {
        uint8_t copy[sizeof(golden)];
        struct otapack_source src = otapack_memory(copy, sizeof(copy));
        struct otapack_zigbee z;
        struct otapack_zigbee_element e;
        memcpy(copy, golden, sizeof(copy));
        otapack_put_le32(copy + 52, totals[i]);
        assert_good(otapack_zigbee_open(&src, &z));
        struct otapack_status s = otapack_zigbee_check(&z);
        assert_int_equal(s.code, totals[i] < HEADER ? OTAPACK_FORBIDDEN : OTAPACK_OK);
        assert_true(s.code == OTAPACK_OK || (s.at == 52 && s.value == totals[i]));
        s = otapack_zigbee_element_read(&src, &z, HEADER, &e);
        assert_int_equal(s.code, totals[i] >= TOTAL ? OTAPACK_OK : OTAPACK_TRUNCATED);
        if (totals[i] == 75) {
            assert_status(s, OTAPACK_TRUNCATED, "length", 71);
            assert_int_equal(e.length, 3);
        }
    }
}

TEST(lengths_of_elements)
{
    static const uint32_t lengths[] = {0, 2, 3, 17, 18, 0x7FFFFFFF, 0xFFFFFFB5, UINT32_MAX};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        uint8_t copy[sizeof(golden)];
        struct otapack_source src = otapack_memory(copy, sizeof(copy));
        struct otapack_zigbee z;
        struct otapack_zigbee_element e;
        memcpy(copy, golden, sizeof(copy));
        otapack_put_le32(copy + HEADER + 2, lengths[i]);
        assert_good(otapack_zigbee_open(&src, &z));
        struct otapack_status s = otapack_zigbee_element_read(&src, &z, HEADER, &e);
        assert_int_equal(s.code, lengths[i] <= 17 ? OTAPACK_OK : OTAPACK_TRUNCATED);
        assert_int_equal(otapack_zigbee_element_end(&e), UINT64_C(75) + lengths[i]);
    }
}

TEST(every_read_may_fail)
{
    for (unsigned n = 1; n <= 5; n++) {
        struct reading r = reading_of(golden, sizeof(golden));
        struct otapack_source src = reading_source(&r);
        struct otapack_zigbee z;
        struct otapack_zigbee_element e;
        r.fail_at = n;
        struct otapack_status s = otapack_zigbee_open(&src, &z);
        if (s.code == OTAPACK_OK) {
            s = otapack_zigbee_find(&src, &z, 0, &e);
        }
        assert_int_equal(s.code, OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, n);
    }
}

TEST(what_is_written_is_the_golden_file)
{
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    struct otapack_zigbee z, other;
    uint8_t to[HEADER + 1], head[6];
    assert_good(otapack_zigbee_open(&src, &z));
    memset(to, 0x5A, sizeof(to));
    other = z;
    other.header_length = 0;
    other.fields_end = 0;
    other.has_security_version = other.has_destination = other.has_hardware = false;
    assert_int_equal(otapack_zigbee_write(&other, to, HEADER - 1), 0);
    assert_int_equal(to[0], 0x5A);
    assert_int_equal(otapack_zigbee_write(&other, to, HEADER), HEADER);
    assert_memory_equal(to, golden, HEADER);
    assert_int_equal(to[HEADER], 0x5A);
    assert_memory_equal(&other, &z, sizeof(z));
    otapack_zigbee_element_write(0xF001, 3, head);
    assert_memory_equal(head, golden + HEADER, sizeof(head));
}

TEST(what_is_written_reads_as_it_was)
{
    uint64_t x = random_seed(__func__);
    for (int turn = 0; turn < 5000; turn++) {
        struct otapack_zigbee z, back;
        uint8_t to[HEADER];
        memset(&z, 0, sizeof(z));
        z.file_version = (uint32_t)random_next(&x);
        z.total_size = (uint32_t)random_next(&x);
        z.header_version = (uint16_t)random_next(&x);
        z.field_control = (uint16_t)random_next(&x);
        z.manufacturer = (uint16_t)random_next(&x);
        z.image_type = (uint16_t)random_next(&x);
        z.stack_version = (uint16_t)random_next(&x);
        random_bytes(&x, (uint8_t *)z.header_string, sizeof(z.header_string));
        z.security_version = (z.field_control & 1) != 0 ? (uint8_t)random_next(&x) : 0;
        if ((z.field_control & 2) != 0) {
            random_bytes(&x, z.destination, sizeof(z.destination));
        }
        z.min_hardware = (z.field_control & 4) != 0 ? (uint16_t)random_next(&x) : 0;
        z.max_hardware = (z.field_control & 4) != 0 ? (uint16_t)random_next(&x) : 0;
        size_t n = otapack_zigbee_write(&z, to, sizeof(to));
        struct otapack_source src = otapack_memory(to, n);
        assert_good(otapack_zigbee_open(&src, &back));
        assert_memory_equal(&back, &z, sizeof(z));
    }
}

UNIT(zigbee)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_file),
        cmocka_unit_test(golden_elements),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(another_magic),
        cmocka_unit_test(header_lengths),
        cmocka_unit_test(total_sizes),
        cmocka_unit_test(lengths_of_elements),
        cmocka_unit_test(every_read_may_fail),
        cmocka_unit_test(what_is_written_is_the_golden_file),
        cmocka_unit_test(what_is_written_reads_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
