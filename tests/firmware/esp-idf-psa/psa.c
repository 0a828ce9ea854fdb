/* SPDX-License-Identifier: Apache-2.0
 *
 * PSA's SHA-256, after FIPS 180-4. This PSA has no other algorithm, as a device may.
 */
#include "fake.h"
#include "psa/crypto.h"
#include <string.h>

static uint32_t rotate_right(uint32_t v, unsigned n)
{
    return v >> n | v << (32 - n);
}

static const uint32_t sha_start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint32_t sha_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static void sha_block(uint32_t state[8], const uint8_t *p)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++, p += 4) {
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate_right(a, 7) ^ rotate_right(a, 18) ^ a >> 3) + w[i - 7] +
               (rotate_right(b, 17) ^ rotate_right(b, 19) ^ b >> 10);
    }
    memcpy(v, state, sizeof(v));
    for (int i = 0; i < 64; i++) {
        uint32_t a = v[0], e = v[4];
        uint32_t t1 = v[7] + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) +
                      ((e & v[5]) ^ (~e & v[6])) + sha_k[i] + w[i];
        uint32_t t2 = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) +
                      ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        v[7] = v[6], v[6] = v[5], v[5] = e, v[4] = v[3] + t1;
        v[3] = v[2], v[2] = v[1], v[1] = a, v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) {
        state[i] += v[i];
    }
}

psa_status_t psa_crypto_init(void)
{
    return fake_fails("psa_crypto_init") ? PSA_ERROR_INSUFFICIENT_MEMORY : PSA_SUCCESS;
}

psa_status_t psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t algorithm)
{
    if (operation->algorithm != 0) {
        return PSA_ERROR_BAD_STATE;
    }
    if (algorithm != PSA_ALG_SHA_256) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (fake_fails("psa_hash_setup")) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    fake.hashes++;
    operation->algorithm = algorithm;
    operation->size = 0;
    memcpy(operation->state, sha_start, sizeof(sha_start));
    return PSA_SUCCESS;
}

psa_status_t psa_hash_update(psa_hash_operation_t *operation, const uint8_t *bytes, size_t n)
{
    if (operation->algorithm == 0 || fake_fails("psa_hash_update")) {
        return PSA_ERROR_BAD_STATE;
    }
    for (size_t i = 0; i < n; i++) {
        operation->block[operation->size++ % 64] = bytes[i];
        if (operation->size % 64 == 0) {
            sha_block(operation->state, operation->block);
        }
    }
    return PSA_SUCCESS;
}

psa_status_t psa_hash_finish(psa_hash_operation_t *operation, uint8_t *digest, size_t room,
                             size_t *n)
{
    uint64_t bits = (uint64_t)operation->size * 8;
    uint8_t end[72] = {0x80};
    size_t fill = (119 - operation->size % 64) % 64 + 1;
    if (room < 32) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    for (size_t i = 0; i < 8; i++) {
        end[fill + i] = (uint8_t)(bits >> (56 - 8 * i));
    }
    memset(digest, '!', room); /* as mbedTLS does, in case that somebody does not ask how it went */
    psa_status_t status = psa_hash_update(operation, end, fill + 8);
    if (status != PSA_SUCCESS) {
        return status;
    }
    for (size_t i = 0; i < 32; i++) {
        digest[i] = (uint8_t)(operation->state[i / 4] >> (24 - 8 * (i % 4)));
    }
    *n = 32;
    return psa_hash_abort(operation);
}

psa_status_t psa_hash_abort(psa_hash_operation_t *operation)
{
    fake.hashes -= operation->algorithm != 0;
    memset(operation, 0, sizeof(*operation));
    return PSA_SUCCESS;
}
