/* SPDX-License-Identifier: Apache-2.0
 *
 * tlv.h: elements with every control byte, whose heads are exactly as long as that says.
 */
#include "source.h"

static uint8_t first; /* the control byte */

static bool read_element(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    (void)ctx;
    (void)at;
    if (any_bool()) {
        return false;
    }
    Frama_C_make_unknown((char *)to, n);
    to[0] = first;
    return true;
}

static void decode(uint8_t control)
{
    uint8_t head[OTAPACK_TLV_MAX_HEAD + 1]; /* behind its end is nothing that could be read */
    struct otapack_tlv_element e;
    const uint32_t end = OTAPACK_TLV_MAX_HEAD;
    uint32_t size = otapack_tlv_head_size_(control);
    bool good_size = size >= 1 && size <= end;
    //@ assert good_size == 1;
    Frama_C_make_unknown((char *)head, end);
    head[end - size] = control;
    if (otapack_tlv_decode_(head + (end - size), any_u32(), any_u32(), any_u8(), &e) ==
        OTAPACK_OK) {
        (void)otapack_tlv_end(&e);
        (void)otapack_tlv_is_container(e.type);
    }
}

static void read(uint8_t control)
{
    struct otapack_tlv_element e;
    struct otapack_source src = source_of_function();
    src.read = read_element;
    first = control;
    (void)otapack_tlv_read(&src, any_u64(), any_u8(), "", &e);
    src = source_in_memory();
    input[0] = control;
    (void)otapack_tlv_read(&src, 0, any_u8(), "", &e);
}

/* With the kind of tag in the control byte's high three bits. */
static void all_types(uint32_t kind)
{
    //@ loop unroll 32;
    for (uint32_t type = 0; type < 32; type++) {
        decode((uint8_t)(kind << 5 | type));
        read((uint8_t)(kind << 5 | type));
    }
}

int main(void)
{
    uint8_t head[10];
    //@ loop unroll 8;
    for (uint32_t kind = 0; kind < 8; kind++) {
        all_types(kind);
    }
    (void)otapack_tlv_write_head(head, OTAPACK_TLV_UINT8, any_u8(), any_u64());
    (void)otapack_tlv_write_head(head, OTAPACK_TLV_BYTES, any_u8(), any_u64());
    return 0;
}
