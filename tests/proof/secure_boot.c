/* SPDX-License-Identifier: Apache-2.0
 *
 * secure_boot.h.
 */
#include "source.h"

static uint8_t raw[OTAPACK_SB_BLOCK_SIZE];
static uint8_t digest[48], key[2 * OTAPACK_SB_RSA_SIZE], signature[2 * OTAPACK_SB_RSA_SIZE];

static void use_block(const struct otapack_sb_block *b)
{
    prove_readable(b->digest, b->digest_size);
    prove_readable(b->key, b->key_size);
    prove_readable(b->signature, b->signature_size);
    (void)otapack_sb_unused_are_zero(raw, b);
    (void)otapack_sb_p192_rest_is_zero(b);
    (void)otapack_sb_number_size(b->scheme);
    (void)otapack_sb_crc(raw);
}

static void read_blocks(const struct otapack_source *src)
{
    struct otapack_sb_block block;
    struct otapack_sb_v1 v1;
    uint8_t v1_raw[OTAPACK_SB_V1_SIZE];
    if (otapack_sb_block_read(src, otapack_sb_sector_at(any_u64()), raw, &block).code ==
        OTAPACK_OK) {
        use_block(&block);
    }
    (void)otapack_sb_data_sector_at(any_u64());
    if (otapack_sb_v1_read(src, any_u64(), &v1).code == OTAPACK_OK) {
        otapack_sb_v1_write(&v1, v1_raw);
    }
}

/* A digest, a key and a signature that end where the scheme's do. */
static void write_block(enum otapack_sb_scheme scheme)
{
    struct otapack_sb_parts parts;
    size_t numbers = (scheme == OTAPACK_SB_RSA3072 ? 1u : 2u) * otapack_sb_number_size(scheme);
    size_t digest_size = scheme == OTAPACK_SB_P384 ? 48 : 32;
    parts.scheme = scheme;
    parts.digest = digest + (sizeof(digest) - digest_size);
    parts.public_key = key + (sizeof(key) - numbers);
    parts.signature = any_bool() ? signature + (sizeof(signature) - numbers) : NULL;
    parts.exponent = any_u32();
    otapack_sb_block_write(&parts, raw);
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    Frama_C_make_unknown((char *)digest, sizeof(digest));
    Frama_C_make_unknown((char *)key, sizeof(key));
    Frama_C_make_unknown((char *)signature, sizeof(signature));
    read_blocks(&memory);
    read_blocks(&function);
    write_block(OTAPACK_SB_RSA3072);
    write_block(OTAPACK_SB_P192);
    write_block(OTAPACK_SB_P256);
    write_block(OTAPACK_SB_P384);
    return 0;
}
