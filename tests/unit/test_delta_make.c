// SPDX-License-Identifier: Apache-2.0
//
// Patches of bytes that are made for what could go wrong, taken back through the applier that
// devices have.
#include "unit.h"

#include <otapack/delta.h>

#include "delta_make.h"
#include "heatshrink.h"

enum { MOST = 20000 };

static const uint8_t digest[OTAPACK_DELTA_DIGEST_SIZE] = {1, 2, 3};

struct made {
    const uint8_t *bytes;
    size_t size;
    uint32_t at;
};

static bool compare(void *ctx, const uint8_t *bytes, size_t n)
{
    struct made *made = ctx;
    bool same = n <= made->size - made->at && memcmp(made->bytes + made->at, bytes, n) == 0;
    made->at += (uint32_t)n;
    return same;
}

// How large the patch is.
static size_t goes_round(const uint8_t *base, size_t base_size, const uint8_t *bytes, size_t size)
{
    struct delta_job job = {
        .base = base, .bytes = bytes, .base_size = base_size, .size = size, .digest = digest};
    struct made made = {bytes, size, 0};
    struct otapack_delta_hooks hooks = {&made, compare, otapack_memory(base, base_size), digest};
    struct otapack_delta_applier applier;
    struct err e = ERR_NONE;
    size_t patch_size = 0;
    uint8_t *patch = delta_make(&job, &patch_size, &e);
    assert_non_null(patch);
    otapack_delta_start(&applier, &hooks);
    (void)otapack_delta_push(&applier, patch, patch_size);
    assert_int_equal(otapack_delta_finish(&applier), OTAPACK_OK);
    assert_int_equal(made.at, size);
    assert_int_equal(applier.at, patch_size); // nothing is behind the end
    free(patch);
    return patch_size;
}

static bool cannot(void)
{
    struct err e = ERR_NONE;
    return !delta_can(&e);
}

static uint32_t state;

static uint32_t chance(uint32_t below)
{
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % below;
}

// Pieces of the base, changed here and there, and bytes of its own.
static size_t make_new(const uint8_t *base, size_t base_size, uint8_t *to)
{
    size_t n = 0;
    while (n < MOST - 600 && chance(12) != 0) {
        size_t size = chance(600), from = chance((uint32_t)base_size);
        bool own = chance(3) == 0;
        size = size < base_size - from ? size : base_size - from;
        for (size_t i = 0; i < size; i++) {
            to[n++] = own || chance(20) == 0 ? (uint8_t)chance(256) : base[from + i];
        }
    }
    to[n++] = (uint8_t)chance(256);
    return n;
}

static void any_two_go_round(void **unused)
{
    static uint8_t base[MOST], bytes[MOST];
    (void)unused;
    if (cannot()) {
        skip();
    }
    for (uint32_t seed = 0; seed < 60; seed++) {
        state = seed;
        size_t base_size = 1 + chance(seed % 3 == 0 ? 40 : 8000), values = 1 + chance(256);
        for (size_t i = 0; i < base_size; i++) {
            base[i] = (uint8_t)chance((uint32_t)values);
        }
        (void)goes_round(base, base_size, bytes, make_new(base, base_size, bytes));
    }
}

// All places of the base fit all of the new bytes.
static void what_repeats_goes_round(void **unused)
{
    static uint8_t base[MOST], bytes[MOST];
    (void)unused;
    if (cannot()) {
        skip();
    }
    for (size_t period = 1; period < 700; period = period * 3 + 1) {
        for (size_t i = 0; i < MOST; i++) {
            base[i] = (uint8_t)(i % period);
            bytes[i] = (uint8_t)((i + period / 2) % period);
        }
        assert_true(goes_round(base, MOST, bytes, MOST) < 700);
        (void)goes_round(base, MOST, bytes, 1);
        (void)goes_round(base, 1, bytes, MOST);
    }
}

// The bounds of heatshrink: what is the same costs 16 bits for 128 bytes, and what is nowhere in
// the base 9 bits for each.
static void is_as_small_as_the_codec_lets_it(void **unused)
{
    static uint8_t base[MOST], bytes[MOST];
    enum { SIZE = 16384, HEADER = 69 };
    (void)unused;
    if (cannot()) {
        skip();
    }
    state = 7;
    for (size_t i = 0; i < MOST; i++) {
        base[i] = (uint8_t)chance(256);
        bytes[i] = (uint8_t)chance(256);
    }
    assert_int_equal(goes_round(base, SIZE, base, SIZE), HEADER + SIZE / 64 + 7);
    assert_in_range(goes_round(base, SIZE, bytes, SIZE), SIZE, HEADER + SIZE / 8 * 9 + 16);
    // A word that moved by as much each time is said once, and then referred to.
    memcpy(bytes, base, SIZE);
    for (size_t i = 0; i < SIZE; i += 64) {
        bytes[i] = (uint8_t)(bytes[i] + 4);
    }
    assert_in_range(goes_round(base, SIZE, bytes, SIZE), HEADER, HEADER + SIZE / 64 + 12);
}

static void says_what_it_cannot_take(void **unused)
{
    static const uint8_t byte[1];
    struct delta_job job = {byte, byte, (size_t)DELTA_MOST + 1, 1, digest, NULL, NULL};
    struct err e = ERR_NONE;
    size_t size;
    (void)unused;
    assert_null(delta_make(&job, &size, &e));
    assert_int_equal(e.status, cannot() ? STATUS_CANNOT : STATUS_NO);
    assert_non_null(strstr(e.text, cannot() ? "libdivsufsort" : "16 MiB"));
}

// An optimal parse is never longer than one by hand, and begins with zeros before the bytes.
static void heatshrink_takes_the_fewest_bits(void **unused)
{
    static const struct {
        const char *bytes;
        size_t n, bits;
    } rows[] = {
        {"", 0, 0},      {"a", 1, 9},         {"\0", 1, 9},         {"\0\0", 2, 16},
        {"abab", 4, 34}, {"aaaaaaaa", 8, 25}, {"abcabcabd", 9, 52},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t size = 99;
        uint8_t *packed = heatshrink_pack((const uint8_t *)rows[i].bytes, rows[i].n, &size);
        assert_non_null(packed);
        assert_int_equal(size, (rows[i].bits + 7) / 8);
        free(packed);
    }
}

UNIT(delta_make)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_go_round),
        cmocka_unit_test(what_repeats_goes_round),
        cmocka_unit_test(is_as_small_as_the_codec_lets_it),
        cmocka_unit_test(says_what_it_cannot_take),
        cmocka_unit_test(heatshrink_takes_the_fewest_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
