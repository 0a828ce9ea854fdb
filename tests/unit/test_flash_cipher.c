// SPDX-License-Identifier: Apache-2.0
//
// flash_cipher.h: bytes that were computed apart from it (each block by `openssl enc -aes-N-ecb`,
// the tweaks by hand), both ways; any pieces are as good as the whole; keys are extended as the
// hardware does it. tests/laws/law_flash_encryption.c has many more.
#include "unit.h"

#include "arena.h"
#include "flash_cipher.h"
#include "text.h"

enum { MOST = 9000 };

static const struct row {
    enum flash_scheme scheme;
    size_t key_size;
    uint32_t address;
    unsigned config;
    size_t n;
    const char *hex;
} rows[] = {
    {FLASH_ESP32, 32, 0x0, 0xF, 48,
     "698bfe0c17c2c25a032692d189cba9e487fcd8f2d2ae933591981b9ac44a82bdf0997a3fcc2ec6d9f9671bdc7c5ac"
     "360"},
    {FLASH_ESP32, 32, 0xABCDE0, 0xF, 48,
     "2ce5a69b2fed9c8a54fe020c9283d733dd7be95d78a33fe60926490dc09da115f47c3dfa46534928a98b483988f1d"
     "706"},
    {FLASH_ESP32, 24, 0x10010, 0xF, 48,
     "55c5880eeef910e07781a00b5401cf298d692ece7d865493d596519cbf0b4ba9024f48cb299afb0d1167c8e35ff32"
     "5b5"},
    {FLASH_ESP32, 32, 0xFFFFD0, 0x5, 48,
     "b1d2ee738773bba95fc7c4332f55c446e760b6a6b29e9aee797c9c09a4cb797155aadfd3f77a689cf798015f9ef6a"
     "dfb"},
    {FLASH_ESP32, 32, 0x7FFFE0, 0xA, 32,
     "6bb12df1f8baf3faed393d50ee72e5b2f3c605a6c83e5e4422edc43c4ec78241"},
    {FLASH_ESP32, 32, 0x123450, 0x0, 48,
     "698bfe0c17c2c25a032692d189cba9e487fcd8f2d2ae933591981b9ac44a82bdd2e58d73d161b0a42a9d3f3830419"
     "0a5"},
    {FLASH_XTS, 32, 0x0, 0xF, 48,
     "133588a2c6e04a30d135cac1add43a939bde25cbe596cc12d7264a88127cc600d8d68ee09fefa5607a4b2253857df"
     "50a"},
    {FLASH_XTS, 64, 0x1FFF0E0, 0xF, 48,
     "a44eeb4e3ab5fd96789f47fdb77f105b0e56de4bc3d84c2373b5343ae3e14415e7a1eff8bfa504c673895e18c0e58"
     "81d"},
    {FLASH_XTS, 16, 0x10050, 0xF, 64,
     "0e7769b45c4e2fa65297d651147b0854e03f184d7a4d500130080314044c7029d6c1ef1e2e64d09ad397d266f3da0"
     "9b7be8f96c27021ac27c8352c6e1fcea022"},
    {FLASH_XTS, 64, 0xFFFFFFD0, 0x0, 48,
     "44146db8461995298beed9195e03952dc3d880cf2852ea4a49c84efa62dea297c32149ea8813756188a5d692743ec"
     "10d"},
};

// What the keys and the data of these rows are.
static void pattern(uint8_t *to, size_t n, size_t step)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (uint8_t)(i * step + i / 256 * 3 + 1);
    }
}

static struct flash_key key_of(size_t size)
{
    char bytes[FLASH_KEY_MOST];
    struct flash_key key;
    struct err e = ERR_NONE;
    pattern((uint8_t *)bytes, size, 29);
    const struct secret file = {bytes, size};
    assert_true(flash_key_extend(&file, &key, &e));
    return key;
}

static struct flash_cipher *cipher_of(const struct row *row, bool decrypt)
{
    struct flash_key key = key_of(row->key_size);
    struct err e = ERR_NONE;
    struct flash_cipher *c = flash_cipher_new(row->scheme, &key, row->config, decrypt, &e);
    assert_non_null(c);
    return c;
}

