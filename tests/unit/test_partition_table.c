// SPDX-License-Identifier: Apache-2.0
//
// otapack/partition_table.h: a golden table written by hand, every prefix, 0 to 96 entries, what
// may stand behind the entries, the MD5, reads that fail.
#include "unit.h"

#include <otapack/partition_table.h>

#include "digest.h"

enum { ENTRY = OTAPACK_PARTITION_ENTRY_SIZE, SIZE = OTAPACK_PARTITION_TABLE_SIZE };

static const uint8_t golden[4 * ENTRY] = {
    // nvs, data, nvs, 0x9000, 0x6000
    0xAA, 0x50, 0x01, 0x02, 0x00, 0x90, 0x00, 0x00, 0x00, 0x60, 0x00, 0x00, 'n', 'v', 's', 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x00, 0x00, 0x00,
    // sixteen_letters!, app, ota_0, 0x10000, 0x100000, encrypted
    0xAA, 0x50, 0x00, 0x10, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x10, 0x00, 's', 'i', 'x', 't', 'e',
    'e', 'n', '_', 'l', 'e', 't', 't', 'e', 'r', 's', '!', 0x01, 0x00, 0x00, 0x00,
    // the MD5 of both, by Python's hashlib
    0xEB, 0xEB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0x2A, 0xE2, 0x55, 0x9B, 0xC5, 0xD2, 0xF7, 0x40, 0x15, 0xCA, 0x4B, 0xAA, 0x9D, 0x38, 0x14, 0xE9,
    // the end
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

static struct otapack_status open_bytes(const uint8_t *bytes, size_t n,
                                        struct otapack_partition_table *t)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_partition_table_open(&src, t);
}

// A table of `kinds`: p partition, m MD5, x neither, and the rest erased. Needs SIZE bytes.
static void build(uint8_t *to, const char *kinds)
{
    memset(to, 0xFF, SIZE);
    for (; *kinds != '\0'; kinds++, to += ENTRY) {
        memcpy(to, *kinds == 'm' ? golden + 2 * ENTRY : golden, ENTRY);
        to[0] = *kinds == 'x' ? 0xAB : to[0];
    }
}

TEST(golden_entries)
{
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    struct otapack_partition_table t;
    struct otapack_partition p;
    assert_good(otapack_partition_table_open(&src, &t));
    assert_int_equal(t.count, 2);
    assert_true(t.has_md5);
    assert_int_equal(t.md5_at, 64);
    assert_memory_equal(t.md5, golden + 80, 16);
    assert_int_equal(t.end, 96);
    assert_good(otapack_partition_read(&src, 0, &p));
    assert_int_equal(p.type, 1);
    assert_int_equal(p.subtype, 2);
    assert_int_equal(p.offset, 0x9000);
    assert_int_equal(p.size, 0x6000);
    assert_string_equal(p.label, "nvs");
    assert_int_equal(p.flags, 0);
    assert_good(otapack_partition_read(&src, 1, &p));
    assert_int_equal(p.type, OTAPACK_PARTITION_TYPE_APP);
    assert_int_equal(p.subtype, OTAPACK_PARTITION_APP_OTA_0);
    assert_int_equal(p.offset, 0x10000);
    assert_int_equal(p.size, 0x100000);
    assert_memory_equal(p.label, "sixteen_letters!", 16);
    assert_int_equal(p.flags, 1);
    assert_true(otapack_partition_is_ota(&p));
}

TEST(every_prefix_is_truncated)
{
    for (size_t n = 0; n < sizeof(golden); n++) {
        struct otapack_partition_table t, other;
        struct reading r = reading_of(golden, n);
        struct otapack_source hook = reading_source(&r);
        struct otapack_status s = open_bytes(golden, n, &t);
        assert_status(s, OTAPACK_TRUNCATED, "partition", n / ENTRY * ENTRY);
        assert_int_equal(t.count, n / ENTRY < 2 ? n / ENTRY : 2);
        assert_same_status(s, otapack_partition_table_open(&hook, &other));
        assert_int_equal(other.count, t.count);
    }
}

