// SPDX-License-Identifier: Apache-2.0
//
// otapack/secure_boot.h, reading: every field of golden blocks, every prefix, what is refused,
// reads that fail, places; the CRC, which bytes must be zero; v1 both ways. Offsets are by hand.
#include "unit.h"

#include <otapack/secure_boot.h>

#include "crc.h"

enum { BLOCK = 1216 };

// The layout of a block, and what of it is not used: single bytes, and a range up to the CRC.
struct golden {
    enum otapack_sb_scheme scheme;
    uint8_t head[4];
    uint8_t curve_id; // 0: none
    uint32_t digest_size, key_at, key_size, signature_at, signature_size;
    uint32_t number_size;
    bool byte_2_unused;
    uint32_t unused_from; // to 1195
};

static const struct golden golden[] = {
    {OTAPACK_SB_RSA3072, {0xE7, 2, 0, 0}, 0, 32, 36, 776, 812, 384, 384, true, 1196},
    {OTAPACK_SB_P192, {0xE7, 3, 0, 0}, 1, 32, 36, 65, 101, 64, 24, false, 165},
    {OTAPACK_SB_P256, {0xE7, 3, 0, 0}, 2, 32, 36, 65, 101, 64, 32, false, 165},
    {OTAPACK_SB_P384, {0xE7, 3, 1, 0}, 3, 48, 52, 97, 149, 96, 48, false, 245},
};

// Bytes that differ from their neighbours, and none of which is zero.
static void fill(uint8_t *raw, uint32_t at, uint32_t n)
{
    for (uint32_t i = at; i < at + n; i++) {
        raw[i] = (uint8_t)(1 + i * 7 % 255);
    }
}

static void assemble(const struct golden *g, uint8_t raw[BLOCK])
{
    static const uint8_t crc[4] = {0x78, 0x56, 0x34, 0x12};
    memset(raw, 0, BLOCK);
    memcpy(raw, g->head, sizeof(g->head));
    fill(raw, 4, g->digest_size);
    fill(raw, g->key_at, g->key_size);
    fill(raw, g->signature_at, g->signature_size);
    if (g->curve_id != 0) {
        raw[g->key_at] = g->curve_id;
    }
    if (g->scheme == OTAPACK_SB_P192) { // the rest of x, y and of r, s
        memset(raw + 85, 0, 16);
        memset(raw + 149, 0, 16);
    }
    memcpy(raw + 1196, crc, sizeof(crc));
}

static struct otapack_status read_at(const uint8_t *bytes, size_t n, uint64_t at,
                                     uint8_t raw[BLOCK], struct otapack_sb_block *b)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_sb_block_read(&src, at, raw, b);
}

static void assert_is(const struct golden *g, const uint8_t *raw, const struct otapack_sb_block *b)
{
    assert_int_equal(b->scheme, g->scheme);
    assert_int_equal(b->version, g->head[1]);
    assert_ptr_equal(b->digest, raw + 4);
    assert_int_equal(b->digest_size, g->digest_size);
    assert_ptr_equal(b->key, raw + g->key_at);
    assert_int_equal(b->key_size, g->key_size);
    assert_ptr_equal(b->signature, raw + g->signature_at);
    assert_int_equal(b->signature_size, g->signature_size);
    assert_int_equal(b->crc, 0x12345678);
}

// What a refusal leaves of `b`: what was there.
static struct otapack_sb_block untouched(void)
{
    struct otapack_sb_block b;
    memset(&b, 0x5A, sizeof(b));
    return b;
}

static void assert_refused(const uint8_t bytes[BLOCK], enum otapack_code code, const char *field,
                           uint64_t at, uint64_t value, uint64_t limit)
{
    uint8_t raw[BLOCK];
    struct otapack_sb_block b = untouched(), before = b;
    struct otapack_status s = read_at(bytes, BLOCK, 0, raw, &b);
    assert_status(s, code, field, at);
    assert_int_equal(s.value, value);
    assert_int_equal(s.limit, limit);
    assert_memory_equal(&b, &before, sizeof(b));
    assert_memory_equal(raw, bytes, BLOCK);
}

