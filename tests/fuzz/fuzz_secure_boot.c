// SPDX-License-Identifier: Apache-2.0
//
// otapack/secure_boot.h: a block that is taken has its fields inside its bytes, one behind the
// other; written anew from its numbers it is the same, unless CRC, zeros, R or M' were wrong.
#include "fuzz.h"

#include <otapack/secure_boot.h>

#include "crc.h"

enum { BLOCK = OTAPACK_SB_BLOCK_SIZE, RSA = OTAPACK_SB_RSA_SIZE };

// Every field is inside `raw`, right behind the one before it, and has room for its numbers.
static void law_fields(const struct otapack_sb_block *b, const uint8_t *raw)
{
    uint32_t number = otapack_sb_number_size(b->scheme);
    bool rsa = b->scheme == OTAPACK_SB_RSA3072;
    LAW(raw[0] == OTAPACK_SB_MAGIC && b->version == raw[1] && b->version == (rsa ? 2 : 3));
    LAW(b->digest == raw + OTAPACK_SB_DIGEST_AT && b->key == b->digest + b->digest_size);
    LAW(b->signature == b->key + b->key_size);
    LAW(b->signature + b->signature_size <= raw + OTAPACK_SB_CRC_AT);
    LAW(b->digest_size == (b->scheme == OTAPACK_SB_P384 ? 48 : 32));
    LAW(b->key_size == (rsa ? 2 * number + 8 : 1 + b->signature_size));
    LAW(b->signature_size >= (rsa ? number : 2 * number));
    LAW(rsa || b->scheme == OTAPACK_SB_P192 || b->signature_size == 2 * number);
    LAW(rsa || (raw[2] == 1) == (b->scheme == OTAPACK_SB_P384));
    LAW(rsa || b->key[0] == (uint8_t)b->scheme); // the schemes are in the order of the curves
    LAW(b->crc == otapack_le32(raw + OTAPACK_SB_CRC_AT));
    LAW(otapack_sb_crc(raw) == crc_32(0, raw, OTAPACK_SB_CRC_AT));
}

// R < n, and n * M' is -1 modulo 2^32, for what may be a modulus at all.
static void law_rsa(const uint8_t *n, const uint8_t *r, uint32_t m)
{
    uint32_t i = RSA - 1;
    if ((n[0] & 1) == 0 || n[RSA - 1] < 0x80) {
        return;
    }
    LAW((uint32_t)(otapack_le32(n) * m) == UINT32_MAX);
    while (i > 0 && r[i] == n[i]) {
        i--;
    }
    LAW(r[i] < n[i]);
}

// A copy of b's bytes as it should be: what is not used is zero, the CRC is what it must be.
static void mend(uint8_t *raw, const struct otapack_sb_block *b)
{
    uint32_t signature = OTAPACK_SB_DIGEST_AT + b->digest_size + b->key_size;
    uint32_t end = signature + b->signature_size;
    raw[2] = b->scheme == OTAPACK_SB_RSA3072 ? 0 : raw[2];
    raw[3] = 0;
    memset(raw + end, 0, OTAPACK_SB_CRC_AT - end);
    memset(raw + OTAPACK_SB_END_AT, 0, BLOCK - OTAPACK_SB_END_AT);
    if (b->scheme == OTAPACK_SB_P192) {
        memset(raw + signature - 16, 0, 16);
        memset(raw + end - 16, 0, 16);
    }
    otapack_put_le32(raw + OTAPACK_SB_CRC_AT, crc_32(0, raw, OTAPACK_SB_CRC_AT));
}