TEST(what_may_follow_what)
{
    const struct {
        const char *kinds;
        enum otapack_code code;
        const char *field;
        uint64_t at;
        uint32_t count;
    } rows[] = {
        {"", OTAPACK_NOT_THIS, "magic", 0, 0},
        {"m", OTAPACK_NOT_THIS, "magic", 0, 0},
        {"x", OTAPACK_NOT_THIS, "magic", 0, 0},
        {"p", OTAPACK_OK, "", 0, 1},
        {"pm", OTAPACK_OK, "", 0, 1},
        {"ppp", OTAPACK_OK, "", 0, 3},
        {"pmp", OTAPACK_FORBIDDEN, "magic", 64, 1},
        {"pmm", OTAPACK_FORBIDDEN, "magic", 64, 1},
        {"px", OTAPACK_FORBIDDEN, "magic", 32, 1},
        {"pmx", OTAPACK_FORBIDDEN, "magic", 64, 1},
        {"ppxp", OTAPACK_FORBIDDEN, "magic", 64, 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[SIZE];
        struct otapack_partition_table t;
        build(bytes, rows[i].kinds);
        assert_status(open_bytes(bytes, sizeof(bytes), &t), rows[i].code, rows[i].field,
                      rows[i].at);
        assert_int_equal(t.count, rows[i].count);
        assert_int_equal(t.has_md5, strchr(rows[i].kinds, 'm') != NULL && t.count > 0);
    }
}

// The device wants an erased entry inside 0xC00 bytes, so at most 95 others.
TEST(how_many_entries)
{
    for (uint32_t count = 1; count <= 96; count++) {
        for (int md5 = 0; md5 <= 1; md5++) {
            uint8_t bytes[SIZE + ENTRY];
            char kinds[97] = "";
            struct otapack_partition_table t;
            memset(kinds, 'p', count);
            if (md5 == 1) {
                kinds[count - 1] = 'm';
            }
            build(bytes, kinds);
            memset(bytes + SIZE, 0xFF, ENTRY);
            struct otapack_status s = open_bytes(bytes, sizeof(bytes), &t);
            if (count == 1 && md5 == 1) {
                assert_int_equal(s.code, OTAPACK_NOT_THIS);
            } else if (count < 96) {
                assert_good(s);
                assert_int_equal(t.count, count - (uint32_t)md5);
                assert_int_equal(t.end, count * ENTRY);
            } else {
                assert_status(s, OTAPACK_FORBIDDEN, "end", SIZE);
                assert_int_equal(t.count, 96 - md5);
            }
        }
    }
}

// "The table ends at the first entry of 0xFF bytes": the bootloader asks for type and subtype 0xFF
// as well, and refuses the table otherwise.
TEST(an_end_is_more_than_its_magic)
{
    for (size_t at = 2; at <= 3; at++) {
        uint8_t bytes[SIZE];
        struct otapack_partition_table t;
        build(bytes, "pm");
        bytes[2 * ENTRY + at] = 0x00;
        assert_status(open_bytes(bytes, sizeof(bytes), &t), OTAPACK_FORBIDDEN, "magic", 64);
    }
}

TEST(every_read_may_fail)
{
    struct reading r = reading_of(golden, sizeof(golden));
    struct otapack_partition_table t;
    struct otapack_partition p;
    for (unsigned n = 1; n <= 4; n++) {
        struct otapack_source src = reading_source(&r);
        r.fail_at = n;
        assert_status(otapack_partition_table_open(&src, &t), OTAPACK_READ_FAILED, "partition",
                      (n - 1) * ENTRY);
        assert_int_equal(r.reads, n);
    }
    struct otapack_source src = reading_source(&r);
    r.fail_at = 1;
    assert_int_equal(otapack_partition_read(&src, 1, &p).code, OTAPACK_READ_FAILED);
}

TEST(partitions_beyond_the_end)
{
    struct otapack_source src = otapack_memory(golden, sizeof(golden));
    struct otapack_partition p;
    assert_int_equal(otapack_partition_read(&src, 4, &p).code, OTAPACK_TRUNCATED);
    struct otapack_status s = otapack_partition_read(&src, UINT32_MAX, &p);
    assert_status(s, OTAPACK_TRUNCATED, "partition", UINT64_C(0x1FFFFFFFE0));
}

TEST(the_md5)
{
    static const enum digest_library libraries[] = {DIGEST_MBEDTLS, DIGEST_BEST};
    for (size_t i = 0; i < COUNT(libraries); i++) {
        struct digest *d = digest_new(DIGEST_MD5, libraries[i]);
        struct otapack_hash md5 = digest_hash(d);
        struct reading r = reading_of(golden, sizeof(golden));
        struct otapack_source src = reading_source(&r);
        struct otapack_partition_table t;
        uint8_t is[16];
        assert_good(otapack_partition_table_open(&src, &t));
        assert_good(otapack_partition_table_compute(&src, &t, &md5, is));
        assert_memory_equal(is, t.md5, sizeof(is));
        src = reading_source(&r);
        r.fail_at = 2;
        assert_status(otapack_partition_table_compute(&src, &t, &md5, is), OTAPACK_READ_FAILED,
                      "partition", 32);
        r.fail_at = 0;
        src.size = 63;
        assert_status(otapack_partition_table_compute(&src, &t, &md5, is), OTAPACK_TRUNCATED,
                      "partition", 32);
        digest_free(d);
    }
}

TEST(which_partitions_are_for_updates)
{
    for (unsigned type = 0; type < 256; type++) {
        for (unsigned subtype = 0; subtype < 256; subtype++) {
            struct otapack_partition p = {.type = (uint8_t)type, .subtype = (uint8_t)subtype};
            assert_int_equal(otapack_partition_is_ota(&p),
                             type == 0 && subtype >= 0x10 && subtype <= 0x1F);
        }
    }
}

TEST(single_byte_changes)
{
    for (size_t at = 0; at < sizeof(golden); at++) {
        for (unsigned v = 0; v < 256; v++) {
            uint8_t copy[sizeof(golden)];
            struct otapack_partition_table t;
            memcpy(copy, golden, sizeof(golden));
            copy[at] = (uint8_t)v;
            struct otapack_status s = open_bytes(copy, sizeof(copy), &t);
            assert_true(s.at <= sizeof(copy) && s.code != OTAPACK_READ_FAILED);
            assert_true(t.count <= 4 && t.end <= sizeof(copy));
            assert_true(s.code != OTAPACK_OK || t.count > 0);
        }
    }
}

UNIT(partition_table)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_entries),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(what_may_follow_what),
        cmocka_unit_test(how_many_entries),
        cmocka_unit_test(an_end_is_more_than_its_magic),
        cmocka_unit_test(every_read_may_fail),
        cmocka_unit_test(partitions_beyond_the_end),
        cmocka_unit_test(the_md5),
        cmocka_unit_test(which_partitions_are_for_updates),
        cmocka_unit_test(single_byte_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
