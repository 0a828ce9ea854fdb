/* SPDX-License-Identifier: Apache-2.0
 *
 * rcp_seal.h and bundle_seal.h: with a work buffer of any size up to MOST, of which exactly its
 * bytes are used up to 16.
 */
#include "source.h"

static uint8_t work[MOST];

static void find_any(const struct otapack_source *src)
{
    struct otapack_rcp_seal seal;
    if (otapack_rcp_seal_find(src, &seal).code == OTAPACK_OK) {
        (void)otapack_rcp_seal_is_empty(&seal);
        (void)otapack_rcp_seal_judge(&seal);
        prove(seal.at >= OTAPACK_SEAL_FROM && seal.at < OTAPACK_SEAL_FROM + OTAPACK_SEAL_ROOM);
    }
}

/* Of any seal, whatever it says. */
static void check_any(const struct otapack_source *src)
{
    struct otapack_rcp_seal seal;
    size_t room = Frama_C_unsigned_int_interval(1, MOST);
    Frama_C_make_unknown((char *)&seal, sizeof(seal));
    (void)otapack_rcp_seal_check(&seal, src, &hash_32, work, room);
    (void)otapack_hosted_seal_check(&seal, src, &hash_32, work, room);
    (void)otapack_bundle_seal_check(&seal, src, &hash_32, work, room);
    (void)otapack_bundle_seal_size(Frama_C_unsigned_int_interval(1, OTAPACK_BUNDLE_MAX_IMAGES));
}

/* Of a work buffer, exactly its bytes are used. */
static void feed_all(const struct otapack_source *src)
{
    //@ loop unroll 16;
    for (size_t room = 1; room <= 16; room++) {
        (void)otapack_rcp_seal_feed_(src, any_u32(), &hash_32, work + (MOST - room), room);
    }
}

static void write_any(void)
{
    uint8_t output[OTAPACK_SEAL_SIZE];
    struct otapack_rcp_seal seal;
    Frama_C_make_unknown((char *)&seal, sizeof(seal));
    otapack_rcp_seal_write(&seal, output);
    prove_readable(output, sizeof(output));
}

int main(void)
{
    struct otapack_source memory = source_in_memory(), function = source_of_function();
    Frama_C_make_unknown((char *)work, sizeof(work));
    find_any(&memory);
    find_any(&function);
    check_any(&memory);
    check_any(&function);
    feed_all(&function);
    write_any();
    return 0;
}
