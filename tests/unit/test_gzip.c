// SPDX-License-Identifier: Apache-2.0
//
// otapack/gzip.h: headers with every combination of their four optional parts, every prefix of
// them, texts that do not end, an extra field that leaves the file, reads that fail.
#include "unit.h"

#include <otapack/gzip.h>

enum { MOST = 64, COMBINATIONS = 16 };

// All four parts, in their order.
static const uint8_t golden[] = {
    0x1F, 0x8B, 0x08, 0x1F, 0x78, 0x56, 0x34, 0x12, 0x02, 0x03, // magic .. os
    0x05, 0x00, 0x00, 0x01, 0x00, 0x02, 0x03,                   // extra
    'a',  '.',  'b',  'i',  'n',  0x00,                         // name
    'h',  'i',  0x00,                                           // comment
    0xCD, 0xAB,                                                 // CRC of the header
    0x03, 0x00,                                                 // deflated: nothing
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,             // CRC-32, length
};

static struct otapack_status open_bytes(const uint8_t *bytes, size_t n, struct otapack_gzip *gz)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_gzip_open(&src, gz);
}

TEST(golden_header)
{
    struct otapack_gzip gz;
    assert_good(open_bytes(golden, sizeof(golden), &gz));
    assert_int_equal(gz.flags, 0x1F);
    assert_int_equal(gz.mtime, 0x12345678);
    assert_int_equal(gz.extra_flags, 2);
    assert_int_equal(gz.os, 3);
    assert_int_equal(gz.extra.at, 12);
    assert_int_equal(gz.extra.size, 5);
    assert_int_equal(gz.name.at, 17);
    assert_int_equal(gz.name.size, 5);
    assert_int_equal(gz.comment.at, 23);
    assert_int_equal(gz.comment.size, 2);
    assert_int_equal(gz.header_crc_at, 26);
    assert_int_equal(gz.header_crc, 0xABCD);
    assert_int_equal(gz.compressed_at, 28);
}

TEST(the_shortest)
{
    static const uint8_t bytes[] = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255};
    struct otapack_gzip gz;
    assert_good(open_bytes(bytes, sizeof(bytes), &gz));
    assert_int_equal(gz.flags, 0);
    assert_int_equal(gz.mtime, 0);
    assert_int_equal(gz.extra_flags, 0);
    assert_int_equal(gz.os, 255);
    assert_int_equal(gz.extra.at, 0);
    assert_int_equal(gz.name.at, 0);
    assert_int_equal(gz.comment.at, 0);
    assert_int_equal(gz.header_crc_at, 0);
    assert_int_equal(gz.compressed_at, 10);
}

// A header with the parts of `which`: bit 0 CRC, 1 extra, 2 name, 3 comment. Returns its length,
// and in `at` where each of them lies, 0 for none.
static size_t build(unsigned which, uint8_t *to, uint64_t at[4])
{
    size_t n = 10;
    memset(to, 0, MOST);
    memset(at, 0, 4 * sizeof(*at));
    memcpy(to, "\x1F\x8B\x08", 3);
    to[3] = (uint8_t)(which << 1);
    if ((which & 2) != 0) {
        at[1] = n + 2;
        memcpy(to + n, "\x03\x00\xFF\x00\xFE", 5);
        n += 5;
    }
    if ((which & 4) != 0) {
        at[2] = n;
        memcpy(to + n, "name", 5);
        n += 5;
    }
    if ((which & 8) != 0) {
        at[3] = n;
        memcpy(to + n, "comment", 8);
        n += 8;
    }
    if ((which & 1) != 0) {
        at[0] = n;
        memcpy(to + n, "\x34\x12", 2);
        n += 2;
    }
    return n;
}

TEST(every_combination)
{
    for (unsigned which = 0; which < COMBINATIONS; which++) {
        uint8_t bytes[MOST];
        uint64_t at[4];
        size_t n = build(which, bytes, at);
        struct otapack_gzip gz;
        assert_good(open_bytes(bytes, n, &gz));
        assert_int_equal(gz.flags, which << 1);
        assert_int_equal(gz.header_crc_at, at[0]);
        assert_int_equal(gz.header_crc, at[0] == 0 ? 0 : 0x1234);
        assert_int_equal(gz.extra.at, at[1]);
        assert_int_equal(gz.extra.size, at[1] == 0 ? 0 : 3);
        assert_int_equal(gz.name.at, at[2]);
        assert_int_equal(gz.name.size, at[2] == 0 ? 0 : 4);
        assert_int_equal(gz.comment.at, at[3]);
        assert_int_equal(gz.comment.size, at[3] == 0 ? 0 : 7);
        assert_int_equal(gz.compressed_at, n);
    }
}