TEST(sizes)
{
    assert_int_equal(OTAPACK_SB_BLOCK_SIZE, BLOCK);
    assert_int_equal(OTAPACK_SB_SECTOR_SIZE, 4096);
    assert_int_equal(OTAPACK_SB_MAX_BLOCKS * OTAPACK_SB_BLOCK_SIZE + 448, 4096);
    for (size_t i = 0; i < COUNT(golden); i++) {
        assert_int_equal(otapack_sb_number_size(golden[i].scheme), golden[i].number_size);
    }
}

TEST(every_field)
{
    for (size_t i = 0; i < COUNT(golden); i++) {
        uint8_t bytes[BLOCK], raw[BLOCK], other_raw[BLOCK];
        struct otapack_sb_block b, other;
        assemble(&golden[i], bytes);
        assert_good(read_at(bytes, BLOCK, 0, raw, &b));
        assert_memory_equal(raw, bytes, BLOCK);
        assert_is(&golden[i], raw, &b);
        struct reading r = reading_of(bytes, BLOCK);
        struct otapack_source hook = reading_source(&r);
        assert_good(otapack_sb_block_read(&hook, 0, other_raw, &other));
        assert_int_equal(r.reads, 1);
        assert_is(&golden[i], other_raw, &other);
    }
}

TEST(another_magic)
{
    for (size_t i = 0; i < COUNT(golden); i++) {
        for (unsigned value = 0; value < 256; value++) {
            uint8_t bytes[BLOCK];
            assemble(&golden[i], bytes);
            bytes[0] = (uint8_t)value;
            if (value != 0xE7) {
                assert_refused(bytes, OTAPACK_NOT_THIS, "magic", 0, value, 0xE7);
            }
        }
    }
}

TEST(another_version)
{
    static const uint8_t versions[] = {0, 1, 4, 0x82, 255};
    for (size_t i = 0; i < COUNT(golden); i++) {
        for (size_t k = 0; k < COUNT(versions); k++) {
            uint8_t bytes[BLOCK];
            assemble(&golden[i], bytes);
            bytes[1] = versions[k];
            assert_refused(bytes, OTAPACK_FORBIDDEN, "version", 1, versions[k], 3);
        }
    }
}

TEST(another_sha_type)
{
    static const uint8_t types[] = {2, 3, 0x80, 255};
    for (size_t i = 1; i < COUNT(golden); i++) {
        for (size_t k = 0; k < COUNT(types); k++) {
            uint8_t bytes[BLOCK];
            assemble(&golden[i], bytes);
            bytes[2] = types[k];
            assert_refused(bytes, OTAPACK_FORBIDDEN, "sha_type", 2, types[k], 1);
        }
    }
}

// A curve has its own digest: P-384 with SHA-256, or P-256 with SHA-384, is no block.
TEST(a_curve_id_that_does_not_go_with_the_sha_type)
{
    for (unsigned value = 0; value < 256; value++) {
        uint8_t bytes[BLOCK], raw[BLOCK];
        struct otapack_sb_block b;
        assemble(&golden[2], bytes);
        bytes[36] = (uint8_t)value;
        if (value == 1 || value == 2) {
            assert_good(read_at(bytes, BLOCK, 0, raw, &b));
            assert_int_equal(b.scheme, value == 1 ? OTAPACK_SB_P192 : OTAPACK_SB_P256);
        } else {
            assert_refused(bytes, OTAPACK_FORBIDDEN, "curve_id", 36, value, 2);
        }
        assemble(&golden[3], bytes);
        bytes[52] = (uint8_t)value;
        if (value == 3) {
            assert_good(read_at(bytes, BLOCK, 0, raw, &b));
            assert_int_equal(b.scheme, OTAPACK_SB_P384);
        } else {
            assert_refused(bytes, OTAPACK_FORBIDDEN, "curve_id", 52, value, 3);
        }
    }
}

// RSA has neither sha_type nor curve_id: all that is not magic or version is left to the caller.
TEST(what_is_not_judged)
{
    for (size_t i = 0; i < COUNT(golden); i++) {
        for (size_t at = 2; at < BLOCK; at++) {
            uint8_t bytes[BLOCK], raw[BLOCK];
            struct otapack_sb_block b;
            assemble(&golden[i], bytes);
            bytes[at] ^= 0xFF;
            bool judged = golden[i].curve_id != 0 && (at == 2 || at == golden[i].key_at);
            assert_int_equal(read_at(bytes, BLOCK, 0, raw, &b).code,
                             judged ? OTAPACK_FORBIDDEN : OTAPACK_OK);
        }
    }
}

