// SPDX-License-Identifier: Apache-2.0
//
// otapack/esp8266_image.h: images of version 1 and Arduino's, written by hand; every prefix of
// them, the limits of their fields, reads that fail; checksum and CRC with work buffers of all
// sizes; a sketch that the Arduino core's own tools made. Version 2 is in test_esp8266_v2.c.
#include "unit.h"

#include <otapack/esp8266_image.h>

enum { V1_SIZE = 48, SKETCH_AT = 4096, ARDUINO_SIZE = SKETCH_AT + 48 };

// Two segments of lengths that an ESP32 would refuse, 15 bytes of anything, and the checksum:
// 0xEF ^ 0x01 ^ 0x70.
static const uint8_t v1[V1_SIZE] = {
    0xE9, 0x02, 0x03, 0x4F, 0x01, 0x02, 0x10, 0x40, // magic .. entry_addr
    0x00, 0x00, 0x10, 0x40, 0x05, 0x00, 0x00, 0x00, // segment 0
    0x01, 0x02, 0x03, 0x04, 0x05,                   //
    0x00, 0x80, 0xFE, 0x3F, 0x03, 0x00, 0x00, 0x00, // segment 1
    0x10, 0x20, 0x40,                               //
    0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0x9E,
};

// What stands at 4096 of an Arduino image whose eboot is `v1` and 0xAA up to here.
static const uint8_t sketch[ARDUINO_SIZE - SKETCH_AT] = {
    0xE9, 0x01, 0x02, 0x40, 0x00, 0x00, 0x10, 0x40, // magic .. entry_addr
    0x10, 0x10, 0x20, 0x40, 0x10, 0x00, 0x00, 0x00, // segment
    0x30, 0x10, 0x00, 0x00,                         // length of the file
    0x1A, 0xD6, 0x2C, 0xF0,                         // CRC, counted by another program
    0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22, //
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xEF,
};

static const uint8_t *arduino(void)
{
    static uint8_t bytes[ARDUINO_SIZE];
    memset(bytes, 0xAA, sizeof(bytes));
    memcpy(bytes, v1, sizeof(v1));
    memcpy(bytes + SKETCH_AT, sketch, sizeof(sketch));
    return bytes;
}

static struct otapack_status open_v1(const uint8_t *bytes, size_t n, uint64_t at,
                                     struct otapack_esp8266_image *image)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_esp8266_image_open(&src, at, image);
}

// A refusal names a place in the source, or the checksum that is cut off with its padding.
static bool points_into(struct otapack_status s, uint64_t size)
{
    return s.at <= size || (strcmp(s.field, "checksum") == 0 && s.at - size < 16);
}

// ---- Header -------------------------------------------------------------------------------------

static void assert_v1_header(struct otapack_esp8266_header h)
{
    assert_int_equal(h.magic, 0xE9);
    assert_int_equal(h.segment_count, 2);
    assert_int_equal(h.flash_mode, 3);
    assert_int_equal(h.flash_freq, 0x0F);
    assert_int_equal(h.flash_size, 0x04);
    assert_int_equal(h.entry_addr, 0x40100201);
}

TEST(golden_header)
{
    struct otapack_source src = otapack_memory(v1, sizeof(v1));
    struct otapack_esp8266_header h;
    assert_v1_header(otapack_esp8266_header_decode(v1));
    assert_good(otapack_esp8266_header_read(&src, 0, 0xE9, &h));
    assert_v1_header(h);
}

TEST(headers_there_and_back)
{
    for (size_t at = 0; at < 8; at++) {
        for (unsigned v = 0; v < 256; v++) {
            uint8_t raw[8], back[9];
            memcpy(raw, v1, sizeof(raw));
            memset(back, 0x5A, sizeof(back));
            raw[at] = (uint8_t)v;
            struct otapack_esp8266_header h = otapack_esp8266_header_decode(raw);
            assert_true(h.flash_freq < 16 && h.flash_size < 16);
            otapack_esp8266_header_encode(&h, back);
            assert_memory_equal(raw, back, 8);
            assert_int_equal(back[8], 0x5A);
        }
    }
}

TEST(header_of_another_magic)
{
    struct otapack_source src = otapack_memory(v1, sizeof(v1));
    struct otapack_esp8266_header h = {0};
    struct otapack_status s = otapack_esp8266_header_read(&src, 0, 0xEA, &h);
    assert_status(s, OTAPACK_NOT_THIS, "magic", 0);
    assert_int_equal(s.value, 0xE9);
    assert_int_equal(s.limit, 0xEA);
    assert_v1_header(h); // filled all the same
    s = otapack_esp8266_header_read(&src, 8, 0xE9, &h);
    assert_status(s, OTAPACK_NOT_THIS, "magic", 8);
    assert_int_equal(s.value, 0);
}

