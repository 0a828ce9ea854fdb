// SPDX-License-Identifier: Apache-2.0
//
// otapack/esp8266_image.h: images of version 2, written by hand: every prefix of them, with a CRC
// and without, the limits of their fields, reads that fail, the slot they were linked for.
#include "unit.h"

#include <otapack/esp8266_image.h>

enum { IMAGE_AT = 32, CRC_AT = 64, V2_SIZE = 68 };

// The CRC-32 of all but its last 4 bytes is 0xAC5FF2E7 by Python's zlib.
static const uint8_t v2[V2_SIZE] = {
    0xEA, 0x04, 0x00, 0x10, 0x34, 0x12, 0x10, 0x40, // magic .. entry_addr
    0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, // irom
    0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF,
    0xE9, 0x01, 0x02, 0x20, 0x34, 0x12, 0x10, 0x40, // the image of version 1
    0x00, 0x00, 0x10, 0x40, 0x04, 0x00, 0x00, 0x00, // its segment
    0x01, 0x02, 0x04, 0x08,                         //
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xE0, 0x18, 0x0D, 0xA0, 0x53,
};

// A refusal names a place in the source, or the checksum that is cut off with its padding.
static bool points_into(struct otapack_status s, uint64_t size)
{
    return s.at <= size || (strcmp(s.field, "checksum") == 0 && s.at - size < 16);
}

TEST(golden_v2)
{
    struct otapack_source src = otapack_memory(v2, V2_SIZE);
    struct otapack_esp8266_v2 file;
    uint8_t work[4], sum;
    assert_good(otapack_esp8266_v2_open(&src, &file));
    assert_int_equal(file.header.magic, 0xEA);
    assert_int_equal(file.header.segment_count, 4);
    assert_int_equal(file.header.flash_mode, 0);
    assert_int_equal(file.header.flash_freq, 0);
    assert_int_equal(file.header.flash_size, 1);
    assert_int_equal(file.header.entry_addr, 0x40101234);
    assert_int_equal(file.irom.at, 8);
    assert_int_equal(file.irom.load_addr, 0);
    assert_int_equal(file.irom.data_len, 16);
    assert_int_equal(file.image_at, 32);
    assert_int_equal(file.image.at, 32);
    assert_int_equal(file.image.header.flash_mode, 2);
    assert_int_equal(file.image.segments_read, 1);
    assert_int_equal(file.image.segments[0].at, 40);
    assert_int_equal(file.image.padding_at, 52);
    assert_int_equal(file.image.end, 64);
    assert_int_equal(file.crc_at, 64);
    assert_int_equal(file.end, V2_SIZE);
    assert_true(file.has_crc);
    assert_int_equal(file.crc, 0x53A00D18);
    assert_int_equal(file.crc, otapack_esp8266_v2_crc(0xAC5FF2E7));
    assert_good(otapack_esp8266_checksum(&src, &file.image, work, sizeof(work), &sum));
    assert_int_equal(sum, file.image.checksum); // irom does not count
}

TEST(crcs_of_v2)
{
    assert_int_equal(otapack_esp8266_v2_crc(0), 1);
    assert_int_equal(otapack_esp8266_v2_crc(0x12345678), 0x12345679);
    assert_int_equal(otapack_esp8266_v2_crc(0x7FFFFFFF), 0x80000000);
    assert_int_equal(otapack_esp8266_v2_crc(0x80000000), 0x7FFFFFFF);
    assert_int_equal(otapack_esp8266_v2_crc(0xFFFFFFFF), 0);
}

TEST(prefixes_of_v2)
{
    for (size_t n = 0; n < V2_SIZE; n++) {
        struct otapack_esp8266_v2 file;
        struct otapack_source src = otapack_memory(v2, n);
        struct otapack_status s = otapack_esp8266_v2_open(&src, &file);
        assert_int_equal(file.has_crc, false);
        assert_int_equal(file.crc, 0);
        if (n == CRC_AT) {
            assert_good(s); // it has none
            assert_int_equal(file.end, CRC_AT);
            continue;
        }
        assert_int_equal(s.code, OTAPACK_TRUNCATED);
        assert_true(points_into(s, n) && s.value > n);
        assert_int_equal(s.limit, n);
        assert_int_equal(file.end, 0);
        assert_int_equal(file.image_at, n < 32 ? 0 : 32);
        assert_int_equal(file.crc_at, n < 64 ? 0 : 64);
    }
    for (size_t n = CRC_AT + 1; n < V2_SIZE; n++) {
        struct otapack_esp8266_v2 file;
        struct otapack_source src = otapack_memory(v2, n);
        assert_status(otapack_esp8266_v2_open(&src, &file), OTAPACK_TRUNCATED, "crc", CRC_AT);
    }
}

// Whatever follows the image is taken for a CRC, and what follows that is somebody else's.
TEST(what_follows_v2)
{
    for (unsigned fill = 0; fill < 256; fill += 51) {
        uint8_t longer[V2_SIZE + 16];
        struct otapack_esp8266_v2 file;
        struct otapack_source src = otapack_memory(longer, sizeof(longer));
        memset(longer, (int)fill, sizeof(longer));
        memcpy(longer, v2, CRC_AT);
        assert_good(otapack_esp8266_v2_open(&src, &file));
        assert_true(file.has_crc);
        assert_int_equal(file.crc, fill * 0x01010101u);
        assert_int_equal(file.crc_at, CRC_AT);
        assert_int_equal(file.end, V2_SIZE);
    }
}

