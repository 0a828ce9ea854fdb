/* SPDX-License-Identifier: Apache-2.0
 *
 * base.h. Of otapack_read: from a source of every size up to 512, and of those just below MOST, at
 * any offset, exactly its bytes are read, 32 of them; of a small source any number up to a head's,
 * and of one of MOST bytes any up to 256.
 */
#include "proof.h"

static uint8_t input[MOST], output[MOST];

static bool read_any(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    (void)ctx;
    (void)at;
    Frama_C_make_unknown((char *)to, n);
    return any_bool();
}

static void read_n(size_t size, size_t n)
{
    struct otapack_source src = otapack_memory(input + (MOST - size), size);
    (void)otapack_read(&src, any_u64(), output + (MOST - n), n, "");
}

static void read_64_sizes(size_t from, size_t n)
{
    //@ loop unroll 64;
    for (size_t size = from; size < from + 64; size++) {
        read_n(size, n);
    }
}

static void read_all_sizes(size_t n)
{
    //@ loop unroll 64;
    for (size_t from = 0; from < 512; from += 64) {
        read_64_sizes(from, n);
    }
    read_64_sizes(MOST - 64u, n);
    read_n(MOST, n);
}

static void read_64(size_t size, size_t from)
{
    //@ loop unroll 64;
    for (size_t n = from; n < from + 64; n++) {
        read_n(size, n);
    }
}

static void read_all(size_t size)
{
    //@ loop unroll 64;
    for (size_t from = 1; from < 256; from += 64) {
        read_64(size, from);
    }
}

static void read_function(void)
{
    struct otapack_source src = {NULL, any_bool() ? read_any : NULL, NULL, 0, 0};
    src.base = any_u64();
    src.size = any_u64();
    (void)otapack_read(&src, any_u64(), output, Frama_C_unsigned_int_interval(0, MOST), "");
}

static void part(void)
{
    //@ loop unroll 65;
    for (size_t size = 0; size <= 64; size++) {
        struct otapack_source src = otapack_memory(input, size);
        struct otapack_source inner = otapack_part(&src, any_u64(), any_u64());
        bool good_size = inner.size <= size;
        //@ assert good_size == 1;
        bool good_base = inner.base <= size;
        //@ assert good_base == 1;
    }
}

static void integers(void)
{
    uint8_t raw[8];
    Frama_C_make_unknown((char *)raw, sizeof(raw));
    (void)otapack_le16(raw + 6);
    (void)otapack_le32(raw + 4);
    (void)otapack_le64(raw);
    otapack_put_le32(raw + 4, any_u32());
}

static void text(void)
{
    char field[32];
    Frama_C_make_unknown(field, sizeof(field));
    //@ loop unroll 33;
    for (size_t n = 0; n <= sizeof(field); n++) {
        size_t length = otapack_text_length(field + (sizeof(field) - n), n);
        bool good_length = length <= n;
        //@ assert good_length == 1;
    }
}

int main(void)
{
    Frama_C_make_unknown((char *)input, sizeof(input));
    Frama_C_make_unknown((char *)output, sizeof(output));
    struct otapack_source none = otapack_memory(NULL, MOST);
    (void)otapack_read(&none, any_u64(), output, 0, "");
    //@ loop unroll 20;
    for (size_t n = 1; n <= OTAPACK_TLV_MAX_HEAD; n++) {
        read_64_sizes(0, n);
    }
    read_all_sizes(OTAPACK_PARTITION_ENTRY_SIZE);
    read_all(MOST);
    read_function();
    part();
    integers();
    text();
    return 0;
}