TEST(header_that_is_cut_off)
{
    struct otapack_esp8266_header h;
    struct otapack_source src = otapack_memory(v1, sizeof(v1));
    for (uint64_t at = sizeof(v1) - 7; at < sizeof(v1) + 2; at++) {
        struct otapack_status s = otapack_esp8266_header_read(&src, at, 0xE9, &h);
        assert_status(s, OTAPACK_TRUNCATED, "header", at);
        assert_int_equal(s.value, at + 8);
        assert_int_equal(s.limit, sizeof(v1));
    }
    assert_status(otapack_esp8266_header_read(&src, UINT64_MAX, 0xE9, &h), OTAPACK_TRUNCATED,
                  "header", UINT64_MAX);
}

// ---- Version 1 ----------------------------------------------------------------------------------

TEST(golden_image)
{
    struct otapack_esp8266_image image;
    assert_good(open_v1(v1, sizeof(v1), 0, &image));
    assert_v1_header(image.header);
    assert_int_equal(image.at, 0);
    assert_int_equal(image.segments_read, 2);
    assert_int_equal(image.segments[0].at, 8);
    assert_int_equal(image.segments[0].load_addr, 0x40100000);
    assert_int_equal(image.segments[0].data_len, 5);
    assert_int_equal(otapack_esp_segment_end(&image.segments[0]), 21);
    assert_int_equal(image.segments[1].at, 21);
    assert_int_equal(image.segments[1].load_addr, 0x3FFE8000);
    assert_int_equal(image.segments[1].data_len, 3);
    assert_int_equal(image.padding_at, 32);
    assert_int_equal(image.checksum_at, 47);
    assert_int_equal(image.checksum, 0x9E);
    assert_int_equal(image.end, V1_SIZE);
}

TEST(every_prefix_is_truncated)
{
    for (size_t n = 0; n < sizeof(v1); n++) {
        struct otapack_esp8266_image image, other;
        struct reading r = reading_of(v1, n);
        struct otapack_source hook = reading_source(&r);
        struct otapack_status s = open_v1(v1, n, 0, &image);
        assert_int_equal(s.code, OTAPACK_TRUNCATED);
        assert_true(points_into(s, n) && s.value > n);
        assert_int_equal(s.limit, n);
        assert_int_equal(image.segments_read, n < 21 ? 0 : n < 32 ? 1 : 2);
        assert_int_equal(image.padding_at, n < 8 ? 0 : n < 21 ? 8 : n < 32 ? 21 : 32);
        assert_same_status(s, otapack_esp8266_image_open(&hook, 0, &other));
        assert_int_equal(image.segments_read, other.segments_read);
        assert_int_equal(image.end, other.end);
    }
}

TEST(what_follows_is_not_part_of_it)
{
    uint8_t longer[sizeof(v1) + 5];
    struct otapack_esp8266_image image;
    memcpy(longer, v1, sizeof(v1));
    memset(longer + sizeof(v1), 0xE9, 5);
    assert_good(open_v1(longer, sizeof(longer), 0, &image));
    assert_int_equal(image.end, V1_SIZE);
}

// Wherever an image stands, its checksum ends a block of 16 bytes of the source.
TEST(an_image_somewhere)
{
    for (uint64_t at = 0; at < 40; at++) {
        uint8_t bytes[128];
        struct otapack_esp8266_image image;
        memset(bytes, 0xE9, sizeof(bytes));
        memcpy(bytes + at, v1, 32);
        uint64_t end = ((at + 32) | 15) + 1;
        bytes[end - 1] = 0x9E;
        assert_good(open_v1(bytes, (size_t)end, at, &image));
        assert_int_equal(image.at, at);
        assert_int_equal(image.segments[0].at, at + 8);
        assert_int_equal(image.segments[1].at, at + 21);
        assert_int_equal(image.padding_at, at + 32);
        assert_int_equal(image.checksum_at, end - 1);
        assert_int_equal(image.end, end);
        assert_int_equal(image.checksum, 0x9E);
        struct otapack_status s = open_v1(bytes, (size_t)end - 1, at, &image);
        assert_status(s, OTAPACK_TRUNCATED, "checksum", end - 1);
    }
}

TEST(an_image_nowhere)
{
    static const uint64_t places[] = {41, 48, 49, UINT32_MAX, UINT64_MAX - 7, UINT64_MAX};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct otapack_esp8266_image image;
        assert_status(open_v1(v1, sizeof(v1), places[i], &image), OTAPACK_TRUNCATED, "header",
                      places[i]);
        assert_int_equal(image.padding_at, places[i]);
        assert_int_equal(image.segments_read, 0);
    }
}

TEST(other_magics)
{
    for (unsigned v = 0; v < 256; v++) {
        uint8_t copy[V1_SIZE];
        struct otapack_esp8266_image image;
        memcpy(copy, v1, sizeof(v1));
        copy[0] = (uint8_t)v;
        struct otapack_status s = open_v1(copy, sizeof(copy), 0, &image);
        if (v != 0xE9) {
            assert_status(s, OTAPACK_NOT_THIS, "magic", 0);
            assert_int_equal(s.value, v);
            assert_int_equal(s.limit, 0xE9);
        } else {
            assert_good(s);
        }
    }
}

