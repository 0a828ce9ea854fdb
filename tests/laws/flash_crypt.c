// SPDX-License-Identifier: Apache-2.0
#include "flash_crypt.h"

#include "product.h"

#include <mbedtls/aes.h>
#include <sys/stat.h>

enum { BLOCK = 16, UNIT = 128, KEY = 32 };

static void reverse(uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        uint8_t kept = bytes[i];
        bytes[i] = bytes[n - 1 - i];
        bytes[n - 1 - i] = kept;
    }
}

static size_t extended(const struct flash_crypt *c, uint8_t key[2 * KEY])
{
    memcpy(key, c->key, c->key_size);
    if (c->key_size == 16) {
        sha256_of(c->key, c->key_size, key);
    } else if (c->key_size == 24) {
        memcpy(key + 24, c->key + 8, 8);
    }
    return c->key_size == 2 * KEY ? 2 * KEY : KEY;
}

// ---- The ESP32 ----------------------------------------------------------------------------------

// The bits of the address that stand opposite the key's bits, from its first one on: each row
// counts down, and four rows are switched by a bit of FLASH_CRYPT_CONFIG.
static const struct {
    unsigned from, to;
} rows[16] = {{23, 5}, {23, 5}, {23, 5}, {14, 5}, {23, 5}, {23, 5}, {23, 5}, {12, 5},
              {23, 5}, {23, 5}, {23, 5}, {10, 5}, {23, 5}, {23, 5}, {23, 5}, {8, 5}};

static void tweak_key(uint8_t key[KEY], uint64_t address, unsigned config)
{
    unsigned at = 0;
    for (unsigned row = 0; row < COUNT(rows); row++) {
        for (unsigned bit = rows[row].from; bit >= rows[row].to; bit--, at++) {
            unsigned flip = (config >> row / 4) & (unsigned)(address >> bit) & 1;
            key[at / 8] ^= (uint8_t)(flip << (7 - at % 8));
        }
    }
    assert_int_equal(at, 8 * KEY);
}

static void esp32_block(const struct flash_crypt *c, uint64_t address, uint8_t *block)
{
    uint8_t key[2 * KEY];
    mbedtls_aes_context aes;
    (void)extended(c, key);
    tweak_key(key, address, c->config);
    mbedtls_aes_init(&aes);
    assert_int_equal(mbedtls_aes_setkey_dec(&aes, key, 8 * KEY), 0);
    reverse(block, BLOCK);
    assert_int_equal(mbedtls_aes_crypt_ecb(&aes, MBEDTLS_AES_DECRYPT, block, block), 0);
    reverse(block, BLOCK);
    mbedtls_aes_free(&aes);
}

// ---- AES-XTS ------------------------------------------------------------------------------------

static void xts_unit(mbedtls_aes_xts_context *aes, uint64_t address, uint8_t *bytes)
{
    uint8_t tweak[BLOCK] = {0}, out[UNIT];
    for (unsigned i = 0; i < 4; i++) {
        tweak[i] = (uint8_t)(address >> 8 * i);
    }
    reverse(bytes, UNIT);
    assert_int_equal(mbedtls_aes_crypt_xts(aes, MBEDTLS_AES_ENCRYPT, UNIT, tweak, bytes, out), 0);
    reverse(out, UNIT);
    memcpy(bytes, out, UNIT);
}

// In whole units; what is no part of the data is thrown away again.
static void xts(const struct flash_crypt *c, uint8_t *bytes, size_t n)
{
    uint8_t key[2 * KEY];
    size_t skipped = (size_t)(c->address % UNIT);
    size_t all = (skipped + n + UNIT - 1) / UNIT * UNIT;
    uint8_t *units = calloc(1, all + 1);
    mbedtls_aes_xts_context aes;
    assert_non_null(units);
    mbedtls_aes_xts_init(&aes);
    assert_int_equal(mbedtls_aes_xts_setkey_enc(&aes, key, 8 * (unsigned)extended(c, key)), 0);
    memcpy(units + skipped, bytes, n);
    for (size_t at = 0; at < all; at += UNIT) {
        xts_unit(&aes, c->address - skipped + at, units + at);
    }
    memcpy(bytes, units + skipped, n);
    mbedtls_aes_xts_free(&aes);
    free(units);
}

void flash_crypt(const struct flash_crypt *c, uint8_t *bytes, size_t n)
{
    if (c->xts) {
        xts(c, bytes, n);
        return;
    }
    for (size_t at = 0; at < n; at += BLOCK) {
        esp32_block(c, c->address + at, bytes + at);
    }
}

// ---- Files for the laws -------------------------------------------------------------------------

const size_t flash_key_sizes[FLASH_KEYS] = {16, 24, 32, 64};
uint8_t flash_keys[FLASH_KEYS][64], flash_data[FLASH_DATA];

void flash_file(const char *name, const uint8_t *bytes, size_t n)
{
    struct image im = {(uint8_t *)(uintptr_t)bytes, n};
    image_save(&im, name);
}

static void make_key(const char *name, size_t size, const uint8_t *bytes)
{
    flash_file(name, bytes, size);
    assert_int_equal(chmod(name, 0600), 0);
}

static void make_keys(void)
{
    uint8_t twice[64], zeros[32] = {0};
    for (size_t i = 0; i < FLASH_KEYS; i++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "key%zu.bin", flash_key_sizes[i]);
        make_key(name, flash_key_sizes[i], flash_keys[i]);
    }
    memcpy(twice, flash_keys[3], 32);
    memcpy(twice + 32, flash_keys[3], 32);
    make_key("twice.bin", sizeof(twice), twice);
    make_key("zeros.bin", sizeof(zeros), zeros);
}

int flash_files_begin(void **group)
{
    uint64_t x = 7;
    if (run_begin(group) != 0) {
        return -1;
    }
    random_bytes(&x, flash_keys[0], sizeof(flash_keys));
    random_bytes(&x, flash_data, sizeof(flash_data));
    make_keys();
    flash_file("plain37.bin", flash_data, 37);
    flash_file("plain48.bin", flash_data, 48);
    flash_file("empty.bin", flash_data, 0);
    flash_file("large.bin", flash_data, 1025);
    flash_file("plain.bin", flash_data, 5008);
    fresh_folder("folder");
    return 0;
}
