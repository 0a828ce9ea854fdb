/* SPDX-License-Identifier: Apache-2.0
 *
 * Sources of any bytes and any size up to MOST, in memory and behind a function.
 *
 * What is in memory is followed by as many bytes again: EVA does not relate an offset to a size.
 * That nothing outside of a source is read is shown in base.c of otapack_read, through which every
 * byte goes. That every byte does is shown by the source behind a function, which has no memory.
 */
#ifndef OTAPACK_PROOF_SOURCE_H
#define OTAPACK_PROOF_SOURCE_H

#include "proof.h"

static uint8_t input[2 * MOST];

static bool read_any(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    (void)ctx;
    (void)at;
    if (any_bool()) {
        return false;
    }
    Frama_C_make_unknown((char *)to, n);
    return true;
}

static inline struct otapack_source source_in_memory(void)
{
    Frama_C_make_unknown((char *)input, sizeof(input));
    return otapack_memory(input, Frama_C_unsigned_int_interval(0, MOST));
}

static inline struct otapack_source source_of_function(void)
{
    struct otapack_source src;
    src.bytes = NULL;
    src.read = read_any;
    src.ctx = NULL;
    src.base = any_u64();
    src.size = any_u64();
    return src;
}

#endif
