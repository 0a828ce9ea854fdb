/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/secure_boot.h: the signatures that stand behind an image, Secure Boot v2 and v1.
 *
 *     0          image_length     sector_at, a multiple of 4096                 sector_at + 4096
 *     +----------+----------------+---------+---------+---------+---------------+
 *     | image    | 0xFF           | block 0 | block 1 | block 2 | 0xFF          |      v2
 *     |          | 0..4095        | 1216    | 1216    | 1216    | 448           |
 *     +----------+----------------+---------+---------+---------+---------------+
 *     There are one to three blocks; what is not used is 0xFF. Everything before them is signed.
 *
 *     block:  RSA-3072                  ECDSA P-192, P-256           ECDSA P-384
 *             0    magic 0xE7           0    magic 0xE7              0    magic 0xE7
 *             1    version 2            1    version 3               1    version 3
 *             2    reserved[2]          2    sha_type 0, reserved    2    sha_type 1, reserved
 *             4    SHA-256              4    SHA-256                 4    SHA-384
 *             36   modulus n, 384       36   curve_id 1, 2           52   curve_id 3
 *             420  exponent e, 4        37   x, y, 64                53   x, y, 96
 *             424  R = 2^6144 mod n     101  r, s, 64                149  r, s, 96
 *             808  M' = -n^-1 mod 2^32  165  zeros                   245  zeros
 *             812  signature, 384
 *             1196 CRC-32 of 0..1195, 1200 zeros[16], in all of them
 *
 *     v1: 68 bytes at image_length: version 0, 4 bytes; r, s, 32 bytes each, big-endian.
 *         ECDSA P-256 over the SHA-256 of everything before. Whatever follows them is no matter.
 *
 *     Signed data, for a partition that holds no image (from ESP-IDF 6.0 on): the data, 0xFF up to
 *     a multiple of 4096, and such a sector, which is the last whole one of what is sent.
 *
 * In a block of v2 all numbers are little-endian, also n, R, the signature of RSA, and each of x,
 * y, r, s. P-192 takes the first 48 of 64 bytes, the rest is zero. What is signed is the digest: by
 * RSA-PSS with SHA-256, MGF1-SHA-256 and a salt of 32 bytes, or by ECDSA. A device keeps the
 * SHA-256 of the key, which is what `key` and `key_size` of struct otapack_sb_block span. The
 * arithmetic of signatures is the caller's.
 *
 *     uint8_t raw[OTAPACK_SB_BLOCK_SIZE];
 *     struct otapack_sb_block block;
 *     uint64_t at = otapack_sb_sector_at(image.length);
 *     struct otapack_status s = otapack_sb_block_read(&src, at, raw, &block);
 *     if (s.code == OTAPACK_OK && block.crc == otapack_sb_crc(raw))
 *         trust(block.scheme, block.digest, block.key, block.signature);
 *
 * Source of the facts: ESP-IDF, esp_secure_boot.h and secure_boot_v2; what espsecure writes.
 */
#ifndef OTAPACK_SECURE_BOOT_H
#define OTAPACK_SECURE_BOOT_H

#include "base.h"

#define OTAPACK_SB_SECTOR_SIZE 4096u
#define OTAPACK_SB_BLOCK_SIZE 1216u
#define OTAPACK_SB_MAX_BLOCKS 3u
#define OTAPACK_SB_MAGIC 0xE7u
#define OTAPACK_SB_HEAD_SIZE 53u /* to the curve_id of P-384, the last that tells of the layout */
#define OTAPACK_SB_CRC_AT 1196u
#define OTAPACK_SB_END_AT 1200u /* of the zeros behind the CRC */
#define OTAPACK_SB_DIGEST_AT 4u
#define OTAPACK_SB_RSA_SIZE 384u /* of modulus, R and signature */
#define OTAPACK_SB_RSA_KEY_AT 36u
#define OTAPACK_SB_RSA_KEY_SIZE 776u
#define OTAPACK_SB_RSA_R_AT 424u
#define OTAPACK_SB_RSA_M_AT 808u
#define OTAPACK_SB_RSA_SIGNATURE_AT 812u
#define OTAPACK_SB_MAX_DIGEST 48u
#define OTAPACK_SB_V1_SIZE 68u
#define OTAPACK_SB_V1_SIGNATURE_SIZE 64u

enum otapack_sb_scheme {
    OTAPACK_SB_RSA3072,
    OTAPACK_SB_P192,
    OTAPACK_SB_P256,
    OTAPACK_SB_P384,
};

