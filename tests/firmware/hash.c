/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 (FIPS 180-4), MD5 (RFC 1321) and CRC-32 for run.c, which has no library to ask.
 */
#include "run.h"

#include <otapack/base.h> /* memcpy */

/* The fractions of the cube roots of the first 64 primes; |sin(i + 1)|; in units of 2^-32. */
static const uint32_t sha256_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const uint32_t md5_k[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static uint32_t left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static void sha256_words(uint32_t *w, const uint8_t *p)
{
    for (unsigned i = 0; i < 16; i++, p += 4) {
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
    for (unsigned i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (left(a, 25) ^ left(a, 14) ^ a >> 3) +
               (left(b, 15) ^ left(b, 13) ^ b >> 10);
    }
}

/* Most of what an emulated processor does here: in variables, not in an array that is shifted. */
static void sha256_block(uint32_t *state, const uint8_t *p)
{
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5],
             g = state[6], h = state[7], w[64];
    sha256_words(w, p);
    for (unsigned i = 0; i < 64; i++) {
        uint32_t t = h + (left(e, 26) ^ left(e, 21) ^ left(e, 7)) + ((e & f) ^ (~e & g)) +
                     sha256_k[i] + w[i];
        uint32_t u = (left(a, 30) ^ left(a, 19) ^ left(a, 10)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + t;
        d = c;
        c = b;
        b = a;
        a = t + u;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}

static void md5_block(uint32_t *state, const uint8_t *p)
{
    static const uint8_t turns[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const uint8_t step[4] = {1, 5, 3, 7}, from[4] = {0, 1, 5, 0};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (unsigned i = 0; i < 64; i++) {
        unsigned round = i >> 4;
        const uint8_t *at = p + ((i * step[round] + from[round]) & 15) * 4;
        uint32_t word =
            (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
        uint32_t f = round == 0   ? (b & c) | (~b & d)
                     : round == 1 ? (d & b) | (~d & c)
                     : round == 2 ? b ^ c ^ d
                                  : c ^ (b | ~d);
        uint32_t next = b + left(a + f + md5_k[i] + word, turns[round][i & 3]);
        a = d;
        d = c;
        c = b;
        b = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void hash_start(void *ctx)
{
    static const uint32_t md5_start[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    static const uint32_t sha256_start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    struct hasher *h = (struct hasher *)ctx;
    h->size = 0;
    for (unsigned i = 0; i < (h->md5 ? 4u : 8u); i++) {
        h->state[i] = h->md5 ? md5_start[i] : sha256_start[i];
    }
}

static void hash_block(struct hasher *h, const uint8_t *block)
{
    (h->md5 ? md5_block : sha256_block)(h->state, block);
}

void hash_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct hasher *h = (struct hasher *)ctx;
    while (n > 0) {
        uint32_t at = h->size & 63, taken = n < 64 - at ? (uint32_t)n : 64 - at;
        if (taken == 64) {
            hash_block(h, bytes);
        } else {
            memcpy(h->block + at, bytes, taken);
        }
        if (taken < 64 && at + taken == 64) {
            hash_block(h, h->block);
        }
        h->size += taken;
        bytes += taken;
        n -= taken;
    }
}

/* The number i bytes from the start of n: the last one first in SHA-256, which is big-endian. */
static uint8_t byte_of(const struct hasher *h, uint64_t number, unsigned i, unsigned n)
{
    return (uint8_t)(number >> (h->md5 ? i : n - 1 - i) * 8);
}

void hash_finish(void *ctx, uint8_t *digest)
{
    struct hasher *h = (struct hasher *)ctx;
    uint64_t bits = (uint64_t)h->size * 8;
    uint8_t byte = 0x80;
    do {
        hash_update(h, &byte, 1);
        byte = 0;
    } while ((h->size & 63) != 56);
    for (unsigned i = 0; i < 8; i++) {
        byte = byte_of(h, bits, i, 8);
        hash_update(h, &byte, 1);
    }
    for (unsigned i = 0; i < (h->md5 ? 16u : 32u); i++) {
        digest[i] = byte_of(h, h->state[i / 4], i & 3, 4);
    }
}

static void crc_fill(uint32_t *of_byte)
{
    for (uint32_t i = 0; i < 256; i++) {
        of_byte[i] = i;
        for (int bit = 0; bit < 8; bit++) {
            of_byte[i] = of_byte[i] >> 1 ^ (0xEDB88320u & (0u - (of_byte[i] & 1u)));
        }
    }
}

uint32_t crc_of(uint32_t crc, const uint8_t *bytes, size_t n)
{
    static uint32_t of_byte[256];
    if (of_byte[1] == 0) {
        crc_fill(of_byte);
    }
    crc = ~crc;
    for (size_t i = 0; i < n; i++) {
        crc = crc >> 8 ^ of_byte[(crc ^ bytes[i]) & 255];
    }
    return ~crc;
}

void crc_start(void *ctx)
{
    *(uint32_t *)ctx = 0;
}

void crc_update(void *ctx, const uint8_t *bytes, size_t n)
{
    *(uint32_t *)ctx = crc_of(*(uint32_t *)ctx, bytes, n);
}

void crc_finish(void *ctx, uint8_t *digest)
{
    for (unsigned i = 0; i < 4; i++) {
        digest[i] = (uint8_t)(*(uint32_t *)ctx >> 8 * i);
    }
}