// Writes a block from the numbers of one that was read.
static void write_anew(const struct otapack_sb_block *b, uint8_t anew[BLOCK])
{
    uint32_t n = otapack_sb_number_size(b->scheme);
    bool rsa = b->scheme == OTAPACK_SB_RSA3072;
    uint8_t key[RSA], signature[RSA];
    struct otapack_sb_parts parts = {b->scheme, b->digest, key,
                                     rsa ? otapack_le32(b->key + RSA) : 0, signature};
    for (uint32_t i = 0; i < (rsa ? 1u : 2u); i++) {
        otapack_sb_reverse(key + i * n, b->key + (rsa ? 0 : 1) + i * n, n);
        otapack_sb_reverse(signature + i * n, b->signature + i * n, n);
    }
    otapack_sb_block_write(&parts, anew);
}

// R and M' are not numbers that go into a block, so a mended one takes those that were computed.
static void take_constants(uint8_t *mended, const uint8_t *anew)
{
    const uint32_t r = OTAPACK_SB_RSA_KEY_AT + RSA + 4, m = r + RSA;
    memcpy(mended + r, anew + r, RSA + 4);
    law_rsa(anew + OTAPACK_SB_RSA_KEY_AT, anew + r, otapack_le32(anew + m));
    LAW(otapack_le32(anew + m) == otapack_sb_rsa_m(anew + OTAPACK_SB_RSA_KEY_AT));
}

static void law_written(const struct otapack_sb_block *b, const uint8_t *raw)
{
    uint8_t mended[BLOCK], anew[BLOCK], back_raw[BLOCK];
    struct otapack_sb_block back;
    write_anew(b, anew);
    memcpy(mended, raw, BLOCK);
    if (b->scheme == OTAPACK_SB_RSA3072) {
        take_constants(mended, anew);
    }
    bool constants_fit = memcmp(mended, raw, BLOCK) == 0;
    mend(mended, b);
    LAW(memcmp(anew, mended, BLOCK) == 0);
    struct otapack_source src = otapack_memory(anew, BLOCK);
    LAW(otapack_sb_block_read(&src, 0, back_raw, &back).code == OTAPACK_OK);
    LAW(back.scheme == b->scheme && back.crc == otapack_sb_crc(back_raw));
    LAW(otapack_sb_unused_are_zero(back_raw, &back) && otapack_sb_p192_rest_is_zero(&back));
    // There was nothing to mend where the header's own functions find nothing.
    LAW((otapack_sb_unused_are_zero(raw, b) && otapack_sb_p192_rest_is_zero(b) &&
         b->crc == otapack_sb_crc(raw) && constants_fit) == (memcmp(raw, mended, BLOCK) == 0));
}

// Nothing is filled in.
static void law_untouched(const struct otapack_sb_block *b)
{
    LAW(b->version == 0 && b->digest == NULL && b->key == NULL && b->signature == NULL);
    LAW(b->digest_size == 0 && b->key_size == 0 && b->signature_size == 0 && b->crc == 0);
}

static void law_refused(struct otapack_status s, uint64_t at)
{
    LAW(s.code == OTAPACK_NOT_THIS || s.code == OTAPACK_FORBIDDEN || s.code == OTAPACK_TRUNCATED);
    LAW(s.at >= at && s.at - at < BLOCK && s.field[0] != '\0');
    LAW(s.code != OTAPACK_NOT_THIS || (s.at == at && s.value != s.limit));
}

// R takes its time, so of RSA only the first block of an input is written.
static void law_block(const uint8_t *data, size_t size, uint64_t at, unsigned *rsa_blocks)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    uint8_t raw[BLOCK], other_raw[BLOCK];
    struct otapack_sb_block b, other;
    memset(&b, 0, sizeof(b));
    struct otapack_status s = otapack_sb_block_read(&src, at, raw, &b);
    law_same(s, otapack_sb_block_read(&hook, at, other_raw, &other));
    LAW((s.code == OTAPACK_TRUNCATED) == !otapack_has(&src, at, BLOCK));
    if (s.code == OTAPACK_OK) {
        LAW(memcmp(raw, data + at, BLOCK) == 0 && memcmp(raw, other_raw, BLOCK) == 0);
        LAW(b.scheme == other.scheme && b.key - raw == other.key - other_raw);
        law_fields(&b, raw);
        law_fields(&other, other_raw);
        if (b.scheme != OTAPACK_SB_RSA3072 || (*rsa_blocks)++ == 0) {
            law_written(&b, raw);
        }
    } else {
        law_refused(s, at);
        LAW(s.code != OTAPACK_TRUNCATED || (s.limit == size && s.value == at + BLOCK));
        law_untouched(&b);
    }
}

