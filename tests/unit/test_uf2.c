// SPDX-License-Identifier: Apache-2.0
//
// otapack/uf2.h: blocks with and without MD5, at both of its places; what is refused; reads that
// fail.
#include "unit.h"

#include <otapack/uf2.h>

enum { BLOCK = OTAPACK_UF2_BLOCK_SIZE };

static struct otapack_uf2_block a_block(uint32_t flags, uint32_t size)
{
    struct otapack_uf2_block b = {.flags = flags, .address = 0x10000, .size = size, .total = 1};
    b.family = 0x1C5F21B0;
    b.md5_address = 0x10000;
    b.md5_size = size;
    memset(b.md5, 0x77, sizeof(b.md5));
    return b;
}

static struct otapack_status read_block(const uint8_t *bytes, size_t n, struct otapack_uf2_block *b)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_uf2_read(&src, 0, b);
}

static void payload_of(uint8_t *payload)
{
    for (unsigned i = 0; i < OTAPACK_UF2_MAX_PAYLOAD; i++) {
        payload[i] = (uint8_t)i;
    }
}

TEST(what_is_written_reads_back)
{
    static const uint32_t flags[] = {OTAPACK_UF2_HAS_FAMILY, 0,
                                     OTAPACK_UF2_HAS_FAMILY | OTAPACK_UF2_HAS_MD5};
    uint8_t payload[OTAPACK_UF2_MAX_PAYLOAD], bytes[BLOCK];
    payload_of(payload);
    for (size_t i = 0; i < COUNT(flags); i++) {
        for (uint32_t size = 0; size <= OTAPACK_UF2_MAX_PAYLOAD + 1; size++) {
            struct otapack_uf2_block b = a_block(flags[i], size), read;
            bool fits = size > 0 && size <= otapack_uf2_room(flags[i]);
            assert_int_equal(otapack_uf2_write(&b, payload, bytes), fits);
            if (fits) {
                assert_good(read_block(bytes, BLOCK, &read));
                assert_int_equal(read.size, size);
                assert_int_equal(read.address, b.address);
                assert_int_equal(read.family, b.family);
                assert_int_equal(otapack_uf2_md5_is_own(&read),
                                 (flags[i] & OTAPACK_UF2_HAS_MD5) != 0);
                assert_memory_equal(bytes + OTAPACK_UF2_PAYLOAD_AT, payload, size);
            }
        }
    }
}

// Where the format's description has it: in the last bytes before the magic.
TEST(an_md5_at_the_end)
{
    uint8_t payload[OTAPACK_UF2_MAX_PAYLOAD], bytes[BLOCK];
    struct otapack_uf2_block b = a_block(OTAPACK_UF2_HAS_MD5, 100), read;
    payload_of(payload);
    assert_true(otapack_uf2_write(&b, payload, bytes));
    memmove(bytes + OTAPACK_UF2_MAGIC_LAST_AT - OTAPACK_UF2_MD5_SIZE,
            bytes + OTAPACK_UF2_PAYLOAD_AT + 100, OTAPACK_UF2_MD5_SIZE);
    memset(bytes + OTAPACK_UF2_PAYLOAD_AT + 100, 0, OTAPACK_UF2_MD5_SIZE);
    assert_good(read_block(bytes, BLOCK, &read));
    assert_true(otapack_uf2_md5_is_own(&read));
    assert_memory_equal(read.md5, b.md5, sizeof(b.md5));
}

TEST(what_is_refused)
{
    uint8_t payload[OTAPACK_UF2_MAX_PAYLOAD], bytes[BLOCK];
    struct otapack_uf2_block b = a_block(OTAPACK_UF2_HAS_MD5, 100), read;
    payload_of(payload);
    for (size_t n = 0; n < BLOCK; n++) {
        assert_true(otapack_uf2_write(&b, payload, bytes));
        assert_int_equal(read_block(bytes, n, &read).code, OTAPACK_TRUNCATED);
    }
    static const size_t magics[] = {0, 4, OTAPACK_UF2_MAGIC_LAST_AT};
    for (size_t i = 0; i < COUNT(magics); i++) {
        bytes[magics[i]] ^= 1;
        struct otapack_status s = read_block(bytes, BLOCK, &read);
        assert_int_equal(s.code, OTAPACK_NOT_THIS);
        assert_int_equal(s.at, magics[i]);
        assert_true(s.value != s.limit);
        assert_int_equal(read.size, 0);
        bytes[magics[i]] ^= 1;
    }
    bytes[16] = 0;
    assert_status(read_block(bytes, BLOCK, &read), OTAPACK_FORBIDDEN, "size", 16);
    bytes[16] = 0xC5;
    bytes[17] = 1;
    assert_status(read_block(bytes, BLOCK, &read), OTAPACK_FORBIDDEN, "size", 16);
}

TEST(a_read_that_fails)
{
    uint8_t payload[OTAPACK_UF2_MAX_PAYLOAD], bytes[BLOCK];
    struct otapack_uf2_block b = a_block(OTAPACK_UF2_HAS_MD5, 100), read;
    payload_of(payload);
    b.md5_size = 7; // of something else: both places are looked at
    assert_true(otapack_uf2_write(&b, payload, bytes));
    for (unsigned i = 1; i <= 4; i++) {
        struct reading r = {.bytes = bytes, .stored = BLOCK, .size = BLOCK, .fail_at = i};
        struct otapack_source src = reading_source(&r);
        assert_int_equal(otapack_uf2_read(&src, 0, &read).code, OTAPACK_READ_FAILED);
    }
}

UNIT(uf2)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(an_md5_at_the_end),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(a_read_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