// Images of `count` empty segments.
TEST(segment_counts)
{
    for (unsigned count = 0; count < 256; count++) {
        uint8_t bytes[16 + 256 * 8] = {0xE9, (uint8_t)count};
        struct otapack_esp8266_image image;
        struct otapack_status s = open_v1(bytes, sizeof(bytes), 0, &image);
        if (count == 0 || count > 16) {
            assert_status(s, OTAPACK_FORBIDDEN, "segment_count", 1);
            assert_int_equal(s.value, count);
            assert_int_equal(s.limit, 16);
            assert_int_equal(image.segments_read, 0);
        } else {
            assert_good(s);
            assert_int_equal(image.segments_read, count);
            assert_int_equal(image.padding_at, 8 + 8 * count);
        }
    }
    uint8_t later[64] = {[32] = 0xE9, [33] = 17};
    struct otapack_esp8266_image image;
    assert_status(open_v1(later, sizeof(later), 32, &image), OTAPACK_FORBIDDEN, "segment_count",
                  33);
}

// Any length, in a source of 8 GiB that is zero behind its headers.
TEST(segment_lengths)
{
    static const uint32_t lengths[] = {0, 1, 2, 3, 4, 0xFFFFFF, 0x1000000, 0x7FFFFFFF, 0xFFFFFFFF};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        uint8_t bytes[16] = {0xE9, 1};
        struct otapack_esp8266_image image;
        otapack_put_le32(bytes + 12, lengths[i]);
        struct reading r = {.bytes = bytes, .stored = 16, .size = UINT64_C(1) << 33};
        struct otapack_source src = reading_source(&r);
        assert_good(otapack_esp8266_image_open(&src, 0, &image));
        assert_int_equal(image.padding_at, 16 + (uint64_t)lengths[i]);
        assert_int_equal(image.end, ((16 + (uint64_t)lengths[i]) | 15) + 1);
        r.size = 16 + (uint64_t)lengths[i];
        src = reading_source(&r);
        struct otapack_esp_segment seg;
        assert_good(otapack_esp8266_segment_read(&src, 8, &seg));
        if (lengths[i] > 0) {
            src.size--;
            struct otapack_status s = otapack_esp8266_segment_read(&src, 8, &seg);
            assert_status(s, OTAPACK_TRUNCATED, "segment data", 12);
            assert_int_equal(s.value, 16 + (uint64_t)lengths[i]);
            assert_int_equal(seg.data_len, lengths[i]); // filled all the same
        }
    }
}

// An image that lies behind 4 GiB is read with whole offsets.
TEST(far_into_a_large_source)
{
    struct reading r = {.fill = 0, .size = UINT64_C(1) << 33};
    struct otapack_source src = reading_source(&r);
    struct otapack_esp8266_image image;
    assert_status(otapack_esp8266_image_open(&src, UINT64_C(0x100000010), &image), OTAPACK_NOT_THIS,
                  "magic", UINT64_C(0x100000010));
    assert_int_equal(r.last_at, UINT64_C(0x100000010));
}

TEST(every_read_of_an_image_may_fail)
{
    struct reading r = reading_of(v1, sizeof(v1));
    struct otapack_esp8266_image image;
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_esp8266_image_open(&src, 0, &image));
    unsigned all = r.reads;
    assert_int_equal(all, 4); // header, two segments, checksum
    for (unsigned n = 1; n <= all; n++) {
        src = reading_source(&r);
        r.fail_at = n;
        struct otapack_status s = otapack_esp8266_image_open(&src, 0, &image);
        assert_int_equal(s.code, OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, n); // nothing is asked for after a failure
        assert_true(s.at < sizeof(v1));
    }
}

// ---- Checksum -----------------------------------------------------------------------------------

TEST(checksums_do_not_depend_on_the_work_buffer)
{
    static const size_t sizes[] = {1, 2, 3, 16, 64};
    struct otapack_source src = otapack_memory(v1, sizeof(v1));
    struct otapack_esp8266_image image;
    assert_good(otapack_esp8266_image_open(&src, 0, &image));
    for (size_t i = 0; i < COUNT(sizes); i++) {
        uint8_t work[64], sum = 0;
        assert_good(otapack_esp8266_checksum(&src, &image, work, sizes[i], &sum));
        assert_int_equal(sum, 0x9E);
    }
    uint8_t work[1], sum = 0;
    assert_status(otapack_esp8266_checksum(&src, &image, work, 0, &sum), OTAPACK_FORBIDDEN,
                  "work_size", 0);
}