TEST(forbidden_values_of_v2)
{
    const struct {
        size_t at;
        uint8_t value;
        enum otapack_code code;
        const char *field;
        uint64_t limit;
    } rows[] = {
        {0, 0xE9, OTAPACK_NOT_THIS, "magic", 0xEA},
        {1, 0, OTAPACK_FORBIDDEN, "segment_count", 4},
        {1, 3, OTAPACK_FORBIDDEN, "segment_count", 4},
        {1, 5, OTAPACK_FORBIDDEN, "segment_count", 4},
        {32, 0xEA, OTAPACK_NOT_THIS, "magic", 0xE9},
        {33, 0, OTAPACK_FORBIDDEN, "segment_count", 16},
        {33, 17, OTAPACK_FORBIDDEN, "segment_count", 16},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t copy[V2_SIZE];
        struct otapack_esp8266_v2 file;
        struct otapack_source src = otapack_memory(copy, sizeof(copy));
        memcpy(copy, v2, sizeof(copy));
        copy[rows[i].at] = rows[i].value;
        struct otapack_status s = otapack_esp8266_v2_open(&src, &file);
        assert_status(s, rows[i].code, rows[i].field, rows[i].at);
        assert_int_equal(s.value, rows[i].value);
        assert_int_equal(s.limit, rows[i].limit);
        assert_int_equal(file.end, 0);
    }
}

TEST(every_read_of_v2_may_fail)
{
    struct reading r = reading_of(v2, V2_SIZE);
    struct otapack_esp8266_v2 file;
    for (unsigned n = 1; n <= 6; n++) { // header, irom, header, segment, checksum, crc
        struct otapack_source src = reading_source(&r);
        r.fail_at = n;
        assert_int_equal(otapack_esp8266_v2_open(&src, &file).code, OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, n);
    }
    struct otapack_source src = reading_source(&r);
    r.fail_at = 7;
    assert_good(otapack_esp8266_v2_open(&src, &file));
    assert_int_equal(r.reads, 6);
}

// ---- The slot -----------------------------------------------------------------------------------

static uint8_t slot_of(uint8_t mode, uint8_t byte_3, uint8_t byte_3_within)
{
    uint8_t copy[V2_SIZE];
    struct otapack_esp8266_v2 file;
    struct otapack_source src = otapack_memory(copy, sizeof(copy));
    memcpy(copy, v2, sizeof(copy));
    copy[2] = mode;
    copy[3] = byte_3;
    copy[IMAGE_AT + 3] = byte_3_within;
    assert_good(otapack_esp8266_v2_open(&src, &file));
    return otapack_esp8266_v2_slot(&file);
}

TEST(slots)
{
    assert_int_equal(slot_of(0, 1, 0x20), 1); // what gen_appbin.py makes
    assert_int_equal(slot_of(0, 2, 0x20), 2);
    assert_int_equal(slot_of(0, 2, 0x4F), 2);
    assert_int_equal(slot_of(0, 1, 2), 1);
    assert_int_equal(slot_of(0, 0x20, 0x20), 0); // what esptool makes, the settings twice
    assert_int_equal(slot_of(0, 1, 1), 0);       // 512 KB at 26 MHz, twice
    assert_int_equal(slot_of(0, 0x11, 1), 0);
    assert_int_equal(slot_of(2, 1, 0x20), 0);
    assert_int_equal(slot_of(0, 0, 0x20), 0);
    assert_int_equal(slot_of(0, 3, 0x20), 0);
}

// Of all there are: two values, where the image within says something else.
TEST(every_slot)
{
    for (unsigned mode = 0; mode < 4; mode++) {
        for (unsigned byte_3 = 0; byte_3 < 256; byte_3++) {
            for (unsigned within = 0; within < 256; within++) {
                bool is = mode == 0 && (byte_3 == 1 || byte_3 == 2) && within != byte_3;
                uint8_t slot = slot_of((uint8_t)mode, (uint8_t)byte_3, (uint8_t)within);
                assert_int_equal(slot, is ? byte_3 : 0);
            }
        }
    }
}

// Every single-byte change of a header is either taken or a refusal that points into the bytes.
TEST(single_byte_changes)
{
    for (size_t at = 0; at < V2_SIZE; at++) {
        for (unsigned v = 0; v < 256; v++) {
            uint8_t copy[V2_SIZE];
            struct otapack_esp8266_v2 file;
            struct otapack_source src = otapack_memory(copy, sizeof(copy));
            memcpy(copy, v2, sizeof(copy));
            copy[at] = (uint8_t)v;
            struct otapack_status s = otapack_esp8266_v2_open(&src, &file);
            assert_true(points_into(s, sizeof(copy)) && s.code != OTAPACK_READ_FAILED);
            assert_true(s.code != OTAPACK_OK || file.end <= sizeof(copy));
            assert_true(file.image.segments_read <= OTAPACK_ESP8266_MAX_SEGMENTS);
        }
    }
}

UNIT(esp8266_v2)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_v2),
        cmocka_unit_test(crcs_of_v2),
        cmocka_unit_test(prefixes_of_v2),
        cmocka_unit_test(what_follows_v2),
        cmocka_unit_test(forbidden_values_of_v2),
        cmocka_unit_test(every_read_of_v2_may_fail),
        cmocka_unit_test(slots),
        cmocka_unit_test(every_slot),
        cmocka_unit_test(single_byte_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