/* A view of a block of v2: it points into the caller's 1216 bytes. Numbers are little-endian. */
struct otapack_sb_block {
    enum otapack_sb_scheme scheme;
    uint8_t version;       /* 2 RSA, 3 ECDSA */
    const uint8_t *digest; /* of everything before the sector */
    uint32_t digest_size;  /* 32 or 48 */
    const uint8_t *key;    /* what the digest of the key covers: n, e, R, M', or curve_id, x, y */
    uint32_t key_size;     /* 776, 65 or 97 */
    const uint8_t *signature; /* RSA's, or r, s */
    uint32_t signature_size;  /* of the field: 384, 64 or 96 */
    uint32_t crc;             /* as it stands */
};

struct otapack_sb_v1 {
    uint32_t version;
    uint8_t signature[OTAPACK_SB_V1_SIGNATURE_SIZE]; /* r, s, big-endian */
};

/* Where the sector is for an image of this length, which is the only place where devices look. */
static inline uint64_t otapack_sb_sector_at(uint64_t image_length)
{
    uint64_t last = OTAPACK_SB_SECTOR_SIZE - 1u;
    return (image_length + last) & ~last;
}

/*
 * Where the sector is of signed data of which so many bytes are sent; before it there is at least a
 * sector of data. UINT64_MAX, which is no multiple of 4096: there are too few for that.
 */
static inline uint64_t otapack_sb_data_sector_at(uint64_t size)
{
    uint64_t sector = OTAPACK_SB_SECTOR_SIZE, whole = size & ~(sector - 1u);
    return whole < 2u * sector ? UINT64_MAX : whole - sector;
}

/* How many bytes one number of a scheme has: n, or each of x, y, r, s. */
static inline uint32_t otapack_sb_number_size(enum otapack_sb_scheme scheme)
{
    return scheme == OTAPACK_SB_RSA3072 ? OTAPACK_SB_RSA_SIZE
           : scheme == OTAPACK_SB_P384  ? 48u
           : scheme == OTAPACK_SB_P256  ? 32u
                                        : 24u;
}

/* Where the block's fields are, by its version and, of ECDSA, its sha_type. */
static inline void otapack_sb_block_lay_(const uint8_t *raw, struct otapack_sb_block *b)
{
    bool rsa = raw[1] == 2u;
    uint32_t wide = !rsa && raw[2] == 1u ? 16u : 0u; /* what a SHA-384 or a P-384 number has more */
    b->version = raw[1];
    b->digest = raw + OTAPACK_SB_DIGEST_AT;
    b->digest_size = 32u + wide;
    b->key = raw + OTAPACK_SB_DIGEST_AT + b->digest_size;
    b->key_size = rsa ? OTAPACK_SB_RSA_KEY_SIZE : 65u + 2u * wide;
    b->signature = b->key + b->key_size;
    b->signature_size = rsa ? OTAPACK_SB_RSA_SIZE : 64u + 2u * wide;
    b->crc = otapack_le32(raw + OTAPACK_SB_CRC_AT);
}

/* A block, whole or damaged, begins with its magic and a version that there is. */
static inline bool otapack_sb_is_block(const uint8_t *raw)
{
    return raw[0] == OTAPACK_SB_MAGIC && (raw[1] == 2u || raw[1] == 3u);
}

/* Of an ECDSA block: does the curve go with the type of the digest? */
static inline bool otapack_sb_curve_fits_(uint8_t sha_type, uint8_t curve_id)
{
    return sha_type == 0u ? curve_id == 1u || curve_id == 2u : sha_type == 1u && curve_id == 3u;
}

/* The scheme by its curve_id, which must go with the sha_type. */
static inline struct otapack_status otapack_sb_curve_(const uint8_t *raw, uint64_t at,
                                                      struct otapack_sb_block *b)
{
    uint8_t type = raw[2], curve = b->key[0];
    if (type > 1u) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("sha_type"), at + 2, type, 1);
    }
    if (!otapack_sb_curve_fits_(type, curve)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("curve_id"),
                                   at + (uint64_t)(b->key - raw), curve, type == 0u ? 2u : 3u);
    }
    b->scheme = curve == 1u ? OTAPACK_SB_P192 : curve == 2u ? OTAPACK_SB_P256 : OTAPACK_SB_P384;
    return otapack_good();
}

/*
 * Points `b` into the block in `raw`, which stands at `at`. Returns what otapack_sb_block_read does
 * of a block that was read.
 */
static inline struct otapack_status
otapack_sb_block_decode(const uint8_t raw[OTAPACK_SB_BLOCK_SIZE], uint64_t at,
                        struct otapack_sb_block *b)
{
    struct otapack_sb_block found;
    struct otapack_status s = otapack_good();
    if (raw[0] != OTAPACK_SB_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), at, raw[0],
                                   OTAPACK_SB_MAGIC);
    }
    if (!otapack_sb_is_block(raw)) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("version"), at + 1, raw[1], 3);
    }
    otapack_sb_block_lay_(raw, &found);
    found.scheme = OTAPACK_SB_RSA3072;
    if (found.version == 3u) {
        s = otapack_sb_curve_(raw, at, &found);
    }
    if (s.code == OTAPACK_OK) {
        *b = found;
    }
    return s;
}