TEST(a_checksum_is_of_segments_only)
{
    for (size_t at = 0; at < sizeof(v1); at++) {
        uint8_t copy[V1_SIZE], work[8], sum;
        struct otapack_esp8266_image image;
        assert_good(open_v1(v1, sizeof(v1), 0, &image));
        memcpy(copy, v1, sizeof(v1));
        copy[at] ^= 0x81;
        struct otapack_source src = otapack_memory(copy, sizeof(copy));
        assert_good(otapack_esp8266_checksum(&src, &image, work, sizeof(work), &sum));
        bool inside = (at >= 16 && at < 21) || (at >= 29 && at < 32);
        assert_int_equal(sum, inside ? 0x9E ^ 0x81 : 0x9E);
    }
}

TEST(checksums_of_sources_that_shrank_or_fail)
{
    uint8_t work[2], sum;
    struct otapack_esp8266_image image;
    struct reading r = reading_of(v1, sizeof(v1));
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_esp8266_image_open(&src, 0, &image));
    for (size_t n = 0; n < 32; n++) {
        src = otapack_memory(v1, n);
        struct otapack_status s = otapack_esp8266_checksum(&src, &image, work, 2, &sum);
        assert_int_equal(s.code, OTAPACK_TRUNCATED);
        assert_string_equal(s.field, "segment data");
    }
    for (unsigned n = 1; n <= 5; n++) { // 2 + 2 + 1 bytes, 2 + 1
        src = reading_source(&r);
        r.fail_at = n;
        assert_int_equal(otapack_esp8266_checksum(&src, &image, work, 2, &sum).code,
                         OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, n);
    }
}

// ---- The description of an app of ESP8266_RTOS_SDK
// -----------------------------------------------

enum { APP_SIZE = 1024, APP_DATA = 256 };

// Segments of 256 bytes, each at its address; in the data of `which` (from 0) is a description.
static struct otapack_source app(uint8_t *bytes, const uint32_t *addresses, uint8_t count,
                                 unsigned which)
{
    memset(bytes, 0, APP_SIZE);
    bytes[0] = 0xE9;
    bytes[1] = count;
    for (size_t i = 0; i < count; i++) {
        uint8_t *seg = bytes + 8 + i * (8 + APP_DATA);
        otapack_put_le32(seg, addresses[i]);
        otapack_put_le32(seg + 4, APP_DATA);
        otapack_put_le32(seg + 8, i == which ? 0xABCD5432 : 0xABCD5433);
    }
    return otapack_memory(bytes, APP_SIZE);
}

static uint64_t desc_at(const struct otapack_source *src)
{
    struct otapack_esp8266_image image;
    assert_good(otapack_esp8266_image_open(src, 0, &image));
    return otapack_esp8266_desc_at(src, &image);
}

TEST(descriptions)
{
    static const uint32_t flash[] = {0x40210010, 0x40220000, 0x40200000};
    static const uint32_t ram[] = {0x40210010, 0x401FFFFF, 0x3FFE8000};
    uint8_t bytes[APP_SIZE];
    struct otapack_source src;
    for (unsigned which = 0; which < 3; which++) {
        src = app(bytes, flash, 3, which);
        assert_int_equal(desc_at(&src), 16 + which * (8 + APP_DATA));
        src = app(bytes, ram, 3, which);
        assert_int_equal(desc_at(&src), which == 0 ? 16 : 0);
    }
    src = app(bytes, flash, 3, 3);
    assert_int_equal(desc_at(&src), 0);
    otapack_put_le32(bytes + 16 + (8 + APP_DATA), 0xABCD5432); // of two, the first
    otapack_put_le32(bytes + 16 + (8 + APP_DATA) * 2, 0xABCD5432);
    assert_int_equal(desc_at(&src), 16 + 8 + APP_DATA);
}

TEST(no_room_for_a_description)
{
    static const uint32_t flash[] = {0x40210010};
    uint8_t bytes[APP_SIZE];
    for (uint32_t size = 0; size < 300; size++) {
        struct otapack_source src = app(bytes, flash, 1, 0);
        otapack_put_le32(bytes + 12, size);
        assert_int_equal(desc_at(&src), size < APP_DATA ? 0 : 16);
    }
}

TEST(descriptions_that_cannot_be_read)
{
    static const uint32_t flash[] = {0x40210010, 0x40220000};
    uint8_t bytes[APP_SIZE];
    struct otapack_esp8266_image image;
    struct otapack_source src = app(bytes, flash, 2, 1);
    assert_good(otapack_esp8266_image_open(&src, 0, &image));
    struct reading r = reading_of(bytes, sizeof(bytes));
    for (unsigned n = 0; n <= 3; n++) {
        src = reading_source(&r);
        r.fail_at = n;
        assert_int_equal(otapack_esp8266_desc_at(&src, &image), n == 2 ? 0 : 16 + 8 + APP_DATA);
        assert_int_equal(r.reads, 2);
    }
    src = otapack_memory(bytes, 16);
    assert_int_equal(otapack_esp8266_desc_at(&src, &image), 0);
    image.segments_read = 0;
    src = otapack_memory(bytes, sizeof(bytes));
    assert_int_equal(otapack_esp8266_desc_at(&src, &image), 0);
}