TEST(known_answers)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t data[MOST], bytes[MOST];
        struct arena a = ARENA_EMPTY;
        struct err e = ERR_NONE;
        pattern(data, rows[i].n, 7);
        memcpy(bytes, data, rows[i].n);
        struct flash_cipher *encrypt = cipher_of(&rows[i], false);
        struct flash_cipher *decrypt = cipher_of(&rows[i], true);
        assert_true(flash_cipher_run(encrypt, rows[i].address, bytes, rows[i].n, &e));
        assert_string_equal(text_hex(&a, bytes, rows[i].n), rows[i].hex);
        assert_true(flash_cipher_run(decrypt, rows[i].address, bytes, rows[i].n, &e));
        assert_memory_equal(bytes, data, rows[i].n);
        flash_cipher_free(encrypt);
        flash_cipher_free(decrypt);
        arena_free(&a);
    }
}

// Cut anywhere between blocks, and worked on in any order.
TEST(pieces)
{
    uint64_t x = random_seed("flash_cipher");
    uint8_t whole[MOST], bytes[MOST];
    struct err e = ERR_NONE;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct flash_cipher *c = cipher_of(&rows[i], false);
        uint32_t address = (uint32_t)random_below(&x, 1 << 19) * FLASH_BLOCK;
        size_t n = MOST / FLASH_BLOCK * FLASH_BLOCK;
        pattern(whole, n, 11);
        memcpy(bytes, whole, n);
        assert_true(flash_cipher_run(c, address, whole, n, &e));
        for (size_t end = n, size; end > 0; end -= size) {
            size = FLASH_BLOCK * (size_t)(1 + random_below(&x, end / FLASH_BLOCK));
            assert_true(flash_cipher_run(c, address + (uint32_t)(end - size), bytes + (end - size),
                                         size, &e));
        }
        assert_memory_equal(bytes, whole, n);
        flash_cipher_free(c);
    }
}

TEST(nothing)
{
    struct err e = ERR_NONE;
    uint8_t byte = 1;
    struct flash_cipher *c = cipher_of(&rows[0], false);
    assert_true(flash_cipher_run(c, 0, &byte, 0, &e));
    assert_int_equal(byte, 1);
    flash_cipher_free(c);
    flash_cipher_free(NULL);
}

// sha256sum of the 16 bytes; 24 bytes and their third quarter's worth; as they are.
TEST(extended)
{
    uint8_t bytes[FLASH_KEY_MOST];
    struct arena a = ARENA_EMPTY;
    pattern(bytes, sizeof(bytes), 29);
    struct flash_key key = key_of(16);
    assert_int_equal(key.size, 32);
    assert_string_equal(text_hex(&a, key.bytes, 32),
                        "7fd9550cd5e8fd9210866d401fe9956c15b3505d70f0ebba5ffec6a06d6bf05d");
    key = key_of(24);
    assert_int_equal(key.size, 32);
    assert_memory_equal(key.bytes, bytes, 24);
    assert_memory_equal(key.bytes + 24, bytes + 8, 8);
    for (size_t n = 32; n <= 64; n += 32) {
        key = key_of(n);
        assert_int_equal(key.size, n);
        assert_memory_equal(key.bytes, bytes, n);
    }
    arena_free(&a);
}

TEST(doubled)
{
    for (size_t size = 32; size <= 64; size += 32) {
        struct flash_key key = {.size = size};
        assert_true(flash_key_is_doubled(&key));
        key.bytes[size - 1] = 1;
        assert_false(flash_key_is_doubled(&key));
        key.bytes[size / 2 - 1] = 1;
        assert_true(flash_key_is_doubled(&key));
        key.bytes[0] = 1;
        assert_false(flash_key_is_doubled(&key));
    }
}

TEST(random_keys)
{
    uint8_t bytes[64] = {0}, none[64] = {0};
    struct err e = ERR_NONE;
    assert_true(flash_random(bytes, 48, &e));
    assert_memory_not_equal(bytes, none, 24);
    assert_memory_not_equal(bytes + 24, none, 24);
    assert_memory_equal(bytes + 48, none, 16);
}

UNIT(flash_cipher)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers), cmocka_unit_test(pieces),  cmocka_unit_test(nothing),
        cmocka_unit_test(extended),      cmocka_unit_test(doubled), cmocka_unit_test(random_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