TEST(every_prefix_of_every_combination)
{
    for (unsigned which = 0; which < COMBINATIONS; which++) {
        uint8_t bytes[MOST];
        uint64_t at[4];
        size_t whole = build(which, bytes, at);
        for (size_t n = 0; n < whole; n++) {
            struct otapack_gzip gz;
            struct otapack_status s = open_bytes(bytes, n, &gz);
            const char *field = n < 10                        ? "header"
                                : at[1] != 0 && n < at[1] + 3 ? "extra"
                                : at[2] != 0 && n < at[2] + 5 ? "name"
                                : at[3] != 0 && n < at[3] + 8 ? "comment"
                                                              : "header_crc";
            assert_int_equal(s.code, OTAPACK_TRUNCATED);
            assert_string_equal(s.field, field);
            assert_int_equal(s.limit, n);
            assert_true(s.value > n && s.value <= whole && s.at <= n);
        }
    }
}

TEST(forbidden_values)
{
    const struct {
        size_t at;
        uint8_t byte;
        enum otapack_code code;
        const char *field;
        size_t field_at;
        uint64_t value, limit;
    } rows[] = {
        {0, 0x1E, OTAPACK_NOT_THIS, "magic", 0, 0x8B1E, 0x8B1F},
        {1, 0x8A, OTAPACK_NOT_THIS, "magic", 0, 0x8A1F, 0x8B1F},
        {2, 0, OTAPACK_FORBIDDEN, "method", 2, 0, 8},
        {2, 7, OTAPACK_FORBIDDEN, "method", 2, 7, 8},
        {2, 9, OTAPACK_FORBIDDEN, "method", 2, 9, 8},
        {3, 0x20, OTAPACK_FORBIDDEN, "flags", 3, 0x20, 0x1F},
        {3, 0x40, OTAPACK_FORBIDDEN, "flags", 3, 0x40, 0x1F},
        {3, 0x80, OTAPACK_FORBIDDEN, "flags", 3, 0x80, 0x1F},
        {3, 0xFF, OTAPACK_FORBIDDEN, "flags", 3, 0xFF, 0x1F},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t copy[sizeof(golden)];
        struct otapack_gzip gz;
        memcpy(copy, golden, sizeof(copy));
        copy[rows[i].at] = rows[i].byte;
        struct otapack_status s = open_bytes(copy, sizeof(copy), &gz);
        assert_status(s, rows[i].code, rows[i].field, rows[i].field_at);
        assert_int_equal(s.value, rows[i].value);
        assert_int_equal(s.limit, rows[i].limit);
    }
}

// That a text is said to be text changes nothing.
TEST(the_flag_of_text)
{
    uint8_t copy[sizeof(golden)];
    struct otapack_gzip gz;
    memcpy(copy, golden, sizeof(copy));
    copy[3] = 0x1E;
    assert_good(open_bytes(copy, sizeof(copy), &gz));
    assert_int_equal(gz.compressed_at, 28);
}

// Of every length that the field can say, in a file of 40 bytes.
TEST(extra_fields_that_leave_the_file)
{
    for (unsigned flags = OTAPACK_GZIP_EXTRA; flags < 0x20; flags += 2) {
        for (unsigned size = 0; size < 65536; size += size < 64 ? 1 : 777) {
            uint8_t bytes[40] = {0x1F, 0x8B, 8};
            struct otapack_gzip gz;
            bytes[3] = (uint8_t)(flags | OTAPACK_GZIP_EXTRA);
            bytes[10] = (uint8_t)size;
            bytes[11] = (uint8_t)(size >> 8);
            struct otapack_status s = open_bytes(bytes, sizeof(bytes), &gz);
            if (size > 28) {
                assert_status(s, OTAPACK_TRUNCATED, "extra", 10);
                assert_int_equal(s.value, 12 + size);
                assert_int_equal(s.limit, 40);
            } else if (size < 24) { // there is room for all that may follow
                assert_good(s);
                assert_int_equal(gz.extra.size, size);
            }
        }
    }
}