/*
 * Reads the block of v2 at `at` into raw and points `b` into it. Only what says how the block is
 * laid out is judged: the CRC, the zeros and all else are the caller's to look at. Returns
 * OTAPACK_OK, OTAPACK_NOT_THIS (magic), OTAPACK_FORBIDDEN (version, sha_type, or a curve_id that
 * does not go with it), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `b` is filled only with
 * OTAPACK_OK; `raw` is undefined where it could not be read.
 */
static inline struct otapack_status otapack_sb_block_read(const struct otapack_source *src,
                                                          uint64_t at,
                                                          uint8_t raw[OTAPACK_SB_BLOCK_SIZE],
                                                          struct otapack_sb_block *b)
{
    struct otapack_status s =
        otapack_read(src, at, raw, OTAPACK_SB_BLOCK_SIZE, OTAPACK_NAME("signature_block"));
    return s.code == OTAPACK_OK ? otapack_sb_block_decode(raw, at, b) : s;
}

/* The CRC-32 that a block should have. */
static inline uint32_t otapack_sb_crc(const uint8_t raw[OTAPACK_SB_BLOCK_SIZE])
{
    uint32_t crc = 0xFFFFFFFFu;
    for (uint32_t i = 0; i < OTAPACK_SB_CRC_AT; i++) {
        crc ^= raw[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
        }
    }
    return ~crc;
}

static inline bool otapack_sb_are_zero_(const uint8_t *p, const uint8_t *end)
{
    while (p < end && *p == 0) {
        p++;
    }
    return p == end;
}

/* Are all bytes that a block does not use zero? Those of P-192's numbers are not looked at. */
static inline bool otapack_sb_unused_are_zero(const uint8_t raw[OTAPACK_SB_BLOCK_SIZE],
                                              const struct otapack_sb_block *b)
{
    return (b->version == 3u || raw[2] == 0) && raw[3] == 0 &&
           otapack_sb_are_zero_(b->signature + b->signature_size, raw + OTAPACK_SB_CRC_AT) &&
           otapack_sb_are_zero_(raw + OTAPACK_SB_END_AT, raw + OTAPACK_SB_BLOCK_SIZE);
}

/*
 * Are the last 16 bytes of key and of signature zero, which P-192 does not use? True for the other
 * schemes, which use them. The digest of the key covers them.
 */
static inline bool otapack_sb_p192_rest_is_zero(const struct otapack_sb_block *b)
{
    const uint32_t used = 2u * 24u;
    return b->scheme != OTAPACK_SB_P192 ||
           (otapack_sb_are_zero_(b->key + 1 + used, b->key + b->key_size) &&
            otapack_sb_are_zero_(b->signature + used, b->signature + b->signature_size));
}

/* Copies n bytes in reverse: between little-endian and big-endian. They may not overlap. */
static inline void otapack_sb_reverse(uint8_t *to, const uint8_t *from, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        to[i] = from[n - 1u - i];
    }
}

/* x = 2 * x mod n, for x < n and n of 3072 bits, in words of 32 bits. Part of otapack_sb_rsa_r. */
static inline void otapack_sb_double_(uint8_t *x, const uint8_t *n)
{
    uint32_t carry = 0;
    uint64_t borrow = 0;
    bool less = false;
    for (uint32_t i = 0; i < OTAPACK_SB_RSA_SIZE; i += 4) {
        uint32_t word = otapack_le32(x + i), twice = word << 1 | carry,
                 modulus = otapack_le32(n + i);
        carry = word >> 31;
        otapack_put_le32(x + i, twice);
        less = twice < modulus || (less && twice == modulus);
    }
    if (carry == 0 && less) {
        return;
    }
    for (uint32_t i = 0; i < OTAPACK_SB_RSA_SIZE; i += 4) {
        uint64_t d = (uint64_t)otapack_le32(x + i) - otapack_le32(n + i) - borrow;
        otapack_put_le32(x + i, (uint32_t)d);
        borrow = d >> 63;
    }
}

/*
 * R = 2^6144 mod n, which a block of RSA has so that devices need no division. n is little-endian,
 * odd, of 3072 bits: its last byte is 0x80 or more.
 */
static inline void otapack_sb_rsa_r(const uint8_t n[OTAPACK_SB_RSA_SIZE],
                                    uint8_t r[OTAPACK_SB_RSA_SIZE])
{
    for (uint32_t i = 0; i < OTAPACK_SB_RSA_SIZE; i++) {
        r[i] = (uint8_t)~n[i];
    }
    r[0]++; /* 2^3072 - n, which is 2^3072 mod n; n is odd, so nothing is carried */
    for (uint32_t bit = 0; bit < OTAPACK_SB_RSA_SIZE * 8u; bit++) {
        otapack_sb_double_(r, n);
    }
}