// ---- Arduino ------------------------------------------------------------------------------------

TEST(golden_arduino)
{
    struct otapack_source src = otapack_memory(arduino(), ARDUINO_SIZE);
    struct otapack_esp8266_arduino a;
    uint8_t work[256], sum;
    uint32_t crc;
    assert_good(otapack_esp8266_arduino_open(&src, &a));
    assert_v1_header(a.eboot.header);
    assert_int_equal(a.eboot.at, 0);
    assert_int_equal(a.eboot.end, V1_SIZE);
    assert_int_equal(a.sketch.at, SKETCH_AT);
    assert_int_equal(a.sketch.header.segment_count, 1);
    assert_int_equal(a.sketch.segments[0].at, SKETCH_AT + 8);
    assert_int_equal(a.sketch.segments[0].load_addr, 0x40201010);
    assert_int_equal(a.sketch.padding_at, SKETCH_AT + 32);
    assert_int_equal(a.sketch.end, ARDUINO_SIZE);
    assert_int_equal(a.stamp_at, 4112);
    assert_int_equal(a.stored_length, ARDUINO_SIZE);
    assert_int_equal(a.crc, 0xF02CD61A);
    assert_good(otapack_esp8266_arduino_crc(&src, OTAPACK_ESP8266_LENGTH_AT, ARDUINO_SIZE, work,
                                            sizeof(work), &crc));
    assert_int_equal(crc, a.crc);
    assert_good(otapack_esp8266_checksum(&src, &a.sketch, work, sizeof(work), &sum));
    sum ^= otapack_xor(src.bytes + 4112, 8); // it was counted before they were there
    assert_int_equal(sum, a.sketch.checksum);
}

TEST(prefixes_of_arduino)
{
    for (size_t n = 0; n < ARDUINO_SIZE; n++) {
        struct otapack_esp8266_arduino a;
        struct otapack_source src = otapack_memory(arduino(), n);
        struct otapack_status s = otapack_esp8266_arduino_open(&src, &a);
        assert_int_equal(s.code, OTAPACK_TRUNCATED);
        assert_true(s.value > n);
        assert_int_equal(s.limit, n);
        assert_int_equal(a.stored_length, 0);
        assert_int_equal(a.crc, 0);
        assert_int_equal(a.eboot.segments_read, n < 21 ? 0 : n < 32 ? 1 : 2);
        assert_int_equal(a.sketch.segments_read, n < SKETCH_AT + 32 ? 0 : 1);
    }
}

// What is stored is told, not judged; what follows is somebody else's.
TEST(other_lengths_and_crcs)
{
    uint8_t bytes[ARDUINO_SIZE + 3];
    struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
    struct otapack_esp8266_arduino a;
    memset(bytes, 0x77, sizeof(bytes));
    memcpy(bytes, arduino(), ARDUINO_SIZE);
    memcpy(bytes + 4112, "\x01\x02\x03\x00\x05\x06\x07\x08", 8);
    assert_good(otapack_esp8266_arduino_open(&src, &a));
    assert_int_equal(a.stamp_at, 4112);
    assert_int_equal(a.stored_length, 0x030201);
    assert_int_equal(a.crc, 0x08070605);
    assert_int_equal(a.sketch.end, ARDUINO_SIZE);
}

// Which words are length and CRC: those of core 3.0 or of 2.7, by what the length could be.
TEST(where_length_and_crc_are)
{
    enum { NONE = 0, NEW = 4112, OLD = 4088, FILL = 0xAAAAAAAA, MOST = 0x1000000 };
    static const struct {
        uint32_t at_new, at_old;
        uint64_t stamp_at;
    } rows[] = {
        {ARDUINO_SIZE, FILL, NEW},
        {0xF0020000, ARDUINO_SIZE, OLD},
        {0xF0020000, FILL, NONE},
        {0xFFFFFFFF, 0xFFFFFFFF, NONE},
        {ARDUINO_SIZE + 16, FILL, NEW},
        {ARDUINO_SIZE + 16, ARDUINO_SIZE, OLD},
        {0x00123456, ARDUINO_SIZE, OLD},
        {0x00123456, ARDUINO_SIZE - 1, NEW},
        {ARDUINO_SIZE, ARDUINO_SIZE + 1, NEW},
        {MOST, FILL, NEW},
        {MOST + 1, FILL, NONE},
        {MOST + 1, MOST, OLD},
        {MOST + 1, MOST + 1, NONE},
        {0xF0020000, ARDUINO_SIZE - 16, OLD},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[ARDUINO_SIZE];
        struct otapack_esp8266_arduino a;
        struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
        memcpy(bytes, arduino(), sizeof(bytes));
        otapack_put_le32(bytes + NEW, rows[i].at_new);
        otapack_put_le32(bytes + NEW + 4, 0x11223344);
        otapack_put_le32(bytes + OLD, rows[i].at_old);
        otapack_put_le32(bytes + OLD + 4, 0x55667788);
        assert_good(otapack_esp8266_arduino_open(&src, &a));
        assert_int_equal(a.stamp_at, rows[i].stamp_at);
        assert_int_equal(a.stored_length, a.stamp_at == NEW   ? rows[i].at_new
                                          : a.stamp_at == OLD ? rows[i].at_old
                                                              : 0);
        assert_int_equal(a.crc, a.stamp_at == NEW   ? 0x11223344
                                : a.stamp_at == OLD ? 0x55667788
                                                    : 0);
    }
}