TEST(every_prefix_is_truncated)
{
    uint8_t bytes[BLOCK], raw[BLOCK];
    for (size_t i = 0; i < COUNT(golden); i++) {
        assemble(&golden[i], bytes);
        for (size_t n = 0; n < BLOCK; n++) {
            struct otapack_sb_block b = untouched(), before = b;
            struct reading r = reading_of(bytes, n);
            struct otapack_source hook = reading_source(&r);
            struct otapack_status s = read_at(bytes, n, 0, raw, &b);
            assert_status(s, OTAPACK_TRUNCATED, "signature_block", 0);
            assert_int_equal(s.value, BLOCK);
            assert_int_equal(s.limit, n);
            assert_same_status(s, otapack_sb_block_read(&hook, 0, raw, &b));
            assert_int_equal(r.reads, 0);
            assert_memory_equal(&b, &before, sizeof(b));
        }
    }
}

TEST(a_read_that_fails_fills_nothing)
{
    uint8_t bytes[BLOCK], raw[BLOCK];
    struct otapack_sb_block b = untouched(), before = b;
    assemble(&golden[2], bytes);
    struct reading r = reading_of(bytes, BLOCK);
    struct otapack_source hook = reading_source(&r);
    r.fail_at = 1;
    assert_status(otapack_sb_block_read(&hook, 0, raw, &b), OTAPACK_READ_FAILED, "signature_block",
                  0);
    assert_memory_equal(&b, &before, sizeof(b));
}

// Three blocks in a sector that stands at 4096, and what is between and behind them.
TEST(where_it_stands)
{
    static uint8_t bytes[8192];
    memset(bytes, 0xFF, sizeof(bytes));
    for (uint32_t i = 0; i < 3; i++) {
        assemble(&golden[i + 1], bytes + 4096 + i * 1216);
    }
    for (uint32_t i = 0; i < 3; i++) {
        uint8_t raw[BLOCK];
        struct otapack_sb_block b;
        uint64_t at = 4096 + i * 1216;
        assert_good(read_at(bytes, sizeof(bytes), at, raw, &b));
        assert_is(&golden[i + 1], raw, &b);
        assert_status(read_at(bytes, sizeof(bytes), at - 1, raw, &b), OTAPACK_NOT_THIS, "magic",
                      at - 1);
        bytes[at + 1] = 1;
        assert_status(read_at(bytes, sizeof(bytes), at, raw, &b), OTAPACK_FORBIDDEN, "version",
                      at + 1);
        bytes[at + 1] = 3;
        bytes[at + 2] = 2;
        assert_status(read_at(bytes, sizeof(bytes), at, raw, &b), OTAPACK_FORBIDDEN, "sha_type",
                      at + 2);
        bytes[at + 2] = i == 2;
        bytes[at + (i == 2 ? 52 : 36)] = 4;
        assert_status(read_at(bytes, sizeof(bytes), at, raw, &b), OTAPACK_FORBIDDEN, "curve_id",
                      at + (i == 2 ? 52 : 36));
    }
}

TEST(far_places)
{
    uint8_t raw[BLOCK];
    struct otapack_sb_block b;
    const uint64_t far = UINT64_C(5) << 30;
    struct reading r = {.fill = 0xE7, .size = far + BLOCK};
    struct otapack_source hook = reading_source(&r);
    assert_status(otapack_sb_block_read(&hook, far, raw, &b), OTAPACK_FORBIDDEN, "version",
                  far + 1);
    assert_int_equal(r.last_at, far);
    assert_status(otapack_sb_block_read(&hook, far + 1, raw, &b), OTAPACK_TRUNCATED,
                  "signature_block", far + 1);
    assert_status(otapack_sb_block_read(&hook, UINT64_MAX, raw, &b), OTAPACK_TRUNCATED,
                  "signature_block", UINT64_MAX);
    assert_int_equal(r.reads, 1);
}

TEST(where_the_sector_is)
{
    static const struct {
        uint64_t length, at;
    } rows[] = {
        {0, 0},
        {1, 4096},
        {4095, 4096},
        {4096, 4096},
        {4097, 8192},
        {8191, 8192},
        {UINT64_C(0xFFFFF000), UINT64_C(0xFFFFF000)},
        {UINT64_C(0xFFFFF001), UINT64_C(0x100000000)},
        {UINT64_C(0xFFFFFFFF), UINT64_C(0x100000000)},
        {UINT64_C(0x100000000), UINT64_C(0x100000000)},
        {UINT64_C(0x100000001), UINT64_C(0x100001000)},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(otapack_sb_sector_at(rows[i].length), rows[i].at);
    }
}

