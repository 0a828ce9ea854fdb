// SPDX-License-Identifier: Apache-2.0
//
// deflate.h: what is packed unpacks to the same, by zlib too; it is the same each time, no larger
// than what zlib makes by itself, and of a size that is a multiple of 4 where that is asked for.
// What is damaged, cut off or too large is said to be that, and how much is taken to get so far is
// exact.
#include "unit.h"

#define ZLIB_CONST
#include <zlib.h>

#include "crc.h"
#include "deflate.h"

enum { MOST = 300000, STEP = 4096 };

// Bytes of several kinds, one after the other, as in firmware: filling, text, tables, noise.
static size_t make(uint8_t *to, uint32_t seed)
{
    size_t n = 1 + seed % MOST, at = 0;
    while (at < n) {
        seed = seed * 1664525u + 1013904223u;
        size_t run = 1 + (seed >> 8) % 30000;
        for (size_t i = 0; i < run && at < n; i++, at++) {
            seed = seed * 1664525u + 1013904223u;
            to[at] = run % 3 == 0   ? (uint8_t)(seed >> 24)
                     : run % 3 == 1 ? 0xFF
                                    : (uint8_t)((seed >> 24) % 7);
        }
    }
    return n;
}

// Where the deflated data begin: behind the name, where there is one.
static size_t data_at(const uint8_t *gzip)
{
    size_t at = 10;
    if ((gzip[3] & 8) != 0) {
        at += strlen((const char *)gzip + at) + 1;
    }
    return at;
}

static struct otapack_source data_of(const uint8_t *gzip, size_t size)
{
    size_t at = data_at(gzip);
    return otapack_memory(gzip + at, size - at);
}

static void check_unpack(const uint8_t *bytes, size_t n, const uint8_t *gzip, size_t size)
{
    struct arena a = ARENA_EMPTY;
    struct otapack_source src = data_of(gzip, size);
    struct deflate_unpacked u = deflate_unpack(&src, &a, n, NULL);
    assert_int_equal(u.answer, DEFLATE_GOOD);
    assert_int_equal(u.size, n);
    assert_int_equal(u.packed, src.size - 8);
    assert_memory_equal(u.bytes, bytes, n);
    assert_int_equal(otapack_le32(gzip + size - 8), crc_32(0, bytes, n));
    assert_int_equal(otapack_le32(gzip + size - 4), n);
    // The rest of the header says nothing of when and where it was made.
    static const uint8_t head[] = {0x1F, 0x8B, 8};
    assert_memory_equal(gzip, head, sizeof(head));
    assert_int_equal(otapack_le32(gzip + 4), 0);
    arena_free(&a);
}

// What zlib makes in one piece.
static size_t plain_size(const uint8_t *bytes, size_t n)
{
    z_stream z = {.next_in = bytes, .avail_in = (uInt)n};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, (uLong)n);
    uint8_t *out = malloc(room);
    z.next_out = out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t size = room - z.avail_out;
    (void)deflateEnd(&z);
    free(out);
    return size;
}

// Packed twice, with and without the name that makes the size a multiple of 4: all but that is the
// same. It is no larger than in one piece. Returns its size without the name.
static size_t check_pack(const uint8_t *bytes, size_t n)
{
    size_t size, aligned_size;
    uint8_t *gzip = deflate_pack(bytes, n, false, &size);
    uint8_t *aligned = deflate_pack(bytes, n, true, &aligned_size);
    assert_non_null(gzip);
    assert_non_null(aligned);
    assert_int_equal(data_at(gzip), 10);
    assert_int_equal(aligned_size % 4, 0);
    assert_in_range(aligned_size, size, size + 3);
    assert_int_equal(aligned_size - data_at(aligned), size - data_at(gzip));
    assert_memory_equal(aligned + data_at(aligned), gzip + data_at(gzip), size - data_at(gzip));
    assert_true(size <= plain_size(bytes, n));
    check_unpack(bytes, n, gzip, size);
    check_unpack(bytes, n, aligned, aligned_size);
    free(gzip);
    free(aligned);
    return size;
}