// What an eboot has at the end of its sector is its own.
TEST(no_stamp_in_an_eboot)
{
    for (unsigned end = 4064; end <= 4096; end += 16) {
        uint8_t bytes[ARDUINO_SIZE];
        struct otapack_esp8266_arduino a;
        struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
        memcpy(bytes, arduino(), sizeof(bytes));
        otapack_put_le32(bytes + 25, end - 1 - 29); // of its last segment
        otapack_put_le32(bytes + 4088, ARDUINO_SIZE);
        otapack_put_le32(bytes + 4112, 0xF0020000);
        assert_good(otapack_esp8266_arduino_open(&src, &a));
        assert_int_equal(a.eboot.end, end);
        assert_int_equal(a.stamp_at, end <= 4088 ? 4088 : 0);
    }
}

// The shortest sketch of all still has these words: its checksum is behind them.
TEST(a_sketch_without_data)
{
    uint8_t bytes[ARDUINO_SIZE];
    struct otapack_esp8266_arduino a;
    memcpy(bytes, arduino(), sizeof(bytes));
    bytes[SKETCH_AT + 12] = 0;
    struct otapack_source src = otapack_memory(bytes, SKETCH_AT + 32);
    assert_good(otapack_esp8266_arduino_open(&src, &a));
    assert_int_equal(a.sketch.end, SKETCH_AT + 32);
    assert_int_equal(a.stored_length, ARDUINO_SIZE);
}

TEST(an_eboot_ends_in_front_of_the_sketch)
{
    for (unsigned extra = 0; extra < 2; extra++) {
        uint8_t bytes[ARDUINO_SIZE];
        struct otapack_esp8266_arduino a;
        struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
        memcpy(bytes, arduino(), sizeof(bytes));
        otapack_put_le32(bytes + 25, 4095 - 29 + extra); // so that padding begins at 4095 or 4096
        struct otapack_status s = otapack_esp8266_arduino_open(&src, &a);
        if (extra == 0) {
            assert_good(s);
            assert_int_equal(a.eboot.end, 4096);
        } else {
            assert_status(s, OTAPACK_FORBIDDEN, "eboot", 0);
            assert_int_equal(s.value, 4112);
            assert_int_equal(s.limit, 4096);
            assert_int_equal(a.sketch.at, 0);
        }
    }
}

TEST(what_is_no_arduino_image)
{
    const struct {
        size_t at;
        uint8_t value;
        enum otapack_code code;
        const char *field;
    } rows[] = {
        {0, 0xEA, OTAPACK_NOT_THIS, "magic"},
        {1, 0, OTAPACK_FORBIDDEN, "segment_count"},
        {4096, 0xEA, OTAPACK_NOT_THIS, "magic"},
        {4097, 0, OTAPACK_FORBIDDEN, "segment_count"},
        {4097, 17, OTAPACK_FORBIDDEN, "segment_count"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[ARDUINO_SIZE];
        struct otapack_esp8266_arduino a;
        struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
        memcpy(bytes, arduino(), sizeof(bytes));
        bytes[rows[i].at] = rows[i].value;
        assert_status(otapack_esp8266_arduino_open(&src, &a), rows[i].code, rows[i].field,
                      rows[i].at);
    }
}

TEST(every_read_of_arduino_may_fail)
{
    struct reading r = reading_of(arduino(), ARDUINO_SIZE);
    struct otapack_esp8266_arduino a;
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_esp8266_arduino_open(&src, &a));
    unsigned all = r.reads;
    assert_int_equal(all, 4 + 3 + 2); // the words of both places
    for (unsigned n = 1; n <= all; n++) {
        src = reading_source(&r);
        r.fail_at = n;
        assert_int_equal(otapack_esp8266_arduino_open(&src, &a).code, OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, n);
    }
}

// ---- CRC ----------------------------------------------------------------------------------------

// The check value of CRC-32/MPEG-2 in catalogues of CRCs.
TEST(the_crc_of_the_catalogue)
{
    static const uint8_t digits[] = "123456789";
    assert_int_equal(otapack_esp8266_crc(0xFFFFFFFF, digits, 9), 0x0376E6E7);
    assert_int_equal(otapack_esp8266_crc(0xFFFFFFFF, digits, 0), 0xFFFFFFFF);
    for (size_t n = 0; n <= 9; n++) {
        uint32_t crc = otapack_esp8266_crc(0xFFFFFFFF, digits, n);
        assert_int_equal(otapack_esp8266_crc(crc, digits + n, 9 - n), 0x0376E6E7);
    }
}