// Of signed data: the last whole sector, behind one of data at least.
TEST(where_the_sector_of_data_is)
{
    static const struct {
        uint64_t size, at;
    } rows[] = {
        {0, UINT64_MAX},
        {4096, UINT64_MAX},
        {8191, UINT64_MAX},
        {8192, 4096},
        {12287, 4096},
        {12288, 8192},
        {UINT64_C(0x100000000), UINT64_C(0xFFFFF000)},
        {UINT64_C(0x100002FFF), UINT64_C(0x100001000)},
        {UINT64_MAX, UINT64_MAX - 8191},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(otapack_sb_data_sector_at(rows[i].size), rows[i].at);
    }
}

TEST(the_crc_is_zlibs)
{
    uint64_t x = random_seed(__func__);
    uint8_t raw[BLOCK] = {0};
    assert_int_equal(otapack_sb_crc(raw), 0x6B691BC6);
    memset(raw, 0xFF, sizeof(raw));
    assert_int_equal(otapack_sb_crc(raw), 0xD671AAA9);
    for (unsigned i = 0; i < BLOCK; i++) {
        raw[i] = (uint8_t)i;
    }
    assert_int_equal(otapack_sb_crc(raw), 0xA6C87C62);
    for (int i = 0; i < 1000; i++) {
        random_bytes(&x, raw, sizeof(raw));
        assert_int_equal(otapack_sb_crc(raw), crc_32(0, raw, 1196));
    }
    for (size_t at = 0; at < BLOCK; at++) { // those from 1196 on do not count
        uint32_t before = otapack_sb_crc(raw);
        raw[at] ^= 0x10;
        assert_int_equal(otapack_sb_crc(raw) == before, at >= 1196);
    }
}

// Each byte set in turn, in a block that was read without it.
static void each_byte(const struct golden *g, uint8_t value)
{
    uint8_t bytes[BLOCK], raw[BLOCK];
    struct otapack_sb_block b = {.version = 0};
    assemble(g, bytes);
    assert_good(read_at(bytes, BLOCK, 0, raw, &b));
    assert_true(otapack_sb_unused_are_zero(raw, &b));
    assert_true(otapack_sb_p192_rest_is_zero(&b));
    for (uint32_t at = 0; at < BLOCK; at++) {
        bool unused = at == 3 || (at == 2 && g->byte_2_unused) ||
                      (at >= g->unused_from && at <= 1195) || at >= 1200;
        bool rest =
            g->scheme == OTAPACK_SB_P192 && ((at >= 85 && at <= 100) || (at >= 149 && at <= 164));
        uint8_t before = raw[at];
        raw[at] = value;
        assert_int_equal(otapack_sb_unused_are_zero(raw, &b), !unused);
        assert_int_equal(otapack_sb_p192_rest_is_zero(&b), !rest);
        raw[at] = before;
    }
}

TEST(each_byte_that_is_not_used)
{
    for (size_t i = 0; i < COUNT(golden); i++) {
        each_byte(&golden[i], 1);
        each_byte(&golden[i], 0x80);
        each_byte(&golden[i], 0xFF);
    }
}

TEST(reversed_bytes)
{
    uint8_t from[5] = {1, 2, 3, 4, 5}, to[6] = {0, 0, 0, 0, 0, 9};
    otapack_sb_reverse(to, from, 0);
    assert_memory_equal(to, "\0\0\0\0\0\x09", 6);
    otapack_sb_reverse(to, from, 1);
    assert_memory_equal(to, "\x01\0\0\0\0\x09", 6);
    otapack_sb_reverse(to, from, 4);
    assert_memory_equal(to, "\x04\x03\x02\x01\0\x09", 6);
    otapack_sb_reverse(to, from, 5);
    assert_memory_equal(to, "\x05\x04\x03\x02\x01\x09", 6);
}

// ---- v1 -----------------------------------------------------------------------------------------

static void golden_v1(uint8_t raw[68])
{
    memset(raw, 0, 4);
    for (unsigned i = 4; i < 68; i++) {
        raw[i] = (uint8_t)(0xB0 + i);
    }
}