TEST(empty_texts_and_extra)
{
    static const uint8_t bytes[] = {0x1F, 0x8B, 8, 0x1C, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    struct otapack_gzip gz;
    assert_good(open_bytes(bytes, sizeof(bytes), &gz));
    assert_int_equal(gz.extra.at, 12);
    assert_int_equal(gz.extra.size, 0);
    assert_int_equal(gz.name.at, 12);
    assert_int_equal(gz.name.size, 0);
    assert_int_equal(gz.comment.at, 13);
    assert_int_equal(gz.comment.size, 0);
    assert_int_equal(gz.compressed_at, 14);
}

// A source of 4 GiB of 'x' behind the header: a text is looked at up to its limit.
TEST(a_text_without_end)
{
    static const uint8_t flags[] = {OTAPACK_GZIP_NAME, OTAPACK_GZIP_COMMENT};
    for (size_t i = 0; i < COUNT(flags); i++) {
        uint8_t head[10] = {0x1F, 0x8B, 8, flags[i]};
        struct otapack_gzip gz;
        struct reading r = {.bytes = head, .stored = 10, .fill = 'x', .size = UINT64_C(1) << 32};
        struct otapack_source src = reading_source(&r);
        struct otapack_status s = otapack_gzip_open(&src, &gz);
        assert_status(s, OTAPACK_FORBIDDEN, i == 0 ? "name" : "comment", 10);
        assert_int_equal(s.value, 65536);
        assert_int_equal(s.limit, 65535);
        assert_int_equal(r.reads, 1 + 65536);
    }
}

TEST(texts_of_the_most_bytes)
{
    static uint8_t bytes[10 + 2 * 65536 + 1];
    struct otapack_gzip gz;
    memset(bytes, 'x', sizeof(bytes));
    memcpy(bytes, "\x1F\x8B\x08\x18", 4);
    bytes[10 + 65535] = bytes[10 + 65536 + 65535] = 0;
    assert_good(open_bytes(bytes, sizeof(bytes), &gz));
    assert_int_equal(gz.name.size, 65535);
    assert_int_equal(gz.comment.at, 10 + 65536);
    assert_int_equal(gz.comment.size, 65535);
    assert_int_equal(gz.compressed_at, 10 + 2 * 65536);
    bytes[10 + 65535] = 'x';
    bytes[10 + 65536] = 0;
    assert_status(open_bytes(bytes, sizeof(bytes), &gz), OTAPACK_FORBIDDEN, "name", 10);
}

TEST(every_read_may_fail)
{
    struct otapack_gzip gz;
    struct reading r = reading_of(golden, sizeof(golden));
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_gzip_open(&src, &gz));
    unsigned all = r.reads;
    assert_int_equal(all, 1 + 1 + 6 + 3 + 1);
    for (unsigned n = 1; n <= all; n++) {
        src = reading_source(&r);
        r.fail_at = n;
        struct otapack_status s = otapack_gzip_open(&src, &gz);
        assert_int_equal(s.code, OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, n);
        assert_true(s.at < 28);
    }
}

TEST(single_byte_changes)
{
    for (size_t at = 0; at < sizeof(golden); at++) {
        for (unsigned v = 0; v < 256; v++) {
            uint8_t copy[sizeof(golden)];
            struct otapack_gzip gz;
            memcpy(copy, golden, sizeof(copy));
            copy[at] = (uint8_t)v;
            struct otapack_status s = open_bytes(copy, sizeof(copy), &gz);
            assert_true(s.at <= sizeof(copy) && s.code != OTAPACK_READ_FAILED);
            assert_true(s.code != OTAPACK_OK || gz.compressed_at <= sizeof(copy));
        }
    }
}

TEST(what_gzip_packed)
{
    static uint8_t bytes[1 << 16];
    char path[4096];
    const char *vectors = getenv("OTAPACK_VECTORS");
    (void)snprintf(path, sizeof(path), "%s/esp8266/sketch.bin.gz", vectors == NULL ? "" : vectors);
    FILE *f = vectors == NULL ? NULL : fopen(path, "rb");
    if (f == NULL) {
        printf("skipped: no real firmware: OTAPACK_VECTORS is not set, or has no sketch\n");
        skip();
    }
    struct otapack_gzip gz;
    size_t n = fread(bytes, 1, sizeof(bytes), f);
    assert_int_equal(fclose(f), 0);
    assert_good(open_bytes(bytes, n, &gz));
    assert_int_equal(gz.name.size, 10);
    assert_memory_equal(bytes + gz.name.at, "sketch.bin", 11);
    assert_int_equal(gz.compressed_at, 21);
}

UNIT(gzip)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_header),
        cmocka_unit_test(the_shortest),
        cmocka_unit_test(every_combination),
        cmocka_unit_test(every_prefix_of_every_combination),
        cmocka_unit_test(forbidden_values),
        cmocka_unit_test(the_flag_of_text),
        cmocka_unit_test(extra_fields_that_leave_the_file),
        cmocka_unit_test(empty_texts_and_extra),
        cmocka_unit_test(a_text_without_end),
        cmocka_unit_test(texts_of_the_most_bytes),
        cmocka_unit_test(every_read_may_fail),
        cmocka_unit_test(single_byte_changes),
        cmocka_unit_test(what_gzip_packed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