TEST(crcs_do_not_depend_on_the_work_buffer)
{
    static const size_t sizes[] = {1, 7, 8, 16, 4095, 4096, 4112, 4113, 5000};
    static uint8_t work[5000];
    struct otapack_source src = otapack_memory(arduino(), ARDUINO_SIZE);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        uint32_t crc = 0;
        assert_good(otapack_esp8266_arduino_crc(&src, OTAPACK_ESP8266_LENGTH_AT, ARDUINO_SIZE, work,
                                                sizes[i], &crc));
        assert_int_equal(crc, 0xF02CD61A);
    }
}

TEST(a_crc_is_of_all_but_its_words)
{
    static uint8_t bytes[ARDUINO_SIZE], work[512];
    struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
    for (size_t at = 4090; at < sizeof(bytes); at++) {
        uint32_t crc;
        memcpy(bytes, arduino(), sizeof(bytes));
        bytes[at] ^= 1;
        assert_good(otapack_esp8266_arduino_crc(&src, OTAPACK_ESP8266_LENGTH_AT, sizeof(bytes),
                                                work, sizeof(work), &crc));
        assert_true((crc == 0xF02CD61A) == (at >= 4112 && at < 4120));
    }
}

TEST(lengths_of_a_crc)
{
    uint8_t work[512];
    uint32_t crc;
    struct otapack_source src = otapack_memory(arduino(), ARDUINO_SIZE);
    static const uint64_t short_ones[] = {0, 1, 4096, 4112, 4119};
    static const uint64_t long_ones[] = {ARDUINO_SIZE + 1, UINT32_MAX, UINT64_MAX};
    for (size_t i = 0; i < COUNT(short_ones); i++) {
        struct otapack_status s = otapack_esp8266_arduino_crc(
            &src, OTAPACK_ESP8266_LENGTH_AT, short_ones[i], work, sizeof(work), &crc);
        assert_status(s, OTAPACK_FORBIDDEN, "length", 4112);
        assert_int_equal(s.value, short_ones[i]);
        assert_int_equal(s.limit, 4120);
    }
    for (size_t i = 0; i < COUNT(long_ones); i++) {
        struct otapack_status s = otapack_esp8266_arduino_crc(
            &src, OTAPACK_ESP8266_LENGTH_AT, long_ones[i], work, sizeof(work), &crc);
        assert_status(s, OTAPACK_TRUNCATED, "length", 4112);
        assert_int_equal(s.value, long_ones[i]);
        assert_int_equal(s.limit, ARDUINO_SIZE);
    }
    assert_good(otapack_esp8266_arduino_crc(&src, OTAPACK_ESP8266_LENGTH_AT, 4120, work,
                                            sizeof(work), &crc));
    assert_int_equal(crc, 0x7CF2BC1E);
    assert_status(
        otapack_esp8266_arduino_crc(&src, OTAPACK_ESP8266_LENGTH_AT, ARDUINO_SIZE, work, 0, &crc),
        OTAPACK_FORBIDDEN, "work_size", 0);
}

// Wherever the two words are, they count as zeros.
TEST(crcs_of_both_cores)
{
    static const uint64_t places[] = {4088, 4112};
    for (size_t i = 0; i < COUNT(places); i++) {
        uint8_t bytes[ARDUINO_SIZE], work[512];
        struct otapack_source src = otapack_memory(bytes, sizeof(bytes));
        uint32_t crc = 0;
        memcpy(bytes, arduino(), sizeof(bytes));
        memset(bytes + places[i], 0, 8);
        uint32_t zeroed = otapack_esp8266_crc(0xFFFFFFFF, bytes, sizeof(bytes));
        memset(bytes + places[i], 0x5A, 8);
        assert_good(
            otapack_esp8266_arduino_crc(&src, places[i], ARDUINO_SIZE, work, sizeof(work), &crc));
        assert_int_equal(crc, zeroed);
        assert_good(otapack_esp8266_arduino_crc(&src, places[i], places[i] + 8, work, 1, &crc));
        assert_status(otapack_esp8266_arduino_crc(&src, places[i], places[i] + 7, work, 1, &crc),
                      OTAPACK_FORBIDDEN, "length", places[i]);
    }
}

TEST(places_that_no_core_has)
{
    static const uint64_t places[] = {0,    1,    4084, 4087, 4089,       4092,
                                      4096, 4111, 4113, 4116, UINT32_MAX, UINT64_MAX};
    struct otapack_source src = otapack_memory(arduino(), ARDUINO_SIZE);
    for (size_t i = 0; i < COUNT(places); i++) {
        uint8_t work[16];
        uint32_t crc;
        struct otapack_status s =
            otapack_esp8266_arduino_crc(&src, places[i], ARDUINO_SIZE, work, sizeof(work), &crc);
        assert_status(s, OTAPACK_FORBIDDEN, "stamp_at", 0);
        assert_int_equal(s.value, places[i]);
        assert_int_equal(s.limit, 4112);
    }
}