TEST(v1_both_ways)
{
    uint8_t raw[68], at_9[9 + 68] = {0}, back[69];
    struct otapack_sb_v1 v1;
    golden_v1(raw);
    memcpy(at_9 + 9, raw, sizeof(raw));
    struct otapack_source src = otapack_memory(at_9, sizeof(at_9));
    assert_int_equal(OTAPACK_SB_V1_SIZE, 68);
    assert_good(otapack_sb_v1_read(&src, 9, &v1));
    assert_int_equal(v1.version, 0);
    assert_memory_equal(v1.signature, raw + 4, 64);
    memset(back, 0xA5, sizeof(back));
    otapack_sb_v1_write(&v1, back);
    assert_memory_equal(back, raw, 68);
    assert_int_equal(back[68], 0xA5);
    assert_status(otapack_sb_v1_read(&src, 10, &v1), OTAPACK_TRUNCATED, "signature_block", 10);
    assert_status(otapack_sb_v1_read(&src, UINT64_MAX, &v1), OTAPACK_TRUNCATED, "signature_block",
                  UINT64_MAX);
}

TEST(v1_every_prefix_is_truncated)
{
    uint8_t raw[68];
    golden_v1(raw);
    for (size_t n = 0; n < sizeof(raw); n++) {
        struct otapack_sb_v1 v1;
        struct otapack_source src = otapack_memory(raw, n);
        struct reading r = reading_of(raw, n);
        struct otapack_source hook = reading_source(&r);
        struct otapack_status s = otapack_sb_v1_read(&src, 0, &v1);
        assert_status(s, OTAPACK_TRUNCATED, "signature_block", 0);
        assert_int_equal(s.value, 68);
        assert_same_status(s, otapack_sb_v1_read(&hook, 0, &v1));
    }
}

TEST(v1_another_version)
{
    static const uint32_t versions[] = {1, 2, 0xE7, 0x100, 0x01000000, UINT32_MAX};
    for (size_t i = 0; i < COUNT(versions); i++) {
        uint8_t raw[68], back[68];
        struct otapack_sb_v1 v1;
        golden_v1(raw);
        for (unsigned k = 0; k < 4; k++) {
            raw[k] = (uint8_t)(versions[i] >> 8 * k);
        }
        struct otapack_source src = otapack_memory(raw, sizeof(raw));
        struct otapack_status s = otapack_sb_v1_read(&src, 0, &v1);
        assert_status(s, OTAPACK_FORBIDDEN, "version", 0);
        assert_int_equal(s.value, versions[i]);
        assert_int_equal(s.limit, 0);
        otapack_sb_v1_write(&v1, back); // it was filled
        assert_memory_equal(back, raw, sizeof(raw));
    }
}

TEST(v1_a_read_that_fails_fills_nothing)
{
    uint8_t raw[68];
    struct otapack_sb_v1 v1, before;
    golden_v1(raw);
    memset(&v1, 0x5A, sizeof(v1));
    before = v1;
    struct reading r = reading_of(raw, sizeof(raw));
    struct otapack_source hook = reading_source(&r);
    r.fail_at = 1;
    assert_status(otapack_sb_v1_read(&hook, 0, &v1), OTAPACK_READ_FAILED, "signature_block", 0);
    assert_memory_equal(&v1, &before, sizeof(v1));
}

UNIT(secure_boot)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(every_field),
        cmocka_unit_test(another_magic),
        cmocka_unit_test(another_version),
        cmocka_unit_test(another_sha_type),
        cmocka_unit_test(a_curve_id_that_does_not_go_with_the_sha_type),
        cmocka_unit_test(what_is_not_judged),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(a_read_that_fails_fills_nothing),
        cmocka_unit_test(where_it_stands),
        cmocka_unit_test(far_places),
        cmocka_unit_test(where_the_sector_is),
        cmocka_unit_test(where_the_sector_of_data_is),
        cmocka_unit_test(the_crc_is_zlibs),
        cmocka_unit_test(each_byte_that_is_not_used),
        cmocka_unit_test(reversed_bytes),
        cmocka_unit_test(v1_both_ways),
        cmocka_unit_test(v1_every_prefix_is_truncated),
        cmocka_unit_test(v1_another_version),
        cmocka_unit_test(v1_a_read_that_fails_fills_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