/* M' = -n^-1 mod 2^32, likewise; n is odd. */
static inline uint32_t otapack_sb_rsa_m(const uint8_t n[OTAPACK_SB_RSA_SIZE])
{
    uint32_t low = otapack_le32(n), inverse = low; /* right in 3 bits; each turn doubles them */
    for (int turn = 0; turn < 4; turn++) {
        inverse *= 2u - low * inverse;
    }
    return 0u - inverse;
}

/* What goes into a block. Numbers are big-endian, as keys and signatures elsewhere are. */
struct otapack_sb_parts {
    enum otapack_sb_scheme scheme;
    const uint8_t *digest;     /* 32 bytes, P-384: 48 */
    const uint8_t *public_key; /* n, or x and y: one or two numbers of the scheme's size */
    uint32_t exponent;         /* e, of RSA */
    const uint8_t *signature;  /* RSA's, or r and s; NULL: left zero */
};

static inline void otapack_sb_write_rsa_(const struct otapack_sb_parts *p, uint8_t *raw)
{
    uint8_t *n = raw + OTAPACK_SB_RSA_KEY_AT;
    otapack_sb_reverse(n, p->public_key, OTAPACK_SB_RSA_SIZE);
    otapack_put_le32(n + OTAPACK_SB_RSA_SIZE, p->exponent);
    otapack_sb_rsa_r(n, raw + OTAPACK_SB_RSA_R_AT);
    otapack_put_le32(raw + OTAPACK_SB_RSA_M_AT, otapack_sb_rsa_m(n));
    if (p->signature != NULL) {
        otapack_sb_reverse(raw + OTAPACK_SB_RSA_SIGNATURE_AT, p->signature, OTAPACK_SB_RSA_SIZE);
    }
}

static inline void otapack_sb_write_ecdsa_(const struct otapack_sb_parts *p, uint8_t *raw)
{
    uint32_t size = otapack_sb_number_size(p->scheme);
    bool wide = p->scheme == OTAPACK_SB_P384;
    uint8_t *key = raw + OTAPACK_SB_DIGEST_AT + (wide ? 48 : 32);
    uint8_t *signature = key + (wide ? 97 : 65);
    key[0] = p->scheme == OTAPACK_SB_P192 ? 1 : p->scheme == OTAPACK_SB_P256 ? 2 : 3;
    raw[2] = wide;
    otapack_sb_reverse(key + 1, p->public_key, size);
    otapack_sb_reverse(key + 1 + size, p->public_key + size, size);
    if (p->signature != NULL) {
        otapack_sb_reverse(signature, p->signature, size);
        otapack_sb_reverse(signature + size, p->signature + size, size);
    }
}

/* Writes a block of v2 with its CRC. An RSA modulus must be odd and have 3072 bits. */
static inline void otapack_sb_block_write(const struct otapack_sb_parts *p,
                                          uint8_t raw[OTAPACK_SB_BLOCK_SIZE])
{
    bool rsa = p->scheme == OTAPACK_SB_RSA3072;
    memset(raw, 0, OTAPACK_SB_BLOCK_SIZE);
    raw[0] = OTAPACK_SB_MAGIC;
    raw[1] = rsa ? 2 : 3;
    memcpy(raw + OTAPACK_SB_DIGEST_AT, p->digest, p->scheme == OTAPACK_SB_P384 ? 48 : 32);
    if (rsa) {
        otapack_sb_write_rsa_(p, raw);
    } else {
        otapack_sb_write_ecdsa_(p, raw);
    }
    otapack_put_le32(raw + OTAPACK_SB_CRC_AT, otapack_sb_crc(raw));
}

/*
 * Reads the 68 bytes of v1 at `at`. Returns OTAPACK_OK, OTAPACK_FORBIDDEN (version),
 * OTAPACK_TRUNCATED or OTAPACK_READ_FAILED; `v1` is filled unless the bytes could not be read.
 */
static inline struct otapack_status otapack_sb_v1_read(const struct otapack_source *src,
                                                       uint64_t at, struct otapack_sb_v1 *v1)
{
    uint8_t raw[OTAPACK_SB_V1_SIZE];
    struct otapack_status s =
        otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("signature_block"));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    v1->version = otapack_le32(raw);
    memcpy(v1->signature, raw + 4, sizeof(v1->signature));
    return v1->version == 0 ? s
                            : otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("version"), at,
                                                  v1->version, 0);
}

/* Writes the 68 bytes of v1. */
static inline void otapack_sb_v1_write(const struct otapack_sb_v1 *v1,
                                       uint8_t raw[OTAPACK_SB_V1_SIZE])
{
    otapack_put_le32(raw, v1->version);
    memcpy(raw + 4, v1->signature, sizeof(v1->signature));
}

#endif