TEST(every_read_for_a_crc_may_fail)
{
    uint8_t work[1000];
    uint32_t crc;
    struct reading r = reading_of(arduino(), ARDUINO_SIZE);
    for (unsigned n = 1; n <= 6; n++) { // 4 times 1000 bytes, 112; 24
        struct otapack_source src = reading_source(&r);
        r.fail_at = n;
        struct otapack_status s = otapack_esp8266_arduino_crc(
            &src, OTAPACK_ESP8266_LENGTH_AT, ARDUINO_SIZE, work, sizeof(work), &crc);
        assert_status(s, OTAPACK_READ_FAILED, "image", n < 6 ? (n - 1) * 1000 : 4120);
        assert_int_equal(r.reads, n);
    }
}

// ---- What the Arduino core's tools made ---------------------------------------------------------

static size_t load_sketch(uint8_t *to, size_t room)
{
    char path[4096];
    const char *vectors = getenv("OTAPACK_VECTORS");
    if (vectors == NULL) {
        return 0;
    }
    (void)snprintf(path, sizeof(path), "%s/esp8266/sketch.bin", vectors);
    FILE *f = fopen(path, "rb");
    size_t n = f == NULL ? 0 : fread(to, 1, room, f);
    return f != NULL && fclose(f) == 0 ? n : 0;
}

TEST(a_real_sketch)
{
    static uint8_t bytes[1 << 20];
    uint8_t work[999], sum;
    uint32_t crc;
    struct otapack_esp8266_arduino a;
    size_t n = load_sketch(bytes, sizeof(bytes));
    if (n == 0) {
        printf("skipped: no real firmware: OTAPACK_VECTORS is not set, or has no sketch\n");
        skip();
    }
    struct otapack_source src = otapack_memory(bytes, n);
    assert_good(otapack_esp8266_arduino_open(&src, &a));
    assert_int_equal(a.sketch.end, n);
    assert_int_equal(a.stored_length, n);
    assert_good(
        otapack_esp8266_arduino_crc(&src, OTAPACK_ESP8266_LENGTH_AT, n, work, sizeof(work), &crc));
    assert_int_equal(crc, a.crc);
    assert_good(otapack_esp8266_checksum(&src, &a.eboot, work, sizeof(work), &sum));
    assert_int_equal(sum, a.eboot.checksum);
    assert_good(otapack_esp8266_checksum(&src, &a.sketch, work, sizeof(work), &sum));
    assert_int_equal(sum ^ otapack_xor(bytes + 4112, 8), a.sketch.checksum);
    src.size = n - 1;
    assert_int_equal(otapack_esp8266_arduino_open(&src, &a).code, OTAPACK_TRUNCATED);
}

UNIT(esp8266_image)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_header),
        cmocka_unit_test(headers_there_and_back),
        cmocka_unit_test(header_of_another_magic),
        cmocka_unit_test(header_that_is_cut_off),
        cmocka_unit_test(golden_image),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(what_follows_is_not_part_of_it),
        cmocka_unit_test(an_image_somewhere),
        cmocka_unit_test(an_image_nowhere),
        cmocka_unit_test(other_magics),
        cmocka_unit_test(segment_counts),
        cmocka_unit_test(segment_lengths),
        cmocka_unit_test(far_into_a_large_source),
        cmocka_unit_test(every_read_of_an_image_may_fail),
        cmocka_unit_test(checksums_do_not_depend_on_the_work_buffer),
        cmocka_unit_test(a_checksum_is_of_segments_only),
        cmocka_unit_test(checksums_of_sources_that_shrank_or_fail),
        cmocka_unit_test(descriptions),
        cmocka_unit_test(no_room_for_a_description),
        cmocka_unit_test(descriptions_that_cannot_be_read),
        cmocka_unit_test(golden_arduino),
        cmocka_unit_test(prefixes_of_arduino),
        cmocka_unit_test(other_lengths_and_crcs),
        cmocka_unit_test(where_length_and_crc_are),
        cmocka_unit_test(no_stamp_in_an_eboot),
        cmocka_unit_test(a_sketch_without_data),
        cmocka_unit_test(an_eboot_ends_in_front_of_the_sketch),
        cmocka_unit_test(what_is_no_arduino_image),
        cmocka_unit_test(every_read_of_arduino_may_fail),
        cmocka_unit_test(the_crc_of_the_catalogue),
        cmocka_unit_test(crcs_do_not_depend_on_the_work_buffer),
        cmocka_unit_test(a_crc_is_of_all_but_its_words),
        cmocka_unit_test(lengths_of_a_crc),
        cmocka_unit_test(crcs_of_both_cores),
        cmocka_unit_test(places_that_no_core_has),
        cmocka_unit_test(every_read_for_a_crc_may_fail),
        cmocka_unit_test(a_real_sketch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
