// SPDX-License-Identifier: Apache-2.0
#include "secure_boot.h"

#include <string.h>

#include "digest_span.h"
#include "text.h"

struct pk_public secure_boot_key(const struct otapack_sb_block *b)
{
    struct pk_public key = {.type = (enum pk_type)b->scheme};
    uint32_t size = otapack_sb_number_size(b->scheme);
    if (b->scheme == OTAPACK_SB_RSA3072) {
        otapack_sb_reverse(key.key, b->key, size);
        key.exponent = otapack_le32(b->key + size);
    } else {
        otapack_sb_reverse(key.key, b->key + 1, size);
        otapack_sb_reverse(key.key + size, b->key + 1 + size, size);
    }
    return key;
}

void secure_boot_signature(const struct otapack_sb_block *b, uint8_t signature[PK_MAX_NUMBERS])
{
    uint32_t size = otapack_sb_number_size(b->scheme);
    otapack_sb_reverse(signature, b->signature, size);
    if (b->scheme != OTAPACK_SB_RSA3072) {
        otapack_sb_reverse(signature + size, b->signature + size, size);
    }
}

bool secure_boot_constants_fit(const struct otapack_sb_block *b)
{
    const uint8_t *r_there = b->key + (OTAPACK_SB_RSA_R_AT - OTAPACK_SB_RSA_KEY_AT);
    const uint8_t *m_there = b->key + (OTAPACK_SB_RSA_M_AT - OTAPACK_SB_RSA_KEY_AT);
    uint8_t r[OTAPACK_SB_RSA_SIZE];
    if (b->scheme != OTAPACK_SB_RSA3072) {
        return true;
    }
    otapack_sb_rsa_r(b->key, r);
    return memcmp(r_there, r, sizeof(r)) == 0 && otapack_le32(m_there) == otapack_sb_rsa_m(b->key);
}

void secure_boot_block(const struct pk_public *key, const uint8_t *digest, const uint8_t *signature,
                       uint8_t raw[OTAPACK_SB_BLOCK_SIZE])
{
    struct otapack_sb_parts parts = {(enum otapack_sb_scheme)key->type, digest, key->key,
                                     key->exponent, signature};
    otapack_sb_block_write(&parts, raw);
}

void secure_boot_block_key_digest(const struct otapack_sb_block *b, uint8_t out[KEY_DIGEST_SIZE])
{
    struct otapack_source key = otapack_memory(b->key, b->key_size);
    (void)digest_of(DIGEST_SHA256, &key, out);
}

void secure_boot_key_digest(const struct pk_public *key, uint8_t out[KEY_DIGEST_SIZE])
{
    static const uint8_t no_digest[OTAPACK_SB_MAX_DIGEST];
    uint8_t written[OTAPACK_SB_BLOCK_SIZE], raw[OTAPACK_SB_BLOCK_SIZE];
    struct otapack_sb_block b;
    secure_boot_block(key, no_digest, NULL, written);
    struct otapack_source src = otapack_memory(written, sizeof(written));
    if (otapack_sb_block_read(&src, 0, raw, &b).code == OTAPACK_OK) { // as what was written is
        secure_boot_block_key_digest(&b, out);
    }
}

const char *secure_boot_key_digits(const struct pk_public *key, struct arena *a)
{
    uint8_t digest[KEY_DIGEST_SIZE];
    if (!pk_is_secure_boot(key)) {
        return "";
    }
    secure_boot_key_digest(key, digest);
    return text_hex(a, digest, sizeof(digest));
}

bool secure_boot_is_key_digest(const char *digits)
{
    size_t n = strlen(digits);
    return (n == KEY_DIGEST_DIGITS || n == KEY_DIGEST_SHORT) &&
           strspn(digits, "0123456789abcdefABCDEF") == n;
}

bool secure_boot_is_block(const struct otapack_source *src, uint64_t at)
{
    uint8_t raw[OTAPACK_SB_BLOCK_SIZE];
    struct otapack_sb_block b;
    return otapack_sb_block_read(src, at, raw, &b).code == OTAPACK_OK &&
           b.crc == otapack_sb_crc(raw);
}

// ---- v1 -----------------------------------------------------------------------------------------

enum { P256_SIZE = OTAPACK_SB_V1_SIGNATURE_SIZE / 2, LEAST_DIFFERENT = 40 };

// r and s are both from 1 to n - 1, where n is the order of P-256.
static bool is_in_range(const uint8_t number[P256_SIZE])
{
    static const uint8_t zero[P256_SIZE];
    static const uint8_t order[P256_SIZE] = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00,
                                             0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                             0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
                                             0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
    return memcmp(number, zero, sizeof(zero)) > 0 && memcmp(number, order, sizeof(order)) < 0;
}

// Of the 64 bytes of a signature, which look like chance, 57 are different; fewer than 40 are in
// one of fifty thousand million. Code, text and tables have fewer.
static bool look_random(const uint8_t bytes[OTAPACK_SB_V1_SIGNATURE_SIZE])
{
    bool seen[256] = {false};
    unsigned different = 0;
    for (size_t i = 0; i < OTAPACK_SB_V1_SIGNATURE_SIZE; i++) {
        different += !seen[bytes[i]];
        seen[bytes[i]] = true;
    }
    return different >= LEAST_DIFFERENT;
}

bool secure_boot_v1_is_likely(const struct otapack_sb_v1 *v1)
{
    return v1->version == 0 && is_in_range(v1->signature) &&
           is_in_range(v1->signature + P256_SIZE) && look_random(v1->signature);
}

// -------------------------------------------------------------------------------------------------

bool secure_boot_digest(enum pk_type type, const struct otapack_source *src,
                        uint8_t out[OTAPACK_SB_MAX_DIGEST])
{
    return digest_of(pk_types[type].digest, src, out);
}