static void law_v1(const uint8_t *data, size_t size, uint64_t at)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_sb_v1 v1 = {.version = 0}, other = v1;
    uint8_t raw[OTAPACK_SB_V1_SIZE];
    struct otapack_status s = otapack_sb_v1_read(&src, at, &v1);
    law_same(s, otapack_sb_v1_read(&hook, at, &other));
    LAW((s.code == OTAPACK_TRUNCATED) == !otapack_has(&src, at, sizeof(raw)));
    if (s.code == OTAPACK_TRUNCATED) {
        return;
    }
    LAW(s.code == (v1.version == 0 ? OTAPACK_OK : OTAPACK_FORBIDDEN));
    otapack_sb_v1_write(&v1, raw);
    LAW(memcmp(raw, data + at, sizeof(raw)) == 0);
    otapack_sb_v1_write(&other, raw);
    LAW(memcmp(raw, data + at, sizeof(raw)) == 0);
}

static void law_sector(uint64_t length)
{
    uint64_t at = otapack_sb_sector_at(length);
    LAW(at % OTAPACK_SB_SECTOR_SIZE == 0 && at >= length && at - length < OTAPACK_SB_SECTOR_SIZE);
    LAW(otapack_sb_sector_at(at) == at);
    at = otapack_sb_data_sector_at(length);
    LAW(at == UINT64_MAX ? length < UINT64_C(2) * OTAPACK_SB_SECTOR_SIZE
                         : at % OTAPACK_SB_SECTOR_SIZE == 0 && at >= OTAPACK_SB_SECTOR_SIZE &&
                               at <= length && length - at >= OTAPACK_SB_SECTOR_SIZE &&
                               length - at < UINT64_C(2) * OTAPACK_SB_SECTOR_SIZE);
}

// A read that fails is told, and leaves what was there.
static void law_read_failed(const uint8_t *data, size_t size)
{
    struct hooked h = {data, size, 0, 1};
    struct otapack_source hook = hooked_source(&h);
    uint8_t raw[BLOCK];
    struct otapack_sb_block b = {.version = 0};
    memset(&b, 0, sizeof(b));
    struct otapack_status s = otapack_sb_block_read(&hook, 0, raw, &b);
    LAW(s.code == (size < BLOCK ? OTAPACK_TRUNCATED : OTAPACK_READ_FAILED));
    LAW(h.reads == (size < BLOCK ? 0 : 1));
    law_untouched(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t padded[BLOCK] = {0}; // so that few bytes are a block, too
    uint64_t end = otapack_sb_sector_at(size);
    unsigned rsa_blocks = 0;
    memcpy(padded, data, size < BLOCK ? size : BLOCK);
    law_block(padded, BLOCK, 0, &rsa_blocks);
    for (uint64_t sector = 0; sector <= end; sector += OTAPACK_SB_SECTOR_SIZE) {
        for (uint64_t i = 0; i < OTAPACK_SB_MAX_BLOCKS; i++) {
            law_block(data, size, sector + i * BLOCK, &rsa_blocks);
        }
    }
    law_v1(data, size, size < OTAPACK_SB_V1_SIZE ? 0 : size - OTAPACK_SB_V1_SIZE);
    law_v1(padded, BLOCK, 0);
    law_sector(size);
    law_sector(size < 8 ? 0 : otapack_le64(data) >> 1);
    law_read_failed(data, size);
    return 0;
}
