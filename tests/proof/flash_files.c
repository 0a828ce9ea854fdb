/* SPDX-License-Identifier: Apache-2.0
 *
 * uf2.h and intel_hex.h.
 */
#include "source.h"

static void read_any_block(const struct otapack_source *src)
{
    struct otapack_uf2_block block;
    if (otapack_uf2_read(src, any_u64(), &block).code == OTAPACK_OK) {
        prove(block.size >= 1 && block.size <= OTAPACK_UF2_MAX_PAYLOAD);
        (void)otapack_uf2_md5_is_own(&block);
    }
}

static void write_any_block(void)
{
    uint8_t payload[OTAPACK_UF2_MAX_PAYLOAD], output[OTAPACK_UF2_BLOCK_SIZE];
    struct otapack_uf2_block block;
    Frama_C_make_unknown((char *)&block, sizeof(block));
    Frama_C_make_unknown((char *)payload, sizeof(payload));
    if (otapack_uf2_write(&block, payload, output)) {
        prove_readable(output, sizeof(output));
    }
}

static void read_any_record(const struct otapack_source *src)
{
    struct otapack_intel_hex_record record;
    struct otapack_intel_hex_place place = {0};
    if (otapack_intel_hex_read(src, any_u64(), &record).code == OTAPACK_OK) {
        otapack_intel_hex_follow(&place, &record);
        (void)otapack_intel_hex_fits(&place, &record);
        (void)otapack_intel_hex_address(&place, &record);
    }
}

static void write_any_record(void)
{
    uint8_t data[OTAPACK_INTEL_HEX_MAX_DATA], output[OTAPACK_INTEL_HEX_MAX_RECORD];
    Frama_C_make_unknown((char *)data, sizeof(data));
    size_t n = otapack_intel_hex_write(any_u8(), any_u16(), data, any_u8(), output);
    prove(n >= 12 && n <= sizeof(output));
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    read_any_block(&memory);
    read_any_block(&function);
    write_any_block();
    read_any_record(&memory);
    read_any_record(&function);
    write_any_record();
    return 0;
}