TEST(what_is_packed_unpacks_to_the_same)
{
    static uint8_t bytes[MOST];
    bool aligned[4] = {false};
    for (uint32_t seed = 1; seed < (is_long() ? 40 : 12); seed++) {
        size_t n = make(bytes, seed * 2654435761u);
        aligned[check_pack(bytes, n) % 4] = true;
    }
    assert_true(aligned[1] && aligned[2] && aligned[3]); // each name was needed
    (void)check_pack(bytes, 0);
    (void)check_pack(bytes, 1);
    (void)check_pack(bytes, STEP);
}

TEST(what_is_cut_off_or_damaged_is_told)
{
    static uint8_t bytes[MOST];
    size_t n = make(bytes, 77777), size;
    uint8_t *gzip = deflate_pack(bytes, n, false, &size);
    struct otapack_source src = data_of(gzip, size);
    uint64_t whole = src.size - 8;
    for (uint64_t cut = 0; cut < whole; cut += 1 + whole / 50) {
        struct otapack_source part = otapack_part(&src, 0, cut);
        assert_int_equal(deflate_unpack(&part, NULL, MOST, NULL).answer, DEFLATE_TRUNCATED);
    }
    assert_int_equal(deflate_unpack(&src, NULL, n - 1, NULL).answer, DEFLATE_TOO_LARGE);
    assert_int_equal(deflate_unpack(&src, NULL, n, NULL).answer, DEFLATE_GOOD);
    gzip[data_at(gzip)] |= 6; // a kind of block that there is not
    assert_int_equal(deflate_unpack(&src, NULL, MOST, NULL).answer, DEFLATE_DAMAGED);
    free(gzip);
}

static bool refuse(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    (void)ctx;
    (void)at;
    (void)to;
    (void)n;
    return false;
}

TEST(a_read_that_fails_is_told)
{
    struct otapack_source src = {.read = refuse, .size = 100};
    assert_int_equal(deflate_unpack(&src, NULL, MOST, NULL).answer, DEFLATE_READ_FAILED);
}

// ---- Watching -----------------------------------------------------------------------------------

struct watched {
    struct otapack_source src;
    size_t whole; // bytes that it unpacks to
    unsigned count;
    uint64_t size, packed;
};

static void told(void *ctx, uint64_t size, uint64_t packed)
{
    struct watched *w = ctx;
    assert_true(size > w->size && size - w->size <= STEP && packed >= w->packed);
    assert_true(w->size % STEP == 0); // only the last step is shorter
    w->count++;
    w->size = size;
    w->packed = packed;
    if (w->count % 16 == 1 && size < w->whole) {
        // As many bytes give as much, and one less gives less. (At the end there is the mark of
        // it.)
        struct otapack_source enough = otapack_part(&w->src, 0, packed);
        struct otapack_source less = otapack_part(&w->src, 0, packed - 1);
        assert_true(deflate_unpack(&enough, NULL, MOST, NULL).size >= size);
        assert_true(deflate_unpack(&less, NULL, MOST, NULL).size < size);
    }
}

TEST(how_much_it_takes_is_exact)
{
    static uint8_t bytes[MOST];
    for (uint32_t seed = 1; seed < 5; seed++) {
        size_t n = make(bytes, seed * 40503u * 65537u), size;
        uint8_t *gzip = deflate_pack(bytes, n, false, &size);
        struct watched w = {.src = data_of(gzip, size), .whole = n};
        struct deflate_watch watch = {told, &w, STEP};
        assert_int_equal(deflate_unpack(&w.src, NULL, MOST, &watch).answer, DEFLATE_GOOD);
        assert_int_equal(w.size, n);
        assert_int_equal(w.count, (n + STEP - 1) / STEP);
        free(gzip);
    }
}

UNIT(deflate)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_unpacks_to_the_same),
        cmocka_unit_test(what_is_cut_off_or_damaged_is_told),
        cmocka_unit_test(a_read_that_fails_is_told),
        cmocka_unit_test(how_much_it_takes_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
